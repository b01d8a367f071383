"""What the ledger keeps of one hall: its open tickets, counters and papers, and the steps that move between them."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hall.day import events as e
from hall.day.setup import Setup
from tests.sim.order import Round

REST = timedelta(hours=2)
UNDO = timedelta(seconds=60)


@dataclass(slots=True)
class Claim:
    """An open ticket with its current turn. `seen` are the calls that were proved, by number."""

    id: str
    serial: int
    number: str
    service: str
    class_: str
    language: str
    promise_s: int | None
    claim_at: datetime
    series: str
    position: int
    turn: str
    planned: tuple[str, ...] = ()
    to: str = ""
    state: str = "waiting"
    counter: str | None = None
    called_seq: int = 0
    call_no: int = 0
    called_at: datetime | None = None
    last_call_at: datetime | None = None
    seen: frozenset[int] = frozenset()
    seen_at: datetime | None = None
    until: datetime | None = None  # parked or missed: the end of it
    is_inferred: bool = False
    misses: int = 0
    postponed: int = 0
    touched_seq: int = 0

    @property
    def line(self) -> tuple[object, ...]:
        """Where places are counted: whatever language the visitor speaks."""
        return self.service, self.class_, self.promise_s or 0, self.to


@dataclass(slots=True)
class Step:
    """What took a visitor from a counter, and the claim as it was before."""

    kind: str
    at: datetime
    before: Claim


@dataclass(slots=True)
class Place:
    """A counter that is open or paused."""

    staff: str | None
    services: tuple[str, ...]
    ticket: str | None = None
    is_paused: bool = False
    last: Step | None = None


@dataclass
class Book:
    """What is known of one hall. `wrong` says what no committed log may hold."""

    setups: Mapping[int, Setup]
    seq: int = 0
    serial: int = 0
    at: datetime | None = None
    date: date | None = None
    is_open: bool = False
    version: int = 0
    tickets: dict[str, Claim] = field(default_factory=dict)
    finished: dict[str, Claim] = field(default_factory=dict)
    counters: dict[str, Place] = field(default_factory=dict)
    rounds: dict[Round, dict[str, int]] = field(default_factory=dict)
    by_round: dict[int, Round] = field(default_factory=dict)
    ways_back: set[str] = field(default_factory=set)
    prioritised: list[datetime] = field(default_factory=list)
    comebacks: dict[str, e.Comeback] = field(default_factory=dict)
    helps: dict[str, tuple[str, str]] = field(default_factory=dict)
    helps_taken: set[str] = field(default_factory=set)
    counted: Tally[str] = field(default_factory=Tally)
    issued_today: dict[str, set[int]] = field(default_factory=dict)
    closed_today: dict[tuple[str, int], datetime] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    paper_of: dict[str, tuple[str, int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    def setup(self, one: e.Recorded) -> Setup:
        return self.setups[one.setup_version]

    def ticket(self, event: Any, seq: int, *states: str) -> Claim:
        """The claim that an event is about, which must be in one of these states and at the event's turn."""
        found = self.tickets.get(event.ticket)
        if found is None or found.state not in states:
            self.wrong.append(f"{seq}: ticket {event.ticket} is {found and found.state}, not {' or '.join(states)}")
        elif found.turn != event.turn:
            self.wrong.append(f"{seq}: ticket {event.ticket} is at turn {found.turn}, not {event.turn}")
        if found is None:
            return replace(NOBODY)
        found.touched_seq = seq
        return found

    def place(self, id: str, seq: int) -> Place:
        found = self.counters.get(id)
        if found is None:
            self.wrong.append(f"{seq}: counter {id} is closed")
        return found or Place(None, ())

    def take(self, event: Any, one: e.Recorded, *states: str) -> tuple[Claim, Place]:
        """A visitor is taken from a counter; what was before is kept for an undo."""
        ticket, place = self.ticket(event, one.seq, *states), self.place(event.counter, one.seq)
        self.require(place.ticket == event.ticket, f"{one.seq}: {ticket.number} is not at counter {event.counter}")
        place.ticket = None
        place.last = Step(type(one.event).__name__, one.at, replace(ticket))
        return ticket, place

    def give(self, ticket: Claim, counter: str, one: e.Recorded) -> None:
        """A visitor is at a counter, which must have been free."""
        place = self.place(counter, one.seq)
        self.require(place.ticket is None, f"{one.seq}: {ticket.number} is called to a counter with {place.ticket}")
        place.ticket = ticket.id

    def last_step(self, event: Any, one: e.Recorded, *kinds: str) -> Claim:
        """The claim as it was before the step that is taken back, the counter's last and not long ago."""
        place = self.place(event.counter, one.seq)
        last, place.last = place.last, None
        if last is None or last.kind not in kinds or last.before.id != event.ticket or one.at - last.at > UNDO:
            self.wrong.append(f"{one.seq}: {type(one.event).__name__} of {event.ticket} takes back {last}")
        return replace(NOBODY if last is None else last.before, touched_seq=one.seq)

    def close(self, id: str, one: e.Recorded) -> None:
        ticket = self.tickets.pop(id, None)
        if ticket is not None:
            self.finished[id] = ticket
            self.closed_today[ticket.series, ticket.position] = one.at
            if ticket.counter is not None and ticket.state in ("called", "serving"):
                place = self.place(ticket.counter, one.seq)
                place.ticket, place.last = None, None

    def waiting(self) -> list[Claim]:
        return [one for one in self.tickets.values() if one.state == "waiting"]

    def is_worn(self, event: e.TicketIssued, at: datetime) -> bool:
        """True when the number may be given though it was given today: all others were, and it has rested."""
        series = self.setups[self.version].series[event.series]
        given = self.issued_today.get(event.series, set())
        blocked = {t.position for t in self.tickets.values()} | {p for s, p in self.closed_today if s == event.series}
        is_exhausted = set(range(series.first, series.last + 1)) <= given | blocked
        rested = self.closed_today.get((event.series, event.position))
        return is_exhausted and rested is not None and at - rested >= REST


NOBODY = Claim("", 0, "", "", "", "", None, datetime.max.replace(tzinfo=UTC), "", 0, "")
