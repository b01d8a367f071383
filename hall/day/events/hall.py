"""Events of the hall itself: its set-up, its days, who came without a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from hall.day.events.facts import CarriedCounter, CarriedNumber, CarriedTicket, Comeback, Diversion, PrinterState


@dataclass(frozen=True, slots=True)
class SetupPublished:
    """A set-up version became the one that later commands are decided with. From the set-up loader."""

    TYPE: ClassVar[str] = "SetupPublished"
    VERSION: ClassVar[int] = 1
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class DayOpened:
    """A business day began; holds all that continues, so the day folds from here alone. From the clockwork.

    `next_serial` is the serial the next ticket gets; `numbers` were closed less than two hours ago; `printers` are the
    last known states of the printers. Since version 2: `comebacks` are credits given and not used yet; since version 3
    `tickets` say more.
    """

    TYPE: ClassVar[str] = "DayOpened"
    VERSION: ClassVar[int] = 3
    business_date: date
    next_serial: int
    setup_version: int
    counters: tuple[CarriedCounter, ...]
    tickets: tuple[CarriedTicket, ...]
    numbers: tuple[CarriedNumber, ...]
    printers: tuple[tuple[str, PrinterState], ...]
    comebacks: tuple[Comeback, ...]


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The business day ended. From the clockwork."""

    TYPE: ClassVar[str] = "DayClosed"
    VERSION: ClassVar[int] = 1
    business_date: date


@dataclass(frozen=True, slots=True)
class DaySealed:
    """The end of a closed day, written down where it can be kept: its last event and that event's hash.

    From the clockwork, once the day's events are on the disk; a closing slip may carry it out of the house.
    """

    TYPE: ClassVar[str] = "DaySealed"
    VERSION: ClassVar[int] = 1
    business_date: date
    seq: int
    seal: str


@dataclass(frozen=True, slots=True)
class VisitDiverted:
    """A visitor was helped without a number. From the greeter. `to` says where, `service` what about if known.

    Since version 2: `count` is 1, or -1 for one that was counted by mistake today.
    """

    TYPE: ClassVar[str] = "VisitDiverted"
    VERSION: ClassVar[int] = 2
    to: Diversion
    service: str | None
    count: int


@dataclass(frozen=True, slots=True)
class DoorCounted:
    """`count` people came in at the door; below zero: so many were counted by mistake today.

    From the greeter, or a door counter.
    """

    TYPE: ClassVar[str] = "DoorCounted"
    VERSION: ClassVar[int] = 1
    count: int
