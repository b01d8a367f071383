"""What events are made of: who acted, what was said of a wait, why a call was made, what goes on over night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

ActorKind = Literal["staff", "device", "api", "visitor", "clockwork", "system"]
Door = Literal[
    "kiosk", "greeter", "phone", "desk", "manager", "display", "printer", "api", "clockwork", "cli", "system"
]
Outcome = Literal["served", "not_completed", "cancelled_by_visitor", "cancelled_by_staff", "expired", "no_show"]
CallOutcome = Literal["served", "not_completed"]
ChosenBy = Literal["rule", "cap", "sent", "picked", "walk_in"]
HelpKind = Literal["authorise", "dispute", "device", "security"]
ReturnCause = Literal["timer", "counter_closed", "parking_closed"]
Diversion = Literal["self_service", "app", "other_hall", "papers_missing"]
PaperKind = Literal["ticket", "notice", "closing"]
DeliveredVia = Literal["display", "phone"]
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


@dataclass(slots=True, unsafe_hash=True)
class PassedOver:
    """A line whose head came earlier than the visitor called; `count` of its turns did.

    Frozen for the type checker alone: a choice makes one for every line, and being frozen would double their cost.
    """

    line: Final[str]
    number: Final[str]
    count: Final[int]


@dataclass(frozen=True, slots=True)
class Why:
    """Why this turn was called, and who was passed over. `rule` is the hall's, `rule_version` what it meant then.

    `chosen_by`: `rule`; `cap`, it had waited longer than the hall allows; `sent`, it was sent to this counter;
    `picked` or `walk_in`, by a person, for `reason`. `score` is seconds of waiting, with the head start under
    `head_start`, and the share of the promise used under `share_of_promise`. `round` is what the classes have left
    after a call under `ratio` in the round named `round_of`, else empty: counters that call the same services in one of
    their tiers, in the same languages, share a round.
    """

    rule: str
    rule_version: int
    score: float
    passed_over: tuple[PassedOver, ...]
    chosen_by: ChosenBy
    reason: str | None
    round: tuple[tuple[str, int], ...]
    round_of: str


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """A later turn of a visit; `to` is the counter or clerk it goes to: `counter/3`, `staff/li`, or empty.

    `turn` names it while it is planned; when it begins it gets an id of its own.
    """

    turn: str
    service: str
    promise_s: int | None
    to: str


@dataclass(frozen=True, slots=True)
class NextTurn:
    """The turn that a visit goes on with, and its claim. `to` as in `PlannedTurn`."""

    turn: str
    service: str
    class_: str
    claim_at: datetime
    promise_s: int | None
    to: str


@dataclass(frozen=True, slots=True)
class MissedCall:
    """A call that was missed, and the place in line of its turn, as they were then."""

    claim_at: datetime
    since: datetime
    called_at: datetime
    call_no: int
    deliveries: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comeback:
    """A visitor who may come back with the missing papers and then counts as having come `credit_s` earlier."""

    ticket: str
    number: str
    credit_s: int
    until: datetime


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
    """A ticket that goes on from the day before: only a visitor being served does.

    Since version 3 of `DayOpened` with all that counts again when the start, and then the call, is taken back: `to` as
    in `PlannedTurn`, `since` when the wait began, whether the start was `inferred`, and what reached the visitor when.
    """

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
    planned: tuple[PlannedTurn, ...]
    misses: int
    postponed: int
    to: str
    since: datetime
    last_call_at: datetime
    inferred: bool
    deliveries: int
    delivered_call: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class CarriedNumber:
    """A number closed so lately that it must not be given again yet."""

    series: str
    position: int
    closed_at: datetime
