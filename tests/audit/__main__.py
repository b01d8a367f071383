"""Check many random days and many falsified ones.

python -m tests.audit --days 1000 --mutations 10000      days for each of the five rules, mutations in all
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.audit.mutations import BROKEN, PERHAPS, SEALED
from tests.audit.trial import Result, check_day, tasks

WRONG_MOST = 20


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("--days", type=int, default=1000, help="days for each rule (1000)")
    parser.add_argument("--mutations", type=int, default=10_000, help="falsified days in all (10000)")
    parser.add_argument("--from", dest="start", type=int, default=0, help="the first seed (0)")
    asked = parser.parse_args(arguments)
    total, began_s = Result(), time.monotonic()
    for seed, rule, mutations in tasks(asked.days, asked.mutations, asked.start):
        total.add(check_day(seed, rule, mutations))
        if sum(total.days.values()) % 500 == 0:
            print(f"{sum(total.days.values())} days", file=sys.stderr, flush=True)
    print(summary(total, time.monotonic() - began_s))
    return 1 if total.wrong else 0


def summary(total: Result, took_s: float) -> str:
    lines = [f"{rule}: {days} days, {total.calls[rule]} calls derived again" for rule, days in total.days.items()]
    lines.append("chosen by: " + ", ".join(f"{cause} {count}" for cause, count in sorted(total.chosen_by.items())))
    lines.append("overtakings: " + ", ".join(f"{cause} {count}" for cause, count in sorted(total.overtakings.items())))
    lines.append("verbs: " + ", ".join(f"{verb} {count}" for verb, count in sorted(total.verbs.items())))
    for said, ways in (("chain broken", BROKEN), ("sealed again", SEALED), ("sealed again, perhaps sound", PERHAPS)):
        tried, caught = sum(total.tried[way] for way in ways), sum(total.caught[way] for way in ways)
        lines.append(f"{said}: {caught} of {tried} caught")
        lines += [f"  {way}: {total.caught[way]} of {total.tried[way]}" for way in ways]
    lines += [f"WRONG {one}" for one in total.wrong[:WRONG_MOST]]
    lines.append(f"{sum(total.days.values())} days, {sum(total.tried.values())} mutations, {len(total.wrong)} wrong")
    return "\n".join([*lines, f"{took_s:.0f} s"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
