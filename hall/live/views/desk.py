"""One counter's desk: the visitor at it, who comes next, who waits, who was missed."""

from __future__ import annotations

from hall.day.ordering import in_calling_order
from hall.day.state import UNDO_WINDOW, Counter, Ticket
from hall.live.picture import Picture
from hall.live.views.base import (
    ANY,
    Record,
    Topic,
    as_time,
    class_records,
    counter_name,
    hall_record,
    letter_of,
    staff_name,
    waiting_in,
    waiting_record,
    why_record,
)
from hall.log.codec import as_text

LINE_MOST = 500
AFTER = 3


class DeskView:
    """What the clerk at one counter sees."""

    def __init__(self, counter: str) -> None:
        self.counter = counter
        self.topics: tuple[Topic, ...] = (ANY, ("counter", counter))

    def records(self, picture: Picture) -> dict[str, Record]:
        services = self.services(picture)
        records = {
            "hall": hall_record(picture),
            "counter": self.counter_record(picture),
            "today": {
                "served": picture.served_by_counter[self.counter],
                "waiting": waiting_in(picture, services),
            },
            **class_records(picture.setup),
            **self.service_records(picture, services),
            **self.line(picture, services),
            **missed_records(picture, services),
        }
        counter = picture.day.counters.get(self.counter)
        if counter is not None:
            records |= self.at_counter(picture, counter)
        return records

    def services(self, picture: Picture) -> tuple[str, ...]:
        counter = picture.day.counters.get(self.counter)
        if counter is not None:
            return counter.services
        plan = picture.setup.counters.get(self.counter)
        return plan.services if plan else ()

    def counter_record(self, picture: Picture) -> Record:
        plan = picture.setup.counters.get(self.counter)
        record = {
            "id": self.counter,
            "name": counter_name(picture.setup, self.counter),
            "area": plan.area if plan else "",
            "services": list(self.services(picture)),
        }
        counter = picture.day.counters.get(self.counter)
        if counter is None:
            return {**record, "state": "closed", "staff": None, "staff_name": None, "reason": None, "since": None}
        return {
            **record,
            "state": counter.mode,
            "staff": counter.staff,
            "staff_name": staff_name(picture.setup, counter.staff),
            "reason": counter.reason,
            "since": as_text(counter.since),
        }

    def service_records(self, picture: Picture, services: tuple[str, ...]) -> dict[str, Record]:
        setup = picture.setup
        return {
            f"service:{one.id}": {
                "id": one.id,
                "name": dict(one.name),
                "letter": letter_of(setup, one.id),
                "waiting": waiting_in(picture, (one.id,)),
                "expected_service_s": one.expected_service_s,
            }
            for one in setup.services.values()
            if one.id in services
        }

    def line(self, picture: Picture, services: tuple[str, ...]) -> dict[str, Record]:
        order = list(in_calling_order(picture.day, picture.setup, services, LINE_MOST))
        records = {f"waiting:{id}": {**waiting_record(picture, id), "order": n} for n, id in enumerate(order)}
        if order:
            after = [picture.day.tickets[id].number for id in order[1 : 1 + AFTER]]
            records["next"] = {**waiting_record(picture, order[0]), "after": after}
        return records

    def at_counter(self, picture: Picture, counter: Counter) -> dict[str, Record]:
        records: dict[str, Record] = {}
        undo = undo_record(picture, counter)
        if undo is not None:
            records["undo"] = undo
        if counter.ticket is not None:
            records["current"] = current_record(picture, picture.day.tickets[counter.ticket])
        return records


def current_record(picture: Picture, ticket: Ticket) -> Record:
    turn = ticket.turn
    service = picture.setup.services.get(turn.service)
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "serial": ticket.serial,
        "service": turn.service,
        "class": turn.class_,
        "language": ticket.language,
        "state": turn.state,
        "issued_at": as_text(ticket.issued_at),
        "claim_at": as_text(turn.claim_at),
        "called_at": as_time(turn.called_at),
        "last_call_at": as_time(turn.last_call_at),
        "started_at": as_time(turn.started_at),
        "call_no": turn.call_no,
        "promise_s": turn.promise_s,
        "expected_service_s": service.expected_service_s if service else None,
        "device": ticket.device,
        "why": why_record(turn.why),
    }


def undo_record(picture: Picture, counter: Counter) -> Record | None:
    """What the undo key would take back; `until` when that ends by itself."""
    if counter.ticket is not None:
        ticket = picture.day.tickets[counter.ticket]
        kind = "call" if ticket.turn.state == "called" else "start"
        return {"kind": kind, "number": ticket.number, "until": None}
    if counter.last_closed is None:
        return None
    until = as_text(counter.last_closed.at + UNDO_WINDOW)
    return {"kind": "finish", "number": counter.last_closed.ticket.number, "until": until}


def missed_records(picture: Picture, services: tuple[str, ...]) -> dict[str, Record]:
    return {
        f"missed:{ticket.id}": {
            "ticket": ticket.id,
            "number": ticket.number,
            "service": ticket.turn.service,
            "class": ticket.turn.class_,
            "missed_at": as_time(ticket.turn.missed_at),
        }
        for ticket in picture.day.tickets.values()
        if ticket.turn.state == "missed" and ticket.turn.service in services
    }
