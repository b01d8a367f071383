"""The business day and the set-up: what begins, what ends, what goes on."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import is_printing, is_serving, request_paper, require_known_service
from hall.day.deciding.papers import end_of_paper
from hall.day.numbers import carried_numbers
from hall.day.setup import Setup
from hall.day.state import Counter, Day, Ticket


def decide_publish(day: Day, command: c.PublishSetup, context: c.Context) -> tuple[e.Event, ...]:
    """Publish, unless somebody would be left without a service. Who waits for or plans one goes where `moves` says.

    A service that becomes a heading is gone: nobody is called for it any more.
    """
    new, moves = command.setup, dict(command.moves)
    leaves = new.leaves()
    for to in moves.values():
        require_known_service(new, to)
    uses = uses_left(day, leaves, moves)
    gone = sorted(counter for counter in day.counters if counter not in new.counters)
    if uses or gone:
        raise r.SetupInUse(services=sorted(uses), uses=uses, counters=gone)
    tickets = list(day.tickets.values())
    moved = [ticket for ticket in tickets if ticket.turn.service not in leaves]
    planned = [(ticket, one) for ticket in tickets for one in ticket.planned if one.service not in leaves]
    published = e.SetupPublished(version=new.version, digest=new.digest)
    return (
        published,
        *(moved_ticket(new, one, moves[one.turn.service], n, context) for n, one in enumerate(moved)),
        *(replaced_service(new, ticket, one, moves[one.service]) for ticket, one in planned),
    )


def uses_left(day: Day, leaves: Collection[str], moves: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """How many wait for each service that goes, are called, served, parked or missed, or plan it, and are not moved."""
    tickets = day.tickets.values()
    uses = [(t.turn.service, "waiting" if t.turn.state == "waiting" else "at_hand") for t in tickets]
    uses += [(one.service, "planned") for t in tickets for one in t.planned]
    left: dict[str, dict[str, int]] = {}
    for (service, kind), count in Tally(uses).items():
        if service not in leaves and (service not in moves or kind == "at_hand"):
            left.setdefault(service, {})[kind] = count
    return left


def replaced_service(setup: Setup, ticket: Ticket, planned: e.PlannedTurn, service: str) -> e.ServiceReplaced:
    promise_s = setup.promise_of(service, ticket.turn.class_)
    return e.ServiceReplaced(ticket.id, replace(planned, service=service, promise_s=promise_s))


def moved_ticket(setup: Setup, ticket: Ticket, service: str, n: int, context: c.Context) -> e.TicketTransferred:
    turn = ticket.turn
    return e.TicketTransferred(
        ticket=ticket.id,
        turn=turn.id,
        counter=None,
        staff=None,
        next_turn=f"{context.command_id}-m{n}",
        service=service,
        class_=turn.class_,
        claim_at=turn.claim_at,
        promise_s=setup.promise_of(service, turn.class_),
        to=turn.to,
        returning=None,
        has_note=False,
    )


def decide_open_day(day: Day, _: c.OpenDay, context: c.Context) -> tuple[e.Event, ...]:
    if day.is_open:
        return ()
    opened = e.DayOpened(
        business_date=context.business_date,
        next_serial=day.next_serial,
        setup_version=day.setup_version,
        counters=tuple(carried_counter(counter) for counter in day.counters.values()),
        tickets=tuple(carried_ticket(ticket) for ticket in day.tickets.values()),
        numbers=carried_numbers(day, context.setup.series.values(), context.at),
        printers=tuple(sorted(day.printers.items())),
        comebacks=tuple(one for one in day.comebacks.values() if one.until > context.at),
    )
    return (opened,)


def carried_counter(counter: Counter) -> e.CarriedCounter:
    assert counter.mode != "closed"
    return e.CarriedCounter(
        counter.id, counter.mode, counter.staff, counter.services, counter.reason, counter.since, counter.ticket
    )


def carried_ticket(ticket: Ticket) -> e.CarriedTicket:
    turn = ticket.turn
    assert turn.state == "serving"
    assert turn.counter is not None
    assert turn.called_at is not None
    assert turn.last_call_at is not None
    assert turn.started_at is not None
    assert turn.why is not None
    return e.CarriedTicket(
        ticket=ticket.id,
        turn=turn.id,
        serial=ticket.serial,
        number=ticket.number,
        series=ticket.series,
        position=ticket.position,
        service=turn.service,
        class_=turn.class_,
        language=ticket.language,
        issued_at=ticket.issued_at,
        claim_at=turn.claim_at,
        promise_s=turn.promise_s,
        counter=turn.counter,
        staff=turn.staff,
        called_at=turn.called_at,
        call_no=turn.call_no,
        started_at=turn.started_at,
        why=turn.why,
        device=ticket.device,
        ahead=ticket.ahead,
        estimate=ticket.estimate,
        copies=ticket.copies,
        planned=ticket.planned,
        misses=ticket.misses,
        postponed=ticket.postponed,
        to=turn.to,
        since=turn.since,
        last_call_at=turn.last_call_at,
        inferred=turn.is_inferred,
        deliveries=turn.deliveries,
        delivered_call=turn.delivered_call,
        delivered_at=turn.delivered_at,
    )


def decide_close_day(day: Day, _: c.CloseDay, __: c.Context) -> tuple[e.Event, ...]:
    if not day.is_open or day.date is None:
        return ()
    ended: list[e.Event] = [end_of_paper(paper, "day_closed") for paper in day.papers.values()]
    ended += [e.HelpSolved(help.id, help.counter) for help in day.helps.values()]
    for ticket in day.tickets.values():
        turn = ticket.turn
        if turn.state != "serving":
            outcome: Any = "no_show" if turn.state == "missed" else "expired"
            ended.append(e.TicketExpired(ticket.id, turn.id, turn.counter, outcome))
    for counter in day.counters.values():
        if not is_serving(day, counter):
            ended.append(e.CounterClosed(counter.id, counter.staff, counter.services, "day_closed"))
    return (*ended, e.DayClosed(business_date=day.date))


def decide_seal(day: Day, command: c.SealDay, context: c.Context) -> tuple[e.Event, ...]:
    """The seal of a day, once; nothing when it was written down already."""
    if day.is_sealed:
        return ()
    sealed = e.DaySealed(command.business_date, command.seq, command.seal)
    printer = context.setup.devices.get(context.setup.slip_printer or "")
    if printer is None or not is_printing(day, printer):
        return (sealed,)
    return sealed, request_paper("", printer, 1, context, "closing")


def decide_divert(day: Day, command: c.DivertVisit, context: c.Context) -> tuple[e.Event, ...]:
    if command.service is not None:
        require_known_service(context.setup, command.service)
    require_counted(day.diverted.get(command.to, 0), command.count)
    return (e.VisitDiverted(command.to, command.service, command.count),)


def decide_count_door(day: Day, command: c.CountDoor, _: c.Context) -> tuple[e.Event, ...]:
    require_counted(day.came_in, command.count)
    return (e.DoorCounted(command.count),)


def require_counted(so_far: int, count: int) -> None:
    """Raises when more is taken back than was counted today."""
    if so_far + count < 0:
        raise r.CountBelowZero(counted=so_far)
