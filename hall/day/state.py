"""The state of one hall on one business day, as folded from its events.

A `Day` holds what is still open: waiting, called, serving and missed turns, unfinished papers, counters, number
positions, and each counter's last closed turn for the undo. What is closed lives in rows, so a day stays small.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from hall.day.events import Estimate, PrinterState, Why

TurnState = Literal["waiting", "called", "serving", "parked", "missed", "done"]
CounterMode = Literal["closed", "open", "paused"]

UNDO_WINDOW = timedelta(seconds=60)
NUMBER_REST = timedelta(hours=2)
PAPER_LIFE = timedelta(seconds=90)
PAPER_REPORT_GRACE = timedelta(seconds=60)

# A place in a line: claim, serial, ticket. Tuples compare in the order of calling inside a line.
Place = tuple[datetime, int, str]
LineKey = tuple[str, str]


@dataclass(slots=True)
class Turn:
    """One wait-and-serve passage of a ticket at one service."""

    id: str
    service: str
    class_: str
    claim_at: datetime
    promise_s: int | None
    state: TurnState = "waiting"
    counter: str | None = None
    staff: str | None = None
    called_at: datetime | None = None
    last_call_at: datetime | None = None
    call_no: int = 0
    called_seq: int = 0
    started_at: datetime | None = None
    missed_at: datetime | None = None
    why: Why | None = None


@dataclass(slots=True)
class Ticket:
    """A visitor's claim with its current turn.

    `ahead` and `estimate` are what was said at issue, and stand on the paper; `copies` counts the papers asked for.
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

    @property
    def place(self) -> Place:
        return (self.turn.claim_at, self.serial, self.id)

    @property
    def line(self) -> LineKey:
        return (self.turn.service, self.turn.class_)


@dataclass(slots=True)
class Closed:
    """A turn finished at a counter, kept for the undo."""

    ticket: Ticket
    at: datetime


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
    last_closed: Closed | None = None


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


@dataclass(slots=True)
class Day:
    """One hall, one business date. `date` is None before the first opening; `seq` is the last event applied.

    `rests` holds every printed number that was closed today and is not open again, oldest first: whichever series.
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

    def open_counters(self, service: str) -> list[Counter]:
        return [c for c in self.counters.values() if c.mode == "open" and service in c.services]

    def waiting(self) -> int:
        return sum(len(line) for line in self.lines.values())

    def join_line(self, ticket: Ticket) -> None:
        insort(self.lines.setdefault(ticket.line, []), ticket.place)

    def leave_line(self, ticket: Ticket) -> None:
        line = self.lines[ticket.line]
        at = bisect_left(line, ticket.place)
        assert line[at : at + 1] == [ticket.place], f"ticket {ticket.id} is not in its line"
        del line[at]
        if not line:
            del self.lines[ticket.line]
