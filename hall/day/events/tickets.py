"""Events of a ticket on its way: issued, called, served, missed, closed, and steps taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from hall.day.events.facts import CallOutcome, Comeback, DeliveredVia, Estimate, NextTurn, PlannedTurn, Why


@dataclass(frozen=True, slots=True)
class TicketIssued:
    """A visitor has a number. From kiosk, greeter, phone or API.

    `serial` never repeats in a hall; `claim_at` is the instant that counts in the line; `promise_s` is frozen here;
    `ahead` and `counters_open` are what the visitor was told; `device` is the kiosk, if one issued it.
    Since version 2: `planned` are the further services of the visit; `comeback` is the earlier ticket whose credit
    `claim_at` holds.
    """

    TYPE: ClassVar[str] = "TicketIssued"
    VERSION: ClassVar[int] = 2
    ticket: str
    turn: str
    serial: int
    number: str
    series: str
    position: int
    service: str
    class_: str
    language: str
    claim_at: datetime
    promise_s: int | None
    estimate: Estimate | None
    ahead: int
    counters_open: int
    device: str | None
    planned: tuple[PlannedTurn, ...]
    comeback: str | None


@dataclass(frozen=True, slots=True)
class TicketCalled:
    """A waiting turn was summoned to a counter. From the desk. `call_no` is 1.

    Since version 2 `why` says what chose the turn.
    """

    TYPE: ClassVar[str] = "TicketCalled"
    VERSION: ClassVar[int] = 2
    ticket: str
    turn: str
    number: str
    counter: str
    staff: str | None
    call_no: int
    why: Why


@dataclass(frozen=True, slots=True)
class TicketRecalled:
    """The same call once more; `call_no` counts from 2. From the desk."""

    TYPE: ClassVar[str] = "TicketRecalled"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    number: str
    counter: str
    staff: str | None
    call_no: int


@dataclass(frozen=True, slots=True)
class CallDelivered:
    """A call reached its visitor: the first proof of it. From a display or the visitor's phone.

    `deliveries` counts the calls of this turn that reached the visitor, this one included; `device` is the display,
    None for a phone; `sounded` tells that its announcement had started.
    """

    TYPE: ClassVar[str] = "CallDelivered"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    call_no: int
    deliveries: int
    via: DeliveredVia
    device: str | None
    sounded: bool


@dataclass(frozen=True, slots=True)
class TicketStarted:
    """The visitor is at the counter. From the desk; `inferred` when concluded from a finish without a start."""

    TYPE: ClassVar[str] = "TicketStarted"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None
    inferred: bool


@dataclass(frozen=True, slots=True)
class TicketFinished:
    """The turn is done. From the desk. `items` are (item, quantity) pairs of work done.

    Since version 2: `work` is their weighted sum, None where nothing was counted; `reason` says why it was not
    completed; `comeback` is the credit the visitor is given for coming back; `next` is the turn the visit goes on with.
    """

    TYPE: ClassVar[str] = "TicketFinished"
    VERSION: ClassVar[int] = 2
    ticket: str
    turn: str
    counter: str
    staff: str | None
    outcome: CallOutcome
    items: tuple[tuple[str, int], ...]
    work: float | None
    reason: str | None
    comeback: Comeback | None
    next: NextTurn | None


@dataclass(frozen=True, slots=True)
class TicketMissed:
    """The visitor was called and did not come; the counter is free. From the desk.

    Since version 2: `deliveries` is how many calls were delivered; `override` is the reason for which staff went on
    without enough of them; `expires_at` is until when the visitor may return, None until the day closes.
    """

    TYPE: ClassVar[str] = "TicketMissed"
    VERSION: ClassVar[int] = 2
    ticket: str
    turn: str
    counter: str
    staff: str | None
    deliveries: int
    override: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketCancelled:
    """The ticket was given up. From desk, greeter, phone or API; a counter it was called to is free."""

    TYPE: ClassVar[str] = "TicketCancelled"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str | None
    outcome: Literal["cancelled_by_visitor", "cancelled_by_staff"]


@dataclass(frozen=True, slots=True)
class TicketExpired:
    """The day ended before the visitor was served. From the clockwork.

    `expired` while waiting, called or parked, `no_show` when missed, also once the time to return is over.
    """

    TYPE: ClassVar[str] = "TicketExpired"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str | None
    outcome: Literal["expired", "no_show"]


@dataclass(frozen=True, slots=True)
class TicketCallUndone:
    """A call was taken back; the turn waits again with its claim. From the desk."""

    TYPE: ClassVar[str] = "TicketCallUndone"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    number: str
    counter: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class TicketStartUndone:
    """A start was taken back; the turn is called again. From the desk."""

    TYPE: ClassVar[str] = "TicketStartUndone"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class TicketFinishUndone:
    """A finish of the last 60 s was taken back; the visitor is being served again. From the desk.

    Since version 2 also of a transfer: `next_turn` is the turn that is withdrawn with it, `state` what the turn was.
    """

    TYPE: ClassVar[str] = "TicketFinishUndone"
    VERSION: ClassVar[int] = 2
    ticket: str
    turn: str
    counter: str
    staff: str | None
    next_turn: str | None
    state: Literal["called", "serving"]
