"""How a day ended is written down once, and printed where the hall has a printer for that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hall.day import commands as c
from tests.day.support import HALL, small_hall
from tests.live.live_support import Live, Screen, WatchedLog


async def two_days(**changes: Any) -> tuple[Live, WatchedLog]:
    log = WatchedLog()
    live = await Live(log, setups={HALL: {1: replace(small_hall(), **changes)}}).start()
    await live.do(c.OpenCounter("c1"))
    await live.turn()
    live.clock.advance(days=1)
    await live.turn()
    await live.runner.drained.wait()
    await live.turn()
    return live, log


def events_of(log: WatchedLog, kind: str) -> list[Any]:
    return [stored for stored in log.stored[HALL] if stored.type == kind]


async def test_the_hash_that_a_day_ended_with_is_written_down_once() -> None:
    live, log = await two_days()
    (closed,) = events_of(log, "DayClosed")
    (sealed,) = events_of(log, "DaySealed")
    assert f'"seq":{closed.seq},"seal":"{closed.hash}"' in sealed.body
    await (await live.restart()).turn()
    assert len(events_of(log, "DaySealed")) == 1
    assert events_of(log, "PaperRequested") == []


async def test_a_day_that_was_not_sealed_before_a_restart_is_sealed_after_it() -> None:
    log = WatchedLog()
    live = await Live(log, setups={HALL: {1: small_hall()}}).start()
    await live.do(c.OpenCounter("c1"))
    live.clock.advance(days=1)
    await live.do(c.OpenCounter("c1"))  # the day rolls with the command, before the clockwork comes round
    assert events_of(log, "DaySealed") == []
    await (await live.restart()).turn()
    assert len(events_of(log, "DaySealed")) == 1


async def test_the_slip_is_printed_where_the_hall_says() -> None:
    live, log = await two_days(slip_printer="p1")
    (paper,) = live.hall.picture.day.papers.values()
    assert (paper.kind, paper.printer, paper.ticket) == ("closing", "p1", "")
    screen = Screen("printer", {"device": "p1"}).connect(live.feed)
    (record,) = [record for key, record in screen.state.items() if key.startswith("paper:")]
    (closed,) = events_of(log, "DayClosed")
    assert (record["facts"]["kind"], record["facts"]["seal"]) == ("closing", closed.hash)


async def test_the_first_day_has_nothing_to_seal() -> None:
    log = WatchedLog()
    live = await Live(log, setups={HALL: {1: small_hall()}}).start()
    await live.turn()
    assert events_of(log, "DaySealed") == []
