"""Many random days and many falsified ones, and what the checker said."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from hall.audit import audit
from hall.day.events import TicketCalled
from hall.day.setup import RuleName
from tests.audit.days import RULES, random_day
from tests.audit.mutations import BROKEN, SEALED, WAYS, falsified


@dataclass
class Result:
    """What came of a number of days and mutations; `wrong` are sentences with the seed in them."""

    days: Tally[str] = field(default_factory=Tally)
    calls: Tally[str] = field(default_factory=Tally)
    chosen_by: Tally[str] = field(default_factory=Tally)
    verbs: Tally[str] = field(default_factory=Tally)
    overtakings: Tally[str] = field(default_factory=Tally)
    tried: Tally[str] = field(default_factory=Tally)
    caught: Tally[str] = field(default_factory=Tally)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Result) -> None:
        for name in ("days", "calls", "chosen_by", "verbs", "overtakings", "tried", "caught"):
            getattr(self, name).update(getattr(other, name))
        self.wrong += other.wrong


def check_day(seed: int, rule: RuleName, mutations: int) -> Result:
    """One sound day, and so many falsified copies of it."""
    result, player = Result(), random_day(seed, rule)
    first = Random(seed).choice([1, *(one.seq for one in player.log if one.event.TYPE == "DayOpened")])
    report = audit(player.exported(first))
    result.days[rule] += 1
    result.verbs += player.verbs
    result.calls[rule] += sum(one["calls"] for one in report["classes"].values())
    result.chosen_by.update(one.event.why.chosen_by for one in player.log if isinstance(one.event, TicketCalled))
    for one in report["classes"].values():
        result.overtakings.update(one["overtaken"])
    if report["findings"]:
        result.wrong.append(f"{rule}, seed {seed}: {report['findings'][:3]}")
    lines = player.exported()
    for n in range(mutations):
        try_mutation(result, lines, rule, seed, n)
    return result


def try_mutation(result: Result, lines: list[str], rule: str, seed: int, n: int) -> None:
    random = Random(f"{rule}-{seed}-{n}")
    ways = random.sample(list(WAYS), len(WAYS))  # not every day offers something to each of them
    way, (changed, seq) = next((way, found) for way in ways if (found := falsified(lines, way, random)))
    try:
        findings = audit(changed)["findings"]
    except ValueError:
        findings = [(seq, "unreadable")]
    first = min((at for at, _ in findings), default=0)
    result.tried[way] += 1
    result.caught[way] += bool(findings)
    if way in BROKEN | SEALED and first != seq:
        result.wrong.append(f"{rule}, seed {seed}, mutation {n}: {way} at seq {seq}, found {findings[:2]}")


def tasks(days: int, mutations: int, start: int) -> Iterator[tuple[int, RuleName, int]]:
    """`days` for each rule; the mutations are dealt out over all of them."""
    count = days * len(RULES)
    for n in range(count):
        yield start + n // len(RULES), RULES[n % len(RULES)], mutations * (n + 1) // count - mutations * n // count
