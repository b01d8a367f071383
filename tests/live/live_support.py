"""A running hall with a clock moved by hand, and screens that fold what they are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from pydantic_core import to_json

from hall.day import commands as c
from hall.day.events import Recorded
from hall.day.setup import Setup
from hall.day.state import Day
from hall.live.clockwork import turn
from hall.live.feed import Channel, HallFeed, Subscriber
from hall.live.picture import Picture
from hall.live.ports import NoEstimator, NoLinks
from hall.live.runner import Done, Hall, Key, Runner
from hall.live.views.base import Sources, view_of
from hall.log.memory import MemoryLog
from hall.log.port import Commit, Log, StorageFault
from hall.log.secrets import follower
from tests.day.support import AT, HALL, small_hall
from tests.support import HandClock

FOLLOW = follower(b"k" * 32)
SOURCES = Sources(NoLinks(), NoEstimator())


class CountedIds:
    """Ids that tell in which order they were drawn."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def new(self, at: datetime) -> str:
        return f"id{next(self.numbers):06d}"


class WatchedLog(MemoryLog):
    """A log in memory that can be held, made to fail, and asked what it was given."""

    def __init__(self) -> None:
        super().__init__(FOLLOW)
        self.batches: list[Sequence[Commit]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun = asyncio.Event()
        self.reads_to_fail = 0
        self.is_stubborn = False

    async def append(self, commits: Sequence[Commit]) -> None:
        self.begun.set()
        await self.gate.wait()
        self.batches.append(commits)
        await super().append(commits)

    async def read(self, hall: str, after: int = 0, limit: int = 10_000) -> Any:
        if self.reads_to_fail:
            self.reads_to_fail -= 1
            raise StorageFault("the link is down")
        return await super().read(hall, after, limit)

    async def forget_answers(self, before: str) -> None:
        if self.is_stubborn:
            raise StorageFault("the disk is full")
        await super().forget_answers(before)

    def hold(self) -> None:
        self.gate.clear()
        self.begun.clear()

    def fail_once(self, *, kept: bool = False, reason: Exception | None = None) -> None:
        """The next append raises: before anything is kept, or after all of it is."""

        def fault(_: Sequence[Commit]) -> None:
            self.before = self.after = None
            raise reason or StorageFault("the disk is full")

        if kept:
            self.after = fault
        else:
            self.before = fault


@dataclass
class Live:
    """One process: a runner on a log. `restart` is another process on the same log."""

    log: Log
    clock: HandClock = field(default_factory=lambda: HandClock(AT))
    ids: CountedIds = field(default_factory=CountedIds)
    epoch: str = "e1"
    setups: dict[str, dict[int, Setup]] = field(default_factory=lambda: {HALL: {1: small_hall()}})

    async def start(self) -> Live:
        self.runner = Runner(self.log, self.clock, self.ids, SOURCES, epoch=self.epoch, version="test")
        await self.runner.start(self.setups)
        for hall, versions in self.setups.items():
            if self.runner.halls[hall].picture.day.setup_version == 0:
                await self.runner.submit(hall, c.PublishSetup(versions[max(versions)]))
        return self

    async def restart(self) -> Live:
        await self.runner.stop()
        return await self.start()

    async def restart_with(self, setup: Setup) -> Live:
        """Start again with one more version stored, as the set-up tables would have it."""
        self.setups[setup.hall][setup.version] = setup
        return await self.restart()

    @property
    def hall(self) -> Hall:
        return self.runner.halls[HALL]

    @property
    def feed(self) -> HallFeed:
        return self.hall.feed

    async def do(self, command: c.Command, key: Key | None = None, hall: str = HALL, **words: Any) -> Done:
        return await self.runner.submit(hall, command, key=key, **words)

    async def issue(self, key: Key | None = None, **words: Any) -> str:
        done = await self.do(c.IssueTicket("account", **words), key)
        ticket: str = done.recorded[0].event.ticket  # type: ignore[union-attr]
        return ticket

    async def turn(self, hall: str = HALL) -> None:
        """One round of the clockwork."""
        await turn(self.runner, self.runner.halls[hall])

    def types(self, hall: str = HALL) -> list[str]:
        stored = self.log.stored.get(hall, [])  # type: ignore[attr-defined]
        return [one.type for one in stored]


# --- screens --------------------------------------------------------------------------------------------------------


def as_json(records: Mapping[str, Any]) -> Any:
    return json.loads(to_json(records))


def fresh(feed: HallFeed, view: str, params: Mapping[str, str]) -> Any:
    """The records of a view as somebody who comes now would get them."""
    return as_json(view_of(view, feed.picture, feed.sources, params).records(feed.picture))


@dataclass
class Screen:
    """What a browser does with a feed: snapshot, then put and drop, checking `prev` alone."""

    view: str
    params: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    seq: int | None = None
    epoch: str | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)
    subscriber: Subscriber | None = None
    channel: Channel | None = None
    is_cut: bool = False

    def connect(self, feed: HallFeed, at: datetime = AT, now_s: float = 0.0) -> Screen:
        """Connect, or connect again: with the seq and epoch it last had."""
        self.heard, self.is_cut = [], False
        self.channel, self.subscriber = feed.subscribe(
            self.view, self.params, after=self.seq, epoch=self.epoch, at=at, now_s=now_s
        )
        return self.listen()

    def disconnect(self) -> None:
        assert self.channel is not None
        assert self.subscriber is not None
        self.channel.subscribers.discard(self.subscriber)
        self.channel = self.subscriber = None

    def listen(self) -> Screen:
        """Take all that was sent."""
        assert self.subscriber is not None
        while not self.subscriber.queue.empty():
            text = self.subscriber.queue.get_nowait()
            if text is None:
                self.is_cut = True
            else:
                self.take(json.loads(text))
        return self

    def take(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if message["kind"] == "snapshot":
            self.state, self.seq, self.epoch = message["state"], message["seq"], message["epoch"]
            return
        assert message["prev"] == self.seq, "something is missing between the last message and this one"
        if message["kind"] == "beat":
            assert message["seq"] == self.seq
            return
        assert message["seq"] > message["prev"]
        assert message["put"] or message["drop"]
        for key in message["drop"]:
            del self.state[key]
        self.state |= message["put"]
        self.seq = message["seq"]

    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.heard]


def feed_of(setups: dict[int, Setup], epoch: str = "e1") -> HallFeed:
    """A feed of a hall of which nothing has happened yet."""
    return HallFeed(Picture(setups[min(setups)], setups, Day(HALL)), SOURCES, epoch, "test", 1.0)


def by_command(recorded: Sequence[Recorded]) -> list[list[Recorded]]:
    grouped: dict[str, list[Recorded]] = {}
    for one in recorded:
        grouped.setdefault(one.command_id, []).append(one)
    return list(grouped.values())
