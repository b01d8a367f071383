"""The greeter's page: who is awaited and does not come, who waits too long, who calls for help."""

from __future__ import annotations

from hall.day.deciding.common import is_printing
from hall.day.state import PRIORITY_WINDOW, Ticket
from hall.live.picture import Picture
from hall.live.views.base import (
    ANY,
    Record,
    Topic,
    area_of,
    as_time,
    class_records,
    counter_name,
    hall_record,
    help_records,
    is_full,
    letter_of,
    missed_record,
    parked_record,
    reason_records,
    staff_name,
    waiting_in,
    waiting_record,
)
from hall.log.codec import as_text

WAITING_MOST = 500
HUNT_DELIVERIES = 2


class GreeterView:
    """The whole hall, for the one who walks about in it."""

    topics: tuple[Topic, ...] = (ANY, ("call", ""), ("help", ""))

    def records(self, picture: Picture) -> dict[str, Record]:
        setup, tickets = picture.setup, picture.day.tickets.values()
        return {
            "hall": hall_record(picture),
            "today": today_record(picture),
            **class_records(setup),
            **reason_records(setup),
            **service_records(picture),
            **counter_records(picture),
            **waiting_records(picture),
            **{f"called:{one.id}": called_record(picture, one) for one in tickets if one.turn.state == "called"},
            **{f"missed:{one.id}": missed_record(one) for one in tickets if one.turn.state == "missed"},
            **{f"parked:{one.id}": parked_record(setup, one) for one in tickets if one.turn.state == "parked"},
            **help_records(picture),
            **printer_records(picture),
            **paper_records(picture),
        }


def today_record(picture: Picture) -> Record:
    names = ("issued", "served", "missed", "reinstated")
    return {
        **{name: picture.today[name] for name in names},
        "came_in": picture.day.came_in,
        "diverted": dict(picture.day.diverted),
        "priority": priority_record(picture),
    }


def priority_record(picture: Picture) -> Record:
    """The budget of the green lane: how much of this hour's is used, and when one becomes free again."""
    day, most = picture.day, picture.setup.calling.priority_per_hour
    lately = [at for at in day.prioritised if day.at is not None and day.at - at < PRIORITY_WINDOW]
    is_spent = most is not None and 0 < most <= len(lately)
    free_at = lately[len(lately) - most] + PRIORITY_WINDOW if is_spent and most is not None else None
    return {"per_hour": most, "used": [as_text(at) for at in lately], "free_at": as_time(free_at)}


def service_records(picture: Picture) -> dict[str, Record]:
    setup = picture.setup
    return {
        f"service:{one.id}": {
            "id": one.id,
            "name": dict(one.name),
            "letter": letter_of(setup, one.id),
            "order": order,
            "waiting": waiting_in(picture, (one.id,)),
            "counters_open": len(picture.day.open_counters(one.id)),
            "full": [visitor_class for visitor_class in setup.classes if is_full(picture, one.id, visitor_class)],
            "hours": one.hours,
            "documents": [dict(names) for names in one.documents],
        }
        for order, one in enumerate(setup.services.values())
        if not setup.is_heading(one.id)
    }


def counter_records(picture: Picture) -> dict[str, Record]:
    setup = picture.setup
    return {
        f"counter:{one.id}": {
            "id": one.id,
            "name": counter_name(setup, one.id),
            "state": one.mode,
            "staff": one.staff,
            "staff_name": staff_name(setup, one.staff),
            "busy": one.ticket is not None,
        }
        for one in picture.day.counters.values()
    }


def printer_records(picture: Picture) -> dict[str, Record]:
    """Where a ticket can be printed, and whether that is known to fail now."""
    return {
        f"printer:{one.id}": {"id": one.id, "area": one.area, "works": is_printing(picture.day, one)}
        for one in picture.setup.devices.values()
        if one.kind == "printer" or one.url
    }


def paper_records(picture: Picture) -> dict[str, Record]:
    """What became of each ticket's newest paper."""
    newest = {one.ticket: one for one in picture.papers.values() if one.kind == "ticket"}
    return {
        f"paper:{one.ticket}": {
            "ticket": one.ticket,
            "printer": one.printer,
            "copy": one.copy,
            "state": one.state,
            "reason": one.reason,
            "at": as_text(one.at),
        }
        for one in newest.values()
    }


def waiting_records(picture: Picture) -> dict[str, Record]:
    """The longest waits, as many as a page can use."""
    places = sorted(place for places in picture.day.lines.values() for place in places)
    return {f"waiting:{ticket}": waiting_record(picture, ticket) for _, _, ticket in places[:WAITING_MOST]}


def called_record(picture: Picture, ticket: Ticket) -> Record:
    """Who is awaited at a counter; `hunt` once the second call reached the hall and nobody came."""
    turn, setup = ticket.turn, picture.setup
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": turn.service,
        "class": turn.class_,
        "language": ticket.language,
        "counter": turn.counter,
        "counter_name": counter_name(setup, turn.counter or ""),
        "area": area_of(setup, turn.counter or ""),
        "called_at": as_time(turn.called_at),
        "last_call_at": as_time(turn.last_call_at),
        "call_no": turn.call_no,
        "deliveries": turn.deliveries if setup.delivered_by == "displays" else turn.call_no,
        "hunt": (turn.deliveries if setup.delivered_by == "displays" else turn.call_no) >= HUNT_DELIVERIES,
    }
