"""The one command path: decided in turn, committed together, shown when durable, healed from the log after a fault."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hall.day import commands as c
from hall.day.events import Actor
from hall.day.invariants import broken
from hall.day.refusals import (
    CounterIsClosed,
    DayIsClosed,
    HallStopped,
    HallUnknown,
    Refusal,
    StorageUnavailable,
)
from hall.day.setup import Setup
from hall.live.picture import RECENT_CALLS
from hall.live.runner import QUEUE_MOST, Done
from hall.log.database import open_engine
from hall.log.migrate import upgrade
from hall.log.sql import SqlLog
from hall.log.verify import verify
from tests.day.support import HALL, by_id, small_hall
from tests.day.support import SERIES as SHORT
from tests.live.live_support import FOLLOW, Live, Screen, WatchedLog, fresh

LONG_SERIES = by_id(tuple(replace(series, last=9999) for series in SHORT))


async def outcomes_of(*calls: Any) -> list[Any]:
    """What came of calls made at the same time: answers, or the refusals themselves."""
    return await asyncio.gather(*calls, return_exceptions=True)


async def require_sound(live: Live, hall: str = HALL) -> None:
    """The log is whole, the picture is what it says, and deciding goes on from there."""
    running = live.runner.halls[hall]
    assert await verify(live.log, hall) == []
    stored = await live.log.read(hall)
    assert running.picture.day.seq == len(stored)
    assert running.pending == running.picture.day
    assert broken(running.pending) == []


def numbers_of(outcomes: list[Any]) -> list[str]:
    return [done.recorded[0].event.number for done in outcomes if isinstance(done, Done)]


# --- deciding and committing ----------------------------------------------------------------------------------------


async def test_a_command_is_answered_with_its_durable_events(live: Live, log: WatchedLog) -> None:
    done = await live.do(c.OpenCounter("c1", "ann"), actor=Actor("staff", "ann"), door="desk")
    (one,) = done.recorded
    assert not done.is_repeat
    assert (one.seq, one.actor, one.door, one.setup_version) == (3, Actor("staff", "ann"), "desk", 1)
    assert live.types() == ["SetupPublished", "DayOpened", "CounterOpened"]
    assert live.hall.picture.day.seq == 3
    await require_sound(live)


async def test_the_first_command_of_a_day_opens_it(live: Live) -> None:
    assert live.types() == ["SetupPublished"]
    await live.issue()
    assert live.types() == ["SetupPublished", "DayOpened", "TicketIssued"]


async def test_commands_that_come_together_are_committed_together(live: Live, log: WatchedLog) -> None:
    await live.do(c.OpenCounter("c1"))
    log.batches.clear()
    commands = [c.IssueTicket("account"), c.IssueTicket("loan"), c.IssueTicket("account"), c.CallNext("c1")]
    outcomes = await outcomes_of(*(live.do(command) for command in commands))
    assert [len(batch) for batch in log.batches] == [4]
    assert [done.recorded[0].event.TYPE for done in outcomes] == [*["TicketIssued"] * 3, "TicketCalled"]
    await require_sound(live)


async def test_what_comes_while_the_disk_is_busy_goes_with_the_next_batch(live: Live, log: WatchedLog) -> None:
    log.hold()
    first = asyncio.create_task(live.issue())
    await log.begun.wait()
    log.batches.clear()
    others = [asyncio.create_task(live.issue()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not first.done()
    log.gate.set()
    await asyncio.gather(first, *others)
    assert [len(batch) for batch in log.batches] == [2, 2]  # the day's opening and the first; then the others
    await require_sound(live)


async def test_a_command_is_decided_on_top_of_those_not_yet_durable(live: Live, log: WatchedLog) -> None:
    await live.do(c.OpenCounter("c1"))
    log.hold()
    outcomes = asyncio.create_task(outcomes_of(live.issue(), live.do(c.CallNext("c1")), live.do(c.CallNext("c1"))))
    await log.begun.wait()
    log.gate.set()
    ticket, call, second = await outcomes
    assert call.recorded[0].event.ticket == ticket
    assert second.code == "counter_busy"


async def test_nothing_is_shown_before_it_is_durable(live: Live, log: WatchedLog) -> None:
    await live.do(c.OpenCounter("c1"))
    desk = Screen("desk", {"counter": "c1"}).connect(live.feed)
    log.hold()
    closing = asyncio.create_task(live.do(c.CloseCounter("c1")))
    await log.begun.wait()
    assert live.hall.pending.counters == {}
    assert desk.listen().state["counter"]["state"] == "open"
    assert fresh(live.feed, "desk", {"counter": "c1"})["counter"]["state"] == "open"
    log.gate.set()
    await closing
    assert desk.listen().state["counter"]["state"] == "closed"


async def test_listeners_hear_of_durable_events_in_order(live: Live, log: WatchedLog) -> None:
    heard: list[int] = []
    live.runner.listeners.append(lambda recorded: heard.append(recorded.seq))
    await outcomes_of(*(live.issue() for _ in range(3)))
    log.fail_once()
    await outcomes_of(live.issue())
    assert heard == [2, 3, 4, 5]


async def test_a_call_that_is_still_open_is_shown_again_by_a_recall_after_many_others(log: WatchedLog) -> None:
    live = await Live(log, setups={HALL: {1: replace(small_hall(), series=LONG_SERIES)}}).start()
    for counter in ("c1", "c2"):
        await live.do(c.OpenCounter(counter))
    await asyncio.gather(*(live.issue() for _ in range(RECENT_CALLS + 2)))
    await live.do(c.CallNext("c2"))
    for _ in range(RECENT_CALLS + 1):
        await live.do(c.CallNext("c1", finish=True))
    live.clock.advance(seconds=1)
    await live.do(c.Recall("c2"))
    assert len(live.hall.picture.calls) == RECENT_CALLS
    calls = [record for key, record in fresh(live.feed, "board", {}).items() if key.startswith("call:")]
    assert [record["call_no"] for record in calls if record["counter"] == "c2"] == [2]
    await live.runner.stop()


async def test_a_refusal_appends_nothing(live: Live, log: WatchedLog) -> None:
    await live.issue()
    seq = live.hall.pending.seq
    with pytest.raises(CounterIsClosed):
        await live.do(c.CallNext("c1"))
    assert live.hall.pending.seq == seq
    await require_sound(live)


async def test_nothing_to_do_is_an_answer_without_events(live: Live) -> None:
    await live.do(c.OpenCounter("c1"))
    assert (await live.do(c.CallNext("c1"))).recorded == ()


async def test_a_hall_that_is_not_there_is_refused(live: Live) -> None:
    with pytest.raises(HallUnknown):
        await live.do(c.OpenCounter("c1"), hall="elsewhere")


async def test_the_clock_never_runs_backwards_in_the_log(live: Live) -> None:
    live.clock.advance(seconds=10)
    first = await live.do(c.OpenCounter("c1"))
    live.clock.advance(seconds=-5)
    second = await live.do(c.PauseCounter("c1"))
    assert second.recorded[0].at == first.recorded[0].at
    live.clock.advance(seconds=6)
    third = await live.do(c.ResumeCounter("c1"))
    assert (third.recorded[0].at - first.recorded[0].at).total_seconds() == 1


async def test_too_many_commands_at_once_are_refused_and_the_rest_goes_through(live: Live, log: WatchedLog) -> None:
    setup = replace(small_hall(version=2), series=LONG_SERIES)
    await live.do(c.PublishSetup(setup))
    log.hold()
    held = asyncio.create_task(live.issue())
    await log.begun.wait()
    flood = asyncio.gather(*(live.do(c.IssueTicket("account")) for _ in range(QUEUE_MOST + 3)), return_exceptions=True)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    log.gate.set()
    outcomes = await flood
    await held
    assert [type(one) for one in outcomes if not isinstance(one, Done)] == [StorageUnavailable] * 3
    assert live.hall.picture.day.seq == live.hall.pending.seq
    assert len(set(numbers_of(outcomes))) == QUEUE_MOST


# --- when a commit fails --------------------------------------------------------------------------------------------


async def test_a_commit_that_fails_refuses_its_whole_batch_and_keeps_nothing(live: Live, log: WatchedLog) -> None:
    await live.issue()
    log.fail_once()
    outcomes = await outcomes_of(live.issue(), live.do(c.OpenCounter("c1")), live.issue())
    assert [type(one) for one in outcomes] == [StorageUnavailable] * 3
    assert len(await log.read(HALL)) == 3
    assert numbers_of([await live.do(c.IssueTicket("account"))]) == ["A002"]
    await require_sound(live)


async def test_a_commit_that_fails_refuses_what_was_decided_on_top_of_it(live: Live, log: WatchedLog) -> None:
    await live.do(c.OpenCounter("c1"))
    log.hold()
    log.fail_once()
    issuing = asyncio.create_task(outcomes_of(live.issue()))
    await log.begun.wait()
    calling = asyncio.create_task(outcomes_of(live.do(c.CallNext("c1"))))
    await asyncio.sleep(0)
    log.gate.set()
    assert [type(one) for one in [*await issuing, *await calling]] == [StorageUnavailable] * 2
    assert (await live.do(c.CallNext("c1"))).recorded == ()
    await require_sound(live)


async def test_a_fault_in_one_hall_refuses_the_batch_and_both_halls_go_on() -> None:
    log = WatchedLog()
    live = await two_halls(log)
    log.fail_once()
    commands = (live.do(c.IssueTicket("account"), hall=hall) for hall in ("h1", "h2"))
    assert [type(one) for one in await outcomes_of(*commands)] == [StorageUnavailable] * 2
    for hall in ("h1", "h2"):
        assert numbers_of([await live.do(c.IssueTicket("account"), hall=hall)]) == ["A001"]
        await require_sound(live, hall)
    await live.runner.stop()


async def test_while_the_log_cannot_be_read_commands_are_refused_and_then_it_goes_on(
    live: Live, log: WatchedLog
) -> None:
    await live.issue()
    log.fail_once()
    log.reads_to_fail = 1
    failed = await outcomes_of(live.issue())
    refused = await outcomes_of(live.issue())
    assert [type(one) for one in [*failed, *refused]] == [StorageUnavailable] * 2
    while live.hall.is_rereading:
        await asyncio.sleep(0)
    await live.issue()
    await require_sound(live)


async def test_while_the_log_cannot_be_read_a_hall_that_lost_nothing_refuses_at_once_too() -> None:
    log = WatchedLog()
    live = await two_halls(log)
    log.fail_once()
    log.reads_to_fail = 1
    failed = await outcomes_of(live.do(c.IssueTicket("account"), hall="h1"))
    refused = await outcomes_of(live.do(c.IssueTicket("account"), hall="h2"))
    assert [type(one) for one in [*failed, *refused]] == [StorageUnavailable] * 2
    live.clock.advance(days=1)
    await live.turn("h2")  # the day turns when it can be stored
    assert live.runner.queue == []
    while live.runner.halls["h2"].is_rereading:
        await asyncio.sleep(0)
    for hall in ("h1", "h2"):
        assert (await live.do(c.IssueTicket("account"), hall=hall)).recorded
        await require_sound(live, hall)
    await live.runner.stop()


async def test_a_commit_that_worked_unseen_is_shown_though_it_was_refused(live: Live, log: WatchedLog) -> None:
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    board = Screen("board").connect(live.feed)
    log.fail_once(kept=True)
    assert [type(one) for one in await outcomes_of(live.do(c.CallNext("c1")))] == [StorageUnavailable]
    assert [record["number"] for key, record in board.listen().state.items() if key.startswith("call:")] == ["A001"]
    await require_sound(live)
    with pytest.raises(Refusal, match="counter_busy"):
        await live.do(c.CallNext("c1"))


async def test_an_unforeseen_error_of_the_log_is_answered_and_does_not_end_the_writer(
    live: Live, log: WatchedLog
) -> None:
    await live.issue()
    log.fail_once(reason=ValueError("nobody thought of this"))
    assert [type(one) for one in await outcomes_of(asyncio.wait_for(live.issue(), 5))] == [StorageUnavailable]
    await live.issue()
    await require_sound(live)


async def test_another_writer_of_the_same_log_is_noticed_and_followed(live: Live, log: WatchedLog) -> None:
    await live.issue()
    other = await Live(log, live.clock, live.ids).start()
    await other.issue()
    assert [type(one) for one in await outcomes_of(live.issue())] == [StorageUnavailable]
    assert numbers_of([await live.do(c.IssueTicket("account"))]) == ["A003"]
    await require_sound(live)
    await other.runner.stop()


async def test_what_another_writer_wrote_and_nobody_here_can_follow_stops_that_hall_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    live = await two_halls(WatchedLog())
    other = Live(live.log, live.clock, live.ids, setups={"h1": dict(live.setups["h1"])})
    await other.start()
    newer = replace(live.setups["h1"][1], version=2, digest="of a set-up that only the other process has")
    await other.do(c.PublishSetup(newer), hall="h1")
    with caplog.at_level(logging.ERROR, "hall.live"):
        outcomes = await outcomes_of(live.do(c.IssueTicket("account"), hall="h1"))
        assert [type(one) for one in outcomes] == [StorageUnavailable]
        assert (await live.do(c.IssueTicket("account"), hall="h2")).recorded
    assert "hall h1 stopped" in caplog.text
    with pytest.raises(HallStopped):
        await live.do(c.IssueTicket("account"), hall="h1")
    await other.runner.stop()
    await live.runner.stop()


async def test_a_hall_whose_invariant_breaks_stops_loudly_and_alone(caplog: pytest.LogCaptureFixture) -> None:
    live = await two_halls(WatchedLog())
    for hall in ("h1", "h2"):
        await live.do(c.OpenCounter("c1"), hall=hall)
        await live.do(c.IssueTicket("account"), hall=hall)
    line = live.runner.halls["h1"].pending.lines[next(iter(live.runner.halls["h1"].pending.lines))]
    line[0] = (line[0][0], line[0][1] + 7, line[0][2])  # no longer the place of its ticket
    with caplog.at_level(logging.ERROR, "hall.live"):
        for _ in range(2):
            with pytest.raises(HallStopped):
                await live.do(c.CallNext("c1"), hall="h1")
    assert "hall h1 stopped" in caplog.text
    assert (await live.do(c.CallNext("c1"), hall="h2")).recorded
    await live.turn("h1")
    assert await verify(live.log, "h1") == []
    await live.runner.stop()


async def test_a_stopped_hall_works_again_after_a_restart(live: Live) -> None:
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    live.hall.is_stopped = True
    with pytest.raises(HallStopped):
        await live.issue()
    await live.restart()
    assert (await live.do(c.CallNext("c1"))).recorded
    await require_sound(live)


# --- stop and start -------------------------------------------------------------------------------------------------


async def test_stopping_commits_and_answers_what_is_pending(live: Live, log: WatchedLog) -> None:
    log.hold()
    asked = [asyncio.create_task(live.issue()) for _ in range(3)]
    await log.begun.wait()
    stopping = asyncio.create_task(live.runner.stop())
    await asyncio.sleep(0)
    with pytest.raises(StorageUnavailable):
        await live.issue()
    log.gate.set()
    await stopping
    assert len(await asyncio.gather(*asked)) == 3
    assert live.types().count("TicketIssued") == 3


async def test_stopping_cuts_the_screens(live: Live) -> None:
    board = Screen("board").connect(live.feed)
    await live.runner.stop()
    assert board.listen().is_cut


async def test_a_restart_goes_on_where_the_log_ends(live: Live) -> None:
    await live.do(c.OpenCounter("c1", "ann"))
    await live.issue()
    await live.do(c.CallNext("c1"))
    before = live.hall.picture
    await live.restart()
    assert live.hall.picture.day == before.day == live.hall.pending
    assert live.hall.picture.calls == before.calls
    assert numbers_of([await live.do(c.IssueTicket("account"))]) == ["A002"]
    await require_sound(live)


async def test_a_restart_reads_no_further_back_than_the_day(live: Live, log: WatchedLog) -> None:
    for _ in range(3):
        await live.issue()
        live.clock.advance(days=1)
    await live.issue()
    asked: list[int] = []

    class Asked(WatchedLog):
        async def read(self, hall: str, after: int = 0, limit: int = 10_000) -> Any:
            asked.append(after)
            return await super().read(hall, after, limit)

    copy = Asked()
    copy.stored = log.stored
    await (await Live(copy, live.clock, live.ids).start()).runner.stop()
    assert min(asked) == await log.day_start(HALL) - 1


async def test_a_day_on_a_real_file_survives_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    engine = open_engine(url)
    upgrade(engine)
    live = await Live(SqlLog(engine, FOLLOW)).start()
    await outcomes_of(live.do(c.OpenCounter("c1")), live.issue(), live.issue(), live.do(c.CallNext("c1")))
    await live.runner.stop()
    await live.log.close()
    live.log = SqlLog(open_engine(url), FOLLOW)
    await live.start()
    assert (await live.do(c.CallNext("c1", finish=True))).recorded[-1].event.number == "A002"  # type: ignore[union-attr]
    await require_sound(live)
    await live.runner.stop()
    await live.log.close()


# --- days and timers ------------------------------------------------------------------------------------------------


async def test_the_business_day_turns_at_its_hour(live: Live) -> None:
    await live.issue()
    live.clock.advance(hours=17, minutes=29)  # 03:59 in Shanghai
    await live.turn()
    assert live.types()[-1] == "TicketIssued"
    live.clock.advance(minutes=1)
    await live.turn()
    await live.do(c.OpenCounter("c1"))
    assert live.types()[-4:] == ["TicketExpired", "DayClosed", "DayOpened", "CounterOpened"]
    assert live.hall.picture.day.date is not None
    assert live.hall.picture.day.date.isoformat() == "2026-11-25"
    await require_sound(live)


async def test_a_command_of_the_new_day_finds_it_open(live: Live) -> None:
    await live.do(c.CancelTicket(await live.issue()))
    live.clock.advance(days=1)
    assert numbers_of([await live.do(c.IssueTicket("account"))]) == ["A001"]
    stored = await live.log.read(HALL)
    dates = [one.business_date for one in stored if one.type in ("DayClosed", "DayOpened")]
    assert dates == ["2026-11-24", "2026-11-24", "2026-11-25"]


async def test_a_day_that_ended_while_the_server_was_down_is_closed_before_the_first_command(live: Live) -> None:
    await live.do(c.OpenCounter("c1", "ann"))
    await live.issue()
    await live.issue()
    await live.do(c.CallNext("c1"))
    await live.do(c.Start("c1"))
    await live.runner.stop()
    live.clock.advance(days=3)
    await live.start()
    done = await live.do(c.Finish("c1"))
    assert done.recorded[0].event.TYPE == "TicketFinished"
    assert live.types()[-4:] == ["TicketExpired", "DayClosed", "DayOpened", "TicketFinished"]
    stored = await live.log.read(HALL)
    assert [one.business_date for one in stored[-3:]] == ["2026-11-24", "2026-11-27", "2026-11-27"]
    await require_sound(live)


async def test_the_clockwork_catches_up_by_itself(live: Live) -> None:
    await live.issue()
    await live.runner.stop()
    live.clock.advance(days=2)
    await live.start()
    await live.turn()
    await live.do(c.OpenCounter("c1"))
    assert live.types()[-4:-1] == ["TicketExpired", "DayClosed", "DayOpened"]


async def test_a_round_with_nothing_to_do_does_nothing(live: Live, log: WatchedLog) -> None:
    await live.issue()
    log.batches.clear()
    for _ in range(3):
        await live.turn()
    assert log.batches == []


async def test_a_set_up_that_is_published_is_decided_with_at_once(live: Live, log: WatchedLog) -> None:
    wider: Setup = replace(small_hall(version=2), series=LONG_SERIES)
    log.hold()
    asked = asyncio.gather(*(live.issue() for _ in range(4)), live.do(c.PublishSetup(wider)), live.issue())
    await log.begun.wait()
    log.gate.set()
    await asked
    assert (await live.log.read(HALL))[-1].setup_version == 2
    await live.restart_with(wider)
    assert live.hall.setup.version == 2
    await require_sound(live)


async def test_a_set_up_that_did_not_become_durable_is_not_decided_with(live: Live, log: WatchedLog) -> None:
    await live.issue()
    log.fail_once()
    await outcomes_of(live.do(c.PublishSetup(small_hall(version=2))))
    assert live.hall.setup.version == 1
    done = await live.do(c.OpenCounter("c1"))
    assert done.recorded[0].setup_version == 1


async def test_a_paper_nobody_takes_is_given_up_by_its_timer(live: Live) -> None:
    await live.issue(device="k1")
    kiosk = Screen("kiosk", {"device": "k1"}).connect(live.feed)
    live.clock.advance(seconds=89)
    await live.turn()
    assert live.types()[-1] == "PaperRequested"
    live.clock.advance(seconds=1)
    await live.turn()
    await live.turn()
    assert live.types()[-2:] == ["PaperRequested", "PaperFailed"]
    stored = (await live.log.read(HALL))[-1]
    assert (stored.actor_kind, stored.door) == ("clockwork", "clockwork")
    assert [record["state"] for key, record in kiosk.listen().state.items() if key.startswith("paper:")] == ["failed"]


async def test_a_timer_that_is_due_after_a_restart_still_fires(live: Live) -> None:
    await live.issue(device="k1")
    await live.runner.stop()
    live.clock.advance(minutes=10)
    await live.start()
    await live.turn()
    assert live.types()[-1] == "PaperFailed"


async def test_a_timer_that_cannot_be_stored_fires_again(live: Live, log: WatchedLog) -> None:
    await live.issue(device="k1")
    live.clock.advance(seconds=90)
    log.fail_once()
    await live.turn()
    assert live.types()[-1] == "PaperRequested"
    await live.turn()
    assert live.types()[-1] == "PaperFailed"


# --- several halls --------------------------------------------------------------------------------------------------


async def two_halls(log: WatchedLog) -> Live:
    setups = {hall: {1: small_hall(hall=hall)} for hall in ("h1", "h2")}
    live = await Live(log, setups=setups).start()
    for hall in setups:
        await live.do(c.OpenCounter("c3"), hall=hall)
    return live


async def test_two_halls_share_a_commit_and_nothing_else() -> None:
    log = WatchedLog()
    live = await two_halls(log)
    log.batches.clear()
    outcomes = await outcomes_of(*(live.do(c.IssueTicket("account"), hall=hall) for hall in ("h1", "h2", "h1")))
    assert [len(batch) for batch in log.batches] == [3]
    assert numbers_of(outcomes) == ["A001", "A001", "A002"]
    boards = {hall: Screen("manager").connect(live.runner.halls[hall].feed).state for hall in ("h1", "h2")}
    assert {hall: state["today"]["issued"] for hall, state in boards.items()} == {"h1": 2, "h2": 1}
    for hall in ("h1", "h2"):
        await require_sound(live, hall)
    await live.runner.stop()


async def test_a_hall_has_no_day_before_its_first_setup_is_in_the_log() -> None:
    log = WatchedLog()
    live = Live(log, setups={})
    await live.start()
    await live.runner.load(HALL, {1: small_hall()})
    with pytest.raises(DayIsClosed):
        live.runner.decide(live.hall, c.OpenCounter("c1"), "id", Actor("system", "s"), "system", live.clock.now())
    await live.runner.stop()
