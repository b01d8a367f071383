"""One ticket, for the visitor's phone: where in the line, called where, done."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import asdict

from hall.day.deciding.moves import returns_left
from hall.day.ordering import offer_of, tables_of
from hall.day.setup import Setup
from hall.day.state import Ticket
from hall.live.picture import Picture
from hall.live.views.base import (
    ANY,
    Record,
    Sources,
    Topic,
    ahead_of,
    area_of,
    as_time,
    counter_name,
    counters_for,
    hall_record,
)
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
        at_counter = turn.counter if state in ("called", "serving", "parked") else None
        return {
            "number": ticket.number,
            "service": turn.service,
            "service_name": dict(service.name) if service else {},
            "class": turn.class_,
            "state": state,
            "outcome": outcome,
            "ahead": ahead_of(picture, ticket) if state == "waiting" else 0,
            "counters_open": counters_for(picture, ticket),
            "counter": at_counter,
            "counter_name": counter_name(setup, at_counter) if at_counter else None,
            "area": area_names(setup, at_counter),
            "called_at": as_time(turn.called_at),
            "last_call_at": as_time(turn.last_call_at),
            "call_no": turn.call_no,
            "deliveries": turn.deliveries,
            "overtaken_by": overtaken(picture, ticket) if state == "waiting" else [],
            "round_used": round_used(picture, ticket) if state == "waiting" else [],
            "counter_change": counter_change(picture, ticket) if state == "waiting" else None,
            "joined_by": turn.joined_by,
            "rules_changed": state == "waiting" and picture.setup_seq > turn.joined_seq,
            "to_counter": sent_to_counter(setup, turn.to),
            "planned": [service_names(setup, one.service) for one in ticket.planned],
            "missed_at": as_time(turn.missed_at),
            "expires_at": as_time(turn.expires_at),
            "returns_left": returns_left(setup.missed, ticket.misses),
            "postpones_left": max(0, setup.calling.postpone_most - ticket.postponed),
            "due_at": as_time(turn.due_at),
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


def overtaken(picture: Picture, ticket: Ticket) -> list[Record]:
    """Who is ahead although they came to the line later, by cause, most first."""
    classes = picture.setup.classes
    return [
        {
            "cause": cause.kind,
            "count": count,
            "name": dict(classes[cause.id].name) if cause.kind == "class" and cause.id in classes else None,
        }
        for cause, count in picture.standing.overtaken_by(ticket).most_common()
    ]


def round_used(picture: Picture, ticket: Ticket) -> list[Record]:
    """Who came to the own class later and was called in its part of the round, by cause, most first; see `ratio`.

    They are gone, and yet others stand before the ticket for it.
    """
    line, joined_seq = ticket.line, ticket.turn.joined_seq
    offers = [order.offer for order in picture.standing.orders_of(line)] if picture.round_guests else []
    rounds = {offer.rounds.get(offer.tier(line) or 0) for offer in offers}
    causes = Tally(
        guest.joined_by
        for guest in picture.round_guests.values()
        if guest.class_ == line.class_ and guest.joined_seq > joined_seq and guest.round_of in rounds
    )
    return [{"cause": cause, "count": count} for cause, count in causes.most_common()]


def counter_change(picture: Picture, ticket: Ticket) -> Record | None:
    """The newest counter for this ticket that stopped since it took its place and does not serve again as before.

    `kind` is paused, closed, or `changed` for one that is back with other services or languages.
    """
    setup, line = picture.setup, ticket.line
    for stop in reversed(picture.stops.values()):
        if stop.seq <= ticket.turn.joined_seq:
            return None
        before = tables_of(setup).offer(stop.counter, stop.services, stop.staff)
        counter = picture.day.counters.get(stop.counter)
        now = offer_of(setup, counter) if counter is not None and counter.mode == "open" else None
        if before.tier(line) is not None and (now is None or now.shape != before.shape):
            kind = stop.kind if now is None or now.tier(line) is None else "changed"
            return {"kind": kind, "counter_name": counter_name(setup, stop.counter)}
    return None


def sent_to_counter(setup: Setup, to: str) -> str | None:
    kind, _, counter = to.partition("/")
    return counter_name(setup, counter) if kind == "counter" else None


def service_names(setup: Setup, service: str) -> Record:
    return dict(setup.services[service].name) if service in setup.services else {}
