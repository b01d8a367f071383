"""One counter's desk: the visitor at it, who comes next, who waits, who was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hall.day.deciding.calling import deliveries_of, missable_at, require_missable
from hall.day.deciding.undoing import can_undo
from hall.day.ordering import in_calling_order
from hall.day.refusals import CallNotDelivered, TooFewCalls
from hall.day.setup import Setup
from hall.day.state import UNDO_WINDOW, Counter, Ticket, own_names
from hall.live.picture import Picture
from hall.live.views.base import (
    ANY,
    Record,
    Topic,
    as_time,
    class_records,
    counter_name,
    hall_record,
    help_records,
    letter_of,
    missed_record,
    parked_record,
    reason_records,
    staff_name,
    waiting_in,
    waiting_record,
    why_record,
)
from hall.log.codec import as_text

LINE_MOST = 500
AFTER = 3
AT_LAST = datetime.max.replace(tzinfo=UTC)  # when every time to come is over


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
                "work": picture.work_at(self.counter),
                "waiting": waiting_in(picture, services),
            },
            **class_records(picture.setup),
            **self.service_records(picture, services),
            **self.line(picture, services),
            **missed_records(picture, services),
            **self.parked(picture),
            **help_records(picture, self.counter),
            **reason_records(picture.setup),
            **other_records(picture, self.counter),
            "calling": calling_record(picture.setup),
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
            "sent": sum(len(picture.day.sent_to(to)) for to in self.names(picture)),
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

    def names(self, picture: Picture) -> tuple[str, ...]:
        """The names under which visitors are sent to this counter."""
        counter = picture.day.counters.get(self.counter)
        staff = counter.staff if counter else None
        return own_names(self.counter, staff)

    def service_records(self, picture: Picture, services: tuple[str, ...]) -> dict[str, Record]:
        setup = picture.setup
        return {
            f"service:{one.id}": {
                "id": one.id,
                "name": dict(one.name),
                "letter": letter_of(setup, one.id),
                "waiting": waiting_in(picture, (one.id,)),
                "expected_service_s": one.expected_service_s,
                "items": [{"id": item.id, "name": dict(item.name)} for item in one.items],
                "documents": [dict(names) for names in one.documents],
            }
            for one in setup.services.values()
            if one.id in services
        }

    def line(self, picture: Picture, services: tuple[str, ...]) -> dict[str, Record]:
        at = picture.day.at
        assert at is not None, "a hall that is shown has at least its set-up in the log"
        counter = picture.day.counters.get(self.counter) or Counter(self.counter, "closed", None, services, at)
        order = in_calling_order(picture.day, picture.setup, counter, at, LINE_MOST)
        records = {f"waiting:{id}": {**waiting_record(picture, id), "order": n} for n, id in enumerate(order)}
        if order:
            after = [picture.day.tickets[id].number for id in order[1 : 1 + AFTER]]
            records["next"] = {**waiting_record(picture, order[0]), "after": after}
        return records

    def parked(self, picture: Picture) -> dict[str, Record]:
        parked = picture.day.parked_at(self.counter)
        return {f"parked:{one.id}": parked_record(picture.setup, one) for one in parked}

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
        "since": as_text(turn.since),
        "claim_at": as_text(turn.claim_at),
        "called_at": as_time(turn.called_at),
        "last_call_at": as_time(turn.last_call_at),
        "started_at": as_time(turn.started_at),
        "call_no": turn.call_no,
        "promise_s": turn.promise_s,
        "expected_service_s": service.expected_service_s if service else None,
        "long_service_s": picture.long_service_s(turn.service),
        "device": ticket.device,
        "why": why_record(turn.why),
        "is_inferred": turn.is_inferred,
        "joined_by": turn.joined_by,
        "planned": [one.service for one in ticket.planned],
        "items": [{"item": item, "quantity": quantity} for item, quantity in turn.items],
        "missable": missable_record(picture.setup, ticket),
        "recall_at": recall_at(picture.setup, ticket),
    }


def missable_record(setup: Setup, ticket: Ticket) -> Record | None:
    """Whether the no-show key may light up: from `at` on, or not yet, for the reason `code`; None: seen to come."""
    turn = ticket.turn
    if not turn.is_awaited:
        return None
    deliveries, needed = deliveries_of(setup, turn), setup.missed.calls
    record = {"deliveries": deliveries, "needed": needed, "at": None, "code": None}
    try:
        require_missable(setup, ticket, AT_LAST)
    except (CallNotDelivered, TooFewCalls) as refusal:
        return {**record, "code": refusal.code}
    return {**record, "at": as_text(missable_at(setup, ticket))}


def recall_at(setup: Setup, ticket: Ticket) -> str | None:
    """From when the call may be repeated."""
    last = ticket.turn.last_call_at
    if last is None or not ticket.turn.is_awaited:
        return None
    return as_text(last + timedelta(seconds=setup.missed.gap_s))


def calling_record(setup: Setup) -> Record:
    """What the hall allows at its desks."""
    calling = setup.calling
    return {
        "rule": calling.rule,
        "pick": calling.pick,
        "walk_in": calling.walk_in,
        "park_s": calling.park_s,
        "comeback": calling.comeback_credit_s > 0,
        "line_shown": calling.line_shown,
        "override": setup.missed.override,
        "delivered_by": setup.delivered_by,
        "scripts": [
            {
                "situation": one.situation,
                "minutes": one.minutes,
                "steps": {lang: list(steps) for lang, steps in one.steps.items()},
            }
            for one in setup.scripts.values()
        ],
    }


def other_records(picture: Picture, own: str) -> dict[str, Record]:
    """Where a visitor can be sent: every service that issues numbers, and the other counters that are there now."""
    setup = picture.setup
    services = [{"id": s.id, "name": dict(s.name)} for s in setup.services.values() if not setup.is_heading(s.id)]
    counters = [
        {
            "id": one.id,
            "name": counter_name(setup, one.id),
            "state": one.mode,
            "staff": one.staff,
            "staff_name": staff_name(setup, one.staff),
            "services": list(one.services),
        }
        for one in picture.day.counters.values()
        if one.id != own
    ]
    return {"elsewhere": {"services": services, "counters": counters}}


def undo_record(picture: Picture, counter: Counter) -> Record | None:
    """What the undo key would take back; `until` when that ends by itself."""
    if counter.ticket is not None:
        ticket = picture.day.tickets[counter.ticket]
        kind = "call" if ticket.turn.state == "called" else "start"
        return {"kind": kind, "number": ticket.number, "until": None}
    last = counter.last
    if last is None or not can_undo(picture.day, last):
        return None
    return {"kind": last.kind, "number": last.ticket.number, "until": as_text(last.at + UNDO_WINDOW)}


def missed_records(picture: Picture, services: tuple[str, ...]) -> dict[str, Record]:
    return {
        f"missed:{ticket.id}": missed_record(ticket)
        for ticket in picture.day.tickets.values()
        if ticket.turn.state == "missed" and ticket.turn.service in services
    }
