"""The manager's live page: counters, lines against the promise, today's figures, what needs a hand."""

from __future__ import annotations

from statistics import median

from hall.live.picture import Picture
from hall.live.usual import Served
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
    reason_records,
    staff_name,
    waiting_in,
    waiting_record,
    why_record,
)
from hall.log.codec import as_text

RECENT_CALLS = 10
LONG_TURNS = 50
PAPER_TROUBLES = 10


class ManagerView:
    """The whole hall, for staff."""

    topics: tuple[Topic, ...] = (ANY,)

    def records(self, picture: Picture) -> dict[str, Record]:
        return {
            "hall": hall_record(picture),
            "today": today_record(picture),
            **class_records(picture.setup),
            **counter_records(picture),
            **area_records(picture),
            **service_records(picture),
            **waiting_records(picture),
            **recent_records(picture),
            **long_turns(picture),
            **device_records(picture),
            **paper_troubles(picture),
            **help_records(picture),
            **reason_records(picture.setup),
        }


def today_record(picture: Picture) -> Record:
    """Today's counts of turns; each share comes with what it is a share of. Corrected instants win.

    A wait ends with the call, which nobody corrects: only service times change by a correction.
    """
    services_s = [one.service_s for one in picture.served.values() if one.is_finished and one.service_s > 0]
    waits = list(picture.waits.values())
    promised = [wait for wait in waits if wait.promise_s is not None]
    names = ("issued", "called", "served", "missed", "cancelled", "expired", "picked", "walk_in", "overridden")
    return {
        **{name: picture.today[name] for name in names},
        "work": picture.work_at(*picture.work_by_counter),
        "waits_n": len(waits),
        "wait_s_p50": round(median(wait.wait_s for wait in waits)) if waits else None,
        "promised_n": len(promised),
        "in_promise_n": sum(wait.wait_s <= (wait.promise_s or 0) for wait in promised),
        "services_n": len(services_s),
        "service_s_p50": round(median(services_s)) if services_s else None,
    }


def counter_records(picture: Picture) -> dict[str, Record]:
    setup, day = picture.setup, picture.day
    records: dict[str, Record] = {}
    for plan in setup.counters.values():
        counter = day.counters.get(plan.id)
        records[f"counter:{plan.id}"] = {
            "id": plan.id,
            "name": plan.name,
            "area": plan.area,
            "state": counter.mode if counter else "closed",
            "staff": counter.staff if counter else None,
            "staff_name": staff_name(setup, counter.staff) if counter else None,
            "services": list(counter.services if counter else plan.services),
            "reason": counter.reason if counter else None,
            "since": as_text(counter.since) if counter else None,
            "served": picture.served_by_counter[plan.id],
            "work": picture.work_at(plan.id),
            "current": visitor_record(picture, counter.ticket) if counter and counter.ticket else None,
        }
    return records


def visitor_record(picture: Picture, ticket_id: str) -> Record:
    ticket = picture.day.tickets[ticket_id]
    service = picture.setup.services.get(ticket.turn.service)
    return {
        "number": ticket.number,
        "state": ticket.turn.state,
        "service": ticket.turn.service,
        "called_at": as_time(ticket.turn.called_at),
        "started_at": as_time(ticket.turn.started_at),
        "expected_service_s": service.expected_service_s if service else None,
        "long_service_s": picture.long_service_s(ticket.turn.service),
    }


def area_records(picture: Picture) -> dict[str, Record]:
    return {
        f"area:{area.id}": {"id": area.id, "name": dict(area.name), "arrow": area.arrow}
        for area in picture.setup.areas.values()
    }


def service_records(picture: Picture) -> dict[str, Record]:
    setup = picture.setup
    return {
        f"service:{one.id}": {
            "id": one.id,
            "name": dict(one.name),
            "letter": letter_of(setup, one.id),
            "order": order,
            "promise_s": setup.promise_of(one.id, setup.default_class()),
            "waiting": waiting_in(picture, (one.id,)),
            "served": picture.served_by_service[one.id],
        }
        for order, one in enumerate(setup.services.values())
        if not setup.is_heading(one.id)
    }


def waiting_records(picture: Picture) -> dict[str, Record]:
    return {
        f"waiting:{ticket}": waiting_record(picture, ticket)
        for places in picture.day.lines.values()
        for _, _, ticket in places
    }


def recent_records(picture: Picture) -> dict[str, Record]:
    newest = list(picture.calls.values())[-RECENT_CALLS:]
    return {
        f"recent:{call.seq}": {
            "number": call.number,
            "counter_name": counter_name(picture.setup, call.counter),
            "at": as_text(call.called_at),
            "why": why_record(call.why),
            "service": call.service,
            "wait_s": call.wait_s,
            "promise_s": call.promise_s,
        }
        for call in newest
    }


def long_turns(picture: Picture) -> dict[str, Record]:
    """Visits of today that lasted far longer than usual, and those whose time was corrected, each with both times."""
    found = [(turn, one) for turn, one in picture.served.items() if one.reason is not None or is_long(picture, one)]
    return {
        f"long_turn:{turn}": {
            "turn": turn,
            "ticket": one.ticket,
            "number": one.number,
            "counter_name": counter_name(picture.setup, one.counter),
            "service": one.service,
            "called_at": as_text(one.called_at),
            "started_at": as_text(one.started_at),
            "ended_at": as_text(one.ended_at),
            "corrected_started_at": as_time(one.corrected_started_at),
            "corrected_ended_at": as_time(one.corrected_ended_at),
            "correction_reason": one.reason,
        }
        for turn, one in found[-LONG_TURNS:]
    }


def is_long(picture: Picture, served: Served) -> bool:
    long_s = picture.long_service_s(served.service)
    return long_s is not None and served.service_s > long_s


def device_records(picture: Picture) -> dict[str, Record]:
    return {
        f"device:{device.id}": {
            "id": device.id,
            "kind": device.kind,
            "state": picture.day.printers.get(device.id, "unknown") if device.url else None,
            "last_seen": None,
        }
        for device in picture.setup.devices.values()
    }


def paper_troubles(picture: Picture) -> dict[str, Record]:
    troubled = [paper for paper in picture.papers.values() if paper.state in ("uncertain", "failed")]
    return {
        f"paper_trouble:{paper.paper}": {
            "number": paper.number,
            "printer": paper.printer,
            "state": paper.state,
            "reason": paper.reason,
            "at": as_text(paper.at),
        }
        for paper in troubled[-PAPER_TROUBLES:]
    }
