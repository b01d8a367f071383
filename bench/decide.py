"""How long deciding the next call takes: 20 lines, and 10,000 waiting beside 10.

The limit in the same run: the smallest loop over 20 pairs that compares two instants, which no rule can undercut.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bench.server import tune_collector
from hall.day import commands as c
from hall.day.apply import apply
from hall.day.decide import decide
from hall.day.events import Actor, Recorded
from hall.day.setup import Calling, CounterPlan, LocalTime, RuleName, Series, Service, Setup, VisitorClass
from hall.day.state import Day

SERVICES, CLASSES = 10, 2
OTHERS: tuple[RuleName, ...] = ("arrival", "share_of_promise", "strict", "ratio")
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ROUNDS, REPEATS = 200, 51


def a_setup(rule: RuleName = "head_start") -> Setup:
    services = {f"s{n}": Service(f"s{n}", {"en": "x"}, f"s{n}") for n in range(SERVICES)}
    classes = {f"c{n}": VisitorClass(f"c{n}", {"en": "x"}, head_start_s=600 * n, rank=n) for n in range(CLASSES)}
    series = {f"s{n}": Series(f"s{n}", chr(65 + n), 1, 99999) for n in range(SERVICES)}
    counters = {"1": CounterPlan("1", "1", tuple(services))}
    calling = Calling(rule, cap_s=90_000 if rule == "strict" else None)
    return Setup("h", {"en": "H"}, "UTC", ("en",), series, services, classes, counters, calling=calling)


def a_day(setup: Setup, waiting: int) -> Day:
    """A day with an open counter and this many waiting, spread over all lines."""
    day = Day("h")
    commands: list[c.Command] = [c.PublishSetup(setup), c.OpenDay(), c.OpenCounter("1")]
    commands += [c.IssueTicket(f"s{n % SERVICES}", f"c{n // SERVICES % CLASSES}") for n in range(waiting)]
    for n, command in enumerate(commands):
        for event in decide(day, command, context(setup, n)):
            actor = Actor("system", "bench")
            apply(
                day,
                Recorded(
                    "h", day.seq + 1, START + timedelta(seconds=n), START.date(), event, str(n), actor, "system", 1
                ),
            )
    return day


def context(setup: Setup, n: int) -> c.Context:
    return c.Context(START + timedelta(seconds=n), START.date(), LocalTime(0, 600), setup, str(n))


def microseconds(work: Callable[[], object]) -> float:
    """Microseconds of one call, of many."""
    start = time.perf_counter()
    for _ in range(ROUNDS):
        work()
    return (time.perf_counter() - start) / ROUNDS * 1e6


def call_under(rule: RuleName) -> Callable[[], object]:
    """Deciding over 20 lines under another rule; `strict` has a cap, as it must."""
    setup = a_setup(rule)
    day, now = a_day(setup, 20), context(setup, 20_000)
    return lambda: decide(day, c.CallNext("1"), now)


def main() -> int:
    setup = a_setup()
    days = {waiting: a_day(setup, waiting) for waiting in (10, 20, 10_000)}
    now = context(setup, 20_000)
    ten_lines = replace(setup, counters={"1": CounterPlan("1", "1", tuple(f"s{n}" for n in range(5)))})
    crowded, sparse = a_day(ten_lines, 10_000), a_day(ten_lines, 20)
    pairs = [(START + timedelta(seconds=n), START) for n in range(SERVICES * CLASSES)]
    work: dict[str, Callable[[], object]] = {
        "limit": lambda: [a < b for a, b in pairs],
        "20 lines": lambda: decide(days[20], c.CallNext("1"), now),
        "20 lines, 10000": lambda: decide(days[10_000], c.CallNext("1"), now),
        "10 lines, 10": lambda: decide(sparse, c.CallNext("1"), now),
        "10 lines, 10000": lambda: decide(crowded, c.CallNext("1"), now),
    }
    for rule in OTHERS:
        work[rule] = call_under(rule)
    tune_collector()
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(REPEATS):
        for name, one in work.items():  # interleaved, so that noise hits all alike
            taken[name].append(microseconds(one))
    best = {name: min(times) for name, times in taken.items()}
    print(f"limit: a bare comparison of 20 pairs of instants {best['limit']:.2f} us (all figures: best of {REPEATS})")
    over = best["20 lines"] / best["limit"]
    print(f"call-next over 20 lines: {best['20 lines']:.1f} us, {over:.0f}x the limit (target: under 20 us)")
    for rule in OTHERS:
        print(f"the same under {rule}: {best[rule]:.1f} us (target: under 20 us)")
    for lines, few in ((20, "20 lines"), (10, "10 lines, 10")):
        crowded = best[f"{lines} lines, 10000"] / best[few]
        print(f"10,000 waiting beside {lines}, in the same {lines} lines: {crowded:.2f}x (target: within 1.3x)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
