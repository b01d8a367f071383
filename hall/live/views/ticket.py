"""One ticket, for the visitor's phone: where in the line, called where, done."""

from __future__ import annotations

from dataclasses import asdict

from hall.day.ordering import count_ahead
from hall.day.setup import Setup
from hall.day.state import Ticket
from hall.live.picture import Picture
from hall.live.views.base import ANY, Record, Sources, Topic, area_of, as_time, counter_name, hall_record
from hall.log.codec import as_text


class TicketView:
    """A ticket by its id; who may look at it is settled before. Empty but for the hall when its day is over."""

    def __init__(self, ticket: str, sources: Sources) -> None:
        self.ticket = ticket
        self.sources = sources
        self.topics: tuple[Topic, ...] = (ANY, ("ticket", ticket))

    def records(self, picture: Picture) -> dict[str, Record]:
        records = {"hall": hall_record(picture)}
        ended = picture.ended.get(self.ticket)
        ticket = picture.day.tickets.get(self.ticket) or (ended.ticket if ended else None)
        if ticket is not None:
            outcome = ended.outcome if ended and self.ticket not in picture.day.tickets else None
            records["ticket"] = self.record(picture, ticket, outcome)
        return records

    def record(self, picture: Picture, ticket: Ticket, outcome: str | None) -> Record:
        turn, setup = ticket.turn, picture.setup
        state = turn.state if outcome is None else "done"
        service = setup.services.get(turn.service)
        at_counter = turn.counter if state in ("called", "serving") else None
        return {
            "number": ticket.number,
            "service": turn.service,
            "service_name": dict(service.name) if service else {},
            "class": turn.class_,
            "state": state,
            "outcome": outcome,
            "ahead": count_ahead(picture.day, setup, ticket.line, turn.claim_at, ticket.serial)
            if state == "waiting"
            else 0,
            "counters_open": len(picture.day.open_counters(turn.service)),
            "counter": at_counter,
            "counter_name": counter_name(setup, at_counter) if at_counter else None,
            "area": area_names(setup, at_counter),
            "called_at": as_time(turn.called_at),
            "last_call_at": as_time(turn.last_call_at),
            "call_no": turn.call_no,
            "issued_at": as_text(ticket.issued_at),
            "claim_at": as_text(turn.claim_at),
            "promise_s": turn.promise_s,
            "estimate": self.estimate(picture, ticket) if state == "waiting" else None,
            "language": ticket.language,
        }

    def estimate(self, picture: Picture, ticket: Ticket) -> Record | None:
        turn = ticket.turn
        found = self.sources.estimator.estimate(picture.day, picture.setup, turn.service, turn.class_, turn.claim_at)
        return None if found is None else asdict(found)


def area_names(setup: Setup, counter: str | None) -> Record | None:
    """The name of the area that a counter stands in, in all languages."""
    area = setup.areas.get(area_of(setup, counter)) if counter is not None else None
    return None if area is None else dict(area.name)
