"""What a command brings about: events, or a refusal. The day is only looked at, never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.numbers import carried_numbers, fresh_position, rested_position
from hall.day.ordering import choose, count_ahead
from hall.day.setup import Device, Setup, is_within
from hall.day.state import (
    PAPER_LIFE,
    PAPER_REPORT_GRACE,
    UNDO_WINDOW,
    Counter,
    Day,
    Paper,
    Ticket,
)

PRINTER_WORKS = ("unknown", "ready", "near_end")


def decide(day: Day, command: c.Command, context: c.Context) -> tuple[e.Event, ...]:
    """The events of `command` on this day, in order; none when there is nothing to do.

    Raises a `Refusal` when the command may not happen now.
    """
    if not day.is_open and not isinstance(command, c.OpenDay | c.PublishSetup | c.CloseDay):
        raise r.DayIsClosed()
    events: tuple[e.Event, ...] = DECIDERS[type(command)](day, command, context)
    return events


# --- the day ------------------------------------------------------------------------------------------------------


def decide_publish(day: Day, command: c.PublishSetup, _: c.Context) -> tuple[e.Event, ...]:
    new = command.setup
    stranded = sorted({t.turn.service for t in day.tickets.values()} - set(new.services))
    gone = sorted(counter for counter in day.counters if counter not in new.counters)
    if stranded or gone:
        raise r.SetupInUse(services=stranded, counters=gone)
    return (e.SetupPublished(version=new.version, digest=new.digest),)


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
    )


def decide_close_day(day: Day, _: c.CloseDay, __: c.Context) -> tuple[e.Event, ...]:
    if not day.is_open or day.date is None:
        return ()
    ended: list[e.Event] = [end_of_paper(paper, "day_closed") for paper in day.papers.values()]
    for ticket in day.tickets.values():
        turn = ticket.turn
        if turn.state != "serving":
            outcome: Any = "no_show" if turn.state == "missed" else "expired"
            ended.append(e.TicketExpired(ticket.id, turn.id, turn.counter, outcome))
    for counter in day.counters.values():
        if not is_serving(day, counter):
            ended.append(e.CounterClosed(counter.id, counter.staff, counter.services, "day_closed"))
    return (*ended, e.DayClosed(business_date=day.date))


def is_serving(day: Day, counter: Counter) -> bool:
    return counter.ticket is not None and day.tickets[counter.ticket].turn.state == "serving"


# --- counters -----------------------------------------------------------------------------------------------------


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
    counter = require_open(day, command.counter, context.setup)
    if counter.ticket is not None:
        raise r.CounterIsBusy(counter=counter.id, number=day.tickets[counter.ticket].number)
    return (e.CounterClosed(counter.id, counter.staff, counter.services, command.reason),)


def require_open(day: Day, counter: str, setup: Setup) -> Counter:
    """The counter, open or paused; raises when it is closed or no such counter exists."""
    found = day.counters.get(counter)
    if found is None:
        raise r.CounterIsClosed(counter=counter) if counter in setup.counters else r.CounterUnknown(counter=counter)
    return found


def require_visitor(day: Day, counter: str, setup: Setup) -> tuple[Counter, Ticket]:
    found = require_open(day, counter, setup)
    if found.ticket is None:
        raise r.CounterIsIdle(counter=counter)
    return found, day.tickets[found.ticket]


# --- issuing ------------------------------------------------------------------------------------------------------


def decide_issue(day: Day, command: c.IssueTicket, context: c.Context) -> tuple[e.Event, ...]:
    setup = context.setup
    visitor_class = require_class(setup, command.class_)
    require_service(setup, command.service, context)
    language = require_language(setup, command.language)
    series = setup.series_of(command.service, visitor_class)
    position = next_position(day, setup, series.id, context)
    issued = e.TicketIssued(
        ticket=context.command_id,
        turn=f"{context.command_id}-1",
        serial=day.next_serial,
        number=series.number(position),
        series=series.id,
        position=position,
        service=command.service,
        class_=visitor_class,
        language=language,
        claim_at=context.at,
        promise_s=setup.promise_of(command.service, visitor_class),
        estimate=command.estimate,
        ahead=count_ahead(day, setup, (command.service, visitor_class), context.at, day.next_serial),
        counters_open=len(day.open_counters(command.service)),
        device=command.device,
    )
    printer = printer_of(setup, command.device)
    if printer is None or day.printers.get(printer.id, "unknown") not in PRINTER_WORKS:
        return (issued,)
    return issued, request_paper(issued.ticket, printer, 1, context)


def require_class(setup: Setup, visitor_class: str | None) -> str:
    if visitor_class is None:
        return setup.default_class()
    if visitor_class not in setup.classes:
        raise r.ClassUnknown(class_=visitor_class)
    return visitor_class


def require_service(setup: Setup, service: str, context: c.Context) -> None:
    """Raises unless the service exists, issues numbers and is open now."""
    found = setup.services.get(service)
    if found is None:
        raise r.ServiceUnknown(service=service)
    if setup.is_heading(service):
        raise r.ServiceIsHeading(service=service)
    if not is_within(setup.hours, context.local):
        raise r.HallClosed()
    if not is_within(found.hours, context.local):
        raise r.ServiceClosed(service=service)


def require_language(setup: Setup, language: str | None) -> str:
    """The hall's language that serves the one asked for; `en-GB` is served by `en`."""
    if language is None:
        return setup.languages[0]
    for known in setup.languages:
        if language == known or language.startswith(f"{known}-"):
            return known
    raise r.LanguageUnknown(language=language, known=list(setup.languages))


def next_position(day: Day, setup: Setup, series_id: str, context: c.Context) -> int:
    """The number to give: a fresh one, else the one closed longest ago that has rested two hours."""
    series = setup.series[series_id]
    position = fresh_position(day, series)
    if position is None:
        position = rested_position(day, series, context.at)
    if position is None:
        raise r.RangeFull(series=series_id)
    return position


def printer_of(setup: Setup, device: str | None) -> Device | None:
    """The printer a kiosk prints on: the one it names, or its own."""
    kiosk = setup.devices.get(device) if device is not None else None
    if kiosk is None:
        return None
    return setup.devices.get(kiosk.printer) if kiosk.printer else (kiosk if kiosk.url else None)


def request_paper(ticket: str, printer: Device, copy: int, context: c.Context) -> e.PaperRequested:
    return e.PaperRequested(f"{context.command_id}-p", ticket, printer.id, copy, context.at + PAPER_LIFE)


# --- calling ------------------------------------------------------------------------------------------------------


def decide_call_next(day: Day, command: c.CallNext, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    if counter.ticket is not None and not command.finish:
        raise r.CounterIsBusy(counter=counter.id, number=day.tickets[counter.ticket].number)
    if counter.mode == "paused":
        raise r.CounterIsPaused(counter=counter.id)
    finished: tuple[e.Event, ...] = ()
    if counter.ticket is not None:
        finished = finish_events(counter, day.tickets[counter.ticket], command.outcome, command.items)
    chosen = choose(day, context.setup, counter.services, context.at)
    if chosen is None:
        return finished
    ticket = day.tickets[chosen.ticket]
    call = e.TicketCalled(ticket.id, ticket.turn.id, ticket.number, counter.id, counter.staff, 1, chosen.why)
    return (*finished, call)


def finish_events(
    counter: Counter, ticket: Ticket, outcome: Any, items: tuple[tuple[str, int], ...]
) -> tuple[e.Event, ...]:
    """A finish; who was only called is taken to have come, and the start is marked as inferred."""
    finish = e.TicketFinished(ticket.id, ticket.turn.id, counter.id, counter.staff, outcome, items)
    if ticket.turn.state == "called":
        return e.TicketStarted(ticket.id, ticket.turn.id, counter.id, counter.staff, inferred=True), finish
    return (finish,)


def decide_recall(day: Day, command: c.Recall, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    if ticket.turn.state != "called":
        raise r.NotCalled(number=ticket.number)
    call_no = ticket.turn.call_no + 1
    return (e.TicketRecalled(ticket.id, ticket.turn.id, ticket.number, counter.id, counter.staff, call_no),)


def decide_start(day: Day, command: c.Start, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    if ticket.turn.state != "called":
        raise r.NotCalled(number=ticket.number)
    return (e.TicketStarted(ticket.id, ticket.turn.id, counter.id, counter.staff, inferred=False),)


def decide_finish(day: Day, command: c.Finish, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    return finish_events(counter, ticket, command.outcome, command.items)


def decide_no_show(day: Day, command: c.NoShow, context: c.Context) -> tuple[e.Event, ...]:
    counter, ticket = require_visitor(day, command.counter, context.setup)
    if ticket.turn.state != "called":
        raise r.NotCalled(number=ticket.number)
    return (e.TicketMissed(ticket.id, ticket.turn.id, counter.id, counter.staff),)


def decide_undo(day: Day, command: c.Undo, context: c.Context) -> tuple[e.Event, ...]:
    counter = require_open(day, command.counter, context.setup)
    if counter.ticket is not None:
        ticket = day.tickets[counter.ticket]
        turn = ticket.turn
        if turn.state == "called":
            return (e.TicketCallUndone(ticket.id, turn.id, ticket.number, counter.id, counter.staff),)
        return (e.TicketStartUndone(ticket.id, turn.id, counter.id, counter.staff),)
    last = counter.last_closed
    if last is None or context.at - last.at > UNDO_WINDOW:
        raise r.NothingToUndo(counter=counter.id)
    return (e.TicketFinishUndone(last.ticket.id, last.ticket.turn.id, counter.id, counter.staff),)


def decide_cancel(day: Day, command: c.CancelTicket, _: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    if ticket.turn.state == "serving":
        raise r.TicketAtCounter(number=ticket.number, counter=ticket.turn.counter)
    outcome: Any = "cancelled_by_visitor" if command.by_visitor else "cancelled_by_staff"
    return (e.TicketCancelled(ticket.id, ticket.turn.id, ticket.turn.counter, outcome),)


def require_ticket(day: Day, ticket: str) -> Ticket:
    found = day.tickets.get(ticket)
    if found is None:
        raise r.TicketUnknown(ticket=ticket)
    return found


# --- paper --------------------------------------------------------------------------------------------------------


def decide_reprint(day: Day, command: c.ReprintTicket, context: c.Context) -> tuple[e.Event, ...]:
    ticket = require_ticket(day, command.ticket)
    if command.printer is None:
        printer = printer_of(context.setup, ticket.device)
    else:
        printer = context.setup.devices.get(command.printer)
    if printer is None or (printer.kind != "printer" and not printer.url):
        raise r.PrinterUnknown(printer=command.printer)
    return (request_paper(ticket.id, printer, ticket.copies + 1, context),)


def require_paper(day: Day, paper: str) -> Paper:
    found = day.papers.get(paper)
    if found is None:
        raise r.PaperUnknown(paper=paper)
    return found


def decide_claim(day: Day, command: c.ClaimPaper, context: c.Context) -> tuple[e.Event, ...]:
    paper = require_paper(day, command.paper)
    if paper.state == "claimed":
        raise r.PaperIsClaimed(paper=paper.id)
    if context.at >= paper.expires_at:
        raise r.PaperIsFinished(paper=paper.id)
    return (e.PaperClaimed(paper.id, paper.ticket, paper.printer),)


def decide_report_paper(day: Day, command: c.ReportPaper, _: c.Context) -> tuple[e.Event, ...]:
    paper = require_paper(day, command.paper)
    where = (paper.id, paper.ticket, paper.printer)
    if command.result == "failed":
        return (e.PaperFailed(*where, command.reason),)
    if paper.state != "claimed":
        raise r.PaperNotClaimed(paper=paper.id)
    if command.result == "printed":
        return (e.PaperPrinted(*where, command.proof),)
    return (e.PaperUncertain(*where, command.reason),)


def decide_expire_paper(day: Day, command: c.ExpirePaper, context: c.Context) -> tuple[e.Event, ...]:
    paper = day.papers.get(command.paper)
    if paper is None or context.at < expiry_of(paper):
        return ()
    return (end_of_paper(paper, "expired"),)


def expiry_of(paper: Paper) -> Any:
    """A claimed paper is given longer, so that its owner can still tell what happened."""
    return paper.expires_at + PAPER_REPORT_GRACE if paper.state == "claimed" else paper.expires_at


def end_of_paper(paper: Paper, reason: str) -> e.Event:
    """A paper that was never taken on has failed; of one that was, nobody knows."""
    where = (paper.id, paper.ticket, paper.printer)
    return e.PaperUncertain(*where, reason) if paper.state == "claimed" else e.PaperFailed(*where, reason)


def decide_report_printer(day: Day, command: c.ReportPrinter, context: c.Context) -> tuple[e.Event, ...]:
    device = context.setup.devices.get(command.printer)
    if device is None or device.kind == "display":
        raise r.PrinterUnknown(printer=command.printer)
    if day.printers.get(command.printer, "unknown") == command.state:
        return ()
    return (e.PrinterReported(command.printer, command.state),)


DECIDERS: dict[type, Callable[[Day, Any, c.Context], tuple[e.Event, ...]]] = {
    c.PublishSetup: decide_publish,
    c.OpenDay: decide_open_day,
    c.CloseDay: decide_close_day,
    c.OpenCounter: decide_open_counter,
    c.PauseCounter: decide_pause,
    c.ResumeCounter: decide_resume,
    c.CloseCounter: decide_close_counter,
    c.IssueTicket: decide_issue,
    c.CallNext: decide_call_next,
    c.Recall: decide_recall,
    c.Start: decide_start,
    c.Finish: decide_finish,
    c.NoShow: decide_no_show,
    c.Undo: decide_undo,
    c.CancelTicket: decide_cancel,
    c.ReprintTicket: decide_reprint,
    c.ClaimPaper: decide_claim,
    c.ReportPaper: decide_report_paper,
    c.ExpirePaper: decide_expire_paper,
    c.ReportPrinter: decide_report_printer,
}


def timers(day: Day) -> list[c.Timer]:
    """All that the day wants done later, soonest first."""
    found = [c.Timer(f"paper:{p.id}", expiry_of(p), c.ExpirePaper(p.id)) for p in day.papers.values()]
    return sorted(found, key=lambda timer: timer.due_at)
