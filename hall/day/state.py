"""The state of one hall on one business day, as folded from its events.

A `Day` holds what is still open: waiting, called, serving and missed turns, unfinished papers, counters, number
positions, and each counter's last closed turn for the undo. What is closed lives in rows, so a day stays small.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from hall.day.events import (
    Comeback,
    Diversion,
    Estimate,
    HelpKind,
    NextTurn,
    PaperKind,
    PlannedTurn,
    PrinterState,
    Why,
)

TurnState = Literal["waiting", "called", "serving", "parked", "missed", "done"]
StepKind = Literal["finish", "transfer", "miss", "park"]
# How a turn came to its place in line: by its own number, or by one of the moves.
JoinedBy = Literal["issue", "reinstate", "transfer", "return", "reprioritise", "postpone", "undo", "next", "comeback"]
CounterMode = Literal["closed", "open", "paused"]

UNDO_WINDOW = timedelta(seconds=60)
NUMBER_REST = timedelta(hours=2)
PAPER_LIFE = timedelta(seconds=90)
PAPER_REPORT_GRACE = timedelta(seconds=60)
PRIORITY_WINDOW = timedelta(hours=1)

# A place in a line: claim, serial, ticket. Tuples compare in the order of calling inside a line.
Place = tuple[datetime, int, str]


class LineKey(NamedTuple):
    """What all who stand in one line share. `to` is the counter or clerk they were sent to, else empty."""

    service: str
    class_: str
    promise_s: int
    language: str
    to: str


def at_counter(counter: str) -> str:
    """The `to` of a turn that was sent to a counter."""
    return f"counter/{counter}"


def with_staff(login: str) -> str:
    """The `to` of a turn that was sent to a clerk."""
    return f"staff/{login}"


def own_names(counter: str, staff: str | None) -> tuple[str, ...]:
    """The names under which visitors are sent to a counter: its own, and that of its clerk."""
    return (at_counter(counter),) if staff is None else (at_counter(counter), with_staff(staff))


@dataclass(slots=True)
class Turn:
    """One wait-and-serve passage of a ticket at one service.

    `since` is when this wait began, `claim_at` from when it counts in the line; `joined_seq` and `joined_by` tell how
    it came to its place. A parked turn keeps its counter. Once a start was taken back the turn `waits_for_key`: only
    the next call may again end in a start that nobody pressed. `deliveries` counts the calls that reached the visitor,
    `delivered_call` is the newest of them. `called_seq` is where boards know the call from, `chosen_seq` the call
    itself if it was made today. `items` is the work counted at a finish that was taken back.
    """

    id: str
    service: str
    class_: str
    claim_at: datetime
    promise_s: int | None
    since: datetime
    to: str = ""
    joined_seq: int = 0
    joined_by: JoinedBy = "issue"
    state: TurnState = "waiting"
    counter: str | None = None
    staff: str | None = None
    called_at: datetime | None = None
    last_call_at: datetime | None = None
    call_no: int = 0
    called_seq: int = 0
    chosen_seq: int = 0
    started_at: datetime | None = None
    is_inferred: bool = False
    waits_for_key: bool = False
    missed_at: datetime | None = None
    expires_at: datetime | None = None
    parked_at: datetime | None = None
    due_at: datetime | None = None
    park_reason: str | None = None
    deliveries: int = 0
    delivered_call: int = 0
    delivered_at: datetime | None = None
    why: Why | None = None
    items: tuple[tuple[str, int], ...] = ()

    @property
    def is_awaited(self) -> bool:
        """Whether nobody saw the visitor come: only called, or taken to have come."""
        return self.state == "called" or (self.state == "serving" and self.is_inferred)

    @classmethod
    def of(cls, following: NextTurn, since: datetime) -> Turn:
        """The turn a visit goes on with, from when it waits."""
        facts = (following.turn, following.service, following.class_, following.claim_at, following.promise_s)
        return cls(*facts, since, following.to)


@dataclass(slots=True)
class Ticket:
    """A visitor's claim with its current turn.

    `ahead` and `estimate` are what was said at issue, and stand on the paper; `copies` counts the papers asked for.
    `planned` are the turns still to come; `misses` counts the no-shows, `postponed` how often others were let go first.
    """

    id: str
    serial: int
    number: str
    series: str
    position: int
    language: str
    issued_at: datetime
    device: str | None
    turn: Turn
    ahead: int = 0
    estimate: Estimate | None = None
    copies: int = 0
    planned: tuple[PlannedTurn, ...] = ()
    misses: int = 0
    postponed: int = 0

    @property
    def place(self) -> Place:
        return (self.turn.claim_at, self.serial, self.id)

    @property
    def line(self) -> LineKey:
        turn = self.turn
        return LineKey(turn.service, turn.class_, turn.promise_s or 0, self.language, turn.to)


@dataclass(slots=True)
class Step:
    """The last thing that took a visitor from a counter, with all that its undo restores.

    `turn` is the turn as it was when it was missed, else the turn itself. `next_turn`, `called_seq`, `misses` and
    `has_credit` tell whether somebody has gone on from there.
    """

    kind: StepKind
    at: datetime
    ticket: Ticket
    turn: Turn
    planned: tuple[PlannedTurn, ...] = ()
    state: Literal["called", "serving"] = "serving"
    next_turn: str | None = None
    called_seq: int = 0
    misses: int = 0
    has_credit: bool = False


@dataclass(slots=True)
class Counter:
    """A counter that is open or paused; `ticket` is the visitor called to it or served at it."""

    id: str
    mode: CounterMode
    staff: str | None
    services: tuple[str, ...]
    since: datetime
    reason: str | None = None
    ticket: str | None = None
    last: Step | None = None

    @property
    def own_names(self) -> tuple[str, ...]:
        return own_names(self.id, self.staff)


@dataclass(slots=True)
class Numbers:
    """Positions of a series today: those in use, those closed (oldest first), and the next fresh one."""

    next: int
    in_use: set[int] = field(default_factory=set)
    closed: dict[int, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Paper:
    """A paper that has been asked for and is not finished."""

    id: str
    ticket: str
    printer: str
    copy: int
    state: Literal["requested", "claimed"]
    requested_at: datetime
    expires_at: datetime
    kind: PaperKind = "ticket"


@dataclass(slots=True)
class Help:
    """A clerk's call for help that is not settled."""

    id: str
    counter: str
    staff: str | None
    kind: HelpKind
    ticket: str | None
    at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None


@dataclass(slots=True)
class Day:
    """One hall, one business date. `date` is None before the first opening; `seq` is the last event applied.

    `rests` holds every printed number that was closed today and is not open again, oldest first: whichever series.
    `rounds` is what each class has left in each round (rule `ratio`), by the name that a call records, and `rounds_seq`
    where the rounds began; `prioritised`
    are the moves to another class of the last hour; `is_sealed` once the end of the day before was
    written down; `came_in` and `diverted` are what the greeter counted today.
    """

    hall: str
    date: date | None = None
    is_open: bool = False
    seq: int = 0
    at: datetime | None = None
    opened_seq: int = 0
    setup_version: int = 0
    next_serial: int = 1
    tickets: dict[str, Ticket] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    lines: dict[LineKey, list[Place]] = field(default_factory=dict)
    counters: dict[str, Counter] = field(default_factory=dict)
    series: dict[str, Numbers] = field(default_factory=dict)
    rests: dict[str, datetime] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    printers: dict[str, PrinterState] = field(default_factory=dict)
    helps: dict[str, Help] = field(default_factory=dict)
    comebacks: dict[str, Comeback] = field(default_factory=dict)
    rounds: dict[str, dict[str, int]] = field(default_factory=dict)
    rounds_seq: int = 0
    prioritised: list[datetime] = field(default_factory=list)
    is_sealed: bool = False
    came_in: int = 0
    diverted: dict[Diversion, int] = field(default_factory=dict)

    def open_counters(self, service: str) -> list[Counter]:
        return [c for c in self.counters.values() if c.mode == "open" and service in c.services]

    def waiting(self) -> int:
        return sum(len(line) for line in self.lines.values())

    def parked_at(self, counter: str) -> list[Ticket]:
        """The tickets parked at a counter, in the order they were issued."""
        return [t for t in self.tickets.values() if t.turn.state == "parked" and t.turn.counter == counter]

    def sent_to(self, to: str) -> list[Ticket]:
        """The waiting tickets that were sent to this counter or clerk."""
        return [self.tickets[id] for line, places in self.lines.items() if line.to == to for _, _, id in places]

    def neighbours(self, line: LineKey) -> list[Place]:
        """All who stand where this line does, whatever language they speak: places are not counted by language."""
        alike = [places for key, places in self.lines.items() if key._replace(language=line.language) == line]
        return sorted(place for places in alike for place in places)

    def join_line(self, ticket: Ticket, seq: int, joined_by: JoinedBy) -> None:
        insort(self.lines.setdefault(ticket.line, []), ticket.place)
        ticket.turn.joined_seq, ticket.turn.joined_by = seq, joined_by

    def leave_line(self, ticket: Ticket) -> None:
        line = self.lines[ticket.line]
        at = bisect_left(line, ticket.place)
        assert line[at : at + 1] == [ticket.place], f"ticket {ticket.id} is not in its line"
        del line[at]
        if not line:
            del self.lines[ticket.line]
