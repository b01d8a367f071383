"""A simulated clerk: calls, waits for the visitor, serves, takes a break, goes home at the end of the day."""

from __future__ import annotations

import math
from random import Random
from typing import Any, Protocol

from hall.day.setup import CounterPlan, Setup
from hall.day.state import Day
from hall.demo.person import Person

LATE_S = 120  # the first ones open at once, the last one this much later
WALK_S = (8.0, 30.0)
PATIENCE_S = 45.0  # from a call to its repetition, and from that to a no-show
LOOK_S = 12.0  # between two looks at an empty line
UPSET_S = 30.0  # after a refusal, before looking again what the counter is like
BREAK_S = (180.0, 480.0)
NO_SHOW_SHARE, RECALL_SHARE, BREAK_SHARE = 0.03, 0.1, 0.02
SPREAD = 0.5  # of service times: standard deviation over mean, log-normal
DEFAULT_SERVICE_S = 180


class Surroundings(Protocol):
    """What a clerk sees of the hall, and how time passes there."""

    @property
    def is_over(self) -> bool: ...
    @property
    def setup(self) -> Setup: ...
    @property
    def day(self) -> Day: ...
    def pace(self) -> float: ...
    async def nap(self, hall_s: float) -> None:
        """Return after so many seconds of the hall, or when the day is over."""


class Clerk:
    """Works one day at one counter."""

    def __init__(self, person: Person, plan: CounterPlan, hall: Surroundings, random: Random) -> None:
        self.person, self.plan, self.hall, self.random = person, plan, hall, random

    async def work(self) -> None:
        await self.hall.nap(self.random.uniform(0, LATE_S))
        while not self.hall.is_over:
            if not await self.is_ready():
                await self.hall.nap(UPSET_S)
            elif self.random.random() < BREAK_SHARE:
                await self.take_break()
            elif self.has_work():
                await self.call_and_serve()
            else:
                await self.hall.nap(LOOK_S)
        await self.go_home()

    async def press(self, verb: str, **body: object) -> dict[str, Any] | None:
        return await self.person.press(f"counters/{self.plan.id}/{verb}", body)

    async def is_ready(self) -> bool:
        """True when the counter is open; opens it, or resumes it, when somebody has closed or paused it."""
        counter = self.hall.day.counters.get(self.plan.id)
        if counter is None:
            return await self.press("open") is not None
        if counter.mode == "paused":
            return await self.press("resume") is not None
        return True

    def has_visitor(self) -> bool:
        counter = self.hall.day.counters.get(self.plan.id)
        return counter is not None and counter.ticket is not None

    def has_work(self) -> bool:
        """What the desk's screen shows: somebody waits, or stands here."""
        lines = self.hall.day.lines
        return self.has_visitor() or any(line.service in self.plan.services for line in lines)

    async def call_and_serve(self) -> None:
        """One press finishes the last visitor and calls the next."""
        answer = await self.press("call-next", finish=True)
        if answer is None:
            await self.hall.nap(UPSET_S)
        elif ticket := answer.get("ticket"):
            if self.random.random() < NO_SHOW_SHARE:
                await self.give_up()
            else:
                await self.serve(ticket["service"])

    async def give_up(self) -> None:
        """Nobody comes: call again, then go on."""
        await self.hall.nap(PATIENCE_S)
        await self.press("recall")
        await self.hall.nap(PATIENCE_S)
        await self.press("no-show")

    async def serve(self, service: str) -> None:
        if self.random.random() < RECALL_SHARE:
            await self.hall.nap(PATIENCE_S)
            await self.press("recall")
        await self.hall.nap(self.random.uniform(*WALK_S))
        await self.press("start")
        await self.hall.nap(self.service_s(service))

    def service_s(self, service: str) -> float:
        mean_s = self.hall.setup.services[service].expected_service_s or DEFAULT_SERVICE_S
        variance = math.log(1 + SPREAD**2)
        drawn_s = self.random.lognormvariate(math.log(mean_s) - variance / 2, math.sqrt(variance))
        return drawn_s * self.hall.pace()

    async def take_break(self) -> None:
        if self.has_visitor():
            await self.press("finish")
        await self.press("pause", reason="休息")
        await self.hall.nap(self.random.uniform(*BREAK_S))

    async def go_home(self) -> None:
        if self.has_visitor():
            await self.press("finish")
        if self.plan.id in self.hall.day.counters:
            await self.press("close")
