"""Seeds that always run, one that nobody has run before, and mistakes that must be noticed."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import subprocess
import sys
from collections import Counter as Tally
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day.apply import APPLIERS
from hall.day.decide import DECIDERS
from hall.day.refusals import Refusal
from tests.sim import plants
from tests.sim.loop import pause, run_virtually
from tests.sim.process import Process
from tests.sim.run import Result, simulate
from tests.sim.screens import Screen
from tests.sim.setups import LARGE, SMALL
from tests.sim.storage import Weather
from tests.sim.world import Plant, SimulationFailed, World

ROOT = Path(__file__).resolve().parents[2]
SEEDS = tuple(range(1, 13))


@cache
def result(seed: int) -> Result:
    return simulate(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_halls_live_through_their_days(seed: int) -> None:
    assert result(seed).kinds["DayOpened"] >= 3


def test_a_seed_that_nobody_has_tried() -> None:
    seed = secrets.randbelow(10**9)
    print(f"again: python -m tests.sim --seed {seed} --days 1")
    simulate(seed)


def test_several_days_pass() -> None:
    assert simulate(99, days=3).kinds["DayOpened"] >= 6


# --- The same again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_same_seed_writes_the_same_log(seed: int) -> None:
    assert simulate(seed).digest == result(seed).digest


def test_another_process_writes_the_same_log() -> None:
    """Nothing hangs on the order of sets, which another process has differently."""
    code = "from tests.sim.run import simulate; print(simulate(3).digest)"
    environment = {**os.environ, "PYTHONHASHSEED": "1234", "PYTHONPATH": str(ROOT)}
    said = subprocess.check_output([sys.executable, "-c", code], env=environment, cwd=ROOT, text=True)
    assert said.strip() == result(3).digest


def test_other_seeds_write_other_logs() -> None:
    assert len({result(seed).digest for seed in SEEDS}) == len(SEEDS)


# --- What the fixed seeds reach --------------------------------------------------------------------------------------

HAPPENS = (
    "clock steps",
    "commits in doubt",
    "commits refused",
    "commits stalled",
    "deaths",
    "double taps",
    "displays frozen",
    "displays hidden",
    "displays muted",
    "failed reads",
    "hours set back",
    "links resumed",
    "lost answers",
    "messages lost",
    "owner restarts",
    "owners inside",
    "notices out",
    "papers out",
    "places lost with a reason",
    "polite stops",
    "power cuts after a commit",
    "printer troubles",
    "repeats answered",
    "rivals",
    "served over night",
    "slow readers cut",
)


def test_every_kind_of_trouble_happens() -> None:
    happened = sum((result(seed).count for seed in SEEDS), Tally[str]())
    assert [what for what in HAPPENS if not happened[what]] == []


def test_every_kind_of_event_is_written() -> None:
    written = sum((result(seed).kinds for seed in SEEDS), Tally[str]())
    assert [kind.__name__ for kind in get_args(e.Event) if not written[kind.__name__]] == []


def test_refusals_have_known_codes() -> None:
    known = {kind.code for kind in Refusal.__subclasses__()}
    said = sum((result(seed).refusals for seed in SEEDS), Tally[str]())
    assert set(said) <= known
    assert {
        "call_not_delivered",
        "count_below_zero",
        "counter_busy",
        "key_reused",
        "paper_claimed",
        "range_full",
        "setup_in_use",
        "staff_elsewhere",
        "ticket_already_called",
        "too_few_calls",
    } <= set(said)


# --- Planted mistakes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    """Something wrong on purpose, and a word of how it is seen."""

    seen: str
    plant: Plant = field(default_factory=Plant)
    deciders: Mapping[type, Callable[..., Any]] = field(default_factory=dict)
    appliers: Mapping[type, Callable[..., Any]] = field(default_factory=dict)

    def in_place(self) -> AbstractContextManager[Any]:
        stack = ExitStack()
        stack.enter_context(plants.planted(DECIDERS, self.deciders))
        stack.enter_context(plants.planted(APPLIERS, self.appliers))
        return stack


CATCHING_SEEDS = range(1, 10)
CLUMSY = {"deaths_per_s": 0.3, "lost_answers": 0.4}
LOSSY = {"lost_messages": 0.1}
JUMPY = {"drop_outs_per_s": 1.0, "hurry_s": 0.5}
IMPATIENT = {"hurry_s": 0.4}
FULL_DISK = {"weather": Weather(before=0.2)}

MISTAKES = {
    "an event is not published": Mistake("a hall stopped", Plant(runner=plants.SkipsAnEvent)),
    "an event is shown before the commit": Mistake("is shown and not in the log", Plant(runner=plants.ShowsTooEarly)),
    "answers are forgotten at a restart": Mistake(
        "was answered with|belongs to no press|is given twice", Plant(runner=plants.ForgetsAnswers, temper=CLUMSY)
    ),
    "a failed commit stays in the pending day": Mistake(
        "no rest|the pending day", Plant(runner=plants.ForgetsPending, temper=FULL_DISK)
    ),
    "a screen ignores prev": Mistake(
        r" at \d+ of \d+: |was never shown", Plant(screen=plants.IgnoresPrev, temper=LOSSY)
    ),
    "a message is not kept for who comes back": Mistake(
        r" at \d+ of \d+: ", Plant(on_link=plants.lose_messages, temper=JUMPY)
    ),
    "a paper is claimed twice": Mistake(
        "is claimed when it is claimed", deciders={c.ClaimPaper: plants.claim_without_a_look}
    ),
    "a paper is printed without a claim": Mistake(
        r"came out (without a claim|\d)", Plant(papers=plants.PrintsUnasked, temper={"is_embedded": False})
    ),
    "a visitor is called to a counter with another": Mistake(
        "is called to a counter with", deciders={c.CallNext: plants.call_over_a_visitor}
    ),
    "a turn is missed though no call was delivered": Mistake(
        "is missed after|deliveries|delivered", deciders={c.NoShow: plants.miss_without_delivery}
    ),
    "a receipt of an older call counts": Mistake(
        "was never (shown|spoken)|was not looked at", Plant(receipts=plants.TakesOldReceipts, temper=IMPATIENT)
    ),
    "a receipt is lost": Mistake("was shown and reported", Plant(receipts=plants.DeafToReceipts, temper=IMPATIENT)),
    "a parked ticket is forgotten at its timer": Mistake(
        "is parked, and was to be so until", deciders={c.EndParking: plants.forget_parked}
    ),
    "a transfer loses the note": Mistake("the note flag is False", deciders=plants.send_on(plants.lose_note)),
    "a transfer loses the claim": Mistake("loses its claim", deciders=plants.send_on(plants.lose_claim)),
    "a called ticket is picked by another counter": Mistake(
        "is called, not waiting|is at two counters|is at 2 counters",
        deciders={c.CallTicket: plants.pick_whoever},
        appliers={e.TicketCalled: plants.call_twice},
    ),
    "an overtaking is not written down": Mistake(
        r"passes over .*recorded is \{\}", deciders={c.CallTicket: plants.overtake_quietly}
    ),
    "the numbers begin again": Mistake(
        "comes again too soon|is given twice", appliers={e.TicketIssued: plants.number_from_the_start}
    ),
    "more is taken back than came in": Mistake(
        "is taken back from door", deciders={c.CountDoor: plants.count_below_zero}
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_noticed(name: str) -> None:
    """One of a few fixed seeds shows it, and says how to see it again."""
    stories = (story_of(MISTAKES[name], seed) for seed in CATCHING_SEEDS)
    seen = next((story for story in stories if story), "")
    assert re.search(MISTAKES[name].seen, seen)
    assert re.search(r"again: python -m tests.sim --seed \d --days 1", seen)


def story_of(mistake: Mistake, seed: int) -> str:
    """What a run with the mistake says of its failure; nothing when all went well."""
    try:
        with mistake.in_place():
            simulate(seed, plant=mistake.plant)
    except SimulationFailed as failure:
        return str(failure)
    return ""


def test_the_shipped_tables_are_put_back() -> None:
    shipped = dict(DECIDERS)
    with plants.planted(DECIDERS, {c.ClaimPaper: plants.claim_without_a_look}):
        assert shipped != DECIDERS
    assert shipped == DECIDERS


# --- What the simulation found, small --------------------------------------------------------------------------------


def test_a_polite_stop_answers_what_is_being_committed() -> None:
    async def main() -> bool:
        world = World(1, 1, Plant())
        process = world.process = Process(world)
        await process.start()
        asked = process.ask(LARGE, c.OpenCounter("11"), e.Actor("staff", "cat"), "desk", None, None)
        await pause(0.0001)  # the writer has taken it to the disk, which takes its time
        assert not process.runner.queue
        await process.stop()
        return asked.done() and bool(asked.result().recorded)

    assert run_virtually(main)


def test_a_log_that_hangs_does_not_silence_the_screens() -> None:
    async def main() -> list[str]:
        world = World(1, 1, Plant())
        process = world.process = Process(world)
        await process.start()
        done = await process.ask(LARGE, c.IssueTicket("permit", device="kiosk"), e.Actor("device", "kiosk"), "kiosk")
        screen = Screen(world, LARGE, "board", {})
        watching = asyncio.create_task(screen.watch())
        assert len(done.recorded) == 2  # a paper is asked for, and nobody prints it
        world.log.weather = Weather(stall=1.0)
        world.clock.leap(timedelta(minutes=3))
        await pause(20)
        process.die()
        await watching
        return world.failures

    assert run_virtually(main) == []


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_business_date_never_goes_back(zone: str) -> None:
    async def main() -> list[str]:
        world = World(1, 1, Plant())
        process = world.process = Process(world)
        await process.start()
        await process.ask(SMALL, c.OpenCounter("2"), e.Actor("staff", "bob"), "desk")
        world.setups[SMALL][2] = replace(world.setups[SMALL][1], timezone=zone, version=2)
        await process.ask(SMALL, c.PublishSetup(world.setups[SMALL][2]), e.Actor("staff", "ann"), "manager")
        await process.ask(SMALL, c.OpenCounter("1"), e.Actor("staff", "ann"), "desk")
        process.die()
        return world.failures

    assert run_virtually(main) == []


def test_a_hall_that_breaks_leaves_the_other_one_going() -> None:
    def break_small(day: Any, event: Any, recorded: e.Recorded) -> None:
        assert recorded.hall != SMALL
        shipped(day, event, recorded)

    async def main() -> tuple[bool, bool, int]:
        world = World(1, 1, Plant())
        process = world.process = Process(world)
        await process.start()
        await pause(1)
        before = process.hall(LARGE).picture.day.opened_seq
        world.clock.leap(timedelta(days=1))
        await pause(10)
        after = process.hall(LARGE).picture.day.opened_seq
        assert process.clockwork is not None
        is_ticking = not process.clockwork.done()
        process.die()
        return process.hall(SMALL).is_stopped, is_ticking, after - before

    shipped = APPLIERS[e.DayClosed]
    with plants.planted(APPLIERS, {e.DayClosed: break_small}):
        is_stopped, is_ticking, moved = run_virtually(main)
    assert is_stopped
    assert is_ticking
    assert moved > 0
