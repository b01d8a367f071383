"""A simulated clerk: calls and serves, now and then sets aside, sends on, picks or asks for help, and goes home."""

from __future__ import annotations

import math
from random import Random
from typing import Any, Protocol

from hall.day.deciding.calling import deliveries_of
from hall.day.ordering import may_call
from hall.day.setup import CounterPlan, ReasonKind, Setup
from hall.day.state import Day, LineKey
from hall.demo.person import Person

LATE_S = 120  # the first ones open at once, the last one this much later
WALK_S = (8.0, 30.0)
PATIENCE_S = 45.0  # from a call to its repetition, and from that to a no-show
LOOK_S = 12.0  # between two looks at an empty line
UPSET_S = 30.0  # after a refusal, before looking again what the counter is like
BREAK_S = (180.0, 480.0)
NO_SHOW_SHARE, RECALL_SHARE, BREAK_SHARE = 0.03, 0.1, 0.02
PARK_SHARE, TRANSFER_SHARE, PICK_SHARE, HELP_SHARE = 0.03, 0.03, 0.02, 0.01
PARKED_S = 60.0  # how long somebody who was set aside fills in a form
LOOKS_MOST = 6  # at whether the call of somebody who does not come has been delivered
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
        """What the desk's screen shows: somebody waits who may be called here, or stands here."""
        return self.has_visitor() or bool(self.callable_lines())

    def callable_lines(self) -> list[LineKey]:
        day, setup = self.hall.day, self.hall.setup
        counter = day.counters.get(self.plan.id)
        return [] if counter is None else [line for line in day.lines if may_call(setup, counter, line)]

    async def call_and_serve(self) -> None:
        """One press finishes the last visitor and calls the next."""
        answer = await self.call()
        ticket = answer.get("ticket") if answer else None
        if ticket is None:
            await self.hall.nap(UPSET_S if answer is None else LOOK_S)
        elif self.random.random() < NO_SHOW_SHARE:
            await self.give_up()
        else:
            await self.serve(ticket["service"])

    async def call(self) -> dict[str, Any] | None:
        """Mostly whom the rule chooses; now and then somebody picked for a reason, or who was set aside here."""
        parked, lines = self.hall.day.parked_at(self.plan.id), self.callable_lines()
        if parked and not self.has_visitor():
            await self.hall.nap(PARKED_S)
            return await self.press("unpark", ticket=parked[0].id)
        if lines and self.random.random() < PICK_SHARE:
            line = self.random.choice(lines)
            picked = self.hall.day.lines[line][-1][2]
            return await self.press("call", ticket=picked, reason=self.reason("pick"), finish=True)
        return await self.press("call-next", finish=True)

    def reason(self, kind: ReasonKind) -> str:
        """One that the hall knows."""
        return self.random.choice(self.hall.setup.reasons[kind]).id

    async def give_up(self) -> None:
        """Nobody comes: call again, and once the calls were delivered and the time is over, go on."""
        await self.hall.nap(PATIENCE_S)
        await self.press("recall")
        for _ in range(LOOKS_MOST):
            await self.hall.nap(PATIENCE_S)
            if self.is_delivered():
                await self.hall.nap(self.hall.setup.missed.grace_s)
                await self.press("no-show")
                return

    def is_delivered(self) -> bool:
        """What lights up the no-show key: the calls have reached the visitor, as far as anybody can know."""
        counter = self.hall.day.counters.get(self.plan.id)
        ticket = self.hall.day.tickets.get(counter.ticket or "") if counter is not None else None
        return ticket is not None and deliveries_of(self.hall.setup, ticket.turn) >= self.hall.setup.missed.calls

    async def serve(self, service: str) -> None:
        if self.random.random() < RECALL_SHARE:
            await self.hall.nap(PATIENCE_S)
            await self.press("recall")
        await self.hall.nap(self.random.uniform(*WALK_S))
        if not self.is_serving():
            await self.press("start")
        await self.hall.nap(self.service_s(service))
        await self.end_otherwise(service)

    def is_serving(self) -> bool:
        counter = self.hall.day.counters.get(self.plan.id)
        ticket = self.hall.day.tickets.get(counter.ticket or "") if counter is not None else None
        return ticket is not None and ticket.turn.state == "serving"

    async def end_otherwise(self, service: str) -> None:
        """Most visits end with the next call; some are set aside, sent on, or need somebody's help."""
        if self.hall.is_over:
            return  # nobody would be there to go on with them
        drawn = self.random.random()
        if drawn < PARK_SHARE:
            await self.press("park", reason=self.reason("park"))
        elif drawn < PARK_SHARE + TRANSFER_SHARE:
            await self.press("transfer", service=self.another_service(service))
        elif drawn < PARK_SHARE + TRANSFER_SHARE + HELP_SHARE:
            await self.press("help", kind="authorise")
            await self.hall.nap(PATIENCE_S)

    def another_service(self, service: str) -> str:
        setup = self.hall.setup
        return self.random.choice([id for id in setup.services if id != service and not setup.is_heading(id)])

    def service_s(self, service: str) -> float:
        mean_s = self.hall.setup.services[service].expected_service_s or DEFAULT_SERVICE_S
        variance = math.log(1 + SPREAD**2)
        drawn_s = self.random.lognormvariate(math.log(mean_s) - variance / 2, math.sqrt(variance))
        return drawn_s * self.hall.pace()

    async def take_break(self) -> None:
        if self.has_visitor():
            await self.press("finish")
        await self.press("pause", reason="break")
        await self.hall.nap(self.random.uniform(*BREAK_S))

    async def go_home(self) -> None:
        if self.has_visitor():
            await self.press("finish")
        if self.plan.id in self.hall.day.counters:
            await self.press("close")
