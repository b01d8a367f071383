"""What all views share, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hall.day.events import Recorded
from hall.day.numbers import fresh_position, rested_position
from hall.day.ordering import may_call
from hall.day.refusals import CounterUnknown, Refusal
from hall.day.setup import Area, Setup
from hall.day.state import Help, Ticket
from hall.live.picture import Picture
from hall.live.policy import missed_sentences
from hall.live.ports import Estimator, Links
from hall.log.codec import as_text

Record = dict[str, Any]
Topic = tuple[str, str]
ANY: Topic = ("", "")


class ViewUnknown(Refusal):
    code = "view_unknown"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a view may ask besides the picture."""

    links: Links
    estimator: Estimator


class View(Protocol):
    """One kind of screen with its parameters. `topics` are the things whose events it must show at once."""

    topics: tuple[Topic, ...]

    def records(self, picture: Picture) -> dict[str, Record]:
        """All keyed records of this view, as the picture stands."""


def topics_of(recorded: Recorded) -> list[Topic]:
    """The things an event is about."""
    event: Any = recorded.event
    kind = type(event).__name__
    topics: list[Topic] = [
        (name, value) for name in ("ticket", "counter", "printer") if (value := getattr(event, name, None))
    ]
    if kind.startswith("Help"):
        topics.append(("help", ""))
    if kind.startswith("Paper"):
        topics.append(("paper", ""))
    elif kind == "CallDelivered" or (kind.startswith("Ticket") and kind != "TicketIssued"):
        topics.append(("call", ""))
    elif kind in ("SetupPublished", "DayOpened", "DayClosed"):
        topics.append(ANY)
    return topics


def hall_record(picture: Picture) -> Record:
    setup, day = picture.setup, picture.day
    return {
        "id": setup.hall,
        "name": dict(setup.name),
        "languages": list(setup.languages),
        "timezone": setup.timezone,
        "business_date": day.date.isoformat() if day.date else None,
        "day_open": day.is_open,
        "hours": setup.hours,
        "missed_return_min": setup.missed.return_min,
        "missed_sentence": missed_sentences(setup),
    }


def letter_of(setup: Setup, service: str) -> str:
    """The prefix a service's numbers carry; a heading has none."""
    series = setup.series.get(setup.services[service].series)
    return series.prefix if series is not None and not setup.is_heading(service) else ""


def is_full(picture: Picture, service: str, visitor_class: str) -> bool:
    """True when the series of a service and class has no number to give."""
    setup, day = picture.setup, picture.day
    if setup.is_heading(service) or day.date is None or day.at is None:
        return False
    series = setup.series_of(service, visitor_class)
    numbers = day.series.get(series.id)
    if numbers is None or numbers.next <= series.last:
        return False
    return fresh_position(day, series) is None and rested_position(day, series, day.at) is None


def counter_name(setup: Setup, counter: str) -> str:
    return setup.counters[counter].name if counter in setup.counters else counter


def area_of(setup: Setup, counter: str) -> str:
    return setup.counters[counter].area if counter in setup.counters else ""


def waiting_area(setup: Setup, service: str) -> Area | None:
    """Where visitors of a service wait: the one area of all counters that offer it; None when there are several."""
    ids = {plan.area for plan in setup.counters.values() if service in plan.services}
    return setup.areas.get(next(iter(ids))) if len(ids) == 1 else None


def staff_name(setup: Setup, login: str | None) -> str | None:
    return setup.staff[login].name if login is not None and login in setup.staff else login


def as_time(at: Any) -> str | None:
    return None if at is None else as_text(at)


def class_records(setup: Setup) -> dict[str, Record]:
    """The classes; `letter` is that of a class's own series, None where it has none."""
    return {
        f"class:{one.id}": {
            "id": one.id,
            "name": dict(one.name),
            "order": order,
            "letter": setup.series[one.series].prefix if one.series is not None else None,
        }
        for order, one in enumerate(setup.classes.values())
    }


def waiting_record(picture: Picture, ticket_id: str) -> Record:
    ticket = picture.day.tickets[ticket_id]
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": ticket.turn.service,
        "class": ticket.turn.class_,
        "since": as_text(ticket.turn.since),
        "claim_at": as_text(ticket.turn.claim_at),
        "promise_s": ticket.turn.promise_s,
        "language": ticket.language,
        "to": ticket.turn.to,
        "joined_by": ticket.turn.joined_by,
    }


def missed_record(ticket: Ticket) -> Record:
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": ticket.turn.service,
        "class": ticket.turn.class_,
        "missed_at": as_time(ticket.turn.missed_at),
        "expires_at": as_time(ticket.turn.expires_at),
        "misses": ticket.misses,
    }


def parked_record(setup: Setup, ticket: Ticket) -> Record:
    turn = ticket.turn
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": turn.service,
        "class": turn.class_,
        "counter": turn.counter,
        "counter_name": counter_name(setup, turn.counter or ""),
        "reason": turn.park_reason,
        "parked_at": as_time(turn.parked_at),
        "due_at": as_time(turn.due_at),
    }


def help_record(setup: Setup, help: Help, number: str | None) -> Record:
    return {
        "help": help.id,
        "counter": help.counter,
        "counter_name": counter_name(setup, help.counter),
        "kind": help.kind,
        "number": number,
        "at": as_text(help.at),
        "taken_by": staff_name(setup, help.taken_by),
        "taken_at": as_time(help.taken_at),
    }


def help_records(picture: Picture, counter: str | None = None) -> dict[str, Record]:
    """The calls for help that are not settled, of one counter or of all."""
    day = picture.day
    return {
        f"help:{one.id}": help_record(
            picture.setup, one, day.tickets[one.ticket].number if one.ticket in day.tickets else None
        )
        for one in day.helps.values()
        if counter in (None, one.counter)
    }


def reason_records(setup: Setup) -> dict[str, Record]:
    return {
        f"reasons:{kind}": {"kind": kind, "reasons": [{"id": one.id, "name": dict(one.name)} for one in reasons]}
        for kind, reasons in setup.reasons.items()
    }


def ahead_of(picture: Picture, ticket: Ticket) -> int:
    return picture.standing.ahead(ticket)


def counters_for(picture: Picture, ticket: Ticket) -> int:
    """How many open counters may call a waiting ticket: its service, its language, and whom it was sent to."""
    counters = (counter for counter in picture.day.counters.values() if counter.mode == "open")
    return sum(may_call(picture.setup, counter, ticket.line) for counter in counters)


def waiting_in(picture: Picture, services: tuple[str, ...]) -> int:
    return sum(len(places) for line, places in picture.day.lines.items() if line.service in services)


def why_record(why: Any) -> Record | None:
    if why is None:
        return None
    passed = [{"line": one.line, "number": one.number, "count": one.count} for one in why.passed_over]
    return {
        "rule": why.rule,
        "rule_version": why.rule_version,
        "score": why.score,
        "chosen_by": why.chosen_by,
        "reason": why.reason,
        "passed_over": passed,
    }


def view_of(name: str, picture: Picture, sources: Sources, params: Mapping[str, str]) -> View:
    """The view of this name; raises `ViewUnknown`, or a refusal when a parameter names nothing."""
    from hall.live.views import board, desk, greeter, kiosk, manager, printer, ticket

    makers: dict[str, Callable[[], View]] = {
        "board": lambda: board.BoardView(params.get("area") or None),
        "kiosk": lambda: kiosk.KioskView(params.get("device", ""), sources),
        "desk": lambda: desk.DeskView(require_counter(picture, params.get("counter", ""))),
        "greeter": lambda: greeter.GreeterView(),
        "manager": lambda: manager.ManagerView(),
        "ticket": lambda: ticket.TicketView(params["ticket"], sources),
        "printer": lambda: printer.PrinterView(params.get("device") or None, sources),
    }
    if name not in makers:
        raise ViewUnknown(view=name, known=sorted(makers))
    return makers[name]()


def require_counter(picture: Picture, counter: str) -> str:
    if counter not in picture.setup.counters:
        raise CounterUnknown(counter=counter)
    return counter
