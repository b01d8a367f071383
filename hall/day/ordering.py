"""Whom a counter calls next, and why: pure comparison over the heads of the lines, never over all who wait.

Both rules say "who has waited longest", and differ in what counts as waiting: under `arrival` the time since the claim,
under `head_start` that time plus the head start of the class. Inside a line everybody has the same head start, so the
order of claims is the order of calling, and a head stands for its line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hall.day.events import PassedOver, Why
from hall.day.setup import Setup
from hall.day.state import Day, LineKey

RULE_VERSION = 1
NO_CREDIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket a rule chose, with its reason."""

    ticket: str
    why: Why


def credits_of(setup: Setup) -> Mapping[str, timedelta]:
    """How much earlier each class counts as having come under the hall's rule; a class not named gets nothing."""
    return {} if setup.calling.rule == "arrival" else setup.head_starts


def choose(day: Day, setup: Setup, services: Collection[str], at: datetime) -> Choice | None:
    """The next turn for a counter that offers `services`; None when nobody waits for it. O(lines)."""
    credits = credits_of(setup)
    eligible = frozenset(services)
    heads = [(line, places) for line, places in day.lines.items() if line[0] in eligible]
    if not heads:
        return None
    score_from, _, _line, places = min(
        (places[0][0] - credits.get(line[1], NO_CREDIT), places[0][1], line, places) for line, places in heads
    )
    chosen = places[0]
    earlier = [head for head in heads if head[1][0] < chosen]
    earlier.sort()
    passed = tuple(
        PassedOver(f"{service}/{visitor_class}", day.tickets[ahead[0][2]].number, bisect_left(ahead, chosen))
        for (service, visitor_class), ahead in earlier
    )
    score = (at - score_from).total_seconds()
    return Choice(chosen[2], Why(setup.calling.rule, RULE_VERSION, score, passed))


def offers_reaching(day: Day, setup: Setup, service: str) -> set[tuple[str, ...]]:
    """What the counters that may call `service` offer: those open now, or as planned when none is."""
    offers = {counter.services for counter in day.open_counters(service)}
    if not offers:
        offers = {plan.services for plan in setup.counters.values() if service in plan.services}
    return offers


def count_ahead(day: Day, setup: Setup, line: LineKey, claim_at: datetime, serial: int) -> int:
    """How many waiting turns come before a turn of `line` with this claim, at the counter where the fewest do.

    A counter calls nobody else before it, so this is as long as it can take when nobody else comes and other counters
    do not help. O(lines x log waiting + counters x services).
    """
    credits = credits_of(setup)
    key = claim_at - credits.get(line[1], NO_CREDIT)
    before: dict[str, int] = {}
    for (service, visitor_class), places in day.lines.items():
        earlier = bisect_left(places, (key + credits.get(visitor_class, NO_CREDIT), serial, ""))
        before[service] = before.get(service, 0) + earlier
    offers = offers_reaching(day, setup, line[0]) or {(line[0],)}
    return min(sum(before.get(service, 0) for service in offer) for offer in offers)


def in_calling_order(day: Day, setup: Setup, services: Iterable[str], most: int) -> Iterator[str]:
    """Tickets in the order a counter with `services` would call them if nobody else came; at most `most`."""
    eligible, credits = set(services), credits_of(setup)
    keyed = [
        (claim_at - credits.get(line[1], NO_CREDIT), serial, ticket)
        for line, places in day.lines.items()
        if line[0] in eligible
        for claim_at, serial, ticket in places[:most]
    ]
    keyed.sort()
    return (ticket for _, _, ticket in keyed[:most])
