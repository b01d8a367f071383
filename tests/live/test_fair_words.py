"""What a hall says of itself stays true: when its clock is set back, its rules change, a counter speaks no Chinese."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from hall.day import commands as c
from hall.day.setup import Area
from hall.live.receipts import Receipts
from hall.live.views.desk import DeskView
from hall.log.memory import MemoryLog
from tests.day.support import COUNTERS as PLANS
from tests.day.support import HALL, by_id, small_hall
from tests.live.live_support import FOLLOW, Live, fresh


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    running = await Live(MemoryLog(FOLLOW)).start()
    yield running
    await running.runner.stop()


def phone(live: Live, ticket: str) -> Any:
    return fresh(live.feed, "ticket", {"ticket": ticket})["ticket"]


async def test_a_timer_that_was_due_before_the_clock_was_set_back_fires(live: Live) -> None:
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    for command in (c.CallNext("c1"), c.Start("c1"), c.Park("c1", "form", seconds=60)):
        await live.do(command)
    live.clock.advance(seconds=61)
    await live.do(c.CountDoor())
    live.clock.advance(hours=-1)
    await live.turn()
    (ticket,) = live.hall.picture.day.tickets.values()
    assert (ticket.turn.state, ticket.turn.to) == ("waiting", "counter/c1")


async def test_a_phone_says_that_the_rules_were_changed(live: Live) -> None:
    before = await live.issue()
    setup = live.setups[HALL][2] = small_hall(rule="arrival", version=2)
    assert not phone(live, before)["rules_changed"]
    await live.do(c.PublishSetup(setup))
    assert phone(live, before)["rules_changed"]
    assert not phone(live, await live.issue())["rules_changed"]


async def test_a_counter_that_came_back_without_the_service_is_not_back(live: Live) -> None:
    await live.do(c.OpenCounter("c2"))
    ticket = await live.issue()
    await live.do(c.CloseCounter("c2"))
    await live.do(c.OpenCounter("c2", services=("loan",)))
    assert phone(live, ticket)["counter_change"] == {"kind": "closed", "counter_name": "2"}


async def test_a_counter_that_came_back_with_other_services_too_is_named(live: Live) -> None:
    await live.do(c.OpenCounter("c2", services=("account",)))
    await live.issue(services=("loan",))
    ticket = await live.issue()
    await live.do(c.PauseCounter("c2"))
    assert phone(live, ticket)["counter_change"] == {"kind": "paused", "counter_name": "2"}
    await live.do(c.ResumeCounter("c2"))
    assert phone(live, ticket)["counter_change"] is None
    await live.do(c.CloseCounter("c2"))
    await live.do(c.OpenCounter("c2", services=("account", "loan")))
    assert phone(live, ticket)["counter_change"] == {"kind": "changed", "counter_name": "2"}


async def test_who_came_back_and_was_called_in_the_part_of_the_own_class_is_named_when_gone(live: Live) -> None:
    """Under `ratio` others stand before somebody whose class was called out of its order."""
    live.setups[HALL][2] = small_hall(rule="ratio", version=2)
    await live.do(c.PublishSetup(live.setups[HALL][2]))
    await live.do(c.OpenCounter("c1"))
    missed = await live.issue()
    await live.do(c.CallNext("c1"))
    await live.do(c.NoShow("c1", "x"))
    await live.issue(class_="elder")
    waiting = await live.issue()
    await live.do(c.ReinstateTicket(missed, place="head"))
    assert phone(live, waiting)["round_used"] == []
    called = await live.do(c.CallNext("c1"))
    while called.recorded[-1].event.ticket != missed:
        called = await live.do(c.CallNext("c1", finish=True))
    assert phone(live, waiting)["round_used"] == [{"cause": "reinstate", "count": 1}]
    await live.do(c.Undo("c1"))
    assert phone(live, waiting)["round_used"] == []


async def test_only_counters_that_may_call_a_ticket_count_as_open_for_it(live: Live) -> None:
    plans = by_id((replace(PLANS[0], languages=("en",)), *PLANS[1:]))
    live.setups[HALL][2] = small_hall(version=2, counters=plans)
    await live.do(c.PublishSetup(live.setups[HALL][2]))
    await live.do(c.OpenCounter("c1"))
    chinese, english = await live.issue(language="zh-Hans"), await live.issue(language="en")
    assert (phone(live, chinese)["counters_open"], phone(live, english)["counters_open"]) == (0, 1)


async def test_a_receipt_of_the_last_turn_proves_nothing_when_the_next_one_is_called_meanwhile(live: Live) -> None:
    """The finish and the next call are on their way to the disk when the display's word of the first call comes."""
    await live.do(c.OpenCounter("c2"))
    await live.issue(services=("loan",))
    called = await live.do(c.CallNext("c2"))
    seq = called.recorded[0].seq
    call = live.hall.picture.calls[seq]
    following = asyncio.create_task(live.do(c.CallNext("c2", finish=True)))
    report = asyncio.create_task(Receipts(live.runner).report(live.hall, call, "display", "d1"))
    await asyncio.gather(following, report)
    (ticket,) = live.hall.picture.day.tickets.values()
    assert (ticket.turn.service, ticket.turn.state, ticket.turn.deliveries) == ("loan", "called", 0)


async def test_a_call_that_was_spoken_is_proved_again_when_its_start_is_taken_back(live: Live) -> None:
    """The display speaks once; its word of that may come just after the clerk pressed start."""
    areas = {"left": Area("left", {"en": "Left"}, speaks=True)}
    live.setups[HALL][2] = small_hall(version=2, areas=areas)
    await live.do(c.PublishSetup(live.setups[HALL][2]))
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    seq = (await live.do(c.CallNext("c1"))).recorded[0].seq
    await live.do(c.Start("c1"))
    receipts = Receipts(live.runner)
    await receipts.hear_display(live.hall, "d1", "left", {"seq": seq, "shown": [seq], "sounding": [seq]})
    await live.do(c.Undo("c1"))
    await receipts.hear_display(live.hall, "d1", "left", {"seq": seq, "shown": [seq]})
    (ticket,) = live.hall.picture.day.tickets.values()
    assert ticket.turn.deliveries == 1


@pytest.mark.parametrize("via", ["display", "phone"])
async def test_a_call_of_yesterday_is_shown_and_proved_again_when_its_start_is_taken_back(live: Live, via: str) -> None:
    await live.do(c.OpenCounter("c1"))
    ticket = await live.issue()
    await live.do(c.CallNext("c1"))
    await live.do(c.Start("c1"))
    live.clock.advance(days=1)
    await live.issue()
    assert live.hall.picture.calls == {}
    await live.do(c.Undo("c1"))
    await live.do(c.Recall("c1"))
    board = fresh(live.feed, "board", {})
    ((name, call),) = [(name, record) for name, record in board.items() if name.startswith("call:")]
    assert (call["number"], call["call_no"], call["state"]) == ("A001", 2, "called")
    receipts, said = Receipts(live.runner), {"seq": live.hall.picture.day.seq, "shown": [int(name[5:])]}
    if via == "display":
        await receipts.hear_display(live.hall, "d1", "left", said)
    else:
        await receipts.hear_phone(live.hall, ticket, said)
    assert live.hall.picture.day.tickets[ticket].turn.delivered_call == 2
    before = live.hall.picture
    await live.restart()
    assert (live.hall.picture.calls, live.hall.picture.day) == (before.calls, before.day)
    await live.do(c.Undo("c1"))
    assert [one.state for one in live.hall.picture.calls.values()] == ["undone"]


async def test_a_no_show_that_is_taken_back_leaves_the_figures_with_its_reason(live: Live) -> None:
    today = live.hall.picture.today
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    await live.do(c.CallNext("c1"))
    for command, counted in ((c.NoShow("c1", override="broken"), 1), (c.Undo("c1"), 0)) * 2:
        await live.do(command)
        assert (today["missed"], today["overridden"]) == (counted, counted)


async def test_a_call_that_is_taken_back_leaves_the_figures_with_who_chose_it(live: Live) -> None:
    today = live.hall.picture.today
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    (ticket,) = live.hall.picture.day.tickets
    for command, picked in ((c.CallTicket("c1", ticket, "x"), 1), (c.Undo("c1"), 0)) * 2:
        await live.do(command)
        assert (today["called"], today["picked"]) == (picked, picked)
    await live.do(c.ServeWalkIn("c1", "account"))
    assert (today["called"], today["walk_in"]) == (1, 1)
    for _ in range(2):
        await live.do(c.Undo("c1"))
    assert (today["called"], today["walk_in"]) == (0, 0)


async def test_a_desk_is_shown_what_was_counted_at_a_finish_that_is_taken_back(live: Live) -> None:
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    await live.do(c.CallNext("c1"))
    await live.do(c.Start("c1"))
    for quantity in (2, 3):
        await live.do(c.Finish("c1", items=(("form", quantity),)))
        await live.do(c.Undo("c1"))
        shown = DeskView("c1").records(live.hall.picture)["current"]
        assert shown["items"] == [{"item": "form", "quantity": quantity}]
