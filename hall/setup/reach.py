"""Judges whether everybody who waits can be called, in a bounded time, by a call that reaches them. Pure."""

from __future__ import annotations

from hall.day.setup import CounterPlan, Service, Setup
from hall.setup.findings import Report, Where, did_you_mean, one_of

LONG_HEAD_START_S = 4 * 3600


def check_tiers(setup: Setup, report: Report) -> None:
    """What a counter takes first or last is among what it offers, and not both."""
    for plan in setup.counters.values():
        for key, named in (("first", plan.first), ("last", plan.last)):
            for service in named:
                if service not in plan.services:
                    hint = did_you_mean(service, plan.services)
                    text = f'"{service}" is no service of this counter{hint}; they are {one_of(plan.services)}'
                    report.mistake(("counter", plan.id, key), text)
        both = [service for service in plan.first if service in plan.last]
        if both:
            report.mistake(("counter", plan.id, "last"), f"names {one_of(both)}, which first names too")


def check_bounds(setup: Setup, report: Report) -> None:
    """Nobody may wait without end. With a cap nobody does; without, the rule and the counters have to see to it."""
    calling = setup.calling
    if calling.cap_s is not None:
        return
    if calling.rule == "strict":
        text = "strict needs cap_min, the longest that anybody waits; without it the last class may wait without end"
        report.mistake(("calling", "rule"), text)
    if calling.rule == "head_start":
        _warn_of_head_starts(setup, report)
    for service in setup.services.values():
        tiers = [_tier(service.id, plan) - _best_tier(plan) for plan in _offering(service.id, setup)]
        if tiers and min(tiers) > 0:
            text = (
                "goes after other services at every counter that offers it, so it may wait without end; "
                "set cap_min in [calling], or let one counter take it like the others"
            )
            report.warn(("service", service.id), text)


def check_skills(setup: Setup, report: Report) -> None:
    """Whoever waits needs a counter that may call: with the skills of the service, and the visitor's language."""
    for service in setup.services.values():
        offering = _offering(service.id, setup)
        able = [plan for plan in offering if _has_skills(plan, service, setup)]
        if offering and not able:
            text = (
                f"needs {one_of(service.skills)}, and neither a counter that offers it nor anybody at it has that; "
                "nobody can call its visitors: add skills to a [[counter]] or to [[staff]]"
            )
            report.warn(("service", service.id, "skills"), text)
        for tag in setup.languages:
            if able and not any(_speaks(plan, tag, setup) for plan in able):
                text = (
                    f"has no counter for visitors who speak {tag}, so nobody can call them; "
                    "add the language to a [[counter]] that offers it, or to [[staff]]"
                )
                report.warn(("service", service.id), text)
    _warn_of_idle_skills(setup, report)


def check_deliveries(setup: Setup, report: Report) -> None:
    """Calls that displays deliver need displays, and several calls need time between them."""
    if setup.missed.calls > 1 and not setup.missed.gap_s:
        text = "is more than 1 with no gap_s: the calls may follow at once and give nobody time; set gap_s, such as 15"
        report.warn(("missed", "calls"), text)
    if setup.delivered_by != "displays":
        return
    seen = {device.area for device in setup.devices.values() if device.kind == "display"}
    if not seen:
        text = 'is "displays", and the hall has none: no call is ever delivered; add a [[device]], or say "voice"'
        report.warn(("missed", "delivered_by"), text)
        return
    for area in dict.fromkeys(plan.area for plan in setup.counters.values() if plan.area):
        if not seen & {area, ""}:
            text = (
                "has counters and no display, so no call there is ever delivered; "
                'add a [[device]] of this area, or say delivered_by = "voice" in [missed]'
            )
            report.warn(("area", area), text)


def _offering(service: str, setup: Setup) -> list[CounterPlan]:
    return [plan for plan in setup.counters.values() if service in plan.services]


def _tier(service: str, plan: CounterPlan) -> int:
    """0 for what a counter takes first, 2 for what it takes last, 1 for the rest."""
    return 0 if service in plan.first else 2 if service in plan.last else 1


def _best_tier(plan: CounterPlan) -> int:
    return min(_tier(service, plan) for service in plan.services)


def _warn_of_head_starts(setup: Setup, report: Report) -> None:
    least = min((one.head_start_s for one in setup.classes.values()), default=0)
    for one in setup.classes.values():
        if one.head_start_s - least > LONG_HEAD_START_S:
            text = (
                f"is {(one.head_start_s - least) / 3600:g} h more than another class has: who comes so much later "
                "still goes before; take less, or set cap_min in [calling]"
            )
            report.warn(("class", one.id, "head_start_min"), text)


def _has_skills(plan: CounterPlan, service: Service, setup: Setup) -> bool:
    """True when the counter can have the skills that a service needs, by itself or with somebody of the staff."""
    missing = set(service.skills) - set(plan.skills)
    return not missing or any(missing <= set(member.skills) for member in setup.staff.values())


def _speaks(plan: CounterPlan, tag: str, setup: Setup) -> bool:
    """True when the counter can serve a language, as it is or with somebody of the staff at it."""
    return not plan.languages or tag in plan.languages or any(tag in one.languages for one in setup.staff.values())


def _warn_of_idle_skills(setup: Setup, report: Report) -> None:
    needed = {skill for service in setup.services.values() for skill in service.skills}
    have: list[tuple[Where, tuple[str, ...]]] = [
        *((("counter", plan.id, "skills"), plan.skills) for plan in setup.counters.values()),
        *((("staff", member.login, "skills"), member.skills) for member in setup.staff.values()),
    ]
    for where, skills in have:
        for skill in skills:
            if skill not in needed:
                report.warn(where, f'no service needs "{skill}"{did_you_mean(skill, needed)}; the skill has no effect')
