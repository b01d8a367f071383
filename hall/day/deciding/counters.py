"""Counters: open, pause, close, and the clerk's call for help."""

from __future__ import annotations

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import ONE_PLACE, require_open
from hall.day.state import Counter, Day, Help, Ticket


def decide_open_counter(day: Day, command: c.OpenCounter, context: c.Context) -> tuple[e.Event, ...]:
    plan = context.setup.counters.get(command.counter)
    if plan is None:
        raise r.CounterUnknown(counter=command.counter)
    if command.counter in day.counters:
        raise r.CounterIsOpen(counter=command.counter)
    services = plan.services if command.services is None else command.services
    for service in services:
        if service not in context.setup.services:
            raise r.ServiceUnknown(service=service)
    for other in day.counters.values():
        if command.staff is not None and other.staff == command.staff:
            raise r.StaffElsewhere(counter=other.id)
    return (e.CounterOpened(command.counter, command.staff, services),)


def decide_pause(day: Day, command: c.PauseCounter, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    if counter.mode == "paused":
        raise r.CounterIsPaused(counter=counter.id)
    return (e.CounterPaused(counter.id, counter.staff, counter.services, command.reason),)


def decide_resume(day: Day, command: c.ResumeCounter, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    if counter.mode != "paused":
        raise r.CounterNotPaused(counter=counter.id)
    return (e.CounterResumed(counter.id, counter.staff, counter.services),)


def decide_close_counter(day: Day, command: c.CloseCounter, context: c.Context) -> tuple[e.Event, ...]:
    """Close; whoever was parked here or sent here waits in the open line again, at its head."""
    counter = require_open(day, command.counter, context.setup)
    if counter.ticket is not None:
        raise r.CounterIsBusy(counter=counter.id, number=day.tickets[counter.ticket].number)
    returned = tuple(open_to_all(day, ticket) for ticket in meant_for(day, counter))
    return (*returned, e.CounterClosed(counter.id, counter.staff, counter.services, command.reason))


def meant_for(day: Day, counter: Counter) -> list[Ticket]:
    """The tickets that only this counter or its clerk would call."""
    return day.parked_at(counter.id) + [ticket for name in counter.own_names for ticket in day.sent_to(name)]


def open_to_all(day: Day, ticket: Ticket) -> e.TicketReturned:
    turn = ticket.turn
    line = day.neighbours(ticket.line._replace(to=""))
    claim_at = min(turn.claim_at, line[0][0] - ONE_PLACE) if line else turn.claim_at
    cause: e.ReturnCause = "parking_closed" if turn.state == "parked" else "counter_closed"
    return e.TicketReturned(ticket.id, turn.id, claim_at, "", cause)


def decide_request_help(day: Day, command: c.RequestHelp, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    for open_help in day.helps.values():
        if (open_help.counter, open_help.kind) == (counter.id, command.kind):
            raise r.HelpIsOpen(help=open_help.id, kind=command.kind)
    return (e.HelpRequested(context.command_id, counter.id, counter.staff, command.kind, counter.ticket),)


def decide_take_help(day: Day, command: c.TakeHelp, _: c.Context) -> tuple[e.Event, ...]:
    found = require_help(day, command.help)
    if found.taken_at is not None:
        raise r.HelpIsTaken(help=found.id, taken_by=found.taken_by)
    return (e.HelpTaken(found.id, found.counter, command.taken_by),)


def decide_solve_help(day: Day, command: c.SolveHelp, _: c.Context) -> tuple[e.Event, ...]:
    found = require_help(day, command.help)
    return (e.HelpSolved(found.id, found.counter),)


def require_help(day: Day, help: str) -> Help:
    found = day.helps.get(help)
    if found is None:
        raise r.HelpUnknown(help=help)
    return found
