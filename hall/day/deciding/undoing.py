"""Taking back the last step, and correcting a time afterwards."""

from __future__ import annotations

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import require_open, require_reason
from hall.day.state import UNDO_WINDOW, Counter, Day, Step, Ticket, Turn

CONFIRMED = "confirmed"  # the reason of who looked into a time and found it right; it is on every hall's list


def decide_undo(day: Day, command: c.Undo, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    if counter.ticket is not None:
        ticket = day.tickets[counter.ticket]
        turn = ticket.turn
        if turn.state == "called":
            undone = e.TicketCallUndone(ticket.id, turn.id, ticket.number, counter.id, counter.staff)
            is_walk_in = turn.why is not None and turn.why.chosen_by == "walk_in"
            return (undone, withdrawn(ticket)) if is_walk_in else (undone,)
        return (e.TicketStartUndone(ticket.id, turn.id, counter.id, counter.staff),)
    last = counter.last
    if last is None or context.at - last.at > UNDO_WINDOW or not can_undo(day, last):
        raise r.NothingToUndo(counter=counter.id)
    return (undo_of(day, counter, last),)


def withdrawn(ticket: Ticket) -> e.TicketCancelled:
    """The number of a walk-in that was a mistake: nobody holds it, so nobody may be called by it."""
    return e.TicketCancelled(ticket.id, ticket.turn.id, None, "cancelled_by_staff")


def can_undo(day: Day, last: Step) -> bool:
    """False once somebody has gone on from there: the ticket was called again, returned or closed, its credit used."""
    ticket = day.tickets.get(last.ticket.id)
    if last.kind == "miss":
        return (
            ticket is not None and (ticket.turn.id, ticket.misses) == (last.turn.id, last.misses) and is_missed(ticket)
        )
    if last.kind == "park":
        is_same = ticket is not None and ticket.turn is last.turn and ticket.turn.called_seq == last.called_seq
        return is_same and last.turn.state == "parked"
    if last.has_credit and last.ticket.id not in day.comebacks:
        return False
    if last.next_turn is None or ticket is None:
        return last.next_turn is None and ticket is None
    return ticket.turn.id == last.next_turn and ticket.turn.state == "waiting"


def is_missed(ticket: Ticket) -> bool:
    """True also while the turn stands in line again, where it was put after it was missed."""
    turn = ticket.turn
    return turn.state == "missed" or (turn.state == "waiting" and turn.joined_by == "reinstate")


def undo_of(day: Day, counter: Counter, last: Step) -> e.Event:
    where = (last.ticket.id, last.turn.id, counter.id, counter.staff)
    if last.kind == "miss":
        return e.TicketMissUndone(*where, None if last.ticket.turn.state == "missed" else missed_call(last.turn))
    if last.kind == "park":
        return e.TicketUnparked(*where)
    ticket = day.tickets.get(last.ticket.id)
    return e.TicketFinishUndone(*where, None if ticket is None else ticket.turn.id, last.state)


def missed_call(turn: Turn) -> e.MissedCall:
    assert turn.called_at is not None
    calls = (turn.called_at, turn.call_no, turn.deliveries, turn.delivered_at)
    return e.MissedCall(turn.claim_at, turn.since, *calls)


def decide_correct_time(day: Day, command: c.CorrectTime, context: c.Context) -> tuple[e.Event, ...]:
    ticket = day.tickets.get(command.ticket)
    if ticket is not None and ticket.turn.id == command.turn:
        raise r.TurnNotDone(number=ticket.number)
    started_at = command.started_at or command.recorded_started_at
    ended_at = command.ended_at or command.recorded_ended_at
    is_same = (started_at, ended_at) == (command.recorded_started_at, command.recorded_ended_at)
    is_confirmed = is_same and command.reason == CONFIRMED
    reason = CONFIRMED if is_confirmed else require_reason(context.setup, "correct_time", command.reason)
    if not command.called_at <= started_at <= ended_at <= context.at:
        raise r.TimeImpossible(called_at=command.called_at, started_at=started_at, ended_at=ended_at)
    return (e.TimeCorrected(command.ticket, command.turn, command.started_at, command.ended_at, reason),)
