"""Sets the stage of the demonstration: the demo hall on a hurried clock, with simulated printers, and its people."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.types import ASGIApp

from hall.bootstrap import System, build
from hall.demo.crowd import Crowd, Roles
from hall.demo.lobby import LobbyDisplay
from hall.demo.person import Door
from hall.demo.tray import PaperTray
from hall.demo.visits import load_visits
from hall.files import examples_folder
from hall.live.ports import HurriedClock
from hall.setup.toml import Parsed, load_file
from hall.web.pages import Demo

logger = logging.getLogger("hall.demo")

SETUP, VISITS = "demo-hall.toml", "warsaw_hall_day.csv"
START = datetime(2026, 11, 17, 20, 15, tzinfo=UTC)  # in Shanghai a Wednesday before dawn; the crowd opens at eight
YOUR_COUNTER, YOUR_LOGIN = "1", "chen"
YOUR_KIOSK, THEIR_KIOSK, YOUR_DISPLAY = "kiosk-1", "kiosk-2", "display-1"
RECOVER_S = 5.0


@dataclass(slots=True)
class Stage:
    """The system before it is started, the set-up to start it with, and what to tell people."""

    system: System
    clock: HurriedClock
    setup: Parsed
    tray: PaperTray
    speed: float
    sign_ins: list[dict[str, str]]
    crowd: Crowd | None = None

    async def play(self, app: ASGIApp) -> None:
        """Let the crowd in, for ever. The system has been started."""
        while True:
            self.crowd = self.gather(app)
            try:
                async with asyncio.TaskGroup() as together:
                    together.create_task(self.display().report_forever(), name="demo display")
                    await self.crowd.play()
            except* Exception:
                logger.exception("the demonstration's people stumbled; they begin anew")
            await asyncio.sleep(RECOVER_S)

    def display(self) -> LobbyDisplay:
        return LobbyDisplay(self.system.runner.halls[self.setup.setup.hall], self.system.receipts)

    def gather(self, app: ASGIApp) -> Crowd:
        hall = self.system.runner.halls[self.setup.setup.hall]
        visits = load_visits((examples_folder() / VISITS).read_text("utf-8").splitlines())
        return Crowd(hall, self.clock, Door(app, hall.id), self.roles(), visits)

    def roles(self) -> Roles:
        """Every counter but yours gets one of the clerks, in the order of the file."""
        setup, pins = self.setup.setup, self.setup.secrets.staff
        logins = [one.login for one in setup.staff.values() if one.role == "clerk" and one.login != YOUR_LOGIN]
        counters = [counter for counter in setup.counters if counter != YOUR_COUNTER]
        greeter = next(one.login for one in setup.staff.values() if one.role == "greeter")
        return Roles(
            self.setup.secrets.devices[THEIR_KIOSK],
            (greeter, pins[greeter]),
            {counter: (login, pins[login]) for counter, login in zip(counters, logins, strict=True)},
        )


def set_stage(database: str, *, speed: float, public_url: str) -> Stage:
    """The demonstration on this database, not yet started."""
    setup = load_file(examples_folder() / SETUP)
    clock = HurriedClock(START, speed)
    tray = PaperTray(clock)
    system = build(database, clock=clock, public_url=public_url, open_line=tray.open_line)
    sign_ins = your_sign_ins(setup)
    system.demo, system.tray = Demo(sign_ins, your_tokens(setup), speed), tray
    return Stage(system, clock, setup, tray, speed, sign_ins)


def your_sign_ins(setup: Parsed) -> list[dict[str, str]]:
    """The clerk at the counter that is left free, then one of each other role."""
    staff, secrets = setup.setup.staff, setup.secrets.staff
    you = {"login": YOUR_LOGIN, "secret": secrets[YOUR_LOGIN], "role": "clerk", "counter": YOUR_COUNTER}
    others = [
        {"login": one.login, "secret": secrets[one.login], "role": one.role, "name": one.name}
        for one in staff.values()
        if one.role != "clerk"
    ]
    return [{**you, "name": staff[YOUR_LOGIN].name}, *others]


def your_tokens(setup: Parsed) -> dict[str, str]:
    """The tokens of the devices that are left for you, by the screen that uses them."""
    hall, devices = setup.setup.hall, setup.secrets.devices
    return {f"{hall}/kiosk": devices[YOUR_KIOSK], f"{hall}/display": devices[YOUR_DISPLAY]}
