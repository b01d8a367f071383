"""Whom a counter calls next, and why; who is before whom.

A counter may call some lines, in tiers: first whoever has waited longer than the hall's cap, then who was sent to it,
then its `first` services, the others, and the `last` ones only if nothing else waits. Inside the best tier the hall's
rule picks. All of it looks at the heads of lines only, never at all who wait.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from hall.day.events import ChosenBy, PassedOver, Why
from hall.day.rules import NO_ROUND, Head, Left, Ratio, Rule, rule_of, waited_s
from hall.day.setup import CounterPlan, Setup
from hall.day.state import Counter, Day, LineKey, Place, own_names

RULE_VERSION: Final = 2
CAP, SENT, FIRST, NORMAL, LAST = range(5)
BY_TIER: Final[Mapping[int, ChosenBy]] = {CAP: "cap", SENT: "sent"}
TABLES_MOST = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket a rule chose, with its reason."""

    ticket: str
    why: Why


@dataclass(frozen=True, slots=True)
class Offer:
    """Which lines a counter may call, and in which tier.

    `own` are the names under which visitors are sent to it; `rounds` names the round of each tier, for `ratio`; `shape`
    is equal for counters that differ in their own names only.
    """

    own: tuple[str, ...]
    tiers: Mapping[str, int]
    languages: tuple[str, ...]
    rounds: Mapping[int, str]
    shape: object = None

    def tier(self, line: LineKey) -> int | None:
        if line.to:
            return SENT if line.to in self.own else None
        if self.languages and line.language not in self.languages:
            return None
        return self.tiers.get(line.service)


@dataclass(slots=True)
class Tables:
    """What ordering needs of one set-up, worked out once."""

    setup: Setup
    rule: Rule
    cap: timedelta | None
    offers: dict[tuple[str, tuple[str, ...], str | None], Offer] = field(default_factory=dict)

    def offer(self, counter: str, services: tuple[str, ...], staff: str | None) -> Offer:
        key = (counter, services, staff)
        found = self.offers.get(key)
        if found is None:
            found = self.offers[key] = make_offer(self.setup, counter, services, staff)
        return found


REMEMBERED: dict[int, Tables] = {}  # by the identity of a set-up; they are immutable and few


def tables_of(setup: Setup) -> Tables:
    found = REMEMBERED.get(id(setup))
    if found is None or found.setup is not setup:
        if len(REMEMBERED) >= TABLES_MOST:
            REMEMBERED.clear()
        cap_s = setup.calling.cap_s
        cap = None if cap_s is None else timedelta(seconds=cap_s)
        found = REMEMBERED[id(setup)] = Tables(setup, rule_of(setup), cap)
    return found


def make_offer(setup: Setup, counter: str, services: tuple[str, ...], staff: str | None) -> Offer:
    plan = setup.counters.get(counter) or CounterPlan(counter, counter, services)
    member = setup.staff.get(staff) if staff is not None else None
    skills = {*plan.skills, *(member.skills if member else ())}
    tiers = {}
    for service in services:
        known = setup.services.get(service)
        if known is None or skills.issuperset(known.skills):
            tiers[service] = FIRST if service in plan.first else LAST if service in plan.last else NORMAL
    languages = (member.languages if member else ()) or plan.languages
    rounds = {tier: round_of(tiers, tier, languages) for tier in (FIRST, NORMAL, LAST)}
    return Offer(own_names(counter, staff), tiers, languages, rounds, (tuple(sorted(tiers.items())), languages))


def round_of(tiers: Mapping[str, int], tier: int, languages: Iterable[str]) -> str:
    """The name of a round: it is shared by the counters that call the same visitors in one of their tiers.

    Were it shared with counters that call some of them only, one of those could begin new rounds for ever.
    """
    services = sorted(service for service, its in tiers.items() if its == tier)
    return "/".join(("+".join(services), *sorted(languages)))


def offer_of(setup: Setup, counter: Counter) -> Offer:
    return tables_of(setup).offer(counter.id, counter.services, counter.staff)


def choose(day: Day, setup: Setup, counter: Counter, at: datetime) -> Choice | None:
    """The next turn for a counter; None when nobody waits for it. O(lines)."""
    tables = tables_of(setup)
    offer = tables.offer(counter.id, counter.services, counter.staff)
    cap_before = None if tables.cap is None else at - tables.cap
    eligible: list[Head] = []
    best: list[Head] = []
    best_tier = LAST + 1
    any_language, tiers = not offer.languages, offer.tiers
    for line, places in day.lines.items():
        # Most lines go by their service alone; asking the offer costs a tenth of the whole choice.
        tier = tiers.get(line.service) if any_language and not line.to else offer.tier(line)
        if tier is None:
            continue
        head = (places[0], line, places)
        eligible.append(head)
        if cap_before is not None and places[0][0] <= cap_before:
            tier = CAP
        if tier < best_tier:
            best_tier, best = tier, [head]
        elif tier == best_tier:
            best.append(head)
    if not best:
        return None
    if best_tier <= SENT:
        place = min(best)[0]
        chosen_by, score, left, name = BY_TIER[best_tier], waited_s(place, at), NO_ROUND, ""
    else:
        name = offer.rounds[best_tier] if isinstance(tables.rule, Ratio) else ""
        (place, line, _), left = tables.rule.pick(best, at, day.rounds.get(name, NO_ROUND))
        chosen_by, score = "rule", tables.rule.score(line, place, at)
    passed, round = passed_over(day, eligible, place), tuple(left.items())
    return Choice(place[2], Why(setup.calling.rule, RULE_VERSION, score, passed, chosen_by, None, round, name))


def passed_over(day: Day, eligible: Iterable[Head], chosen: Place) -> tuple[PassedOver, ...]:
    """The lines whose heads have an earlier claim than the turn called, earliest first, with how many of each do."""
    firsts: dict[tuple[str, str], str] = {}
    counts: dict[tuple[str, str], int] = {}
    for place, line, places in sorted([head for head in eligible if head[0] < chosen]):
        name = line[:2]
        firsts.setdefault(name, place[2])
        counts[name] = counts.get(name, 0) + bisect_left(places, chosen)
    tickets = day.tickets
    return tuple([PassedOver("/".join(name), tickets[one].number, counts[name]) for name, one in firsts.items()])


def why_picked(
    day: Day, setup: Setup, counter: Counter, chosen: Place, at: datetime, chosen_by: ChosenBy, reason: str | None
) -> Why:
    """The record of a call that a person chose: everybody before is passed over, the own line included."""
    offer = offer_of(setup, counter)
    eligible = [(places[0], line, places) for line, places in day.lines.items() if offer.tier(line) is not None]
    passed = passed_over(day, eligible, chosen)
    return Why(setup.calling.rule, RULE_VERSION, waited_s(chosen, at), passed, chosen_by, reason, (), "")


def may_call(setup: Setup, counter: Counter, line: LineKey) -> bool:
    """True when the counter serves this line."""
    return offer_of(setup, counter).tier(line) is not None


def offers_reaching(day: Day, setup: Setup, line: LineKey) -> list[Offer]:
    """What the counters that may call `line` offer: those open now, or as planned when none is. Never empty."""
    tables = tables_of(setup)
    now = (tables.offer(c.id, c.services, c.staff) for c in day.counters.values() if c.mode == "open")
    found = [offer for offer in now if offer.tier(line) is not None]
    if not found:
        planned = (tables.offer(plan.id, plan.services, None) for plan in setup.counters.values())
        found = [offer for offer in planned if offer.tier(line) is not None]
    return found or [Offer((line.to,), {line.service: NORMAL}, (), {NORMAL: line.service}, (line.service, line.to))]


def count_ahead(day: Day, setup: Setup, line: LineKey, claim_at: datetime, serial: int, at: datetime) -> int:
    """How many waiting turns come before a turn of `line` with this claim, at the counter where the fewest do.

    A counter calls nobody else before it, so this is as long as it can take when nobody else comes and other counters
    do not help. O(lines x log waiting + counters x lines).
    """
    tables = tables_of(setup)
    place: Place = (claim_at, serial, "")
    cap_before = None if tables.cap is None else at - tables.cap
    is_over = cap_before is not None and claim_at <= cap_before
    before: dict[LineKey, tuple[int, int, int]] = {}
    for other, places in day.lines.items():
        by_claim = bisect_left(places, place) if is_over or line.to else 0
        over = by_claim if is_over else 0 if cap_before is None else count_until(places, cap_before)
        by_rule = by_claim if line.to else tables.rule.count_before(other, places, line, place, at)
        before[other] = (over, max(over, by_rule), len(places))
    has_sent = any(other.to for other in day.lines)
    offers = {(offer.shape, offer.own if has_sent else ()): offer for offer in offers_reaching(day, setup, line)}
    return min(count_at(day, tables.rule, offer, line, before, is_over=is_over) for offer in offers.values())


def count_until(places: list[Place], until: datetime) -> int:
    """How many of a line have a claim not later than `until`."""
    return bisect_right(places, until, key=lambda place: place[0])


def count_at(
    day: Day, rule: Rule, offer: Offer, line: LineKey, before: Mapping[LineKey, tuple[int, int, int]], *, is_over: bool
) -> int:
    """Who comes before the turn at one counter: all of better tiers, in its own tier as the rule says."""
    mine = offer.tier(line)
    assert mine is not None
    total = 0
    mixed: dict[str, int] = {}
    for other, (over, by_rule, waiting) in before.items():
        tier = offer.tier(other)
        if tier is None:
            continue
        if is_over or tier > mine:
            total += over
        elif tier < mine:
            total += waiting
        elif isinstance(rule, Ratio) and mine > SENT and other.class_ != line.class_:
            total += over
            mixed[other.class_] = mixed.get(other.class_, 0) + waiting - over
        else:
            total += by_rule
            mixed[line.class_] = mixed.get(line.class_, 0) + by_rule - over
    if not isinstance(rule, Ratio) or is_over or mine <= SENT:
        return total
    own = mixed.pop(line.class_, 0)
    return total - own + rule.count_mixed(line.class_, own, mixed, day.rounds.get(offer.rounds[mine], NO_ROUND))


def in_calling_order(day: Day, setup: Setup, counter: Counter, at: datetime, most: int) -> list[str]:
    """Tickets in the order this counter would call them if nobody else came; at most `most`."""
    return order_of_offer(day, setup, offer_of(setup, counter), at, most)


def order_of_offer(day: Day, setup: Setup, offer: Offer, at: datetime, most: int) -> list[str]:
    """The order of calling of every counter with this offer."""
    tables = tables_of(setup)
    cap_before = None if tables.cap is None else at - tables.cap
    keyed = []
    for line, places in day.lines.items():
        tier = offer.tier(line)
        if tier is None:
            continue
        for place in places[:most]:
            if cap_before is not None and place[0] <= cap_before:
                keyed.append((CAP, place[0], place[1], line.class_, place[2]))
            elif tier == SENT:
                keyed.append((SENT, place[0], place[1], line.class_, place[2]))
            else:
                keyed.append((tier, tables.rule.key(line, place, at), place[1], line.class_, place[2]))  # type: ignore[arg-type]
    keyed.sort()
    if isinstance(tables.rule, Ratio):
        return mixed_order(tables.rule, keyed, day, offer, most)
    return [entry[4] for entry in keyed[:most]]


def mixed_order(
    rule: Ratio, keyed: list[tuple[int, datetime, int, str, str]], day: Day, offer: Offer, most: int
) -> list[str]:
    """The order under `ratio`: each tier of the sorted entries is dealt out in rounds."""
    order = [entry[4] for entry in keyed if entry[0] <= SENT]
    for tier in (FIRST, NORMAL, LAST):
        waiting: dict[str, list[str]] = {}
        left: Left = day.rounds.get(offer.rounds.get(tier, ""), NO_ROUND)
        for entry in reversed(keyed):
            if entry[0] == tier:
                waiting.setdefault(entry[3], []).append(entry[4])
        while waiting and len(order) < most:
            chosen, left = rule.take(list(waiting), left)
            order.append(waiting[chosen].pop())
            if not waiting[chosen]:
                del waiting[chosen]
    return list(islice(order, most))
