"""A screen as a browser has it: it folds what it is sent, checks `prev`, breaks off and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from hall.day.refusals import Refusal
from hall.live.feed import Subscriber
from tests.sim.loop import pause

if TYPE_CHECKING:
    from tests.sim.world import World

Records = dict[str, Any]
SLOW_QUEUE = 6
STALE_S = 6.0


class Screen:
    """One screen of one view. `state` and `seq` are what it knows; it keeps them while it is cut off."""

    def __init__(self, world: World, hall: str, view: str, params: Mapping[str, str], *, is_slow: bool = False) -> None:
        self.world, self.hall, self.view, self.params = world, hall, view, dict(params)
        self.lots: Random = world.fork()
        self.is_slow = is_slow
        self.state: Records = {}
        self.seq: int | None = None
        self.epoch: str | None = None
        self.is_connected = False
        self.skipped = 0
        self.heard_s = 0.0
        self.on_snapshot: Callable[[Records], None] = lambda _: None
        self.on_put: Callable[[str, Records], None] = lambda _, __: None
        self.on_drop: Callable[[str], None] = lambda _: None

    @property
    def name(self) -> str:
        return f"{self.view} of {self.hall} {self.params or ''}"

    async def live(self) -> None:
        """Connect again and again, for ever."""
        while True:
            await self.watch()
            await pause(self.lots.uniform(0.05, 1.0 if not self.world.is_rough else 3.0))

    async def watch(self) -> None:
        """One connection, from its beginning to its end."""
        process = self.world.process
        if process is None or not process.is_up:
            return
        loop = asyncio.get_running_loop()
        try:
            channel, subscriber = process.hall(self.hall).feed.subscribe(
                self.view,
                self.params,
                after=self.seq,
                epoch=self.epoch,
                at=process.runner.clock.now(),
                now_s=loop.time(),
            )
        except Refusal as refusal:
            self.world.refused(refusal)
            return
        self.world.plant.on_link(self.world, channel)
        process.links[subscriber] = channel
        is_resumed = self.seq is not None
        drop_out = loop.call_later(self.lots.expovariate(self.world.temper.drop_outs_per_s), self.drop_out, subscriber)
        try:
            self.is_connected = True
            await self.read(subscriber)
        finally:
            self.is_connected = False
            drop_out.cancel()
            channel.subscribers.discard(subscriber)
            channel.idle_since_s = loop.time()
            process.links.pop(subscriber, None)
            self.world.count["links resumed" if is_resumed else "links begun"] += 1

    def drop_out(self, subscriber: Subscriber) -> None:
        if self.world.is_rough:
            subscriber.cut()

    async def read(self, subscriber: Subscriber) -> None:
        if self.is_slow:
            narrow(subscriber)
        self.skipped, self.heard_s = 0, asyncio.get_running_loop().time()
        while (text := await subscriber.queue.get()) is not None:
            if self.is_slow and self.world.is_rough:
                await pause(self.lots.expovariate(2))
                if subscriber.is_cut:
                    self.world.count["slow readers cut"] += 1
                    return
            if self.world.is_rough and self.lots.random() < self.world.temper.lost_messages:
                self.skipped += 1
                self.world.count["messages lost"] += 1
                continue
            if not self.take(from_json(text)):
                return

    def take(self, message: Records) -> bool:
        """Fold one message. False when something is missing before it: then begin anew."""
        self.world.count["messages"] += 1
        self.hear()
        if message["kind"] == "snapshot":
            self.state, self.seq, self.epoch = message["state"], message["seq"], message["epoch"]
            self.on_snapshot(self.state)
            return True
        if not self.is_in_step(message):
            if not self.skipped:
                self.world.fail(f"{self.name}: prev {message['prev']} at {self.seq}, and no message was lost")
            self.seq = None
            return False
        if message["kind"] == "event":
            self.fold(message)
        return True

    def hear(self) -> None:
        """A link that is up says something often enough for nobody to think it stale."""
        now_s = asyncio.get_running_loop().time()
        is_stopping = self.world.process is not None and self.world.process.is_stopping
        is_steady = not (self.is_slow or self.skipped or is_stopping)
        if is_steady and now_s - self.heard_s > STALE_S:
            self.world.fail(f"{self.name} heard nothing for {now_s - self.heard_s:.1f} s")
        self.heard_s = now_s

    def is_in_step(self, message: Records) -> bool:
        return bool(message["prev"] == self.seq)

    def fold(self, message: Records) -> None:
        self.seq = message["seq"]
        for key, record in message["put"].items():
            self.state[key] = record
            self.on_put(key, record)
        for key in message["drop"]:
            self.state.pop(key, None)
            self.on_drop(key)


def narrow(subscriber: Subscriber) -> None:
    """Give a slow reader's link a queue so short that the simulation lives to see it overflow."""
    waiting = []
    while not subscriber.queue.empty():
        waiting.append(subscriber.queue.get_nowait())
    subscriber.queue = asyncio.Queue(len(waiting) + SLOW_QUEUE)
    for text in waiting:
        subscriber.queue.put_nowait(text)
