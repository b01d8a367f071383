"""Judges a whole set-up: what contradicts itself is a mistake, what is doubtful a warning.

Pure, and apart from where the set-up comes from, so that a file and a browser are judged alike. Places are named as in
the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from hall.day.setup import Device, Names, Series, Service, Setup
from hall.setup.findings import Report, Where, did_you_mean, one_of
from hall.setup.reach import check_bounds, check_deliveries, check_skills, check_tiers

# Letters that are mistaken for each other when a loudspeaker says them across a room.
SOUND_ALIKE = (frozenset("BP"), frozenset("DT"), frozenset("MN"), frozenset("FS"), frozenset("GJ"))
# Where calls are heard, not read, all of these are: they differ in their first consonant alone.
HEARD_ALIKE = frozenset("BCDEGPTV")
LOOK_LIKE_DIGITS = {"I": "1", "O": "0", "Q": "0"}


def check(setup: Setup, report: Report) -> None:
    """Reports every mistake and warning about the set-up as a whole."""
    for judge in CHECKS:
        judge(setup, report)


def check_not_empty(setup: Setup, report: Report) -> None:
    """A hall needs a service, a class and a counter."""
    for section, entries in (("service", setup.services), ("class", setup.classes), ("counter", setup.counters)):
        if not entries:
            report.mistake((section,), f"is missing; needed is at least one [[{section}]]")


def check_references(setup: Setup, report: Report) -> None:
    """What names another part must name one that is there."""
    for service in setup.services.values():
        _require(service.parent, setup.services, ("service", service.id, "parent"), "service", report)
        _require(service.series or None, setup.series, ("service", service.id, "series"), "series", report)
    for one in setup.classes.values():
        _require(one.series, setup.series, ("class", one.id, "series"), "series", report)
    _require_printer(setup.slip_printer, ("hall", "slip_printer"), setup, report)
    for counter in setup.counters.values():
        _require(counter.area or None, setup.areas, ("counter", counter.id, "area"), "area", report)
        for service_id in counter.services:
            _require(service_id, setup.services, ("counter", counter.id, "services"), "service", report)
        _require_printer(counter.printer, ("counter", counter.id, "printer"), setup, report)
        _require_languages(counter.languages, ("counter", counter.id, "languages"), setup, report)
    for member in setup.staff.values():
        _require_languages(member.languages, ("staff", member.login, "languages"), setup, report)
    for device in setup.devices.values():
        _require(device.area or None, setup.areas, ("device", device.id, "area"), "area", report)
        _require_printer(device.printer, ("device", device.id, "printer"), setup, report)


def check_headings(setup: Setup, report: Report) -> None:
    """A heading holds services and is not served itself; every other service needs numbers."""
    for service in setup.services.values():
        heading = setup.is_heading(service.id)
        if not heading and not service.series:
            report.mistake(("service", service.id), "has no numbers; needed is prefix or series")
        if _is_in_circle(service, setup.services):
            report.mistake(("service", service.id, "parent"), "leads back to the service itself")
        if heading and service.promise_s is not None:
            report.warn(("service", service.id, "promise_min"), "has no effect: a heading issues no numbers")
    for counter in setup.counters.values():
        for service_id in counter.services:
            if service_id in setup.services and setup.is_heading(service_id):
                below = [other.id for other in setup.services.values() if other.parent == service_id]
                text = f'"{service_id}" is a heading and issues no numbers; name the services under it: {one_of(below)}'
                report.mistake(("counter", counter.id, "services"), text)


def check_series(setup: Setup, report: Report) -> None:
    """One printed number must mean one ticket: series with one prefix must not overlap."""
    for one, other in combinations(setup.series.values(), 2):
        if one.prefix == other.prefix and one.first <= other.last and other.first <= one.last:
            shared = f"{other.number(max(one.first, other.first))} to {other.number(min(one.last, other.last))}"
            text = f'numbers {shared} are in series "{one.id}" too; numbers with one prefix must not overlap'
            report.mistake(_place_of(other, setup), text)
    used = {service.series for service in setup.services.values()} | {one.series for one in setup.classes.values()}
    for series in setup.series.values():
        if series.id not in used:
            report.warn(("series", series.id), "is used by no service and no class")


def check_letters(setup: Setup, report: Report) -> None:
    """Letters are called out and read from far away."""
    heard = setup.delivered_by == "voice" or any(area.speaks for area in setup.areas.values())
    every = list(setup.series.values())
    for place, series in enumerate(every):
        alike = sorted({one.prefix for one in every[:place] if _sounds_alike(one.prefix, series.prefix, heard=heard)})
        if alike:
            text = f'"{series.prefix}" sounds like {one_of(alike)} when it is called out; choose another letter'
            report.warn(_place_of(series, setup), text)
    for series in setup.series.values():
        for letter in sorted(LOOK_LIKE_DIGITS.keys() & set(series.prefix)):
            report.warn(_place_of(series, setup), f'"{letter}" looks like {LOOK_LIKE_DIGITS[letter]} from far away')


def check_served(setup: Setup, report: Report) -> None:
    """Every service needs a counter, every counter a service."""
    served = {service for counter in setup.counters.values() for service in counter.services}
    for service in setup.services.values():
        if service.id not in served and not setup.is_heading(service.id):
            report.warn(("service", service.id), "is served by no counter; name it in the services of one")
    for counter in setup.counters.values():
        if not counter.services:
            report.warn(("counter", counter.id, "services"), "is empty: the clerk has to name services when opening")


def check_promises(setup: Setup, report: Report) -> None:
    """A class that is called earlier should not be promised a longer wait."""
    shortest = min((service.promise_s for service in setup.services.values() if service.promise_s), default=None)
    for one in setup.classes.values():
        if shortest is not None and one.promise_s is not None and one.head_start_s and one.promise_s > shortest:
            text = f"is longer than a service's own promise ({shortest / 60:g} min), and replaces it"
            report.warn(("class", one.id, "promise_min"), text)


def check_hours(setup: Setup, report: Report) -> None:
    """Hours that never open are likely a slip."""
    if setup.hours is not None and not any(setup.hours):
        report.warn(("hall", "hours"), "has no day: the hall never opens")
    for service in setup.services.values():
        if service.hours is not None and not any(service.hours):
            report.warn(("service", service.id, "hours"), "has no day: the service never opens")


def check_names(setup: Setup, report: Report) -> None:
    """Two things that look the same on a screen cannot be told apart."""
    leaves = [service for service in setup.services.values() if not setup.is_heading(service.id)]
    _warn_of_twins("service", ((service.id, service.name) for service in leaves), setup, report)
    _warn_of_twins("class", ((one.id, one.name) for one in setup.classes.values()), setup, report)
    seen: dict[str, str] = {}
    for counter in setup.counters.values():
        first = seen.setdefault(counter.name, counter.id)
        if first != counter.id:
            report.warn(("counter", counter.id, "name"), f'is the name of counter "{first}" as well')


def check_areas(setup: Setup, report: Report) -> None:
    """Where there are areas, every counter stands in one and every display serves one with counters."""
    with_counters = {counter.area for counter in setup.counters.values()}
    for area in setup.areas:
        if area not in with_counters:
            report.warn(("area", area), "has no counter")
    for counter in setup.counters.values():
        if setup.areas and not counter.area:
            report.warn(("counter", counter.id), "stands in no area")


def check_devices(setup: Setup, report: Report) -> None:
    """A printer that nobody prints on is likely a slip."""
    used = {device.printer for device in setup.devices.values()} | {plan.printer for plan in setup.counters.values()}
    used.add(setup.slip_printer)
    for device in _of_kind(setup, "printer"):
        if device.id not in used:
            report.warn(("device", device.id), "is used by no kiosk and no counter")


CHECKS: tuple[Callable[[Setup, Report], None], ...] = (
    check_not_empty,
    check_references,
    check_headings,
    check_series,
    check_letters,
    check_served,
    check_tiers,
    check_bounds,
    check_skills,
    check_deliveries,
    check_promises,
    check_hours,
    check_names,
    check_areas,
    check_devices,
)


def _require(id: str | None, known: Iterable[str], where: Where, what: str, report: Report) -> None:
    options = list(known)
    if id is not None and id not in options:
        hint = did_you_mean(id, options)
        report.mistake(where, f'"{id}" is no {what}{hint}; there are {one_of(options)}')


def _require_printer(id: str | None, where: Where, setup: Setup, report: Report) -> None:
    printers = [device.id for device in _of_kind(setup, "printer")]
    _require(id, printers, where, "device of kind printer", report)


def _require_languages(tags: Iterable[str], where: Where, setup: Setup, report: Report) -> None:
    for tag in tags:
        _require(tag, setup.languages, where, "language of the hall", report)


def _is_in_circle(service: Service, services: Mapping[str, Service]) -> bool:
    above = service.parent
    for _ in services:
        if above == service.id:
            return True
        parent = services.get(above) if above is not None else None
        above = parent.parent if parent else None
    return False


def _place_of(series: Series, setup: Setup) -> Where:
    """Where the file says the prefix: at the service when the series is its own."""
    service = setup.services.get(series.id)
    return (
        ("service", series.id, "prefix") if service and service.series == series.id else ("series", series.id, "prefix")
    )


def _warn_of_twins(section: str, entries: Iterable[tuple[str, Names]], setup: Setup, report: Report) -> None:
    seen: dict[tuple[str, str], str] = {}
    for id, name in entries:
        for tag in setup.languages:
            first = seen.setdefault((tag, name[tag]), id) if tag in name else id
            if first != id:
                report.warn((section, id, "name", tag), f'is the name of {section} "{first}" as well')


def _of_kind(setup: Setup, kind: str) -> list[Device]:
    return [device for device in setup.devices.values() if device.kind == kind]


def _sounds_alike(one: str, other: str, *, heard: bool) -> bool:
    """True of two prefixes that differ, and only in letters that sound alike."""
    if len(one) != len(other):
        return False
    pairs = [frozenset(letters) for letters in zip(one, other, strict=True) if letters[0] != letters[1]]
    return bool(pairs) and all(both in SOUND_ALIKE or (heard and both <= HEARD_ALIKE) for both in pairs)
