"""What a hall is made of, as one immutable value.

Reading it from files, storing its versions and judging it lie in `hall.setup`; here is only what deciding needs.
Durations are whole seconds, times of day are minutes after local midnight, names are by BCP 47 language tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Names = Mapping[str, str]
DeviceKind = Literal["kiosk", "display", "printer"]
RuleName = Literal["head_start", "arrival"]
Arrow = Literal["left", "right", "down"]

# Monday first; each day holds (opens, closes) in minutes after local midnight.
Week = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant on the hall's wall: weekday (Monday 0) and minute after midnight."""

    weekday: int
    minute: int


def is_within(hours: Week | None, now: LocalTime) -> bool:
    """True when `now` lies in the opening hours; no hours means always open."""
    return hours is None or any(start <= now.minute < end for start, end in hours[now.weekday])


@dataclass(frozen=True, slots=True)
class Series:
    """A range of numbers with a prefix, printed with at least three digits."""

    id: str
    prefix: str
    first: int = 1
    last: int = 9999

    def number(self, position: int) -> str:
        return f"{self.prefix}{position:03d}"


@dataclass(frozen=True, slots=True)
class Service:
    """What a visitor comes for. A service that others name as their parent is a heading and issues no number."""

    id: str
    name: Names
    series: str
    parent: str | None = None
    promise_s: int | None = None
    expected_service_s: int | None = None
    documents: tuple[Names, ...] = ()
    items: tuple[Names, ...] = ()
    hours: Week | None = None


@dataclass(frozen=True, slots=True)
class VisitorClass:
    """A priority class. Under `head_start` its visitors count as having come `head_start_s` earlier."""

    id: str
    name: Names
    head_start_s: int = 0
    promise_s: int | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A desk, the services it offers when nothing else is said, and the area it stands in."""

    id: str
    name: str
    services: tuple[str, ...]
    area: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the hall that a display serves; `arrow` points there from the display."""

    id: str
    name: Names
    arrow: Arrow | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the staff. The secret is an argon2 hash and never leaves the set-up tables."""

    login: str
    name: str
    role: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk, display or printer. A kiosk prints on the device named `printer`; `url` is a printer's address."""

    id: str
    kind: DeviceKind
    area: str = ""
    url: str | None = None
    width_dots: int = 576
    printer: str | None = None


@dataclass(frozen=True, slots=True)
class Calling:
    """Which rule chooses the next visitor."""

    rule: RuleName = "head_start"


@dataclass(frozen=True, slots=True)
class Missed:
    """What a visitor who did not come may still do; `return_min` is printed on the ticket."""

    return_min: int | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """One version of one hall. The first class is the one meant when none is named."""

    hall: str
    name: Names
    timezone: str
    languages: tuple[str, ...]
    series: Mapping[str, Series]
    services: Mapping[str, Service]
    classes: Mapping[str, VisitorClass]
    counters: Mapping[str, CounterPlan]
    day_starts_min: int = 240
    public_url: str | None = None
    hours: Week | None = None
    areas: Mapping[str, Area] = field(default_factory=dict)
    staff: Mapping[str, Member] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    calling: Calling = Calling()
    missed: Missed = Missed()
    version: int = 0
    digest: str = ""

    @property
    def head_starts(self) -> Mapping[str, timedelta]:
        return {one.id: timedelta(seconds=one.head_start_s) for one in self.classes.values()}

    def default_class(self) -> str:
        return next(iter(self.classes))

    def is_heading(self, service: str) -> bool:
        return any(other.parent == service for other in self.services.values())

    def series_of(self, service: str, visitor_class: str) -> Series:
        """The series a ticket draws from: the class's own when it has one, else the service's."""
        return self.series[self.classes[visitor_class].series or self.services[service].series]

    def promise_of(self, service: str, visitor_class: str) -> int | None:
        """Seconds promised to this class at this service; the class's promise wins over the service's."""
        promised = self.classes[visitor_class].promise_s
        return self.services[service].promise_s if promised is None else promised
