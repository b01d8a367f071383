"""The simulated greeter at the door: answers calls for help, counts who comes in and who needs no number."""

from __future__ import annotations

from random import Random
from typing import get_args

from hall.day.events import Diversion
from hall.demo.clerk import Surroundings
from hall.demo.person import Person

LOOK_S = 20.0
WALK_S, SETTLE_S = (10.0, 40.0), (30.0, 120.0)
DIVERT_SHARE, RETURN_SHARE = 0.06, 0.1


class Greeter:
    """Walks about for one day."""

    def __init__(self, person: Person, hall: Surroundings, random: Random) -> None:
        self.person, self.hall, self.random = person, hall, random

    async def work(self) -> None:
        while not self.hall.is_over:
            await self.hall.nap(LOOK_S)
            await self.help_clerks()
            await self.greet()

    async def help_clerks(self) -> None:
        for help in list(self.hall.day.helps):
            await self.hall.nap(self.random.uniform(*WALK_S))
            if await self.person.press(f"help/{help}/take") is not None:
                await self.hall.nap(self.random.uniform(*SETTLE_S))
                await self.person.press(f"help/{help}/solve")

    async def greet(self) -> None:
        """Somebody needs no number, or comes back after a call that they missed."""
        await self.person.press("door", {"count": self.random.randint(1, 3)})
        if self.random.random() < DIVERT_SHARE:
            await self.person.press("diversions", {"to": self.random.choice(get_args(Diversion))})
        missed = [one.id for one in self.hall.day.tickets.values() if one.turn.state == "missed"]
        if missed and self.random.random() < RETURN_SHARE:
            await self.person.press(f"tickets/{self.random.choice(missed)}/reinstate")
