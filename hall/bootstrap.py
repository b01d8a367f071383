"""The composition root: puts a system together from a database, a clock and set-up files, and starts and stops it.

Everything replaceable comes in as an argument; nothing else in the system makes its own parts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Engine

import hall
from hall.day.commands import PublishSetup
from hall.day.refusals import Refusal
from hall.day.setup import Setup
from hall.live.clockwork import run_clockwork
from hall.live.links import SecretLinks
from hall.live.ports import Clock, Estimator, Ids, NoEstimator, RandomIds, SystemClock
from hall.live.runner import Runner
from hall.live.views.base import Sources
from hall.log.database import open_engine
from hall.log.meta import load_meta
from hall.log.migrate import upgrade
from hall.log.secrets import follower
from hall.log.sql import SqlLog
from hall.people.passwords import Passwords
from hall.people.service import People
from hall.setup.store import load_halls, load_newest, load_version, publish_file
from hall.setup.toml import Parsed

logger = logging.getLogger("hall")


@dataclass(slots=True)
class Demo:
    """What only a demonstration shows: how to sign in, and the devices' tokens."""

    sign_ins: list[dict[str, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    speed: float = 1.0


@dataclass(slots=True)
class System:
    """A whole running Hall. Use `start`, then serve, then `stop`."""

    engine: Engine
    clock: Clock
    key: bytes
    runner: Runner
    people: People
    demo: Demo | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self, files: Sequence[Parsed] = (), *, replace_changes: bool = False) -> None:
        """Publish what is new in the files, load every hall, and begin to take commands."""
        for parsed in files:
            await asyncio.to_thread(self.keep_version, parsed.setup, replace_changes)
            await self.people.install(parsed.setup, parsed.secrets.staff, parsed.secrets.devices)
        await self.runner.start(await asyncio.to_thread(load_setups, self.engine))
        for hall_id in self.runner.halls:
            await self.bring_into_force(hall_id)
        self.tasks.append(asyncio.create_task(run_clockwork(self.runner), name="clockwork"))

    def keep_version(self, setup: Setup, replace_changes: bool) -> None:
        publish_file(self.engine, setup, at=self.clock.now(), by="file", replace_changes=replace_changes)

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
        for task in self.tasks:
            with suppress(asyncio.CancelledError):
                await task
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
    return System(engine, hall_clock, meta.key, runner, People(engine, SystemClock(), passwords))


def load_setups(engine: Engine) -> dict[str, dict[int, Setup]]:
    """Every stored version of every hall."""
    return {hall_id: load_versions(engine, hall_id) for hall_id in load_halls(engine)}


def load_versions(engine: Engine, hall_id: str) -> dict[int, Setup]:
    newest = load_newest(engine, hall_id)
    last = newest.setup.version if newest else 0
    found = (load_version(engine, hall_id, version) for version in range(1, last + 1))
    return {one.setup.version: one.setup for one in found if one is not None}
