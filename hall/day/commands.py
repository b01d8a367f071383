"""What may be asked of a hall: one class a verb. The context brings the instant, the set-up and the new id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from hall.day.events import Estimate, PaperProof, PrinterState
from hall.day.setup import LocalTime, Setup


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
    """Make `setup` the version that later commands are decided with."""

    setup: Setup


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Begin the business day of the context."""


@dataclass(frozen=True, slots=True)
class CloseDay:
    """End the business day: whoever waits expires, whoever is being served goes on."""


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
    """Give a number. Class and language default to the hall's first; `device` is the kiosk that asks."""

    service: str
    class_: str | None = None
    language: str | None = None
    device: str | None = None
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class CallNext:
    """Call whom the rule chooses; with `finish`, finish the visitor at the counter first, in the same command."""

    counter: str
    finish: bool = False
    outcome: Literal["served", "not_completed"] = "served"
    items: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Recall:
    counter: str


@dataclass(frozen=True, slots=True)
class Start:
    counter: str


@dataclass(frozen=True, slots=True)
class Finish:
    counter: str
    outcome: Literal["served", "not_completed"] = "served"
    items: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NoShow:
    counter: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last step at a counter: a call, a start, or a finish of the last 60 s."""

    counter: str


@dataclass(frozen=True, slots=True)
class CancelTicket:
    ticket: str
    by_visitor: bool = False


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
    | OpenCounter
    | PauseCounter
    | ResumeCounter
    | CloseCounter
    | IssueTicket
    | CallNext
    | Recall
    | Start
    | Finish
    | NoShow
    | Undo
    | CancelTicket
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
