"""What several choices require of the day and the set-up, and the choices they share."""

from __future__ import annotations

from datetime import datetime, timedelta

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.setup import Device, Place, ReasonKind, Setup, is_within
from hall.day.state import PAPER_LIFE, Counter, Day, Ticket

PRINTER_WORKS = ("unknown", "ready", "near_end")
ONE_PLACE = timedelta(milliseconds=1)


def require_open(day: Day, counter: str, setup: Setup) -> Counter:
    """The counter, open or paused; raises when it is closed or no such counter exists."""
    found = day.counters.get(counter)
    if found is None:
        raise r.CounterIsClosed(counter=counter) if counter in setup.counters else r.CounterUnknown(counter=counter)
    return found


def require_calling(day: Day, counter: str, setup: Setup, *, finish: bool) -> Counter:
    """The counter, if it may call now: open, and free or about to `finish` its visitor."""
    found = require_open(day, counter, setup)
    if found.ticket is not None and not finish:
        raise r.CounterIsBusy(counter=found.id, number=day.tickets[found.ticket].number)
    if found.mode == "paused":
        raise r.CounterIsPaused(counter=found.id)
    return found


def require_visitor(day: Day, counter: str, setup: Setup) -> tuple[Counter, Ticket]:
    found = require_open(day, counter, setup)
    if found.ticket is None:
        raise r.CounterIsIdle(counter=counter)
    return found, day.tickets[found.ticket]


def require_ticket(day: Day, ticket: str) -> Ticket:
    found = day.tickets.get(ticket)
    if found is None:
        raise r.TicketUnknown(ticket=ticket)
    return found


def require_class(setup: Setup, visitor_class: str | None) -> str:
    if visitor_class is None:
        return setup.default_class()
    if visitor_class not in setup.classes:
        raise r.ClassUnknown(class_=visitor_class)
    return visitor_class


def require_service(setup: Setup, service: str, context: c.Context) -> None:
    """Raises unless the service exists, issues numbers and is open now."""
    require_known_service(setup, service)
    if not is_within(setup.hours, context.local):
        raise r.HallClosed()
    if not is_within(setup.services[service].hours, context.local):
        raise r.ServiceClosed(service=service)


def require_known_service(setup: Setup, service: str) -> None:
    """Raises unless the service exists and issues numbers; its hours do not matter to who is in the hall already."""
    if service not in setup.services:
        raise r.ServiceUnknown(service=service)
    if setup.is_heading(service):
        raise r.ServiceIsHeading(service=service)


def require_language(setup: Setup, language: str | None) -> str:
    """The hall's language that serves the one asked for; `en-GB` is served by `en`."""
    if language is None:
        return setup.languages[0]
    for known in setup.languages:
        if language == known or language.startswith(f"{known}-"):
            return known
    raise r.LanguageUnknown(language=language, known=list(setup.languages))


def require_reason(setup: Setup, kind: ReasonKind, reason: str | None) -> str:
    """The reason, which must be on the hall's list where it has one of this kind."""
    known = [one.id for one in setup.reasons.get(kind, ())]
    if reason is None:
        raise r.ReasonMissing(kind=kind, known=known)
    if known and reason not in known:
        raise r.ReasonUnknown(kind=kind, reason=reason, known=known)
    return reason


def is_there(day: Day, to: str) -> bool:
    """True when the counter or clerk that somebody was sent to is there to call them."""
    return any(to in one.own_names for one in day.counters.values())


def claim_at_place(day: Day, ticket: Ticket, place: Place, places_back: int, at: datetime) -> datetime:
    """The claim that puts a turn at the head of its line, some places behind it, or at its end."""
    line, own = day.neighbours(ticket.line), ticket.turn.claim_at
    if place == "tail":
        return max(at, line[-1][0] + ONE_PLACE) if line else at
    if not line:
        return own
    if place == "head":
        return min(own, line[0][0] - ONE_PLACE)
    return max(own, line[min(places_back, len(line)) - 1][0] + ONE_PLACE)


def is_serving(day: Day, counter: Counter) -> bool:
    return counter.ticket is not None and day.tickets[counter.ticket].turn.state == "serving"


def printer_of(setup: Setup, device: str | None) -> Device | None:
    """The printer a kiosk prints on: the one it names, or its own."""
    kiosk = setup.devices.get(device) if device is not None else None
    if kiosk is None:
        return None
    return setup.devices.get(kiosk.printer) if kiosk.printer else (kiosk if kiosk.url else None)


def is_printing(day: Day, printer: Device | None) -> bool:
    """True when there is a printer and it is not known to be down."""
    return printer is not None and day.printers.get(printer.id, "unknown") in PRINTER_WORKS


def request_paper(
    ticket: str, printer: Device, copy: int, context: c.Context, kind: e.PaperKind = "ticket"
) -> e.PaperRequested:
    return e.PaperRequested(f"{context.command_id}-p", ticket, printer.id, copy, context.at + PAPER_LIFE, kind)
