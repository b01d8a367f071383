"""What must hold when a visit goes on, a step is taken back late, or the set-up changes in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.setup import Calling, CounterPlan, Missed, RuleName, Setup
from tests.audit.days import SERVICES, Player, a_setup


def plain(rule: RuleName = "arrival", **changes: Any) -> Setup:
    """A hall without cap, orders of service, languages or skills."""
    base = a_setup(Random(1), rule, 1)
    services = {id: replace(one, skills=(), promise_s=600) for id, one in base.services.items()}
    staff = {id: replace(one, languages=(), skills=()) for id, one in base.staff.items()}
    counters = {name: CounterPlan(name, name, SERVICES) for name in ("c1", "c2")}
    setup = replace(base, services=services, staff=staff, counters=counters, calling=Calling(rule, pick="free"))
    return replace(setup, missed=Missed(), **changes)


def hall(setup: Setup) -> Player:
    player = Player(setup)
    for counter in setup.counters:
        player.do(c.OpenCounter(counter))
    return player


def issue(player: Player, service: str = "account", class_: str = "ordinary", **more: Any) -> str:
    player.at += timedelta(seconds=1)
    (event, *_) = player.do(c.IssueTicket(service, class_, **more))
    assert isinstance(event, e.TicketIssued)
    return event.ticket


def call(player: Player, counter: str = "c1") -> e.TicketCalled:
    event = player.do(c.CallNext(counter, finish=True))[-1]
    assert isinstance(event, e.TicketCalled)
    return event


def test_a_visit_that_goes_on_may_be_the_next_one_called() -> None:
    player = hall(plain())
    first = issue(player, services=("loan",))
    issue(player)
    assert call(player).ticket == first
    again = call(player)
    assert (again.ticket, player.day.tickets[first].turn.service) == (first, "loan")
    assert again.turn == player.day.tickets[first].turn.id


def test_a_visit_that_goes_on_is_passed_over_by_a_pick() -> None:
    player = hall(plain())
    issue(player, services=("loan",))
    chosen = issue(player)
    call(player)
    picked: Any = player.do(c.CallTicket("c1", chosen, finish=True))[-1]
    assert [(one.line, one.count) for one in picked.why.passed_over] == [("loan/ordinary", 1)]


def test_a_transfer_cannot_be_taken_back_once_the_ticket_is_closed() -> None:
    player = hall(plain())
    ticket = issue(player)
    call(player)
    player.do(c.TransferVisitor("c1", "loan"))
    player.do(c.CancelTicket(ticket))
    with pytest.raises(r.NothingToUndo):
        player.do(c.Undo("c1"))


def test_a_transfer_cannot_be_taken_back_once_the_visit_is_at_a_later_turn() -> None:
    player = hall(plain())
    issue(player)
    call(player)
    player.do(c.TransferVisitor("c1", "loan", returns=True))
    call(player, "c2")
    player.do(c.Finish("c2"))
    with pytest.raises(r.NothingToUndo):
        player.do(c.Undo("c1"))


def test_a_miss_cannot_be_taken_back_where_the_visitor_was_missed_before() -> None:
    player = hall(replace(plain(), missed=Missed(requeue=1, delivered_by="voice")))
    ticket = issue(player)
    call(player)
    player.do(c.NoShow("c1"))
    assert call(player, "c2").ticket == ticket
    player.do(c.NoShow("c2"))
    with pytest.raises(r.NothingToUndo):
        player.do(c.Undo("c1"))
    assert isinstance(player.do(c.Undo("c2"))[0], e.TicketMissUndone)


def test_a_service_is_added_for_a_visitor_whose_class_is_gone() -> None:
    setup = plain()
    player = hall(setup)
    ticket = issue(player, class_="vip")
    left = {name: one for name, one in setup.classes.items() if name != "vip"}
    player.do(c.PublishSetup(replace(setup, classes=left, version=2)))
    added: Any = player.do(c.AddService(ticket, "loan"))[0]
    assert added.planned.promise_s == 600


def test_a_missed_visitor_who_was_sent_to_a_counter_that_closed_returns_to_the_open_line() -> None:
    player = hall(replace(plain(), missed=Missed(delivered_by="voice")))
    ticket = issue(player)
    call(player)
    player.do(c.TransferVisitor("c1", to_counter="c2"))
    call(player, "c2")
    player.do(c.NoShow("c2"))
    player.do(c.CloseCounter("c2"))
    player.do(c.ReinstateTicket(ticket))
    assert call(player).ticket == ticket


# --- rounds ---------------------------------------------------------------------------------------------------------


def weighing(**weights: int) -> Setup:
    setup = plain("ratio")
    return replace(setup, classes={name: replace(setup.classes[name], weight=n) for name, n in weights.items()})


def test_calls_of_the_first_services_begin_no_round_of_the_others() -> None:
    setup = weighing(vip=1, ordinary=1)
    setup = replace(setup, counters={"c1": replace(setup.counters["c1"], first=("loan",))})
    player = hall(setup)
    for _ in range(8):
        issue(player, "account", "vip")
        issue(player, "account", "ordinary")
    called = []
    for _ in range(6):
        issue(player, "loan", "vip")
        for one in (call(player), call(player)):
            if one.why.round_of == "account+advice":
                called.append(player.day.tickets[player.day.counters["c1"].ticket or ""].turn.class_)
    assert called == ["vip", "ordinary"] * 3


def test_a_call_is_taken_back_after_a_night_and_after_a_new_setup() -> None:
    player = hall(weighing(vip=1, ordinary=1))
    ticket = issue(player)
    call(player)
    player.do(c.Start("c1"))
    player.roll()
    player.do(c.Undo("c1"))
    player.do(c.Undo("c1"))
    assert player.day.tickets[ticket].turn.state == "waiting"
    call(player)
    player.do(c.PublishSetup(replace(player.setup, version=2)))
    player.do(c.Undo("c1"))
    assert player.day.rounds == {}


def test_a_class_that_is_gone_has_its_turn_in_the_round() -> None:
    setup = weighing(vip=1, ordinary=1)
    player = hall(setup)
    ticket = issue(player, class_="vip")
    for _ in range(4):
        issue(player)
    player.do(c.PublishSetup(replace(weighing(ordinary=1), version=2)))
    assert ticket in [call(player).ticket for _ in range(3)]


def test_new_weights_begin_new_rounds() -> None:
    player = hall(weighing(vip=90, ordinary=1))
    for _ in range(5):
        issue(player, class_="vip")
        issue(player)
    call(player)
    player.do(c.PublishSetup(replace(weighing(vip=1, ordinary=1), version=2)))
    called = [player.day.tickets[call(player).ticket].turn.class_ for _ in range(4)]
    assert called == ["vip", "ordinary", "vip", "ordinary"]
