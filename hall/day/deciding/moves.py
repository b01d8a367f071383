"""Moves of a turn: aside, to another place in line, to another service, counter or clerk, or out of the hall."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import (
    ONE_PLACE,
    claim_at_place,
    require_class,
    require_known_service,
    require_open,
    require_reason,
    require_ticket,
    require_visitor,
)
from hall.day.setup import Missed, Setup
from hall.day.state import PRIORITY_WINDOW, Day, Place, Ticket, at_counter, with_staff


def decide_park(day: Day, command: c.Park, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    turn = ticket.turn
    if turn.state != "serving":
        raise r.NotServing(number=ticket.number)
    reason = require_reason(context.setup, "park", command.reason)
    seconds = context.setup.calling.park_s if command.seconds is None else command.seconds
    due_at = context.at + timedelta(seconds=seconds)
    return (e.TicketParked(ticket.id, turn.id, counter.id, counter.staff, reason, due_at),)


def decide_unpark(day: Day, command: c.Unpark, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    if counter.ticket is not None:
        raise r.CounterIsBusy(counter=counter.id, number=day.tickets[counter.ticket].number)
    parked = [one for one in day.parked_at(counter.id) if command.ticket in (None, one.id)]
    if not parked:
        raise r.NobodyParked(counter=counter.id)
    if len(parked) > 1:
        raise r.SeveralParked(counter=counter.id, numbers=[one.number for one in parked])
    return (e.TicketUnparked(parked[0].id, parked[0].turn.id, counter.id, counter.staff),)


def decide_end_parking(day: Day, command: c.EndParking, context: c.Context) -> tuple[e.Event, ...]:
    """The visitor is next at the counter that parked the turn."""
    ticket = day.tickets.get(command.ticket)
    if ticket is None or ticket.turn.state != "parked" or ticket.turn.due_at != command.due_at:
        return ()
    turn = ticket.turn
    if context.at < command.due_at or turn.counter is None:
        return ()
    return (e.TicketReturned(ticket.id, turn.id, turn.claim_at, at_counter(turn.counter), "timer"),)


def decide_transfer_visitor(day: Day, command: c.TransferVisitor, context: c.Context) -> tuple[e.Event, ...]:
    _, ticket = require_visitor(day, command.counter, context.setup)
    transfer = c.TransferTicket(
        ticket.id, command.service, command.to_counter, command.staff, command.returns, command.has_note
    )
    return decide_transfer_ticket(day, transfer, context)


def decide_transfer_ticket(day: Day, command: c.TransferTicket, context: c.Context) -> tuple[e.Event, ...]:
    """The number and the claim are kept; the promise is that of the new service."""
    ticket = require_ticket(day, command.ticket)
    turn, setup = ticket.turn, context.setup
    if turn.state not in ("waiting", "called", "serving"):
        raise r.TicketNotWaiting(number=ticket.number, state=turn.state)
    service = command.service or turn.service
    require_known_service(setup, service)
    to = where_to(day, command, setup)
    if turn.counter is not None and to in day.counters[turn.counter].own_names:
        raise r.NowhereToGo(number=ticket.number)
    if turn.counter is None and (service, to) == (turn.service, turn.to):
        raise r.NowhereToGo(number=ticket.number)
    staff = day.counters[turn.counter].staff if turn.counter is not None else None
    promise_s = turn.promise_s if service == turn.service else setup.promise_of(service, turn.class_)
    transferred = e.TicketTransferred(
        ticket=ticket.id,
        turn=turn.id,
        counter=turn.counter,
        staff=staff,
        next_turn=f"{context.command_id}-t",
        service=service,
        class_=turn.class_,
        claim_at=turn.claim_at,
        promise_s=promise_s,
        to=to,
        returning=returning_turn(ticket, context) if command.returns else None,
        has_note=command.has_note,
    )
    return (transferred,)


def where_to(day: Day, command: c.TransferTicket, setup: Setup) -> str:
    """The counter or clerk that the visitor is sent to, empty for the open line of a service."""
    if command.counter is not None and command.staff is None:
        return at_counter(require_open(day, command.counter, setup).id)
    if command.staff is not None and command.counter is None:
        if all(counter.staff != command.staff for counter in day.counters.values()):
            raise r.StaffAbsent(staff=command.staff)
        return with_staff(command.staff)
    if command.service is None or command.counter is not None:
        raise r.NowhereToGo()
    return ""


def returning_turn(ticket: Ticket, context: c.Context) -> e.PlannedTurn | None:
    turn = ticket.turn
    if turn.counter is None:
        return None
    return e.PlannedTurn(f"{context.command_id}-r", turn.service, turn.promise_s, at_counter(turn.counter))


def decide_cancel(day: Day, command: c.CancelTicket, _: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    if ticket.turn.state == "serving":
        raise r.TicketAtCounter(number=ticket.number, counter=ticket.turn.counter)
    outcome: Any = "cancelled_by_visitor" if command.by_visitor else "cancelled_by_staff"
    return (e.TicketCancelled(ticket.id, ticket.turn.id, ticket.turn.counter, outcome),)


def decide_reinstate(day: Day, command: c.ReinstateTicket, context: c.Context) -> tuple[e.Event, ...]:
    """Back in line where the policy says; staff may choose the place, and are not bound by the number of returns."""
    ticket = require_ticket(day, command.ticket)
    policy = context.setup.missed
    if ticket.turn.state != "missed":
        raise r.TicketNotMissed(number=ticket.number, state=ticket.turn.state)
    if command.by_visitor and not returns_left(policy, ticket.misses):
        raise r.ReturnsSpent(number=ticket.number, most=policy.returns_most)
    place = policy.place if command.place is None or command.by_visitor else command.place
    claim_at = claim_at_place(day, ticket, place, policy.places_back, context.at)
    return (e.TicketReinstated(ticket.id, ticket.turn.id, claim_at, place),)


def returns_left(policy: Missed, misses: int) -> int:
    """How often a visitor may still return after so many misses; being put back by the policy is no return."""
    returned = max(0, misses - policy.requeue - 1)
    return max(0, policy.returns_most - returned)


def decide_end_return(day: Day, command: c.EndReturn, context: c.Context) -> tuple[e.Event, ...]:
    ticket = day.tickets.get(command.ticket)
    if ticket is None or ticket.turn.state != "missed" or ticket.turn.expires_at != command.expires_at:
        return ()
    if context.at < command.expires_at:
        return ()
    return (e.TicketExpired(ticket.id, ticket.turn.id, None, "no_show"),)


def decide_postpone(day: Day, command: c.PostponeTicket, context: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    if ticket.turn.state != "waiting":
        raise r.TicketNotWaiting(number=ticket.number, state=ticket.turn.state)
    most = context.setup.calling.postpone_most
    if command.by_visitor and ticket.postponed >= most:
        raise r.PostponementsSpent(number=ticket.number, most=most)
    behind = [place for place in day.neighbours(ticket.line) if place > ticket.place]
    if not behind:
        raise r.NobodyBehind(number=ticket.number)
    passed = min(command.places, len(behind))
    while (places := places_behind(behind, behind[passed - 1][0] + ONE_PLACE, ticket.serial)) > passed:
        passed = places  # where claims are that near to each other, more than asked for go first
    return (e.TicketPostponed(ticket.id, ticket.turn.id, behind[passed - 1][0] + ONE_PLACE, passed),)


def places_behind(behind: list[Place], claim_at: datetime, serial: int) -> int:
    """How many of those behind come before a turn with this claim."""
    return sum(place < (claim_at, serial, "") for place in behind)


def decide_reprioritise(day: Day, command: c.ReprioritiseTicket, context: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    setup, turn = context.setup, ticket.turn
    visitor_class = require_class(setup, command.class_)
    if turn.state != "waiting":
        raise r.TicketNotWaiting(number=ticket.number, state=turn.state)
    if visitor_class == turn.class_:
        raise r.ClassIsSame(number=ticket.number, class_=visitor_class)
    reason = require_reason(setup, "priority", command.reason)
    lately = [at for at in day.prioritised if context.at - at < PRIORITY_WINDOW]
    if setup.calling.priority_per_hour is not None and len(lately) >= setup.calling.priority_per_hour:
        free_at = (
            lately[-setup.calling.priority_per_hour] + PRIORITY_WINDOW if setup.calling.priority_per_hour else None
        )
        raise r.PriorityBudgetSpent(most=setup.calling.priority_per_hour, at=free_at)
    promise_s = setup.promise_of(turn.service, visitor_class) if turn.service in setup.services else turn.promise_s
    return (e.TicketReprioritised(ticket.id, turn.id, visitor_class, promise_s, reason),)
