"""Events that move a turn: to another place in line, aside, to another service, counter or clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hall.day.events.facts import MissedCall, PlannedTurn, ReturnCause
from hall.day.setup import Place


@dataclass(frozen=True, slots=True)
class TicketReinstated:
    """A missed turn waits again, with the claim that puts it at `place`. From staff, visitor, or the missed policy."""

    TYPE: ClassVar[str] = "TicketReinstated"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    claim_at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class TicketParked:
    """A turn being served was set aside for `reason` and keeps its counter; at `due_at` it waits there again."""

    TYPE: ClassVar[str] = "TicketParked"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None
    reason: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TicketUnparked:
    """A parked turn is being served again at its counter. From the desk."""

    TYPE: ClassVar[str] = "TicketUnparked"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class TicketReturned:
    """A turn that was parked or sent waits again, `to` its counter or, when empty, in the open line.

    From the clockwork when its parking is over (`timer`), or with the closing of the counter where it was parked
    (`parking_closed`) or where it was sent to and waited all along (`counter_closed`).
    """

    TYPE: ClassVar[str] = "TicketReturned"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    claim_at: datetime
    to: str
    cause: ReturnCause


@dataclass(frozen=True, slots=True)
class TicketTransferred:
    """A turn ended here, and a new one of the same ticket waits elsewhere with the same number and claim.

    From desk, greeter or manager, or with a new set-up. `counter` is the one that is free now, None when the turn was
    waiting; `to` is `counter/3`, `staff/li`, or empty for the open line; `returning` is the turn the visit goes on with
    when the new one is done; `has_note` tells that a note for the next clerk lies outside the log.
    """

    TYPE: ClassVar[str] = "TicketTransferred"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str | None
    staff: str | None
    next_turn: str
    service: str
    class_: str
    claim_at: datetime
    promise_s: int | None
    to: str
    returning: PlannedTurn | None
    has_note: bool


@dataclass(frozen=True, slots=True)
class TicketPostponed:
    """A waiting visitor let `places` others go first. From the visitor, or staff."""

    TYPE: ClassVar[str] = "TicketPostponed"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    claim_at: datetime
    places: int


@dataclass(frozen=True, slots=True)
class TicketReprioritised:
    """A waiting turn got another class, for `reason`. From staff. The number and the claim stay."""

    TYPE: ClassVar[str] = "TicketReprioritised"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    class_: str
    promise_s: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ServiceAdded:
    """One more service was added to a visit, to be done after the others under the same number. From staff."""

    TYPE: ClassVar[str] = "ServiceAdded"
    VERSION: ClassVar[int] = 1
    ticket: str
    planned: PlannedTurn


@dataclass(frozen=True, slots=True)
class ServiceReplaced:
    """A later turn of a visit goes to another service: a new set-up has its own no more. With that set-up.

    `planned` is the turn as it is now, under the same id; where it goes beside the service stays.
    """

    TYPE: ClassVar[str] = "ServiceReplaced"
    VERSION: ClassVar[int] = 1
    ticket: str
    planned: PlannedTurn


@dataclass(frozen=True, slots=True)
class TicketMissUndone:
    """A no-show of the last 60 s was taken back; the call goes on as it was. From the desk.

    Since version 2 also where the visitor was back in line: `call` is what counts again, None where they were missed.
    """

    TYPE: ClassVar[str] = "TicketMissUndone"
    VERSION: ClassVar[int] = 2
    ticket: str
    turn: str
    counter: str
    staff: str | None
    call: MissedCall | None


@dataclass(frozen=True, slots=True)
class TimeCorrected:
    """A manager corrected when a turn that is done was started or ended, for `reason`; None stays as it was.

    Figures use the corrected instants; the first ones stay in the log and in the row.
    """

    TYPE: ClassVar[str] = "TimeCorrected"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str
