"""Events of counters: opening, pausing, closing, asking for help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hall.day.events.facts import HelpKind


@dataclass(frozen=True, slots=True)
class CounterOpened:
    """A counter began to serve `services`; `staff` is the named clerk, if any. From the desk."""

    TYPE: ClassVar[str] = "CounterOpened"
    VERSION: ClassVar[int] = 1
    counter: str
    staff: str | None
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounterPaused:
    """A counter stopped calling for a while, for `reason`; its visitor stays. From the desk."""

    TYPE: ClassVar[str] = "CounterPaused"
    VERSION: ClassVar[int] = 1
    counter: str
    staff: str | None
    services: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class CounterResumed:
    """A paused counter calls again. From the desk."""

    TYPE: ClassVar[str] = "CounterResumed"
    VERSION: ClassVar[int] = 1
    counter: str
    staff: str | None
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CounterClosed:
    """A counter without a visitor stopped serving. From the desk, or from the clockwork at the end of the day.

    Who had been sent there and missed the call belongs to the open line of the service from now on.
    """

    TYPE: ClassVar[str] = "CounterClosed"
    VERSION: ClassVar[int] = 1
    counter: str
    staff: str | None
    services: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class HelpRequested:
    """A clerk asks for help, silently. From the desk. `ticket` is the visitor at the counter, if any."""

    TYPE: ClassVar[str] = "HelpRequested"
    VERSION: ClassVar[int] = 1
    help: str
    counter: str
    staff: str | None
    kind: HelpKind
    ticket: str | None


@dataclass(frozen=True, slots=True)
class HelpTaken:
    """Somebody is on the way. From greeter or manager; `taken_by` is the login, None for a program."""

    TYPE: ClassVar[str] = "HelpTaken"
    VERSION: ClassVar[int] = 1
    help: str
    counter: str
    taken_by: str | None


@dataclass(frozen=True, slots=True)
class HelpSolved:
    """The matter is settled. From desk, greeter or manager, or from the clockwork at the end of the day."""

    TYPE: ClassVar[str] = "HelpSolved"
    VERSION: ClassVar[int] = 1
    help: str
    counter: str
