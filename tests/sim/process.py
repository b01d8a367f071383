"""The server as a process: started, stopped politely or dead at once, and the network between it and everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

from hall.day.commands import Command, PublishSetup
from hall.day.events import Actor, Door
from hall.day.refusals import Refusal
from hall.live.clockwork import run_clockwork
from hall.live.feed import Channel, Subscriber
from hall.live.papers import Printers
from hall.live.receipts import Receipts
from hall.live.runner import STOP_S, Done, Hall, Key, Told
from hall.log.port import StorageFault
from tests.sim.delivery import Seen
from tests.sim.loop import pause
from tests.sim.storage import PowerCut

if TYPE_CHECKING:
    from tests.sim.world import World

ANSWER_S = 6.0
EPOCH = "sim"


class Lost(Exception):
    """No answer came: the request may have been carried out or not."""


class Process:
    """One life of the server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.runner = world.plant.runner(
            world.log, world.clock, world.ids, world.sources, epoch=EPOCH, version="simulation"
        )
        self.receipts: Receipts = world.plant.receipts(self.runner)
        self.is_up = False
        self.is_dead = self.is_stopping = False
        self.clockwork: asyncio.Task[None] | None = None
        self.printers: asyncio.Task[None] | None = None
        self.requests: dict[asyncio.Task[Done], None] = {}
        self.reports: set[asyncio.Task[None]] = set()
        self.links: dict[Subscriber, Channel] = {}

    async def start(self) -> None:
        """Load all halls, publish the first set-up of a new one, begin to tick. Raises `StorageFault`."""
        await self.runner.start(self.world.setups)
        self.runner.listeners.append(self.world.see)
        self.clockwork = asyncio.create_task(run_clockwork(self.runner), name="clockwork")
        self.clockwork.add_done_callback(self.notice_end)
        assert self.runner.writer is not None
        self.runner.writer.add_done_callback(self.notice_end)
        for hall in self.runner.halls.values():
            if hall.picture.day.seq == 0:
                await self.runner.submit(hall.id, PublishSetup(hall.setup))
        if self.world.stations and self.world.temper.is_embedded:
            owners = Printers(self.runner, self.world.make_owner)
            self.printers = asyncio.create_task(owners.run(), name="printers")
            self.printers.add_done_callback(self.notice_end)
        self.is_up = True

    def notice_end(self, task: asyncio.Task[None]) -> None:
        """The clockwork and the writer end with their process, never before."""
        error = None if task.cancelled() else task.exception()
        is_expected = task.cancelled() or self.is_dead or self.is_stopping
        if not is_expected and not isinstance(error, PowerCut):
            self.world.fail(f"{task.get_name()} ended: {error!r}")

    def hall(self, id: str) -> Hall:
        return self.runner.halls[id]

    def ask(
        self, hall: str, command: Command, actor: Actor, door: Door, key: Key | None = None, told: Told | None = None
    ) -> asyncio.Task[Done]:
        """A request that has reached the server, and runs there whatever becomes of who asked."""
        seen = self.world.witness.awaited(hall, command)
        asked = self.runner.submit(hall, command, actor=actor, door=door, key=key, told=told)
        task = asyncio.create_task(asked)
        self.requests[task] = None
        task.add_done_callback(lambda done: self.answered(hall, command, key, seen, done))
        return task

    def answered(
        self, hall: str, command: Command, key: Key | None, seen: Seen | None, task: asyncio.Task[Done]
    ) -> None:
        self.requests.pop(task, None)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self.world.acknowledge(hall, command, key, task.result())
        elif not isinstance(error, Refusal):
            self.world.fail(f"a request ended in {error!r}")
        elif not self.is_dead:
            self.world.witness.require_no_denial(hall, command, seen, error.code)

    def hear(self, report: Coroutine[Any, Any, None], heard: Callable[[], None]) -> None:
        """A screen's report has come; `heard` is told when it was heard to its end, on a sound disk."""
        faults, is_rereading = self.world.log.faults, any(one.is_rereading for one in self.runner.halls.values())
        task = asyncio.create_task(report)
        self.reports.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self.reports.discard(task)
            if task.cancelled():
                return
            if task.exception() is not None:
                self.world.fail(f"a report ended in {task.exception()!r}")
            elif self.is_up and not is_rereading and self.world.log.faults == faults:
                heard()

        task.add_done_callback(ended)

    def die(self) -> None:
        """Power off: nothing more runs, nobody is told, all links break."""
        self.is_up, self.is_dead = False, True
        self.world.witness.forget()
        self.sever()
        for task in (self.printers, self.clockwork, self.runner.writer, *self.requests, *self.reports):
            if task is not None:
                task.cancel()

    async def stop(self) -> None:
        """A polite end: what was accepted is committed and answered first."""
        self.is_up, self.is_stopping = False, True
        self.world.witness.forget()
        waiting, began_s = list(self.requests), asyncio.get_running_loop().time()
        for helper in (self.printers, self.clockwork):
            if helper is not None:
                helper.cancel()
                await asyncio.wait((helper,))
        with suppress(PowerCut):
            await self.runner.stop()
        if self.is_dead:
            return
        self.is_dead = True
        self.sever()
        await pause(0.001)
        unanswered = [task for task in waiting if not task.done()]
        if unanswered and asyncio.get_running_loop().time() - began_s < STOP_S:  # one that hangs is not waited for
            self.world.fail(f"{len(unanswered)} accepted requests were never answered by a polite stop")
        for task in (*unanswered, *self.reports):
            task.cancel()

    def sever(self) -> None:
        for subscriber in list(self.links):
            subscriber.cut()


async def ask(
    world: World,
    lots: Random,
    hall: str,
    command: Command,
    *,
    actor: Actor,
    door: Door,
    key: Key | None = None,
    told: Told | None = None,
) -> Done:
    """Send a command over a network that is slow and loses answers. Raises a `Refusal`, or `Lost`."""
    await pause(lots.expovariate(100))
    process = world.process
    if process is None or not process.is_up:
        await pause(lots.uniform(0.05, 0.5))
        raise Lost
    task = process.ask(hall, command, actor, door, key, told)
    await asyncio.wait((task,), timeout=ANSWER_S)
    if not task.done() or task.cancelled() or (world.is_rough and lots.random() < world.temper.lost_answers):
        world.count["lost answers"] += 1
        raise Lost
    await pause(lots.expovariate(100))
    return task.result()


async def keep_running(world: World) -> None:
    """The supervisor: whenever the server is down, start it again."""
    lots = world.fork()
    while True:
        await world.is_down.wait()
        await pause(lots.uniform(0.2, 2.5))
        process = Process(world)
        world.process = process
        world.is_down.clear()
        with suppress(StorageFault, Refusal):
            await process.start()
        if not process.is_up and not process.is_dead:
            process.die()
        if process.is_dead:
            world.is_down.set()
        world.count["starts"] += 1
