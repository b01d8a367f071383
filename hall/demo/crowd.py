"""All simulated people of the demonstration, day after day: the log's visitors and a clerk at every counter but one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import httpx

from hall.day.setup import Setup
from hall.day.state import Day
from hall.demo.clerk import Clerk
from hall.demo.greeter import Greeter
from hall.demo.person import Door, Person
from hall.demo.visits import OPENING_HOUR, Pace, Visit
from hall.live.business import zone_of
from hall.live.ports import HurriedClock
from hall.live.runner import Hall

logger = logging.getLogger("hall.demo")

PRINTS_MOST_S = 6.0  # papers that are drawn in one second, so that a fast demo does nothing but draw
CLASSES = (("priority", 0.07), ("vip", 0.03))
FOREIGN_SHARE = 0.06
QUIET = timedelta(minutes=10)  # so long nobody is expected: the clock may jump
LAST_ONES_S = 45 * 60.0  # who still waits so long after the last visitor came is sent home
LOOK_S = 30.0


@dataclass(frozen=True, slots=True)
class Roles:
    """Who plays what: the kiosk's token, the greeter, and the clerk of each simulated counter; logins with PINs."""

    kiosk_token: str
    greeter: tuple[str, str]
    clerks: dict[str, tuple[str, str]]


@dataclass(slots=True)
class Crowd:
    """The hall's people. `play` goes on until cancelled."""

    hall: Hall
    clock: HurriedClock
    door: Door
    roles: Roles
    visits: Sequence[Visit]
    seed: int = 1
    over: asyncio.Event = field(default_factory=asyncio.Event)
    opening: datetime | None = None
    begin_s: float = 0.0  # whoever came earlier today came before this process did
    log_pace: Pace = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.log_pace = Pace(self.visits)

    # --- what clerks see ------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        return self.over.is_set()

    @property
    def setup(self) -> Setup:
        return self.hall.picture.setup

    @property
    def day(self) -> Day:
        return self.hall.picture.day

    def pace(self) -> float:
        return self.log_pace.factor(self.now_s(), self.hall.picture.today["called"])

    async def nap(self, hall_s: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), hall_s / self.clock.rate)

    def now_s(self) -> float:
        """Seconds since the doors opened."""
        assert self.opening is not None
        return (self.clock.now() - self.opening).total_seconds()

    # --- the days -------------------------------------------------------------------------------------------------

    async def play(self) -> None:
        async with self.door.client() as client:
            self.people = self.cast(client)
            day_no = 0
            while True:
                self.open_doors()
                await self.play_day(day_no)
                day_no += 1

    def cast(self, client: httpx.AsyncClient) -> dict[str, Person]:
        people = {counter: Person(self.door, client, login, pin) for counter, (login, pin) in self.roles.clerks.items()}
        people["greeter"] = Person(self.door, client, *self.roles.greeter)
        people["kiosk"] = Person(self.door, client, token=self.roles.kiosk_token)
        return people

    def open_doors(self) -> None:
        """Begin the next day at eight, or go on with one that was left in its middle.

        The clock, which only ever goes forward, jumps to the opening, or to where the hall has come to.
        """
        now = max(self.clock.now(), self.hall.last_at or self.clock.now())
        local = now.astimezone(zone_of(self.setup.timezone))
        opening = local.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
        self.begin_s = max(0.0, (local - opening).total_seconds())
        if self.begin_s >= self.visits[-1].at_s:
            opening, self.begin_s = opening + timedelta(days=1), 0.0
        self.opening = opening
        self.clock.set((opening + timedelta(seconds=self.begin_s)).astimezone(now.tzinfo))
        self.over.clear()

    async def play_day(self, day_no: int) -> None:
        """One day; it ends when the last visitor is served, and the clerks have gone home."""
        async with asyncio.TaskGroup() as tasks:
            for counter in self.roles.clerks:
                random = Random(f"{self.seed} {day_no} {counter}")
                clerk = Clerk(self.people[counter], self.setup.counters[counter], self, random)
                tasks.create_task(clerk.work(), name=f"clerk {counter}")
            greeter = Greeter(self.people["greeter"], self, Random(f"{self.seed} {day_no} greeter"))
            tasks.create_task(greeter.work(), name="greeter")
            await self.let_visitors_in(Random(f"{self.seed} {day_no}"))
            await self.wait_for_last_ones()
            self.over.set()

    async def let_visitors_in(self, random: Random) -> None:
        for visit in self.visits:
            if visit.at_s >= self.begin_s:
                await self.wait_for_visit(visit)
                await self.take_number(visit, random)

    async def wait_for_visit(self, visit: Visit) -> None:
        """Sleep until somebody comes; when nobody is here and nobody comes for long, the clock jumps there."""
        while (left_s := visit.at_s - self.now_s()) > 0:
            if left_s > QUIET.total_seconds() and self.is_empty():
                self.clock.set(self.clock.now() + timedelta(seconds=left_s - LOOK_S))
            await self.nap(min(left_s, LOOK_S))

    def is_empty(self) -> bool:
        """Nobody waits, is served, or was set aside for a while."""
        is_quiet = not self.is_waited_for()
        return is_quiet and all(one.ticket is None for one in self.day.counters.values())

    def is_waited_for(self) -> bool:
        return bool(self.day.waiting()) or any(one.turn.state == "parked" for one in self.day.tickets.values())

    async def wait_for_last_ones(self) -> None:
        until_s = self.now_s() + LAST_ONES_S
        while self.is_waited_for() and self.now_s() < until_s:
            await self.nap(LOOK_S)

    async def take_number(self, visit: Visit, random: Random) -> None:
        """At the kiosk, which prints; in a great hurry mostly from the greeter, who does not."""
        per_s = self.clock.rate * len(self.visits) / max(1.0, self.visits[-1].at_s)
        at = "kiosk" if random.random() < PRINTS_MOST_S / max(per_s, PRINTS_MOST_S) else "greeter"
        body = {"service": visit.service, "class": self.draw_class(random)}
        if random.random() < FOREIGN_SHARE:
            body["language"] = self.setup.languages[-1]
        await self.people[at].press("tickets", body)

    def draw_class(self, random: Random) -> str:
        drawn = random.random()
        for visitor_class, share in CLASSES:
            if drawn < share:
                return visitor_class
            drawn -= share
        return self.setup.default_class()
