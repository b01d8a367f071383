"""Fills a database with closed tickets of earlier business days, through the product's own log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.hall import COUNTERS, HALL, SERVICES, a_parsed
from hall.bootstrap import build
from hall.day.commands import CallNext, Command, IssueTicket, OpenCounter, PublishSetup
from hall.day.setup import Setup
from hall.live.ports import whole_ms
from hall.people.passwords import Passwords

A_DAY = 5000
AT_ONCE = 250


@dataclass(slots=True)
class HandClock:
    """A clock that is moved by hand."""

    at: datetime
    rate: float = 1.0

    def now(self) -> datetime:
        return self.at


def fill(file: Path, tickets: int, *, ends_today: bool = False) -> None:
    """Make `tickets` closed tickets, 5,000 a day, ending yesterday or (`ends_today`) with today's."""
    asyncio.run(fill_now(file, tickets, 0 if ends_today else 1))


async def fill_now(file: Path, tickets: int, days_ago: int) -> None:
    days = -(-tickets // A_DAY)
    start = whole_ms(datetime.now(UTC)) - timedelta(days=days - 1 + days_ago, hours=0)
    clock = HandClock(start)
    system = build(f"sqlite:///{file}", clock=clock, passwords=Passwords(memory_kib=64, passes=1))
    parsed = a_parsed()
    await system.control.store(parsed, replace_changes=False)
    await system.runner.start({HALL: {1: versioned(parsed.setup)}})
    await system.runner.submit(HALL, PublishSetup(versioned(parsed.setup)))
    for day in range(days):
        clock.at = start + timedelta(days=day, hours=-1)
        await one_day(system.runner, clock, min(A_DAY, tickets - day * A_DAY))
    await system.runner.stop()
    await system.runner.log.close()


def versioned(setup: Setup) -> Setup:
    from dataclasses import replace

    from hall.setup.document import digest_of

    return replace(setup, version=1, digest=digest_of(setup))


async def one_day(runner: object, clock: HandClock, tickets: int) -> None:
    from hall.live.runner import Runner

    assert isinstance(runner, Runner)

    async def all_of(commands: list[Command]) -> None:
        clock.at += timedelta(milliseconds=100)
        await asyncio.gather(*(runner.submit(HALL, command) for command in commands))

    await all_of([OpenCounter(str(n)) for n in range(1, COUNTERS + 1)])
    for begin in range(0, tickets, AT_ONCE):
        count = min(AT_ONCE, tickets - begin)
        await all_of([IssueTicket(chr(65 + n % SERVICES)) for n in range(count)])
        await all_of([CallNext(str(n % COUNTERS + 1), finish=True) for n in range(count)])
    await all_of([CallNext(str(n), finish=True) for n in range(1, COUNTERS + 1)])
