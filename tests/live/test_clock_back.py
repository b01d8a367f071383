"""A clock that steps back an hour: nothing is written earlier than what was before, and the hall goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hall.day import commands as c
from hall.day import refusals as r
from hall.day.setup import Missed
from hall.log.verify import verify
from tests.day.support import HALL, small_hall
from tests.live.live_support import Live, WatchedLog


async def test_a_whole_visit_goes_through_and_no_instant_runs_backwards(live: Live, log: WatchedLog) -> None:
    await live.do(c.OpenCounter("c1"))
    first = await live.issue()
    called_at = (await live.do(c.CallNext("c1"))).recorded[0].at
    live.clock.advance(hours=-1)
    await live.turn()
    second = await live.issue()
    for command in (c.Start("c1"), c.Park("c1", "form", 60), c.CallNext("c1"), c.Start("c1"), c.Finish("c1")):
        await live.do(command)
    await live.do(c.Unpark("c1"))
    await live.do(c.Finish("c1"))
    instants = [stored.at for stored in await log.read(HALL)]
    assert instants == sorted(instants)
    rows = [await log.ticket(HALL, ticket) for ticket in (first, second)]
    assert [row["outcome"] for row in rows if row] == ["served", "served"]
    assert all(turn["ended_at"] >= turn["started_at"] for row in rows if row for turn in row["turns"])
    live.clock.advance(hours=2, seconds=7)
    later = (await live.do(c.PauseCounter("c1"))).recorded[0].at
    assert (later - called_at).total_seconds() == 3607
    assert await verify(log, HALL) == []


async def test_times_to_wait_are_measured_by_the_halls_time_and_a_reason_goes_on_without(live: Live) -> None:
    """The hall's time goes on at half the pace until the clock has caught up; staff need not wait for it."""
    strict = replace(small_hall(version=2), missed=Missed(gap_s=15, grace_s=20))
    await live.do(c.PublishSetup(strict))
    await live.do(c.OpenCounter("c1"))
    ticket = await live.issue()
    await live.do(c.CallNext("c1"))
    await live.do(c.ReportDelivery(ticket, 1, "display", "d1"))
    live.clock.advance(hours=-1)
    with pytest.raises(r.RecallTooSoon):
        await live.do(c.Recall("c1"))
    with pytest.raises(r.NoShowTooSoon):
        await live.do(c.NoShow("c1"))
    live.clock.advance(seconds=30)
    await live.do(c.Recall("c1"))  # fifteen seconds of hall time later
    await live.do(c.NoShow("c1", override="called_aloud"))


async def test_timers_fire_once_though_the_clock_was_set_back(live: Live) -> None:
    await live.do(c.OpenCounter("c1"))
    await live.issue()
    for command in (c.CallNext("c1"), c.Start("c1"), c.Park("c1", "form", 60)):
        await live.do(command)
    live.clock.advance(hours=-1)
    await live.turn()
    live.clock.advance(seconds=118)
    await live.turn()
    assert "TicketReturned" not in live.types()
    live.clock.advance(seconds=2)
    for _ in range(2):
        await live.turn()
    assert live.types().count("TicketReturned") == 1
