"""How an event changes the day. Nothing is judged here: what was recorded has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hall.day import events as e
from hall.day.state import Closed, Counter, Day, Numbers, Paper, Ticket, Turn


def apply(day: Day, recorded: e.Recorded) -> None:
    """Carry one event into the day. Events come in the order of their seq, without a gap."""
    assert recorded.seq == day.seq + 1 or day.seq == 0, f"seq {recorded.seq} after {day.seq}"
    APPLIERS[type(recorded.event)](day, recorded.event, recorded)
    day.seq = recorded.seq
    day.at = recorded.at


def fold(hall: str, recorded: Iterable[e.Recorded]) -> Day:
    """The day after these events; they begin at the hall's first event or at any `DayOpened`."""
    day = Day(hall)
    for one in recorded:
        apply(day, one)
    return day


# --- the day ------------------------------------------------------------------------------------------------------


def apply_setup(day: Day, event: e.SetupPublished, _: e.Recorded) -> None:
    day.setup_version = event.version


def apply_day_opened(day: Day, event: e.DayOpened, recorded: e.Recorded) -> None:
    day.date, day.is_open, day.opened_seq = event.business_date, True, recorded.seq
    day.next_serial, day.setup_version = event.next_serial, event.setup_version
    day.tickets, day.numbers, day.lines, day.papers = {}, {}, {}, {}
    day.printers = dict(event.printers)
    day.series, day.rests = {}, {}
    for number in event.numbers:
        positions(day, number.series).closed[number.position] = number.closed_at
    for carried in event.tickets:
        add_ticket(day, serving_ticket(carried))
    day.counters = {
        one.counter: Counter(one.counter, one.state, one.staff, one.services, one.since, one.reason, one.ticket)
        for one in event.counters
    }


def serving_ticket(carried: e.CarriedTicket) -> Ticket:
    turn = Turn(
        carried.turn,
        carried.service,
        carried.class_,
        carried.claim_at,
        carried.promise_s,
        state="serving",
        counter=carried.counter,
        staff=carried.staff,
        called_at=carried.called_at,
        last_call_at=carried.called_at,
        call_no=carried.call_no,
        started_at=carried.started_at,
        why=carried.why,
    )
    return Ticket(
        carried.ticket,
        carried.serial,
        carried.number,
        carried.series,
        carried.position,
        carried.language,
        carried.issued_at,
        carried.device,
        turn,
        carried.ahead,
        carried.estimate,
        carried.copies,
    )


def apply_day_closed(day: Day, _: e.DayClosed, __: e.Recorded) -> None:
    day.is_open = False


# --- counters -----------------------------------------------------------------------------------------------------


def apply_counter_opened(day: Day, event: e.CounterOpened, recorded: e.Recorded) -> None:
    day.counters[event.counter] = Counter(event.counter, "open", event.staff, event.services, recorded.at)


def apply_counter_paused(day: Day, event: e.CounterPaused, recorded: e.Recorded) -> None:
    counter = day.counters[event.counter]
    counter.mode, counter.reason, counter.since = "paused", event.reason, recorded.at


def apply_counter_resumed(day: Day, event: e.CounterResumed, recorded: e.Recorded) -> None:
    counter = day.counters[event.counter]
    counter.mode, counter.reason, counter.since = "open", None, recorded.at


def apply_counter_closed(day: Day, event: e.CounterClosed, _: e.Recorded) -> None:
    del day.counters[event.counter]


# --- tickets ------------------------------------------------------------------------------------------------------


def positions(day: Day, series: str) -> Numbers:
    return day.series.setdefault(series, Numbers(next=0))


def add_ticket(day: Day, ticket: Ticket) -> None:
    numbers = positions(day, ticket.series)
    numbers.in_use.add(ticket.position)
    numbers.closed.pop(ticket.position, None)
    day.numbers[ticket.number] = ticket.id
    day.rests.pop(ticket.number, None)
    day.tickets[ticket.id] = ticket


def remove_ticket(day: Day, ticket: Ticket, at: datetime) -> None:
    numbers = positions(day, ticket.series)
    numbers.in_use.discard(ticket.position)
    numbers.closed[ticket.position] = day.rests[ticket.number] = at
    del day.numbers[ticket.number]
    del day.tickets[ticket.id]


def apply_issued(day: Day, event: e.TicketIssued, recorded: e.Recorded) -> None:
    turn = Turn(event.turn, event.service, event.class_, event.claim_at, event.promise_s)
    ticket = Ticket(
        event.ticket,
        event.serial,
        event.number,
        event.series,
        event.position,
        event.language,
        recorded.at,
        event.device,
        turn,
        event.ahead,
        event.estimate,
    )
    add_ticket(day, ticket)
    day.join_line(ticket)
    day.next_serial = event.serial + 1
    numbers = positions(day, event.series)
    numbers.next = max(numbers.next, event.position + 1)


def apply_called(day: Day, event: e.TicketCalled, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    day.leave_line(ticket)
    turn = ticket.turn
    turn.state, turn.counter, turn.staff = "called", event.counter, event.staff
    turn.called_at = turn.last_call_at = recorded.at
    turn.call_no, turn.called_seq, turn.why = event.call_no, recorded.seq, event.why
    day.counters[event.counter].ticket = event.ticket


def apply_recalled(day: Day, event: e.TicketRecalled, recorded: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.call_no, turn.last_call_at = event.call_no, recorded.at


def apply_started(day: Day, event: e.TicketStarted, recorded: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.state, turn.started_at = "serving", recorded.at


def apply_finished(day: Day, event: e.TicketFinished, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    remove_ticket(day, ticket, recorded.at)
    ticket.turn.state = "done"
    counter = day.counters[event.counter]
    counter.ticket, counter.last_closed = None, Closed(ticket, recorded.at)


def apply_missed(day: Day, event: e.TicketMissed, recorded: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.state, turn.missed_at, turn.counter = "missed", recorded.at, None
    counter = day.counters[event.counter]
    counter.ticket, counter.last_closed = None, None  # the last step was this one, not the finish before it


def apply_closed(day: Day, event: e.TicketCancelled | e.TicketExpired, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    if ticket.turn.state == "waiting":
        day.leave_line(ticket)
    if event.counter is not None:
        counter = day.counters[event.counter]
        counter.ticket, counter.last_closed = None, None
    remove_ticket(day, ticket, recorded.at)


def apply_call_undone(day: Day, event: e.TicketCallUndone, _: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    turn = ticket.turn
    turn.state, turn.counter, turn.staff, turn.why = "waiting", None, None, None
    turn.called_at = turn.last_call_at = None
    turn.call_no = turn.called_seq = 0
    day.counters[event.counter].ticket = None
    day.join_line(ticket)


def apply_start_undone(day: Day, event: e.TicketStartUndone, _: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.state, turn.started_at = "called", None


def apply_finish_undone(day: Day, event: e.TicketFinishUndone, _: e.Recorded) -> None:
    counter = day.counters[event.counter]
    assert counter.last_closed is not None
    assert counter.last_closed.ticket.id == event.ticket
    ticket = counter.last_closed.ticket
    ticket.turn.state = "serving"
    add_ticket(day, ticket)
    counter.ticket, counter.last_closed = ticket.id, None


# --- paper --------------------------------------------------------------------------------------------------------


def apply_paper_requested(day: Day, event: e.PaperRequested, recorded: e.Recorded) -> None:
    day.papers[event.paper] = Paper(
        event.paper, event.ticket, event.printer, event.copy, "requested", recorded.at, event.expires_at
    )
    if event.ticket in day.tickets:
        day.tickets[event.ticket].copies = event.copy


def apply_paper_claimed(day: Day, event: e.PaperClaimed, _: e.Recorded) -> None:
    day.papers[event.paper].state = "claimed"


def apply_paper_finished(day: Day, event: e.PaperPrinted | e.PaperUncertain | e.PaperFailed, _: e.Recorded) -> None:
    del day.papers[event.paper]


def apply_printer(day: Day, event: e.PrinterReported, _: e.Recorded) -> None:
    day.printers[event.printer] = event.state


APPLIERS: dict[type, Callable[[Day, Any, e.Recorded], None]] = {
    e.SetupPublished: apply_setup,
    e.DayOpened: apply_day_opened,
    e.DayClosed: apply_day_closed,
    e.CounterOpened: apply_counter_opened,
    e.CounterPaused: apply_counter_paused,
    e.CounterResumed: apply_counter_resumed,
    e.CounterClosed: apply_counter_closed,
    e.TicketIssued: apply_issued,
    e.TicketCalled: apply_called,
    e.TicketRecalled: apply_recalled,
    e.TicketStarted: apply_started,
    e.TicketFinished: apply_finished,
    e.TicketMissed: apply_missed,
    e.TicketCancelled: apply_closed,
    e.TicketExpired: apply_closed,
    e.TicketCallUndone: apply_call_undone,
    e.TicketStartUndone: apply_start_undone,
    e.TicketFinishUndone: apply_finish_undone,
    e.PaperRequested: apply_paper_requested,
    e.PaperClaimed: apply_paper_claimed,
    e.PaperPrinted: apply_paper_finished,
    e.PaperUncertain: apply_paper_finished,
    e.PaperFailed: apply_paper_finished,
    e.PrinterReported: apply_printer,
}
