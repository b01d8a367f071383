"""The facts a hall appends to its log, frozen for ever.

Each class is one type at one version. A change of shape needs a new version and an upcaster in `hall.log.codec`; a
golden file under tests holds one of each. Nothing here is personal: staff appear by login, visitors not at all.
Instants are aware UTC datetimes, durations whole seconds. Every event is since version 1 unless it says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, TypeAlias

ActorKind = Literal["staff", "device", "api", "visitor", "clockwork", "system"]
Door = Literal["kiosk", "greeter", "phone", "desk", "manager", "printer", "api", "clockwork", "cli", "system"]
Outcome = Literal["served", "not_completed", "cancelled_by_visitor", "cancelled_by_staff", "expired", "no_show"]
PaperProof = Literal["acknowledged", "barrier", "status", "sent"]
PrinterState = Literal["unknown", "ready", "near_end", "paper_out", "cover_open", "error", "unreachable"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gave the command: a member of staff by login, a device or token by id, a visitor without identity."""

    kind: ActorKind
    id: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """Predicted seconds until called: 10, 50 and 90 of 100 such visitors are called sooner."""

    p10_s: int
    p50_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A line whose head came earlier than the visitor called; `count` of its turns did."""

    line: str
    number: str
    count: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why this turn was called: the rule, its score (seconds of credited waiting), and who was passed over."""

    rule: str
    rule_version: int
    score: float
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class CarriedCounter:
    """A counter as it stands when a day opens."""

    counter: str
    state: Literal["open", "paused"]
    staff: str | None
    services: tuple[str, ...]
    reason: str | None
    since: datetime
    ticket: str | None


@dataclass(frozen=True, slots=True)
class CarriedTicket:
    """A ticket that goes on from the day before: only a visitor being served does."""

    ticket: str
    turn: str
    serial: int
    number: str
    series: str
    position: int
    service: str
    class_: str
    language: str
    issued_at: datetime
    claim_at: datetime
    promise_s: int | None
    counter: str
    staff: str | None
    called_at: datetime
    call_no: int
    started_at: datetime
    why: Why
    device: str | None
    ahead: int
    estimate: Estimate | None
    copies: int


@dataclass(frozen=True, slots=True)
class CarriedNumber:
    """A number closed so lately that it must not be given again yet."""

    series: str
    position: int
    closed_at: datetime


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
    last known states of the printers.
    """

    TYPE: ClassVar[str] = "DayOpened"
    VERSION: ClassVar[int] = 1
    business_date: date
    next_serial: int
    setup_version: int
    counters: tuple[CarriedCounter, ...]
    tickets: tuple[CarriedTicket, ...]
    numbers: tuple[CarriedNumber, ...]
    printers: tuple[tuple[str, PrinterState], ...]


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The business day ended. From the clockwork."""

    TYPE: ClassVar[str] = "DayClosed"
    VERSION: ClassVar[int] = 1
    business_date: date


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
    """A counter without a visitor stopped serving. From the desk, or from the clockwork at the end of the day."""

    TYPE: ClassVar[str] = "CounterClosed"
    VERSION: ClassVar[int] = 1
    counter: str
    staff: str | None
    services: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class TicketIssued:
    """A visitor has a number. From kiosk, greeter, phone or API.

    `serial` never repeats in a hall; `claim_at` is the instant that counts in the line; `promise_s` is frozen here;
    `ahead` and `counters_open` are what the visitor was told; `device` is the kiosk, if one issued it.
    """

    TYPE: ClassVar[str] = "TicketIssued"
    VERSION: ClassVar[int] = 1
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


@dataclass(frozen=True, slots=True)
class TicketCalled:
    """A waiting turn was summoned to a counter. From the desk. `call_no` is 1."""

    TYPE: ClassVar[str] = "TicketCalled"
    VERSION: ClassVar[int] = 1
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
    """The turn is done. From the desk. `items` are (item, quantity) pairs of work done."""

    TYPE: ClassVar[str] = "TicketFinished"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None
    outcome: Literal["served", "not_completed"]
    items: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TicketMissed:
    """The visitor was called and did not come; the counter is free. From the desk."""

    TYPE: ClassVar[str] = "TicketMissed"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None


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

    `expired` while waiting or called, `no_show` when missed.
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
    """A finish of the last 60 s was taken back; the visitor is being served again. From the desk."""

    TYPE: ClassVar[str] = "TicketFinishUndone"
    VERSION: ClassVar[int] = 1
    ticket: str
    turn: str
    counter: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class PaperRequested:
    """A paper of a ticket is wanted from `printer`. `copy` is 1 for the first, higher ones are marked as copies.

    From the command that issued the ticket, or from a reprint. `expires_at`: after it nothing may come out any more.
    """

    TYPE: ClassVar[str] = "PaperRequested"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    copy: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PaperClaimed:
    """A printer's owner took the paper on, before the first byte was sent. From the printer's owner."""

    TYPE: ClassVar[str] = "PaperClaimed"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str


@dataclass(frozen=True, slots=True)
class PaperPrinted:
    """The paper came out, as far as `proof` tells (`sent`: the device says nothing). From the printer's owner."""

    TYPE: ClassVar[str] = "PaperPrinted"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    proof: PaperProof


@dataclass(frozen=True, slots=True)
class PaperUncertain:
    """Bytes were sent and nobody knows what came out. From the printer's owner, or at its restart."""

    TYPE: ClassVar[str] = "PaperUncertain"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaperFailed:
    """The paper did not come out and will not. From the printer's owner, or from the clockwork when it expired."""

    TYPE: ClassVar[str] = "PaperFailed"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrinterReported:
    """A printer's state changed. From its owner."""

    TYPE: ClassVar[str] = "PrinterReported"
    VERSION: ClassVar[int] = 1
    printer: str
    state: PrinterState


Event: TypeAlias = (
    SetupPublished
    | DayOpened
    | DayClosed
    | CounterOpened
    | CounterPaused
    | CounterResumed
    | CounterClosed
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | TicketStarted
    | TicketFinished
    | TicketMissed
    | TicketCancelled
    | TicketExpired
    | TicketCallUndone
    | TicketStartUndone
    | TicketFinishUndone
    | PaperRequested
    | PaperClaimed
    | PaperPrinted
    | PaperUncertain
    | PaperFailed
    | PrinterReported
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its envelope: place in the hall's log, when, by whom, through which door, under which set-up."""

    hall: str
    seq: int
    at: datetime
    business_date: date
    event: Event
    command_id: str
    actor: Actor
    door: Door
    setup_version: int
