"""At the counter: call, repeat, start, finish, and what it takes to be missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import (
    claim_at_place,
    is_printing,
    is_there,
    printer_of,
    request_paper,
    require_calling,
    require_class,
    require_known_service,
    require_reason,
    require_ticket,
    require_visitor,
)
from hall.day.deciding.issuing import give_number
from hall.day.ordering import choose, may_call, why_picked
from hall.day.setup import Device, Setup
from hall.day.state import Counter, Day, Ticket, Turn


def decide_call_next(day: Day, command: c.CallNext, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_calling(day, command.counter, context.setup, finish=command.finish)
    finished: tuple[e.Event, ...] = ()
    if counter.ticket is not None:
        ending = c.Finish(counter.id, command.outcome, command.items, command.reason)
        finished = finish_events(day, counter, day.tickets[counter.ticket], ending, context)
        day = after_finish(day, counter.ticket, context)
    chosen = choose(day, context.setup, counter, context.at)
    if chosen is None:
        return finished
    return (*finished, call(counter, day.tickets[chosen.ticket], chosen.why))


def after_finish(day: Day, finished: str, context: c.Context) -> Day:
    """The lines as a finish leaves them: a visit that goes on stands in line again, and may be the next one called."""
    ticket = day.tickets[finished]
    following = next_turn(day, ticket, context)
    if following is None:
        return day
    going_on = replace(ticket, turn=Turn.of(following, context.at))
    line = sorted([*day.lines.get(going_on.line, ()), going_on.place])
    return replace(day, tickets={**day.tickets, finished: going_on}, lines={**day.lines, going_on.line: line})


def call(counter: Counter, ticket: Ticket, why: e.Why) -> e.TicketCalled:
    return e.TicketCalled(ticket.id, ticket.turn.id, ticket.number, counter.id, counter.staff, 1, why)


def decide_call_ticket(day: Day, command: c.CallTicket, context: c.Context) -> tuple[e.Event, ...]:
    setup = context.setup
    counter = require_calling(day, command.counter, setup, finish=command.finish)
    ticket = require_ticket(day, command.ticket)
    turn = ticket.turn
    if turn.state in ("called", "serving"):
        raise r.TicketIsCalled(number=ticket.number, counter=turn.counter)
    if turn.state != "waiting":
        raise r.TicketNotWaiting(number=ticket.number, state=turn.state)
    if not may_call(setup, counter, ticket.line):
        raise r.ServiceElsewhere(number=ticket.number, service=turn.service, counter=counter.id)
    if setup.calling.pick == "never":
        raise r.PickNotAllowed()
    reason = command.reason
    if setup.calling.pick == "reason" or reason is not None:
        reason = require_reason(setup, "pick", reason)
    finished: tuple[e.Event, ...] = ()
    if counter.ticket is not None:
        finished = finish_events(day, counter, day.tickets[counter.ticket], c.Finish(counter.id), context)
        day = after_finish(day, counter.ticket, context)
    why = why_picked(day, setup, counter, ticket.place, context.at, "picked", reason)
    return (*finished, call(counter, ticket, why))


def decide_walk_in(day: Day, command: c.ServeWalkIn, context: c.Context) -> tuple[e.Event, ...]:
    """A number, a call that passes everybody over, and a start, for somebody who stands at the counter already."""
    setup = context.setup
    counter = require_calling(day, command.counter, setup, finish=False)
    if not setup.calling.walk_in:
        raise r.WalkInNotAllowed()
    require_known_service(setup, command.service)
    wanted = c.IssueTicket(command.service, language=command.language)
    issued = replace(give_number(day, wanted, require_class(setup, command.class_), context), ahead=0)
    place = (context.at, issued.serial, issued.ticket)
    why = why_picked(day, setup, counter, place, context.at, "walk_in", None)
    called = e.TicketCalled(issued.ticket, issued.turn, issued.number, counter.id, counter.staff, 1, why)
    return issued, called, e.TicketStarted(issued.ticket, issued.turn, counter.id, counter.staff, inferred=False)


def decide_recall(day: Day, command: c.Recall, context: c.Context) -> tuple[e.Event, ...]:
    """Called once more; who only seemed to have come has not."""
    counter, ticket = require_visitor(day, command.counter, context.setup)
    undone = require_not_come(counter, ticket)
    too_soon_until = later(ticket.turn.last_call_at, context.setup.missed.gap_s)
    if context.at < too_soon_until:
        raise r.RecallTooSoon(number=ticket.number, at=too_soon_until)
    call_no = ticket.turn.call_no + 1
    return *undone, e.TicketRecalled(ticket.id, ticket.turn.id, ticket.number, counter.id, counter.staff, call_no)


def require_not_come(counter: Counter, ticket: Ticket) -> tuple[e.Event, ...]:
    """What takes back a start that was only inferred. Raises when somebody saw the visitor come."""
    turn = ticket.turn
    if not turn.is_awaited:
        raise r.NotCalled(number=ticket.number)
    if turn.state == "called":
        return ()
    return (e.TicketStartUndone(ticket.id, turn.id, counter.id, counter.staff),)


def later(at: datetime | None, seconds: int) -> datetime:
    assert at is not None
    return at + timedelta(seconds=seconds)


def decide_report_delivery(day: Day, command: c.ReportDelivery, _: c.Context) -> tuple[e.Event, ...]:
    """The first proof of a call; whatever comes later, or about an older call, changes nothing."""
    ticket = day.tickets.get(command.ticket)
    if ticket is None or ticket.turn.state != "called":
        return ()
    turn = ticket.turn
    if command.called_seq not in (None, turn.called_seq):
        return ()
    if command.call_no != turn.call_no or turn.delivered_call >= turn.call_no:
        return ()
    assert turn.counter is not None
    where = (ticket.id, turn.id, turn.counter, turn.call_no)
    return (e.CallDelivered(*where, turn.deliveries + 1, command.via, command.device, command.sounded),)


def decide_start(day: Day, command: c.Start, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    if ticket.turn.state != "called":
        raise r.NotCalled(number=ticket.number)
    return (e.TicketStarted(ticket.id, ticket.turn.id, counter.id, counter.staff, inferred=False),)


def reached_at(setup: Setup, turn: Turn) -> datetime | None:
    """When the newest call reached the visitor, None while it has not; a clerk's voice carries at once."""
    if setup.delivered_by == "voice":
        return turn.last_call_at
    return turn.delivered_at if turn.delivered_call == turn.call_no else None


def came_at(setup: Setup, turn: Turn) -> datetime | None:
    """When a called visitor counts as having come, though nobody pressed the key; None while that is not known."""
    infer_s, reached = setup.calling.infer_start_s, reached_at(setup, turn)
    if infer_s is None or reached is None or turn.waits_for_key:
        return None
    return later(reached, infer_s + class_grace_s(setup, turn))


def decide_infer_start(day: Day, command: c.InferStart, context: c.Context) -> tuple[e.Event, ...]:
    ticket = day.tickets.get(command.ticket)
    if ticket is None or ticket.turn.state != "called":
        return ()
    turn, due_at = ticket.turn, came_at(context.setup, ticket.turn)
    is_same = turn.called_seq == command.called_seq
    if not is_same or due_at is None or context.at < due_at or turn.counter is None:
        return ()
    return (e.TicketStarted(ticket.id, turn.id, turn.counter, turn.staff, inferred=True),)


def decide_finish(day: Day, command: c.Finish, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    return finish_events(day, counter, ticket, command, context)


def finish_events(
    day: Day, counter: Counter, ticket: Ticket, ending: c.Finish, context: c.Context
) -> tuple[e.Event, ...]:
    """A finish; who was only called is taken to have come, and the start is marked as inferred."""
    setup, turn = context.setup, ticket.turn
    is_open_end = ending.outcome == "not_completed"
    finish = e.TicketFinished(
        ticket=ticket.id,
        turn=turn.id,
        counter=counter.id,
        staff=counter.staff,
        outcome=ending.outcome,
        items=ending.items,
        work=work_of(setup, turn.service, ending.items),
        reason=require_reason(setup, "not_completed", ending.reason) if is_open_end and ending.reason else None,
        comeback=comeback_of(setup, ticket, context) if is_open_end and ending.credit else None,
        next=next_turn(day, ticket, context),
    )
    where = (ticket.id, turn.id, counter.id, counter.staff)
    started = (e.TicketStarted(*where, inferred=True),) if turn.state == "called" else ()
    printer = notice_printer(setup, counter.id, ticket) if is_open_end else None
    if printer is None or not is_printing(day, printer):
        return *started, finish
    return *started, finish, request_paper(ticket.id, printer, 1, context, "notice")


def work_of(setup: Setup, service: str, items: c.Items) -> float | None:
    """The weighted sum of the work done; None where nothing was counted. Raises for work the service does not have."""
    known = {item.id: item for item in setup.services[service].items} if service in setup.services else {}
    for item, _ in items:
        if known and item not in known:
            raise r.ItemUnknown(item=item, known=sorted(known))
    if not items:
        return None
    return round(sum(quantity * (known[item].weight if item in known else 1.0) for item, quantity in items), 3)


def comeback_of(setup: Setup, ticket: Ticket, context: c.Context) -> e.Comeback | None:
    if not setup.calling.comeback_credit_s:
        return None
    until = context.at + timedelta(days=setup.calling.comeback_days)
    return e.Comeback(ticket.id, ticket.number, setup.calling.comeback_credit_s, until)


def next_turn(day: Day, ticket: Ticket, context: c.Context) -> e.NextTurn | None:
    """The turn the visit goes on with, its claim kept; where its counter or clerk is gone, in the open line.

    Its id is new: when the finish is taken back and done again, another turn begins.
    """
    if not ticket.planned:
        return None
    planned = ticket.planned[0]
    turn, to = ticket.turn, planned.to if is_there(day, planned.to) else ""
    return e.NextTurn(f"{context.command_id}-n", planned.service, turn.class_, turn.claim_at, planned.promise_s, to)


def notice_printer(setup: Setup, counter: str, ticket: Ticket) -> Device | None:
    """Where the notice of what to bring comes out: at the counter, else where the ticket did; None without a list."""
    service = setup.services.get(ticket.turn.service)
    if service is None or not service.documents:
        return None
    plan = setup.counters.get(counter)
    return setup.devices.get(plan.printer) if plan is not None and plan.printer else printer_of(setup, ticket.device)


def decide_no_show(day: Day, command: c.NoShow, context: c.Context) -> tuple[e.Event, ...]:
    """Missed, if called often enough and given time; where the policy says so, back in line at once."""
    counter, ticket = require_visitor(day, command.counter, context.setup)
    turn, policy = ticket.turn, context.setup.missed
    undone = require_not_come(counter, ticket)
    override = command.override
    if override is None:
        require_missable(context.setup, ticket, context.at)
    elif not policy.override:
        raise r.OverrideNotAllowed(number=ticket.number)
    else:
        override = require_reason(context.setup, "override", override)
    where = (ticket.id, turn.id, counter.id, counter.staff)
    expires_at = None if policy.return_min is None else context.at + timedelta(minutes=policy.return_min)
    missed = e.TicketMissed(*where, deliveries_of(context.setup, turn), override, expires_at)
    if ticket.misses >= policy.requeue:
        return *undone, missed
    claim_at = claim_at_place(day, ticket, "back", policy.places_back, context.at)
    return *undone, missed, e.TicketReinstated(ticket.id, turn.id, claim_at, "back")


def deliveries_of(setup: Setup, turn: Turn) -> int:
    """How many calls reached the visitor."""
    return turn.call_no if setup.delivered_by == "voice" else turn.deliveries


def require_missable(setup: Setup, ticket: Ticket, at: datetime) -> None:
    """Raises until enough calls were delivered and the time to come is over."""
    turn, policy = ticket.turn, setup.missed
    deliveries = deliveries_of(setup, turn)
    if deliveries < policy.calls and reached_at(setup, turn) is None:  # to call again is no help while none arrives
        raise r.CallNotDelivered(number=ticket.number, counter=turn.counter)
    if deliveries < policy.calls:
        raise r.TooFewCalls(number=ticket.number, calls=deliveries, needed=policy.calls)
    allowed_at = missable_at(setup, ticket)
    if at < allowed_at:
        raise r.NoShowTooSoon(number=ticket.number, at=allowed_at)


def missable_at(setup: Setup, ticket: Ticket) -> datetime:
    """From when a turn that was called often enough counts as missed."""
    turn = ticket.turn
    grace_s = setup.missed.grace_s + class_grace_s(setup, turn)
    return later(turn.last_call_at if setup.delivered_by == "voice" else turn.delivered_at, grace_s)


def class_grace_s(setup: Setup, turn: Turn) -> int:
    """How much longer than others somebody of this class may take to come."""
    visitor_class = setup.classes.get(turn.class_)
    return visitor_class.grace_s if visitor_class else 0
