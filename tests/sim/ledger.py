"""A second opinion on the log: what the committed events of one hall may and may not say, in as few words as possible.

Written without the heart's code, so that a mistake there is not made here too. It knows tickets, counters, numbers and
papers only as far as a promise to the public hangs on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hall.day import events as e
from hall.day.setup import Setup

REST = timedelta(hours=2)


@dataclass(slots=True)
class Claim:
    """An open ticket."""

    serial: int
    number: str
    service: str
    class_: str
    claim_at: datetime
    series: str
    position: int
    state: str = "waiting"
    counter: str | None = None


@dataclass(slots=True)
class Place:
    """A counter that is open or paused."""

    staff: str | None
    services: tuple[str, ...]
    ticket: str | None = None
    is_paused: bool = False


@dataclass
class Ledger:
    """One hall. `wrong` says what no committed log may hold."""

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
    issued_today: dict[str, set[int]] = field(default_factory=dict)
    closed_today: dict[tuple[str, int], datetime] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    paper_of: dict[str, tuple[str, int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def read(self, one: e.Recorded) -> None:
        """Carry one committed event in; whatever is impossible about it is written down."""
        self.require(one.seq == self.seq + 1, f"seq {one.seq} after {self.seq}")
        self.require(self.at is None or one.at >= self.at, f"{one.seq} goes back in time")
        kind = type(one.event).__name__
        is_always = isinstance(one.event, e.SetupPublished | e.DayOpened)
        self.require(self.is_open or is_always, f"{one.seq}: {kind} outside a business day")
        self.require(is_always or one.business_date == self.date, f"{one.seq}: {kind} on {one.business_date}")
        self.seq, self.at = one.seq, one.at
        reader = READERS.get(type(one.event))
        if reader is not None:
            reader(self, one.event, one)

    def require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    def ticket(self, id: str, seq: int, *states: str) -> Claim:
        found = self.tickets.get(id)
        if found is None or found.state not in states:
            self.wrong.append(f"{seq}: ticket {id} is {found and found.state}, not {' or '.join(states)}")
        return found or Claim(0, "", "", "", datetime.max.replace(tzinfo=UTC), "", 0)

    def place(self, id: str, seq: int) -> Place:
        found = self.counters.get(id)
        if found is None:
            self.wrong.append(f"{seq}: counter {id} is closed")
        return found or Place(None, ())

    def close(self, id: str, one: e.Recorded) -> None:
        ticket = self.tickets.pop(id, None)
        if ticket is not None:
            self.finished[id] = ticket
            self.closed_today[ticket.series, ticket.position] = one.at
            if ticket.counter is not None:
                self.place(ticket.counter, one.seq).ticket = None

    def is_worn(self, event: e.TicketIssued, at: datetime) -> bool:
        """True when the number may be given though it was given today: all others were, and it has rested."""
        series = self.setups[self.version].series[event.series]
        given = self.issued_today.get(event.series, set())
        blocked = {t.position for t in self.tickets.values()} | {p for s, p in self.closed_today if s == event.series}
        is_exhausted = set(range(series.first, series.last + 1)) <= given | blocked
        rested = self.closed_today.get((event.series, event.position))
        return is_exhausted and rested is not None and at - rested >= REST


def on_setup(ledger: Ledger, event: e.SetupPublished, _: e.Recorded) -> None:
    ledger.version = event.version


def on_day_opened(ledger: Ledger, event: e.DayOpened, one: e.Recorded) -> None:
    ledger.require(not ledger.is_open, f"{one.seq}: a day opens in a day")
    later = ledger.date is None or event.business_date > ledger.date
    ledger.require(later, f"{one.seq}: {event.business_date} opens after {ledger.date}")
    ledger.require(event.next_serial == ledger.serial + 1, f"{one.seq}: serials go on at {event.next_serial}")
    going_on = {one.ticket for one in event.tickets}
    ledger.require(going_on == set(ledger.tickets), f"{one.seq}: {going_on ^ set(ledger.tickets)} lost over night")
    carried = {one.counter: one.ticket for one in event.counters}
    stood = {id: place.ticket for id, place in ledger.counters.items()}
    ledger.require(carried == stood, f"{one.seq}: counters over night {stood} -> {carried}")
    ledger.is_open, ledger.date = True, event.business_date
    ledger.issued_today, ledger.finished = {}, {}
    lately = {key: at for key, at in ledger.closed_today.items() if one.at - at < REST}
    kept = {(number.series, number.position) for number in event.numbers}
    ledger.require(set(lately) <= kept, f"{one.seq}: numbers {set(lately) - kept} do not rest")
    ledger.closed_today = lately


def on_day_closed(ledger: Ledger, event: e.DayClosed, one: e.Recorded) -> None:
    left = [ticket.number for ticket in ledger.tickets.values() if ticket.state != "serving"]
    ledger.require(not left, f"{one.seq}: the day closes over {left}")
    unfinished = [paper for paper, state in ledger.papers.items() if state in ("requested", "claimed")]
    ledger.require(not unfinished, f"{one.seq}: the day closes over papers {unfinished}")
    ledger.is_open = False


def on_counter_opened(ledger: Ledger, event: e.CounterOpened, one: e.Recorded) -> None:
    ledger.require(event.counter not in ledger.counters, f"{one.seq}: counter {event.counter} opens twice")
    busy = {place.staff for place in ledger.counters.values()} - {None}
    ledger.require(event.staff not in busy, f"{one.seq}: {event.staff} works at two counters")
    ledger.counters[event.counter] = Place(event.staff, event.services)


def on_counter_closed(ledger: Ledger, event: e.CounterClosed, one: e.Recorded) -> None:
    place = ledger.place(event.counter, one.seq)
    ledger.require(place.ticket is None, f"{one.seq}: counter {event.counter} closes over {place.ticket}")
    ledger.counters.pop(event.counter, None)


def on_paused(ledger: Ledger, event: e.CounterPaused, one: e.Recorded) -> None:
    ledger.place(event.counter, one.seq).is_paused = True


def on_resumed(ledger: Ledger, event: e.CounterResumed, one: e.Recorded) -> None:
    ledger.place(event.counter, one.seq).is_paused = False


def on_issued(ledger: Ledger, event: e.TicketIssued, one: e.Recorded) -> None:
    ledger.require(event.serial == ledger.serial + 1, f"{one.seq}: serial {event.serial} after {ledger.serial}")
    ledger.serial = event.serial
    open_numbers = {ticket.number for ticket in ledger.tickets.values()}
    ledger.require(event.number not in open_numbers, f"{one.seq}: number {event.number} is given twice")
    given = ledger.issued_today.setdefault(event.series, set())
    is_fresh = event.position not in given and (event.series, event.position) not in ledger.closed_today
    ledger.require(is_fresh or ledger.is_worn(event, one.at), f"{one.seq}: number {event.number} comes again too soon")
    given.add(event.position)
    ledger.closed_today.pop((event.series, event.position), None)
    ledger.tickets[event.ticket] = Claim(
        event.serial, event.number, event.service, event.class_, event.claim_at, event.series, event.position
    )


def on_called(ledger: Ledger, event: e.TicketCalled, one: e.Recorded) -> None:
    ticket = ledger.ticket(event.ticket, one.seq, "waiting")
    place = ledger.place(event.counter, one.seq)
    ledger.require(place.ticket is None, f"{one.seq}: {event.number} is called to a counter with {place.ticket}")
    ledger.require(not place.is_paused, f"{one.seq}: {event.number} is called to a paused counter")
    first = first_in_line(ledger, place.services)
    ledger.require(event.ticket == first, f"{one.seq}: {event.number} is called before its turn")
    ticket.state, ticket.counter, place.ticket = "called", event.counter, event.ticket


def first_in_line(ledger: Ledger, services: tuple[str, ...]) -> str | None:
    """Who has waited longest by the hall's rule, looking at every single visitor."""
    setup = ledger.setups[ledger.version]

    def claim(id: str) -> tuple[datetime, int]:
        ticket = ledger.tickets[id]
        counts = setup.calling.rule == "head_start" and ticket.class_ in setup.classes
        credit_s = setup.classes[ticket.class_].head_start_s if counts else 0
        return ticket.claim_at - timedelta(seconds=credit_s), ticket.serial

    line = [id for id, one in ledger.tickets.items() if one.state == "waiting" and one.service in services]
    return min(line, key=claim, default=None)


def on_recalled(ledger: Ledger, event: e.TicketRecalled, one: e.Recorded) -> None:
    ledger.ticket(event.ticket, one.seq, "called")


def on_started(ledger: Ledger, event: e.TicketStarted, one: e.Recorded) -> None:
    ledger.ticket(event.ticket, one.seq, "called").state = "serving"


def on_finished(ledger: Ledger, event: e.TicketFinished, one: e.Recorded) -> None:
    ledger.ticket(event.ticket, one.seq, "serving")
    ledger.close(event.ticket, one)


def on_missed(ledger: Ledger, event: e.TicketMissed, one: e.Recorded) -> None:
    ticket = ledger.ticket(event.ticket, one.seq, "called")
    ledger.place(event.counter, one.seq).ticket = None
    ticket.state, ticket.counter = "missed", None


def on_cancelled(ledger: Ledger, event: e.TicketCancelled | e.TicketExpired, one: e.Recorded) -> None:
    ledger.ticket(event.ticket, one.seq, "waiting", "called", "missed")
    ledger.close(event.ticket, one)


def on_call_undone(ledger: Ledger, event: e.TicketCallUndone, one: e.Recorded) -> None:
    ticket = ledger.ticket(event.ticket, one.seq, "called")
    ledger.place(event.counter, one.seq).ticket = None
    ticket.state, ticket.counter = "waiting", None


def on_start_undone(ledger: Ledger, event: e.TicketStartUndone, one: e.Recorded) -> None:
    ledger.ticket(event.ticket, one.seq, "serving").state = "called"


def on_finish_undone(ledger: Ledger, event: e.TicketFinishUndone, one: e.Recorded) -> None:
    ticket = ledger.finished.pop(event.ticket, None)
    place = ledger.place(event.counter, one.seq)
    if ticket is None or place.ticket is not None:
        ledger.wrong.append(f"{one.seq}: the finish of {event.ticket} cannot be undone")
        return
    numbers = {other.number for other in ledger.tickets.values()}
    ledger.require(ticket.number not in numbers, f"{one.seq}: number {ticket.number} comes back beside itself")
    ledger.closed_today.pop((ticket.series, ticket.position), None)
    ledger.tickets[event.ticket] = ticket
    ticket.state, ticket.counter, place.ticket = "serving", event.counter, event.ticket


def on_paper_requested(ledger: Ledger, event: e.PaperRequested, one: e.Recorded) -> None:
    ledger.require(event.paper not in ledger.papers, f"{one.seq}: paper {event.paper} is asked for twice")
    same = (event.ticket, event.copy) in ledger.paper_of.values()
    ledger.require(not same, f"{one.seq}: copy {event.copy} of ticket {event.ticket} is asked for twice")
    ledger.papers[event.paper], ledger.paper_of[event.paper] = "requested", (event.ticket, event.copy)


def on_paper_claimed(ledger: Ledger, event: e.PaperClaimed, one: e.Recorded) -> None:
    state = ledger.papers.get(event.paper)
    ledger.require(state == "requested", f"{one.seq}: paper {event.paper} is claimed when it is {state}")
    ledger.papers[event.paper] = "claimed"


def on_paper_reported(ledger: Ledger, event: e.PaperPrinted | e.PaperUncertain, one: e.Recorded) -> None:
    state = ledger.papers.get(event.paper)
    ledger.require(state == "claimed", f"{one.seq}: paper {event.paper} is reported when it is {state}")
    ledger.papers[event.paper] = "printed" if isinstance(event, e.PaperPrinted) else "uncertain"


def on_paper_failed(ledger: Ledger, event: e.PaperFailed, one: e.Recorded) -> None:
    state = ledger.papers.get(event.paper)
    ledger.require(state in ("requested", "claimed"), f"{one.seq}: paper {event.paper} fails when it is {state}")
    ledger.papers[event.paper] = "failed"


READERS: dict[type, Callable[[Ledger, Any, e.Recorded], None]] = {
    e.SetupPublished: on_setup,
    e.DayOpened: on_day_opened,
    e.DayClosed: on_day_closed,
    e.CounterOpened: on_counter_opened,
    e.CounterPaused: on_paused,
    e.CounterResumed: on_resumed,
    e.CounterClosed: on_counter_closed,
    e.TicketIssued: on_issued,
    e.TicketCalled: on_called,
    e.TicketRecalled: on_recalled,
    e.TicketStarted: on_started,
    e.TicketFinished: on_finished,
    e.TicketMissed: on_missed,
    e.TicketCancelled: on_cancelled,
    e.TicketExpired: on_cancelled,
    e.TicketCallUndone: on_call_undone,
    e.TicketStartUndone: on_start_undone,
    e.TicketFinishUndone: on_finish_undone,
    e.PaperRequested: on_paper_requested,
    e.PaperClaimed: on_paper_claimed,
    e.PaperPrinted: on_paper_reported,
    e.PaperUncertain: on_paper_reported,
    e.PaperFailed: on_paper_failed,
}
