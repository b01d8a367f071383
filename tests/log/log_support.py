"""Days to append to a log, and what an adapter needs to be tested like every other one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hall.day import commands as c
from hall.day.events import Recorded
from hall.log.memory import MemoryLog
from hall.log.port import Answer, Commit, Log, Personal
from hall.log.secrets import follower
from hall.log.sql import SqlLog
from tests.day.support import Walker, random_steps, small_hall
from tests.log.short_fold import Rows, short_fold

FOLLOW = follower(b"k" * 32)
TABLES = ("ticket", "turn", "paper")


def new_hall(hall: str = "h") -> Walker:
    """A hall at the opening of its first day."""
    return Walker(hall=hall, setup=small_hall(hall=hall))


def long_hall(seed: int, steps: int = 200, hall: str = "h") -> Walker:
    """A hall after some random days."""
    walker = new_hall(hall)
    for step in random_steps(random.Random(seed), steps):
        walker.play(step)
    return walker


def commits_of(recorded: Sequence[Recorded]) -> list[Commit]:
    """One commit a command, as the runner makes them."""
    return [
        Commit(hall, tuple(events)) for (hall, _), events in groupby(recorded, lambda one: (one.hall, one.command_id))
    ]


def batches_of(commits: Sequence[Commit], seed: int = 0) -> list[list[Commit]]:
    """The commits in batches of random size, in order."""
    dice, left, batches = random.Random(seed), list(commits), []
    while left:
        size = dice.choice((1, 2, 3, 5, 8, 40))
        batches.append(left[:size])
        left = left[size:]
    return batches


async def append_all(log: Log, recorded: Sequence[Recorded], seed: int = 0) -> None:
    for batch in batches_of(commits_of(recorded), seed):
        await log.append(batch)


async def rows_of(log: Log, hall: str) -> Rows:
    return {table: {row["id"]: row for row in await log.rows(hall, table)} for table in TABLES}


async def require_rows_as_folded(log: Log, walker: Walker) -> None:
    assert await rows_of(log, walker.hall) == short_fold(walker.log, FOLLOW)


def answer(hall: str, key: str, first: int, last: int, at: str, principal: str = "ann") -> Answer:
    return Answer(hall, principal, key, "hash", first, last, at)


def told(hall: str, ticket: str, **changes: Any) -> Personal:
    said = {"name": "Ada", "phone": "+353 1 234", "note": "brings a dog", "at": "2026-11-24T02:30:00.000Z"}
    return Personal(hall, ticket, **{**said, **changes})


def issue(walker: Walker, **words: Any) -> str:
    """Issue a ticket; returns its id."""
    event: Any = walker.do(c.IssueTicket("account", **words))[0]
    ticket: str = event.ticket
    return ticket


@dataclass
class Store:
    """One adapter over one place: `open` gives a log on it, and gives it again after a close."""

    kind: str
    place: Any

    def open(self) -> Log:
        return self.place if self.kind == "memory" else SqlLog(self.place, FOLLOW)


def memory_store() -> Store:
    return Store("memory", MemoryLog(FOLLOW))
