"""Giving numbers."""

from __future__ import annotations

from datetime import timedelta

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.deciding.common import (
    is_printing,
    printer_of,
    request_paper,
    require_class,
    require_known_service,
    require_language,
    require_service,
    require_ticket,
)
from hall.day.numbers import fresh_position, rested_position
from hall.day.ordering import count_ahead
from hall.day.setup import Setup
from hall.day.state import Day, LineKey


def decide_issue(day: Day, command: c.IssueTicket, context: c.Context) -> tuple[e.Event, ...]:
    visitor_class = require_class(context.setup, command.class_)
    for service in (command.service, *command.services):
        require_service(context.setup, service, context)
    issued = give_number(day, command, visitor_class, context)
    printer = printer_of(context.setup, command.device)
    if printer is None or not is_printing(day, printer):
        return (issued,)
    return issued, request_paper(issued.ticket, printer, 1, context)


def give_number(day: Day, command: c.IssueTicket, visitor_class: str, context: c.Context) -> e.TicketIssued:
    """A number for services that give some; raises when language or credit are unknown, or none is free."""
    setup = context.setup
    language = require_language(setup, command.language)
    series = setup.series_of(command.service, visitor_class)
    position = next_position(day, setup, series.id, context)
    claim_at = context.at - credit_of(day, command.comeback, context)
    promise_s = setup.promise_of(command.service, visitor_class)
    line = LineKey(command.service, visitor_class, promise_s or 0, language, "")
    return e.TicketIssued(
        ticket=context.command_id,
        turn=f"{context.command_id}-1",
        serial=day.next_serial,
        number=series.number(position),
        series=series.id,
        position=position,
        service=command.service,
        class_=visitor_class,
        language=language,
        claim_at=claim_at,
        promise_s=promise_s,
        estimate=command.estimate,
        ahead=count_ahead(day, setup, line, claim_at, day.next_serial, context.at),
        counters_open=len(day.open_counters(command.service)),
        device=command.device,
        planned=tuple(
            planned_turn(setup, service, visitor_class, f"{context.command_id}-{n}")
            for n, service in enumerate(command.services, 2)
        ),
        comeback=command.comeback,
    )


def planned_turn(setup: Setup, service: str, visitor_class: str, turn: str) -> e.PlannedTurn:
    return e.PlannedTurn(turn, service, setup.promise_of(service, visitor_class), "")


def credit_of(day: Day, comeback: str | None, context: c.Context) -> timedelta:
    """How much earlier somebody counts who comes back; raises when the earlier ticket gives no credit (any more)."""
    if comeback is None:
        return timedelta(0)
    found = day.comebacks.get(comeback)
    if found is None or found.until <= context.at:
        raise r.ComebackUnknown(ticket=comeback)
    return timedelta(seconds=found.credit_s)


def decide_add_service(day: Day, command: c.AddService, context: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    require_known_service(context.setup, command.service)
    if command.service in {ticket.turn.service, *(one.service for one in ticket.planned)}:
        raise r.ServiceIsPlanned(number=ticket.number, service=command.service)
    planned = planned_turn(context.setup, command.service, ticket.turn.class_, f"{context.command_id}-1")
    return (e.ServiceAdded(ticket.id, planned),)


def next_position(day: Day, setup: Setup, series_id: str, context: c.Context) -> int:
    """The number to give: a fresh one, else the one closed longest ago that has rested two hours."""
    series = setup.series[series_id]
    position = fresh_position(day, series)
    if position is None:
        position = rested_position(day, series, context.at)
    if position is None:
        raise r.RangeFull(series=series_id)
    return position
