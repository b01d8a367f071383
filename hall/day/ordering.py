"""Whom a counter calls next, and why: pure comparison over the heads of the lines, never over all who wait.

Both rules say "who has waited longest", and differ in what counts as waiting: under `arrival` the time since the claim,
under `head_start` that time plus the head start of the class. Inside a line everybody has the same head start, so the
order of claims is the order of calling, and a head stands for its line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hall.day.events import PassedOver, Why
from hall.day.setup import Setup
from hall.day.state import Day, LineKey, Place

RULE_VERSION = 1
NO_CREDIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket a rule chose, with its reason."""

    ticket: str
    why: Why


def credit_of(setup: Setup, visitor_class: str) -> timedelta:
    """How much earlier a class counts as having come under the hall's rule."""
    if setup.calling.rule == "arrival" or visitor_class not in setup.classes:
        return NO_CREDIT
    return timedelta(seconds=setup.classes[visitor_class].head_start_s)


def choose(day: Day, setup: Setup, services: Iterable[str], at: datetime) -> Choice | None:
    """The next turn for a counter that offers `services`; None when nobody waits for it. O(lines)."""
    eligible = set(services)
    best: tuple[datetime, int, str] | None = None
    best_line: LineKey | None = None
    for line, places in day.lines.items():
        if line[0] in eligible:
            claim_at, serial, ticket = places[0]
            key = (claim_at - credit_of(setup, line[1]), serial, ticket)
            if best is None or key < best:
                best, best_line = key, line
    if best is None or best_line is None:
        return None
    score = (at - best[0]).total_seconds()
    passed = passed_over(day, eligible, day.lines[best_line][0])
    return Choice(best[2], Why(setup.calling.rule, RULE_VERSION, score, passed))


def passed_over(day: Day, eligible: set[str], chosen: Place) -> tuple[PassedOver, ...]:
    """The eligible lines whose head came before the one chosen, and how many of each did."""
    found = []
    for line, places in day.lines.items():
        if line[0] in eligible and places[0] < chosen:
            number = day.tickets[places[0][2]].number
            found.append(PassedOver("/".join(line), number, bisect_left(places, chosen)))
    return tuple(sorted(found, key=lambda one: one.line))


def services_reaching(day: Day, setup: Setup, service: str) -> set[str]:
    """All services of the counters that may call `service`: those open now, or as planned when none is."""
    offers: list[tuple[str, ...]] = [counter.services for counter in day.open_counters(service)]
    if not offers:
        offers = [plan.services for plan in setup.counters.values() if service in plan.services]
    return {one for offer in offers for one in offer} | {service}


def count_ahead(day: Day, setup: Setup, line: LineKey, claim_at: datetime, serial: int) -> int:
    """How many waiting turns the rule would call before a turn of `line` with this claim. O(lines x log waiting)."""
    reach = services_reaching(day, setup, line[0])
    key = claim_at - credit_of(setup, line[1])
    ahead = 0
    for other, places in day.lines.items():
        if other[0] in reach:
            ahead += bisect_left(places, (key + credit_of(setup, other[1]), serial, ""))
    return ahead


def in_calling_order(day: Day, setup: Setup, services: Iterable[str], most: int) -> Iterator[str]:
    """Tickets in the order a counter with `services` would call them if nobody else came; at most `most`."""
    eligible = set(services)
    keyed = [
        (claim_at - credit_of(setup, line[1]), serial, ticket)
        for line, places in day.lines.items()
        if line[0] in eligible
        for claim_at, serial, ticket in places[:most]
    ]
    keyed.sort()
    return (ticket for _, _, ticket in keyed[:most])
