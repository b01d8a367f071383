"""Whom a counter should call next and who is passed over, by a look at every single visitor: a second opinion.

Written without the heart's ordering, so that a mistake there is not made here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from hall.day.setup import Setup

FIRST, NORMAL, LAST = "first", "normal", "last"
Left = Mapping[str, int]
Round = tuple[frozenset[str], frozenset[str]]  # the services that are called alike, and in which languages


class Waiting(Protocol):
    """What matters of somebody who waits."""

    id: str
    serial: int
    number: str
    service: str
    class_: str
    language: str
    promise_s: int | None
    claim_at: datetime
    to: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter that is about to call."""

    id: str
    staff: str | None
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """Who should be called, what chooses them, and what is left of the round after it."""

    ticket: str
    chosen_by: str
    left: dict[str, int]
    round: Round | None = None


def came(one: Waiting) -> tuple[datetime, int]:
    return one.claim_at, one.serial


def tier_of(setup: Setup, desk: Desk, one: Waiting) -> str | None:
    """`sent` for who was sent here, else how the counter ranks the service; None for who is not called here."""
    if one.to:
        return "sent" if one.to in (f"counter/{desk.id}", f"staff/{desk.staff}") else None
    languages = languages_of(setup, desk)
    return None if languages and one.language not in languages else rank_of(setup, desk, one.service)


def languages_of(setup: Setup, desk: Desk) -> tuple[str, ...]:
    plan, member = setup.counters.get(desk.id), setup.staff.get(desk.staff or "")
    return (member.languages if member else ()) or (plan.languages if plan else ())


def rank_of(setup: Setup, desk: Desk, service: str) -> str | None:
    plan, member = setup.counters.get(desk.id), setup.staff.get(desk.staff or "")
    skills = {*(plan.skills if plan else ()), *(member.skills if member else ())}
    known = setup.services.get(service)
    if service not in desk.services or (known is not None and not set(known.skills) <= skills):
        return None
    if plan is not None and service in plan.first:
        return FIRST
    return LAST if plan is not None and service in plan.last else NORMAL


def round_of(setup: Setup, desk: Desk, tier: str) -> Round:
    """What is called alike: the services of one tier, in the same languages."""
    services = frozenset(service for service in desk.services if rank_of(setup, desk, service) == tier)
    return services, frozenset(languages_of(setup, desk))


def expected(
    setup: Setup, desk: Desk, waiting: Iterable[Waiting], rounds: Mapping[Round, Left], at: datetime
) -> Expected | None:
    """The next call of a counter; None when nobody waits for it."""
    tiers: dict[str, list[Waiting]] = {}
    for one in waiting:
        tier = tier_of(setup, desk, one)
        if tier is not None:
            tiers.setdefault(tier, []).append(one)
            if setup.calling.cap_s is not None and at - one.claim_at >= timedelta(seconds=setup.calling.cap_s):
                tiers.setdefault("cap", []).append(one)
    for tier in ("cap", "sent"):
        if tier in tiers:
            return Expected(min(tiers[tier], key=came).id, tier, {})
    best = next((tier for tier in (FIRST, NORMAL, LAST) if tier in tiers), None)
    if best is None:
        return None
    if setup.calling.rule != "ratio":
        return by_rule(setup, tiers[best], at)
    name = round_of(setup, desk, best)
    return replace(by_round(setup, tiers[best], rounds.get(name, {})), round=name)


def by_rule(setup: Setup, here: list[Waiting], at: datetime) -> Expected:
    def rank(one: Waiting) -> tuple[object, object, int]:
        known = setup.classes.get(one.class_)
        if setup.calling.rule == "share_of_promise":
            waited_s = (at - one.claim_at).total_seconds()
            return -waited_s / (one.promise_s or setup.calling.promise_s), 0, one.serial
        if setup.calling.rule == "strict":
            last = max(each.rank for each in setup.classes.values())
            return known.rank if known else last, one.claim_at, one.serial
        credit_s = known.head_start_s if known and setup.calling.rule == "head_start" else 0
        return one.claim_at - timedelta(seconds=credit_s), 0, one.serial

    return Expected(min(here, key=rank).id, "rule", {})  # type: ignore[arg-type]


def by_round(setup: Setup, here: list[Waiting], left: Left) -> Expected:
    """Whose class has most of its part of the round left; a class that is gone from the set-up has a part of one."""
    present = {one.class_ for one in here}
    weights = {id: one.weight for id, one in setup.classes.items()}
    weights |= {id: 1 for id in sorted(present) if id not in weights}
    if all(left.get(id, 0) <= 0 for id in present):
        left = {id: weight for id, weight in weights.items() if id in present or id in setup.classes}
    chosen = max((id for id in weights if id in present), key=lambda id: left.get(id, 0) / weights[id])
    first = min((one for one in here if one.class_ == chosen), key=came)
    return Expected(first.id, "rule", {**left, chosen: left.get(chosen, 0) - 1})


def passed_over(setup: Setup, desk: Desk, waiting: Iterable[Waiting], chosen: Waiting) -> dict[str, tuple[str, int]]:
    """By service and class: the first who came before the chosen one and might have been called, and how many did."""
    found: dict[str, list[Waiting]] = {}
    for one in waiting:
        if came(one) < came(chosen) and tier_of(setup, desk, one) is not None:
            found.setdefault(f"{one.service}/{one.class_}", []).append(one)
    return {name: (min(ones, key=came).number, len(ones)) for name, ones in found.items()}
