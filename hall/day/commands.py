"""What may be asked of a hall: one class a verb. The context brings the instant, the set-up and the new id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from hall.day.events import CallOutcome, DeliveredVia, Diversion, Estimate, HelpKind, PaperProof, PrinterState
from hall.day.setup import LocalTime, Place, Setup

Items: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may know besides the day: nothing here is read from a clock by the heart itself."""

    at: datetime
    business_date: date
    local: LocalTime
    setup: Setup
    command_id: str


@dataclass(frozen=True, slots=True)
class PublishSetup:
    """Make `setup` the version that later commands are decided with.

    `moves` are (service that is gone, service that its visitors go to) pairs.
    """

    setup: Setup
    moves: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Begin the business day of the context."""


@dataclass(frozen=True, slots=True)
class CloseDay:
    """End the business day: whoever waits expires, whoever is being served goes on."""


@dataclass(frozen=True, slots=True)
class SealDay:
    """Write down how a closed day ended, and print it where the hall has a printer for that."""

    business_date: date
    seq: int
    seal: str


@dataclass(frozen=True, slots=True)
class OpenCounter:
    """Open a counter, for its planned services unless others are named."""

    counter: str
    staff: str | None = None
    services: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class PauseCounter:
    counter: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ResumeCounter:
    counter: str


@dataclass(frozen=True, slots=True)
class CloseCounter:
    counter: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IssueTicket:
    """Give a number. Class and language default to the hall's first; `device` is the kiosk that asks.

    `services` are done after `service` under the same number; `comeback` is an earlier ticket that gave a credit.
    """

    service: str
    class_: str | None = None
    language: str | None = None
    device: str | None = None
    estimate: Estimate | None = None
    services: tuple[str, ...] = ()
    comeback: str | None = None


@dataclass(frozen=True, slots=True)
class CallNext:
    """Call whom the rule chooses; with `finish`, finish the visitor at the counter first, in the same command."""

    counter: str
    finish: bool = False
    outcome: CallOutcome = "served"
    items: Items = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CallTicket:
    """Call a chosen ticket, as far as the hall allows; with `finish` as in `CallNext`."""

    counter: str
    ticket: str
    reason: str | None = None
    finish: bool = False


@dataclass(frozen=True, slots=True)
class ServeWalkIn:
    """Serve somebody who has no number: gives one and starts at once."""

    counter: str
    service: str
    class_: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    counter: str


@dataclass(frozen=True, slots=True)
class Start:
    counter: str


@dataclass(frozen=True, slots=True)
class Finish:
    """End the visit at a counter. `reason` says why it was not completed; `credit` gives the come-back credit."""

    counter: str
    outcome: CallOutcome = "served"
    items: Items = ()
    reason: str | None = None
    credit: bool = False


@dataclass(frozen=True, slots=True)
class NoShow:
    """The visitor did not come. `override` is the reason to go on before the call was delivered often enough."""

    counter: str
    override: str | None = None


@dataclass(frozen=True, slots=True)
class ReportDelivery:
    """A call was shown by a display (and heard, where the area speaks), or by the visitor's phone.

    `called_seq` is the seq of the turn's first call, by which calls of different turns are told apart.
    """

    ticket: str
    call_no: int
    via: DeliveredVia
    device: str | None = None
    sounded: bool = False
    called_seq: int | None = None


@dataclass(frozen=True, slots=True)
class InferStart:
    """Take it that the visitor of this call has come, when nobody said otherwise for long enough."""

    ticket: str
    called_seq: int


@dataclass(frozen=True, slots=True)
class Park:
    """Set the visitor at a counter aside for a while; without `seconds` as long as the hall says."""

    counter: str
    reason: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Unpark:
    """Go on with a parked visitor; the only one parked at the counter unless a ticket is named."""

    counter: str
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class EndParking:
    """The time of a parked turn is over."""

    ticket: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TransferTicket:
    """Send a visitor to another service, counter or clerk; at least one of these. `returns`: and then back here."""

    ticket: str
    service: str | None = None
    counter: str | None = None
    staff: str | None = None
    returns: bool = False
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class TransferVisitor:
    """Send the visitor at a counter on, as in `TransferTicket`."""

    counter: str
    service: str | None = None
    to_counter: str | None = None
    staff: str | None = None
    returns: bool = False
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last step at a counter: a call, a start, or a finish or no-show of the last 60 s."""

    counter: str


VisitorVerb: TypeAlias = CallNext | CallTicket | Recall | Start | Finish | NoShow | Park | TransferVisitor | Undo


@dataclass(frozen=True, slots=True)
class ForVisitor:
    """A verb of a counter, and whom it means: the ticket that the screen showed there, empty for nobody."""

    visitor: str
    command: VisitorVerb


@dataclass(frozen=True, slots=True)
class CancelTicket:
    ticket: str
    by_visitor: bool = False


@dataclass(frozen=True, slots=True)
class ReinstateTicket:
    """Put a missed visitor back in line, where the hall's policy says; staff may choose another place."""

    ticket: str
    place: Place | None = None
    by_visitor: bool = False


@dataclass(frozen=True, slots=True)
class EndReturn:
    """The time in which a missed visitor may return is over."""

    ticket: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PostponeTicket:
    """Let `places` others of the same line go first."""

    ticket: str
    places: int = 1
    by_visitor: bool = False


@dataclass(frozen=True, slots=True)
class ReprioritiseTicket:
    ticket: str
    class_: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddService:
    ticket: str
    service: str


@dataclass(frozen=True, slots=True)
class CorrectTime:
    """Correct when a closed turn was started or ended. What is recorded of it comes along: it is not in the day."""

    ticket: str
    turn: str
    called_at: datetime
    recorded_started_at: datetime
    recorded_ended_at: datetime
    reason: str
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestHelp:
    counter: str
    kind: HelpKind


@dataclass(frozen=True, slots=True)
class TakeHelp:
    help: str
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class SolveHelp:
    help: str


@dataclass(frozen=True, slots=True)
class DivertVisit:
    """Count a visitor who was helped without a number; with `count` -1 one that was counted by mistake."""

    to: Diversion
    service: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class CountDoor:
    """Count people who came in; `count` below zero takes back what was counted by mistake."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class ReprintTicket:
    """Ask for one more paper, marked as a copy; on the ticket's own printer unless one is named."""

    ticket: str
    printer: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimPaper:
    paper: str


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """What became of a claimed paper. `proof` belongs to printed, `reason` to the other two."""

    paper: str
    result: Literal["printed", "uncertain", "failed"]
    proof: PaperProof = "sent"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExpirePaper:
    """Give up a paper nobody waits for any more."""

    paper: str


@dataclass(frozen=True, slots=True)
class ReportPrinter:
    printer: str
    state: PrinterState


Command: TypeAlias = (
    PublishSetup
    | OpenDay
    | CloseDay
    | SealDay
    | OpenCounter
    | PauseCounter
    | ResumeCounter
    | CloseCounter
    | IssueTicket
    | CallNext
    | CallTicket
    | ServeWalkIn
    | Recall
    | Start
    | Finish
    | NoShow
    | ReportDelivery
    | InferStart
    | Park
    | Unpark
    | EndParking
    | TransferTicket
    | TransferVisitor
    | Undo
    | ForVisitor
    | CancelTicket
    | ReinstateTicket
    | EndReturn
    | PostponeTicket
    | ReprioritiseTicket
    | AddService
    | CorrectTime
    | RequestHelp
    | TakeHelp
    | SolveHelp
    | DivertVisit
    | CountDoor
    | ReprintTicket
    | ClaimPaper
    | ReportPaper
    | ExpirePaper
    | ReportPrinter
)


@dataclass(frozen=True, slots=True)
class Timer:
    """Something the day wants done at `due_at`; firing it twice does no harm."""

    id: str
    due_at: datetime
    command: Command
