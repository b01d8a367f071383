"""Printers of the server itself: owners that live in its process, fed by the feed and heard by the runner.

An owner's port goes straight to the one command path. What an owner is made of comes from outside, so that nothing of a
printer is imported before a hall has one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from hall.day.commands import ClaimPaper, Command, ReportPaper, ReportPrinter, ReprintTicket
from hall.day.events import Actor, PaperProof, PrinterState, Recorded, SetupPublished
from hall.day.refusals import HallStopped, Refusal, StorageUnavailable
from hall.day.setup import Device
from hall.live.runner import Hall, Key, Runner
from hall.live.views.base import Record

logger = logging.getLogger("hall.printers")

RESTART_S = 2.0  # an owner that broke is not started again at once


class Owner(Protocol):
    """What follows the `printer` view and prints, until cancelled."""

    def reset(self, state: Mapping[str, Record]) -> None: ...
    def put(self, key: str, record: Record) -> None: ...
    def drop(self, key: str) -> None: ...
    async def run(self) -> None: ...


# Makes the owner of a hall's printer, or raises ValueError when its address cannot work on this machine.
OwnerMaker = Callable[[Hall, Device], Owner]


class HallPapers:
    """What the owner of one printer tells its hall. Raises `unavailable` when the same call will do later."""

    def __init__(self, runner: Runner, hall: str, printer: str, unavailable: type[Exception]) -> None:
        self.runner, self.hall = runner, hall
        self.actor = Actor("device", printer)
        self.unavailable = unavailable

    async def claim(self, paper: str) -> bool:
        return await self.tell(ClaimPaper(paper), once=f"claim {paper}")

    async def printed(self, paper: str, proof: PaperProof) -> None:
        await self.tell(ReportPaper(paper, "printed", proof=proof))

    async def uncertain(self, paper: str, reason: str) -> None:
        await self.tell(ReportPaper(paper, "uncertain", reason=reason))

    async def failed(self, paper: str, reason: str) -> None:
        await self.tell(ReportPaper(paper, "failed", reason=reason))

    async def report_state(self, printer: str, state: PrinterState) -> None:
        await self.tell(ReportPrinter(printer, state))

    async def reprint(self, ticket: str) -> None:
        await self.tell(ReprintTicket(ticket, self.actor.id), once=f"reprint {ticket}")

    async def tell(self, command: Command, *, once: str | None = None) -> bool:
        """True when the hall took it; False when the paper is another's or no more.

        `once` names what must happen once however often it is told: a claim that was stored though its owner heard
        otherwise is still this owner's when it asks again.
        """
        key = None if once is None else Key(f"printer:{self.actor.id}", once, once)
        try:
            await self.runner.submit(self.hall, command, actor=self.actor, door="printer", key=key)
        except (StorageUnavailable, HallStopped) as refusal:
            raise self.unavailable(refusal.code) from refusal
        except Refusal as refusal:
            logger.info("printer %s of hall %s: %s: %s", self.actor.id, self.hall, command, refusal.code)
            return False
        return True


class Printers:
    """Keeps an owner running for every device with a printer's address, as the set-ups in force name them."""

    def __init__(self, runner: Runner, make_owner: OwnerMaker) -> None:
        self.runner = runner
        self.make_owner = make_owner
        self.running: dict[tuple[str, str], tuple[Device, asyncio.Task[None]]] = {}
        self.news = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; then every owner is, and what it had claimed is uncertain to the next one."""
        self.runner.listeners.append(self.hear)
        try:
            while True:
                self.news.clear()
                await self.match()
                await self.news.wait()
        finally:
            self.runner.listeners.remove(self.hear)
            await self.end(list(self.running))

    def hear(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, SetupPublished):
            self.news.set()

    async def match(self) -> None:
        """End the owners of printers that are gone or changed, start those of new ones."""
        wanted = {
            (hall.id, device.id): device
            for hall in self.runner.halls.values()
            for device in hall.picture.setup.devices.values()
            if device.url
        }
        await self.end([key for key, (device, _) in self.running.items() if wanted.get(key) != device])
        for key, device in wanted.items():
            if key not in self.running:
                keeping = self.keep(self.runner.halls[key[0]], device)
                self.running[key] = device, asyncio.create_task(keeping, name=f"printer {device.id}")

    async def end(self, keys: list[tuple[str, str]]) -> None:
        tasks = [self.running.pop(key)[1] for key in keys]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def keep(self, hall: Hall, device: Device) -> None:
        """Own a printer for ever: an owner that breaks is replaced."""
        while True:
            try:
                owner = self.make_owner(hall, device)
            except ValueError as unusable:
                logger.error("hall %s, printer %s: %s", hall.id, device.id, unusable)
                await HallPapers(self.runner, hall.id, device.id, Exception).report_state(device.id, "unreachable")
                return
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(follow(self.runner, hall, device.id, owner))
                    tasks.create_task(owner.run())
            except* Exception:
                logger.exception("hall %s: the owner of printer %s broke", hall.id, device.id)
            await asyncio.sleep(RESTART_S)


async def follow(runner: Runner, hall: Hall, printer: str, owner: Owner) -> None:
    """Feed an owner with the `printer` view, anew whenever it was too slow and got cut."""
    loop = asyncio.get_running_loop()
    while True:
        channel, subscriber = hall.feed.subscribe(
            "printer", {"device": printer}, after=None, epoch=None, at=runner.clock.now(), now_s=loop.time()
        )
        try:
            while (text := await subscriber.queue.get()) is not None:
                tell_owner(owner, json.loads(text))
        finally:
            channel.subscribers.discard(subscriber)
            channel.idle_since_s = loop.time()


def tell_owner(owner: Owner, message: dict[str, Any]) -> None:
    """One message of the feed; beats say nothing to an owner."""
    if message["kind"] == "snapshot":
        owner.reset(message["state"])
    elif message["kind"] == "event":
        for key, record in message["put"].items():
            owner.put(key, record)
        for key in message["drop"]:
            owner.drop(key)
