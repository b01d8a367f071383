"""One seed, one run: what came of it, or a failure that says how to see it again."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from tests.sim.loop import Stuck, run_virtually
from tests.sim.world import Plant, SimulationFailed, Words, World

FAILURES_SHOWN = 6
LOGGERS = ("hall.live", "hall.printers", "printer.owner")


@dataclass(frozen=True, slots=True)
class Result:
    """A run in which everything held. `digest` covers every hash of every hall's log."""

    seed: int
    digest: str
    count: Tally[str]
    refusals: Tally[str]
    kinds: Tally[str]


def simulate(seed: int, *, days: int = 1, plant: Plant | None = None) -> Result:
    """Run the days of one seed. Raises `SimulationFailed` with all that was seen and the command to see it again."""
    worlds: list[World] = []

    async def main() -> None:
        world = World(seed, days, plant or Plant())
        worlds.append(world)
        asyncio.get_running_loop().set_exception_handler(lambda _, what: world.fail(f"nobody looked at {what}"))
        try:
            await world.run()
        finally:
            await world.leave()

    with listening() as words:
        try:
            run_virtually(main)
            if words.kept:
                raise SimulationFailed("the shipped code logged an exception")
        except (SimulationFailed, Stuck) as failure:
            raise SimulationFailed(story(seed, days, worlds[0], words.kept, failure)) from failure
    world = worlds[0]
    return Result(seed, digest_of(world), world.count, world.refusals, world.kinds)


def story(seed: int, days: int, world: World, words: list[str], failure: Exception) -> str:
    said = world.failures[:FAILURES_SHOWN] or [repr(failure)]
    return "\n".join(
        [
            f"seed {seed} failed:",
            *(f"  {one}" for one in said),
            *words[:2],
            f"again: python -m tests.sim --seed {seed} --days {days}",
        ]
    )


def digest_of(world: World) -> str:
    digest = sha256()
    for hall in sorted(world.log.stored):
        for stored in world.log.stored[hall]:
            digest.update(stored.hash.encode())
    return digest.hexdigest()


@contextmanager
def listening() -> Iterator[Words]:
    """The shipped code's log goes to `Words` and nowhere else."""
    words = Words()
    before = []
    for name in LOGGERS:
        logger = logging.getLogger(name)
        before.append((logger, logger.propagate))
        logger.addHandler(words)
        logger.propagate = False
    try:
        yield words
    finally:
        for logger, propagate in before:
            logger.removeHandler(words)
            logger.propagate = propagate
