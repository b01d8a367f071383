"""What happens by itself: ticks and beats for the screens, the turn of the business day, timers of the day.

Every deed goes through the same command path as a person's. A timer that fires twice does no harm.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from hall.day.commands import SealDay
from hall.day.decide import timers
from hall.day.events import Actor
from hall.day.refusals import HallStopped, Refusal
from hall.live.feed import BEAT_S, TICK_S
from hall.live.runner import Hall, Runner
from hall.log.codec import as_date

logger = logging.getLogger("hall.live")

CLOCKWORK = Actor("clockwork", "clockwork")
ROUNDS_PER_PRUNING = 7200


async def run_clockwork(runner: Runner) -> None:
    """Turn and beat for ever. Beats wait for nothing: a log that hangs must not make live screens look stale."""
    async with asyncio.TaskGroup() as together:
        together.create_task(turn_forever(runner))
        together.create_task(beat_forever(runner))


async def turn_forever(runner: Runner) -> None:
    """One round every half second."""
    rounds = 0
    while True:
        await asyncio.sleep(TICK_S)
        rounds += 1
        for hall in list(runner.halls.values()):
            await turn_safely(runner, hall)
        if rounds % ROUNDS_PER_PRUNING == 0:
            await runner.forget_answers()


async def beat_forever(runner: Runner) -> None:
    while True:
        await asyncio.sleep(BEAT_S)
        for hall in list(runner.halls.values()):
            hall.feed.beat(runner.clock.now())


async def turn_safely(runner: Runner, hall: Hall) -> None:
    """One round that cannot stop the clock of the other halls, or the next round of this one."""
    try:
        await turn(runner, hall)
    except Refusal as refusal:
        logger.warning("clockwork of hall %s: %s", hall.id, refusal.code)
    except Exception:
        logger.exception("clockwork of hall %s", hall.id)


async def turn(runner: Runner, hall: Hall) -> None:
    """One round of one hall: the day, the timers that are due, the tick."""
    if not hall.is_stopped and not hall.is_rereading:
        with suppress(HallStopped):  # said by the runner; the other halls' clocks go on
            runner.roll(hall, runner.stamp(hall))
        await fire_timers(runner, hall)
        await seal_yesterday(runner, hall)
    hall.feed.tick(asyncio.get_running_loop().time())


async def seal_yesterday(runner: Runner, hall: Hall) -> None:
    """Write down the hash that the day before ended with, once; a day that nobody closed has none."""
    day = hall.picture.day
    if not day.is_open or day.is_sealed or hall.looked_for_seal == day.opened_seq:
        return
    before = await runner.read_stored(hall.id, day.opened_seq - 1)
    if before is not None and before.type == "DayClosed":
        command = SealDay(as_date(before.business_date), before.seq, before.hash)
        await runner.submit(hall.id, command, actor=CLOCKWORK, door="clockwork")
    hall.looked_for_seal = day.opened_seq


async def fire_timers(runner: Runner, hall: Hall) -> None:
    now = runner.stamp(hall)  # the hall's own time, which goes on from its last event when a clock is set back
    for timer in timers(hall.picture.day, hall.picture.setup):
        if timer.due_at > now:
            break
        try:
            await runner.submit(hall.id, timer.command, actor=CLOCKWORK, door="clockwork")
        except Refusal as refusal:
            logger.info("timer %s of hall %s: %s", timer.id, hall.id, refusal.code)
