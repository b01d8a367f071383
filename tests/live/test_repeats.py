"""A repeat of a command is harmless: it gets the first one's answer, and nothing happens twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hall.day import commands as c
from hall.day.refusals import CounterIsClosed, KeyReused, StorageUnavailable
from hall.live.picture import Picture
from hall.live.runner import ANSWERS_KEPT, Done, Key
from hall.log.codec import as_text
from hall.log.database import open_engine
from hall.log.migrate import upgrade
from hall.log.sql import SqlLog
from hall.log.verify import verify
from tests.day.support import HALL
from tests.live.live_support import FOLLOW, Live, WatchedLog

KEY = Key("kiosk k1", "press-1", "body-a")
OTHER_BODY = Key("kiosk k1", "press-1", "body-b")
ISSUE = c.IssueTicket("account", device="k1")


def issued(live: Live) -> int:
    return live.types().count("TicketIssued")


async def test_a_repeat_gets_the_first_answer(live: Live) -> None:
    first = await live.do(ISSUE, KEY)
    second = await live.do(ISSUE, KEY)
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert second.recorded == first.recorded
    assert len(first.recorded) == 2  # the ticket and its paper
    assert issued(live) == 1


async def test_a_repeat_is_answered_though_the_command_would_now_be_refused(live: Live) -> None:
    await live.do(c.OpenCounter("c1"), KEY)
    await live.do(c.CloseCounter("c1"))
    assert (await live.do(c.OpenCounter("c1"), KEY)).is_repeat
    assert live.hall.picture.day.counters == {}


async def test_a_repeat_at_the_same_time_waits_for_the_first(live: Live, log: WatchedLog) -> None:
    log.hold()
    asked = asyncio.gather(*(live.do(ISSUE, KEY) for _ in range(4)))
    await log.begun.wait()
    log.gate.set()
    answers = await asked
    assert [answer.is_repeat for answer in answers] == [False, True, True, True]
    assert len({answer.recorded for answer in answers}) == 1
    assert issued(live) == 1


async def test_a_key_with_another_body_is_refused_then_and_later(live: Live, log: WatchedLog) -> None:
    log.hold()
    first = asyncio.create_task(live.do(ISSUE, KEY))
    await log.begun.wait()
    with pytest.raises(KeyReused):
        await live.do(c.IssueTicket("loan"), OTHER_BODY)
    log.gate.set()
    await first
    with pytest.raises(KeyReused):
        await live.do(c.IssueTicket("loan"), OTHER_BODY)
    assert issued(live) == 1


async def test_a_key_belongs_to_its_principal_and_hall(live: Live) -> None:
    await live.do(ISSUE, KEY)
    other = await live.do(ISSUE, Key("kiosk k2", KEY.key, KEY.body_hash))
    assert not other.is_repeat
    assert issued(live) == 2


async def test_a_repeat_after_a_restart_gets_the_first_answer(live: Live) -> None:
    first = await live.do(ISSUE, KEY)
    await live.restart()
    again = await live.do(ISSUE, KEY)
    assert again.is_repeat
    assert again.recorded == first.recorded
    with pytest.raises(KeyReused):
        await live.do(ISSUE, OTHER_BODY)
    assert issued(live) == 1


async def test_what_a_repeat_is_about_is_seen_as_it_was_then(live: Live) -> None:
    """The visitor at the counter, their service, and whether they were called or served; also of an earlier day."""
    await live.do(c.OpenCounter("c2"))
    ticket = (await live.do(c.IssueTicket("loan"))).recorded[0].event.ticket  # type: ignore[union-attr]
    seen: dict[int, tuple[str, str] | None] = {}
    for command in (
        c.PauseCounter("c2"),
        c.ResumeCounter("c2"),
        c.CallNext("c2"),
        c.Start("c2"),
        c.RequestHelp("c2", "device"),
        c.TransferVisitor("c2", "advice"),
    ):
        seq = (await live.do(command)).recorded[-1].seq
        seen[seq] = at_counter(live.hall.picture)
    assert set(seen.values()) == {None, ("loan", "called"), ("loan", "serving")}
    live.clock.advance(days=1)
    await live.issue()
    assert ticket not in live.hall.picture.day.tickets
    for seq, then in seen.items():
        assert at_counter(await live.runner.picture_at(live.hall, seq)) == then


def at_counter(picture: Picture) -> tuple[str, str] | None:
    """The service and state of the visitor at the counter."""
    ticket = picture.day.tickets.get(picture.day.counters["c2"].ticket or "")
    return None if ticket is None else (ticket.turn.service, ticket.turn.state)


async def test_answers_are_kept_for_two_days(live: Live) -> None:
    await live.do(ISSUE, KEY)
    live.clock.advance(seconds=ANSWERS_KEPT.total_seconds())
    await live.restart()
    assert (await live.do(ISSUE, KEY)).is_repeat
    live.clock.advance(seconds=1)
    live.runner.memory.prune(as_text(live.clock.now() - ANSWERS_KEPT))
    assert live.runner.memory.kept == {}
    await live.restart()
    assert live.runner.memory.kept == {}


async def test_a_key_may_be_used_anew_when_its_answer_is_forgotten(tmp_path: Path) -> None:
    """In the database a key that is not forgotten fails the whole batch in which it comes again."""
    engine = open_engine(f"sqlite:///{tmp_path / 'hall.db'}")
    upgrade(engine)
    live = await Live(SqlLog(engine, FOLLOW)).start()
    await live.do(ISSUE, KEY)
    live.clock.advance(seconds=ANSWERS_KEPT.total_seconds() + 1)
    await live.runner.forget_answers()
    assert not (await live.do(ISSUE, KEY)).is_repeat
    assert (await live.do(ISSUE, KEY)).is_repeat
    live.clock.advance(seconds=ANSWERS_KEPT.total_seconds() + 1)
    await live.restart()
    assert not (await live.do(ISSUE, KEY)).is_repeat
    await live.runner.stop()
    await live.log.close()


async def test_a_log_that_cannot_forget_now_remembers_on_both_sides(live: Live, log: WatchedLog) -> None:
    await live.do(ISSUE, KEY)
    live.clock.advance(seconds=ANSWERS_KEPT.total_seconds() + 1)
    log.is_stubborn = True
    await live.runner.forget_answers()
    assert (await live.do(ISSUE, KEY)).is_repeat
    await live.restart()
    assert (await live.do(ISSUE, KEY)).is_repeat


async def test_a_repeat_finds_its_answer_however_long_the_log_was_away(live: Live, log: WatchedLog) -> None:
    log.fail_once(kept=True)
    log.reads_to_fail = 1
    asked = asyncio.create_task(live.do(ISSUE, KEY))
    with pytest.raises(StorageUnavailable):
        await asked
    live.clock.advance(hours=1)
    while live.hall.is_rereading:
        await asyncio.sleep(0)
    assert (await live.do(ISSUE, KEY)).is_repeat
    assert issued(live) == 1


async def test_a_refusal_is_not_remembered(live: Live) -> None:
    with pytest.raises(CounterIsClosed):
        await live.do(c.CallNext("c1"), KEY)
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    done = await live.do(c.CallNext("c1"), KEY)
    assert not done.is_repeat
    assert done.recorded[0].event.TYPE == "TicketCalled"


async def test_nothing_to_do_is_not_remembered(live: Live) -> None:
    await live.do(c.OpenCounter("c1"))
    assert await live.do(c.CallNext("c1"), KEY) == Done(())
    await live.issue()
    assert (await live.do(c.CallNext("c1"), KEY)).recorded[0].event.TYPE == "TicketCalled"


async def test_what_could_not_be_stored_is_not_remembered(live: Live, log: WatchedLog) -> None:
    await live.issue()
    log.fail_once()
    with pytest.raises(StorageUnavailable):
        await live.do(ISSUE, KEY)
    done = await live.do(ISSUE, KEY)
    assert not done.is_repeat
    assert issued(live) == 2


async def test_a_repeat_at_the_same_time_shares_the_failure(live: Live, log: WatchedLog) -> None:
    await live.issue()
    log.hold()
    log.fail_once()
    asked = asyncio.gather(*(live.do(ISSUE, KEY) for _ in range(2)), return_exceptions=True)
    await log.begun.wait()
    log.gate.set()
    assert [type(one) for one in await asked] == [StorageUnavailable] * 2
    assert issued(live) == 1


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_repeat_after_a_commit_that_worked_unseen_gets_the_first_answer(
    live: Live, log: WatchedLog, is_restarted: bool
) -> None:
    await live.issue()
    log.fail_once(kept=True)
    with pytest.raises(StorageUnavailable):
        await live.do(ISSUE, KEY)
    if is_restarted:
        await live.restart()
    again = await live.do(ISSUE, KEY)
    assert again.is_repeat
    assert again.recorded[0].event.TYPE == "TicketIssued"
    assert issued(live) == 2
    assert await verify(log, HALL) == []


async def test_a_repeat_that_cannot_be_read_back_is_asked_to_come_again(live: Live, log: WatchedLog) -> None:
    first = await live.do(ISSUE, KEY)
    log.reads_to_fail = 1
    with pytest.raises(StorageUnavailable):
        await live.do(ISSUE, KEY)
    assert (await live.do(ISSUE, KEY)).recorded == first.recorded


async def start_held(live: Live, log: WatchedLog, key: Key | None) -> asyncio.Task[Any]:
    log.hold()
    asking = asyncio.create_task(live.do(ISSUE, key))
    await log.begun.wait()
    return asking


async def cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("key", [None, KEY])
async def test_who_goes_away_while_waiting_loses_and_doubles_nothing(
    live: Live, log: WatchedLog, key: Key | None
) -> None:
    await cancel(await start_held(live, log, key))
    log.gate.set()
    done = await live.do(ISSUE, key)
    assert done.is_repeat == (key is not None)
    assert issued(live) == (1 if key else 2)
    assert await verify(log, HALL) == []


async def test_a_repeat_is_answered_though_the_first_went_away(live: Live, log: WatchedLog) -> None:
    first = await start_held(live, log, KEY)
    second = asyncio.create_task(live.do(ISSUE, KEY))
    await asyncio.sleep(0)
    await cancel(first)
    log.gate.set()
    assert (await second).is_repeat
    assert issued(live) == 1


async def test_the_first_is_answered_though_a_repeat_went_away(live: Live, log: WatchedLog) -> None:
    first = await start_held(live, log, KEY)
    second = asyncio.create_task(live.do(ISSUE, KEY))
    await asyncio.sleep(0)
    await cancel(second)
    log.gate.set()
    assert not (await first).is_repeat
    assert live.runner.memory.running == {}
