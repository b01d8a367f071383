"""What a hall is made of, as one immutable value.

Reading it from files, storing its versions and judging it lie in `hall.setup`; here is only what deciding needs.
Durations are whole seconds, times of day are minutes after local midnight, names are by BCP 47 language tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Names = Mapping[str, str]
DeviceKind = Literal["kiosk", "display", "printer"]
RuleName = Literal["head_start", "arrival", "share_of_promise", "strict", "ratio"]
Pick = Literal["never", "reason", "free"]
Place = Literal["head", "back", "tail"]
DeliveredBy = Literal["displays", "voice"]
LineShown = Literal["all", "next", "none"]
ReasonKind = Literal["pick", "park", "pause", "priority", "not_completed", "override", "correct_time"]
Situation = Literal["no_papers", "queue_jumping", "no_number", "missed", "device_fault", "form_again"]
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
class Item:
    """A piece of work that a service consists of; `weight` is how much one of it counts as work done."""

    id: str
    name: Names
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """What a visitor comes for. A service that others name as their parent is a heading and issues no number.

    Only counters with all of its `skills`, their own or their clerk's, call its visitors.
    """

    id: str
    name: Names
    series: str
    parent: str | None = None
    promise_s: int | None = None
    expected_service_s: int | None = None
    documents: tuple[Names, ...] = ()
    items: tuple[Item, ...] = ()
    hours: Week | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitorClass:
    """A priority class.

    Under `head_start` its visitors count as having come `head_start_s` earlier, under `strict` the lowest `rank` goes
    first, under `ratio` each round has `weight` calls of it. Who was called has `grace_s` more time to come.
    """

    id: str
    name: Names
    head_start_s: int = 0
    promise_s: int | None = None
    series: str | None = None
    rank: int = 0
    weight: int = 1
    grace_s: int = 0


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A desk, the services it offers when nothing else is said, and the area it stands in.

    It calls visitors of the `first` services before others, and those of the `last` only when nobody else waits for it.
    Without `languages` it serves every language. `printer` is the device at the desk that prints notices.
    """

    id: str
    name: str
    services: tuple[str, ...]
    area: str = ""
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    printer: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the hall that a display serves; `arrow` points there from the display.

    Where an area `speaks`, a call is delivered only when its sound has started too.
    """

    id: str
    name: Names
    arrow: Arrow | None = None
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the staff. The secret is an argon2 hash and never leaves the set-up tables.

    With `languages`, a counter serves only these while this clerk works at it; `skills` are added to the counter's.
    """

    login: str
    name: str
    role: str
    secret: str | None = None
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


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
    """Which rule chooses the next visitor, and what people may do beside it.

    `cap_s`: who has waited so long comes before all others, longest wait first. `promise_s` stands in under
    `share_of_promise` where neither class nor service promises anything. `pick`: whether a clerk may call a chosen
    ticket. `priority_per_hour`: how often staff may move visitors to another class within an hour; None is unlimited.
    `infer_start_s`: so long after a delivered call, and after the class's own grace, the visitor counts as having come;
    None waits for the key.
    `comeback_credit_s`: how much earlier somebody counts who comes back with the missing papers within
    `comeback_days`. `line_shown`: what of the line a desk shows.
    """

    rule: RuleName = "head_start"
    cap_s: int | None = None
    promise_s: int = 1800
    pick: Pick = "reason"
    walk_in: bool = True
    postpone_most: int = 2
    priority_per_hour: int | None = None
    park_s: int = 600
    infer_start_s: int | None = 90
    comeback_credit_s: int = 0
    comeback_days: int = 7
    line_shown: LineShown = "all"


@dataclass(frozen=True, slots=True)
class Missed:
    """When a visitor counts as missed, and what one may still do.

    `calls` delivered calls are needed, each at least `gap_s` after the one before it, and `grace_s` (with the class's
    own) must have passed since the last. `delivered_by`: what proves a call; None takes the displays where the hall has
    any, else the clerk's voice. `requeue`: so often a missed visitor is put back in line by itself. Who returns within
    `return_min` stands again at `place`, `places_back` behind the head for `back`, at most `returns_most` times.
    `override`: staff may go on before a call was delivered, with a reason.
    """

    return_min: int | None = None
    calls: int = 1
    gap_s: int = 0
    grace_s: int = 0
    place: Place = "head"
    places_back: int = 3
    returns_most: int = 2
    requeue: int = 0
    override: bool = True
    delivered_by: DeliveredBy | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to choose from; the log keeps its id."""

    id: str
    name: Names


@dataclass(frozen=True, slots=True)
class Script:
    """What staff does in a situation, in steps by language; `minutes` is how long it may take."""

    situation: Situation
    steps: Mapping[str, tuple[str, ...]]
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """One version of one hall. The first class is the one meant when none is named.

    `slip_printer` is the device that prints how a day ended.
    """

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
    slip_printer: str | None = None
    areas: Mapping[str, Area] = field(default_factory=dict)
    staff: Mapping[str, Member] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    calling: Calling = Calling()
    missed: Missed = Missed()
    reasons: Mapping[ReasonKind, tuple[Reason, ...]] = field(default_factory=dict)
    scripts: Mapping[Situation, Script] = field(default_factory=dict)
    version: int = 0
    digest: str = ""

    @property
    def delivered_by(self) -> DeliveredBy:
        """What proves that a call was delivered: displays where there are any, unless the hall says otherwise."""
        if self.missed.delivered_by is not None:
            return self.missed.delivered_by
        return "displays" if any(device.kind == "display" for device in self.devices.values()) else "voice"

    def default_class(self) -> str:
        return next(iter(self.classes))

    def is_heading(self, service: str) -> bool:
        return any(other.parent == service for other in self.services.values())

    def leaves(self) -> list[str]:
        """The services that issue numbers: all that are no heading."""
        return [service for service in self.services if not self.is_heading(service)]

    def series_of(self, service: str, visitor_class: str) -> Series:
        """The series a ticket draws from: the class's own when it has one, else the service's."""
        return self.series[self.classes[visitor_class].series or self.services[service].series]

    def promise_of(self, service: str, visitor_class: str) -> int | None:
        """Seconds promised to this class at this service; the class's promise wins over the service's.

        A class that this version no longer has is promised what the first one is.
        """
        promised = self.classes[visitor_class if visitor_class in self.classes else self.default_class()].promise_s
        return self.services[service].promise_s if promised is None else promised
