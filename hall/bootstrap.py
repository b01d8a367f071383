"""The composition root: puts a system together from a database, a clock and set-up files, and starts and stops it.

Everything replaceable comes in as an argument; nothing else in the system makes its own parts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Engine

import hall
from hall.day.commands import PublishSetup
from hall.day.refusals import Refusal
from hall.day.setup import Device, Setup
from hall.live.clockwork import run_clockwork
from hall.live.links import SecretLinks
from hall.live.papers import HallPapers, Owner, Printers
from hall.live.ports import Clock, Estimator, Ids, NoEstimator, RandomIds, SystemClock
from hall.live.receipts import Receipts
from hall.live.runner import Hall, Runner
from hall.live.views.base import Sources
from hall.log.database import open_engine
from hall.log.meta import load_meta
from hall.log.migrate import upgrade
from hall.log.secrets import follower
from hall.log.sql import SqlLog
from hall.people.passwords import Passwords
from hall.setup.store import load_halls, load_newest, load_version
from hall.setup.toml import Parsed
from hall.web.control import Control, PeopleAndControl
from hall.web.demo import Tray
from hall.web.pages import Demo

if TYPE_CHECKING:
    from printer import device as printer_device
    from printer.drawing import DrawInThread

logger = logging.getLogger("hall")

OpenLine = Callable[[str], "printer_device.Device"]  # a printer's line by its url; raises ValueError


@dataclass(slots=True)
class System:
    """A whole running Hall. Use `start`, then serve, then `stop`."""

    engine: Engine
    clock: Clock
    key: bytes
    runner: Runner
    people: PeopleAndControl
    open_line: OpenLine | None = None
    demo: Demo | None = None
    tray: Tray | None = None
    draw: DrawInThread | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    receipts: Receipts = field(init=False)

    def __post_init__(self) -> None:
        self.receipts = Receipts(self.runner)

    @property
    def is_running(self) -> bool:
        return self.runner.writer is not None

    @property
    def control(self) -> Control:
        """The operator's hand on this system."""
        return Control(self.engine, self.runner, self.people)

    async def start(self, files: Sequence[Parsed] = (), *, replace_changes: bool = False) -> None:
        """Publish what is new in the files, load every hall, and begin to take commands and to print."""
        await self.load(files, replace_changes=replace_changes)
        await self.runner.open_days()
        self.tasks.append(asyncio.create_task(run_clockwork(self.runner), name="clockwork"))
        self.tasks.append(asyncio.create_task(Printers(self.runner, self.make_owner).run(), name="printers"))

    async def load(self, files: Sequence[Parsed] = (), *, replace_changes: bool = False) -> None:
        """Publish what is new in the files and load every hall; nothing happens by itself yet."""
        for parsed in files:
            await self.control.store(parsed, replace_changes=replace_changes)
        await self.runner.start(await asyncio.to_thread(load_setups, self.engine))
        for hall_id in self.runner.halls:
            await self.bring_into_force(hall_id)

    def make_owner(self, hall: Hall, device: Device) -> Owner:
        """The owner of a printer, in this process. Imports the driver: a hall without printers never does."""
        from printer.device import open_device
        from printer.drawing import DrawInThread
        from printer.owner import Owner as PrinterOwner
        from printer.owner import PapersUnavailable

        papers = HallPapers(self.runner, hall.id, device.id, PapersUnavailable)
        self.draw = self.draw or DrawInThread()
        line = (self.open_line or open_device)(device.url or "")
        now, width_dots = self.clock.now, device.width_dots
        return PrinterOwner(device.id, line, papers, now=now, width_dots=width_dots, draw=self.draw)

    async def bring_into_force(self, hall_id: str) -> None:
        """Publish the newest stored version where the log does not know it yet."""
        running = self.runner.halls[hall_id]
        newest = running.setups[max(running.setups)]
        if running.picture.day.setup_version == newest.version:
            return
        try:
            await self.runner.submit(hall_id, PublishSetup(newest))
        except Refusal as refusal:
            logger.warning("hall %s: set-up version %s is not in force: %s", hall_id, newest.version, refusal.data)

    async def stop(self) -> None:
        """Commit what is pending, end what runs, let go of the database."""
        for task in self.tasks:
            task.cancel()
        for ended in await asyncio.gather(*self.tasks, return_exceptions=True):
            if isinstance(ended, Exception):  # it broke before; the log must be let go of all the same
                logger.error("a task of the system broke", exc_info=ended)
        if self.draw is not None:
            self.draw.close()
        await self.runner.stop()
        await self.runner.log.close()


def build(
    database: str,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    estimator: Estimator | None = None,
    passwords: Passwords | None = None,
    public_url: str | None = None,
    open_line: OpenLine | None = None,
) -> System:
    """A system on this database, its tables brought up to date; `public_url` stands in for halls that name none."""
    engine = open_engine(database)
    upgrade(engine)
    meta = load_meta(engine)
    follow_of = follower(meta.key)
    log = SqlLog(engine, follow_of)
    sources = Sources(SecretLinks(follow_of, public_url), estimator or NoEstimator())
    hall_clock = clock or SystemClock()
    runner = Runner(log, hall_clock, ids or RandomIds(), sources, epoch=meta.epoch, version=hall.__version__)
    people = PeopleAndControl(engine, SystemClock(), passwords)
    return System(engine, hall_clock, meta.key, runner, people, open_line)


def load_setups(engine: Engine) -> dict[str, dict[int, Setup]]:
    """Every stored version of every hall."""
    return {hall_id: load_versions(engine, hall_id) for hall_id in load_halls(engine)}


def load_versions(engine: Engine, hall_id: str) -> dict[int, Setup]:
    newest = load_newest(engine, hall_id)
    last = newest.setup.version if newest else 0
    found = (load_version(engine, hall_id, version) for version in range(1, last + 1))
    return {one.setup.version: one.setup for one in found if one is not None}
