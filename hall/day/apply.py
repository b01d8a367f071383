"""How an event changes the day. Nothing is judged here: what was recorded has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from hall.day import events as e
from hall.day.state import (
    PRIORITY_WINDOW,
    Counter,
    Day,
    Help,
    JoinedBy,
    Numbers,
    Paper,
    Step,
    Ticket,
    Turn,
)


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


def apply_setup(day: Day, event: e.SetupPublished, recorded: e.Recorded) -> None:
    day.setup_version, day.rounds, day.rounds_seq = event.version, {}, recorded.seq


def apply_day_opened(day: Day, event: e.DayOpened, recorded: e.Recorded) -> None:
    day.date, day.is_open, day.opened_seq = event.business_date, True, recorded.seq
    day.next_serial, day.setup_version = event.next_serial, event.setup_version
    day.tickets, day.numbers, day.lines, day.papers, day.helps = {}, {}, {}, {}, {}
    day.rounds, day.rounds_seq, day.prioritised, day.is_sealed = {}, recorded.seq, [], False
    day.came_in, day.diverted = 0, {}
    day.comebacks = {one.ticket: one for one in event.comebacks}
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
        carried.since,
        carried.to,
        state="serving",
        counter=carried.counter,
        staff=carried.staff,
        called_at=carried.called_at,
        last_call_at=carried.last_call_at,
        call_no=carried.call_no,
        started_at=carried.started_at,
        is_inferred=carried.inferred,
        deliveries=carried.deliveries,
        delivered_call=carried.delivered_call,
        delivered_at=carried.delivered_at,
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
        carried.planned,
        carried.misses,
        carried.postponed,
    )


def apply_sealed(day: Day, _: e.DaySealed, __: e.Recorded) -> None:
    day.is_sealed = True


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
    """Who was sent here and missed the call would return to a line that nobody calls: the open line is theirs now."""
    counter = day.counters.pop(event.counter)
    for ticket in day.tickets.values():
        if ticket.turn.state == "missed" and ticket.turn.to in counter.own_names:
            ticket.turn.to = ""


def apply_help_requested(day: Day, event: e.HelpRequested, recorded: e.Recorded) -> None:
    day.helps[event.help] = Help(event.help, event.counter, event.staff, event.kind, event.ticket, recorded.at)


def apply_help_taken(day: Day, event: e.HelpTaken, recorded: e.Recorded) -> None:
    help = day.helps[event.help]
    help.taken_by, help.taken_at = event.taken_by, recorded.at


def apply_help_solved(day: Day, event: e.HelpSolved, _: e.Recorded) -> None:
    del day.helps[event.help]


def apply_diverted(day: Day, event: e.VisitDiverted, _: e.Recorded) -> None:
    day.diverted[event.to] = day.diverted.get(event.to, 0) + event.count


def apply_door(day: Day, event: e.DoorCounted, _: e.Recorded) -> None:
    day.came_in += event.count


def apply_nothing(_: Day, __: e.TimeCorrected, ___: e.Recorded) -> None:
    """Counted in rows and figures; the day goes on as before."""


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
    turn = Turn(event.turn, event.service, event.class_, event.claim_at, event.promise_s, recorded.at)
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
        planned=event.planned,
    )
    add_ticket(day, ticket)
    day.join_line(ticket, recorded.seq, "issue" if event.comeback is None else "comeback")
    day.next_serial = event.serial + 1
    numbers = positions(day, event.series)
    numbers.next = max(numbers.next, event.position + 1)
    if event.comeback is not None:
        day.comebacks.pop(event.comeback, None)


def apply_called(day: Day, event: e.TicketCalled, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    day.leave_line(ticket)
    turn = ticket.turn
    turn.state, turn.counter, turn.staff = "called", event.counter, event.staff
    turn.called_at = turn.last_call_at = recorded.at
    turn.call_no, turn.called_seq, turn.chosen_seq, turn.why = event.call_no, recorded.seq, recorded.seq, event.why
    turn.deliveries, turn.delivered_call, turn.delivered_at = 0, 0, None
    turn.waits_for_key = False
    counter = day.counters[event.counter]
    counter.ticket = event.ticket
    if event.why.round:
        day.rounds[event.why.round_of] = dict(event.why.round)


def apply_recalled(day: Day, event: e.TicketRecalled, recorded: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.call_no, turn.last_call_at, turn.waits_for_key = event.call_no, recorded.at, False


def apply_delivered(day: Day, event: e.CallDelivered, recorded: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.deliveries = event.deliveries
    turn.delivered_call, turn.delivered_at = event.call_no, recorded.at


def apply_started(day: Day, event: e.TicketStarted, recorded: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.state, turn.started_at, turn.is_inferred = "serving", recorded.at, event.inferred


def apply_finished(day: Day, event: e.TicketFinished, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    counter = day.counters[event.counter]
    counter.ticket = None
    following = event.next.turn if event.next is not None else None
    counter.last = Step("finish", recorded.at, ticket, ticket.turn, ticket.planned, next_turn=following)
    counter.last.has_credit, ticket.turn.items = event.comeback is not None, event.items
    if event.comeback is not None:
        day.comebacks[ticket.id] = event.comeback
    if event.next is None:
        remove_ticket(day, ticket, recorded.at)
        ticket.turn.state = "done"
    else:
        begin_next(day, ticket, event.next, recorded)


def begin_next(day: Day, ticket: Ticket, following: e.NextTurn, recorded: e.Recorded) -> None:
    """The visit goes on with its next turn, under the same number."""
    ticket.planned = ticket.planned[1:]
    wait_again(day, ticket, following, recorded, "next")


def wait_again(day: Day, ticket: Ticket, following: e.NextTurn, recorded: e.Recorded, joined_by: JoinedBy) -> None:
    ticket.turn.state = "done"
    ticket.turn = Turn.of(following, recorded.at)
    day.join_line(ticket, recorded.seq, joined_by)


def apply_missed(day: Day, event: e.TicketMissed, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    ticket.misses += 1
    counter, turn = day.counters[event.counter], ticket.turn
    counter.ticket, counter.last = None, Step("miss", recorded.at, ticket, replace(turn), misses=ticket.misses)
    turn.state, turn.missed_at, turn.counter, turn.expires_at = "missed", recorded.at, None, event.expires_at


def apply_closed(day: Day, event: e.TicketCancelled | e.TicketExpired, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    if ticket.turn.state == "waiting":
        day.leave_line(ticket)
    if event.counter is not None and ticket.turn.state in ("called", "serving"):
        counter = day.counters[event.counter]
        counter.ticket, counter.last = None, None
    remove_ticket(day, ticket, recorded.at)


# --- moves --------------------------------------------------------------------------------------------------------


def apply_reinstated(day: Day, event: e.TicketReinstated, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    turn = ticket.turn
    turn.claim_at, turn.since = event.claim_at, recorded.at
    rejoin(day, ticket, recorded, "reinstate")


def rejoin(day: Day, ticket: Ticket, recorded: e.Recorded, joined_by: JoinedBy) -> None:
    """The turn waits, and nothing of its calls counts any more."""
    turn = ticket.turn
    turn.state, turn.counter, turn.staff, turn.why = "waiting", None, None, None
    turn.called_at = turn.last_call_at = turn.missed_at = turn.expires_at = turn.started_at = None
    turn.call_no, turn.called_seq, turn.items = 0, 0, ()
    turn.deliveries, turn.delivered_call, turn.delivered_at = 0, 0, None
    day.join_line(ticket, recorded.seq, joined_by)


def apply_parked(day: Day, event: e.TicketParked, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    turn = ticket.turn
    turn.state, turn.parked_at, turn.due_at, turn.park_reason = "parked", recorded.at, event.due_at, event.reason
    counter = day.counters[event.counter]
    counter.ticket, counter.last = None, Step("park", recorded.at, ticket, turn, called_seq=turn.called_seq)


def apply_unparked(day: Day, event: e.TicketUnparked, _: e.Recorded) -> None:
    turn = day.tickets[event.ticket].turn
    turn.state, turn.parked_at, turn.due_at, turn.park_reason = "serving", None, None, None
    counter = day.counters[event.counter]
    counter.ticket, counter.last = event.ticket, None


def apply_returned(day: Day, event: e.TicketReturned, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    turn = ticket.turn
    if turn.state == "waiting":
        day.leave_line(ticket)
    if event.cause != "counter_closed":  # whoever waited all along goes on waiting
        turn.since = recorded.at
    turn.claim_at, turn.to = event.claim_at, event.to
    turn.parked_at = turn.due_at = turn.park_reason = None
    rejoin(day, ticket, recorded, "return")


def apply_transferred(day: Day, event: e.TicketTransferred, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    turn = ticket.turn
    if turn.state == "waiting":
        day.leave_line(ticket)
    if event.counter is not None:
        counter = day.counters[event.counter]
        state: Any = turn.state
        step = Step("transfer", recorded.at, ticket, turn, ticket.planned, state, event.next_turn)
        counter.ticket, counter.last = None, step
    following = e.NextTurn(event.next_turn, event.service, event.class_, event.claim_at, event.promise_s, event.to)
    wait_again(day, ticket, following, recorded, "transfer")
    if event.returning is not None:
        ticket.planned = (event.returning, *ticket.planned)


def apply_postponed(day: Day, event: e.TicketPostponed, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    day.leave_line(ticket)
    ticket.postponed += 1
    ticket.turn.claim_at = event.claim_at
    day.join_line(ticket, recorded.seq, "postpone")


def apply_reprioritised(day: Day, event: e.TicketReprioritised, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    day.leave_line(ticket)
    ticket.turn.class_, ticket.turn.promise_s = event.class_, event.promise_s
    day.join_line(ticket, recorded.seq, "reprioritise")
    day.prioritised = [at for at in day.prioritised if recorded.at - at < PRIORITY_WINDOW] + [recorded.at]


def apply_service_added(day: Day, event: e.ServiceAdded, _: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    ticket.planned = (*ticket.planned, event.planned)


def apply_service_replaced(day: Day, event: e.ServiceReplaced, _: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    ticket.planned = tuple(event.planned if one.turn == event.planned.turn else one for one in ticket.planned)


# --- steps taken back ---------------------------------------------------------------------------------------------


def apply_call_undone(day: Day, event: e.TicketCallUndone, recorded: e.Recorded) -> None:
    ticket = day.tickets[event.ticket]
    counter = day.counters[event.counter]
    why, is_running = ticket.turn.why, ticket.turn.chosen_seq > day.rounds_seq  # a new day or set-up begins new rounds
    if why is not None and why.round_of in day.rounds and is_running:
        left = day.rounds[why.round_of]
        left[ticket.turn.class_] = left.get(ticket.turn.class_, 0) + 1
    counter.ticket = None
    rejoin(day, ticket, recorded, "undo")


def apply_start_undone(day: Day, event: e.TicketStartUndone, recorded: e.Recorded) -> None:
    """Boards begin anew over night: a visitor of the day before is on them from here."""
    turn = day.tickets[event.ticket].turn
    turn.called_seq = turn.called_seq or recorded.seq
    turn.state, turn.started_at, turn.is_inferred, turn.waits_for_key = "called", None, False, True


def apply_finish_undone(day: Day, event: e.TicketFinishUndone, _: e.Recorded) -> None:
    counter = day.counters[event.counter]
    last = counter.last
    assert last is not None
    assert last.ticket.id == event.ticket
    ticket = last.ticket
    if event.next_turn is not None:
        day.leave_line(ticket)
    else:
        add_ticket(day, ticket)
    now = {one.turn: one for one in ticket.planned}  # since then a service may have been added, or replaced
    before = tuple(now.get(one.turn, one) for one in last.planned)
    ticket.turn, ticket.planned = last.turn, before + tuple(o for o in ticket.planned if o not in before and not o.to)
    ticket.turn.state = event.state
    day.comebacks.pop(ticket.id, None)
    counter.ticket, counter.last = ticket.id, None


def apply_miss_undone(day: Day, event: e.TicketMissUndone, _: e.Recorded) -> None:
    ticket, counter = day.tickets[event.ticket], day.counters[event.counter]
    assert counter.last is not None
    if ticket.turn.state == "waiting":
        day.leave_line(ticket)
    ticket.misses, ticket.turn = ticket.misses - 1, counter.last.turn
    counter.ticket, counter.last = event.ticket, None


# --- paper --------------------------------------------------------------------------------------------------------


def apply_paper_requested(day: Day, event: e.PaperRequested, recorded: e.Recorded) -> None:
    day.papers[event.paper] = Paper(
        event.paper, event.ticket, event.printer, event.copy, "requested", recorded.at, event.expires_at, event.kind
    )
    if event.kind == "ticket" and event.ticket in day.tickets:
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
    e.DaySealed: apply_sealed,
    e.VisitDiverted: apply_diverted,
    e.DoorCounted: apply_door,
    e.HelpRequested: apply_help_requested,
    e.HelpTaken: apply_help_taken,
    e.HelpSolved: apply_help_solved,
    e.TicketIssued: apply_issued,
    e.TicketCalled: apply_called,
    e.TicketRecalled: apply_recalled,
    e.CallDelivered: apply_delivered,
    e.TicketStarted: apply_started,
    e.TicketFinished: apply_finished,
    e.TicketMissed: apply_missed,
    e.TicketReinstated: apply_reinstated,
    e.TicketParked: apply_parked,
    e.TicketUnparked: apply_unparked,
    e.TicketReturned: apply_returned,
    e.TicketTransferred: apply_transferred,
    e.TicketPostponed: apply_postponed,
    e.TicketReprioritised: apply_reprioritised,
    e.ServiceAdded: apply_service_added,
    e.ServiceReplaced: apply_service_replaced,
    e.TicketCancelled: apply_closed,
    e.TicketExpired: apply_closed,
    e.TicketCallUndone: apply_call_undone,
    e.TicketStartUndone: apply_start_undone,
    e.TicketFinishUndone: apply_finish_undone,
    e.TicketMissUndone: apply_miss_undone,
    e.TimeCorrected: apply_nothing,
    e.PaperRequested: apply_paper_requested,
    e.PaperClaimed: apply_paper_claimed,
    e.PaperPrinted: apply_paper_finished,
    e.PaperUncertain: apply_paper_finished,
    e.PaperFailed: apply_paper_finished,
    e.PrinterReported: apply_printer,
}
