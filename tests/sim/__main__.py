"""Run seeds from the command line: one to see a failure again, or many fresh ones.

python -m tests.sim --seed 7 --days 2
python -m tests.sim --seeds 200 --from 1000
python -m tests.sim                             a thousand seeds nobody has tried
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from collections import Counter as Tally
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.sim.run import Result, simulate
from tests.sim.world import SimulationFailed

BATCH = 1000
FAILURES_MOST = 5
CHUNK = 4
DELIVERY_DAYS = 2000  # so many days without a delivery failure are wanted; a thousand seeds play more


@dataclass
class Total:
    """What all seeds of a batch came to."""

    runs: int = 0
    failed: int = 0
    count: Tally[str] = field(default_factory=Tally)
    refusals: Tally[str] = field(default_factory=Tally)
    kinds: Tally[str] = field(default_factory=Tally)

    def add(self, result: Result) -> None:
        self.runs += 1
        self.count += result.count
        self.refusals += result.refusals
        self.kinds += result.kinds


def number(text: str) -> int | None:
    return int(text) if text else None


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.sim", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", nargs="?", type=number, help="run this one seed, twice, and compare")
    parser.add_argument("--days", nargs="?", type=number, help="turns of the day in each run (1)")
    parser.add_argument("--seeds", type=int, default=BATCH, help=f"how many consecutive seeds ({BATCH})")
    parser.add_argument("--from", dest="start", type=int, help="the first of them (a fresh one)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes to share the work")
    return parser.parse_args(argv)


def attempt(task: tuple[int, int]) -> Result | str:
    """The result of one seed, or the story of its failure."""
    seed, days = task
    try:
        return simulate(seed, days=days)
    except SimulationFailed as failure:
        return str(failure)


def outcomes(tasks: list[tuple[int, int]], jobs: int) -> Iterator[Result | str]:
    if jobs <= 1:
        yield from map(attempt, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(attempt, tasks, chunksize=CHUNK)
        pool.shutdown(cancel_futures=True)


def run_one(seed: int, days: int) -> int:
    first, second = attempt((seed, days)), attempt((seed, days))
    if isinstance(first, str) or isinstance(second, str):
        print(first if isinstance(first, str) else second)
        return 1
    for name, tally in (("did", first.count), ("events", first.kinds), ("refused", first.refusals)):
        print(f"{name}: " + ", ".join(f"{what} {n}" for what, n in sorted(tally.items())))
    if first.digest != second.digest:
        print(f"seed {seed}: two runs, two logs: {first.digest} and {second.digest}")
        return 1
    print(f"seed {seed}: sound, twice the same log {first.digest}")
    return 0


def run_many(start: int, seeds: int, days: int, jobs: int) -> int:
    total, began_s = Total(), time.monotonic()
    print(f"seeds {start} to {start + seeds - 1}", flush=True)
    for outcome in outcomes([(seed, days) for seed in range(start, start + seeds)], jobs):
        if isinstance(outcome, str):
            total.failed += 1
            print(f"\n{outcome}", flush=True)
            if total.failed >= FAILURES_MOST:
                break
        else:
            total.add(outcome)
        if sys.stderr.isatty() or (total.runs + total.failed) % 50 == 0:
            print(f"\r{total.runs + total.failed}/{seeds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(summary(total, time.monotonic() - began_s))
    return 1 if total.failed else 0


def summary(total: Total, took_s: float) -> str:
    """What was reached, and in the last line how much of it."""
    hall_days = total.kinds["DayOpened"]
    did = ", ".join(f"{n} {what}" for what, n in sorted(total.count.items()) if what != "events")
    refused = ", ".join(f"{code} {n}" for code, n in sorted(total.refusals.items()))
    seeds = f"{total.runs + total.failed} seeds, {total.failed} failed"
    events = f"{total.count['events']} events, {total.kinds['TicketIssued']} tickets"
    pace = f"{took_s:.0f} s ({hall_days / max(took_s, 0.001):.1f} hall days a second)"
    return f"did: {did}\nrefused: {refused}\n{delivery(total)}\n{seeds}: {hall_days} hall days, {events} in {pace}"


def delivery(total: Total) -> str:
    """What was proved of calls: none of these no-shows was unproved, none of these refusals false, or a seed failed."""
    kinds, refused = total.kinds, total.refusals["call_not_delivered"]
    calls = kinds["TicketCalled"] + kinds["TicketRecalled"]
    days = kinds["DayOpened"]
    enough = f"over {days} hall days" + ("" if days < DELIVERY_DAYS else f", at least the {DELIVERY_DAYS} wanted")
    missed = f"{kinds['TicketMissed']} no-shows, {refused} refused before delivery"
    return f"delivery: {kinds['CallDelivered']} of {calls} calls proved, {missed}, {enough}"


def main(argv: list[str]) -> int:
    asked = arguments(argv)
    days = 1 if asked.days is None else asked.days
    if asked.seed is not None:
        return run_one(asked.seed, days)
    start = secrets.randbelow(10**9) if asked.start is None else asked.start
    return run_many(start, asked.seeds, days, asked.jobs or 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
