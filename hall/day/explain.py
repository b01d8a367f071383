"""Who stands before whom now, and why somebody has more people ahead than before.

A standing is worked out from a day at one instant: for each kind of counter the order in which it would call all who
wait. So every phone's place is a look-up, and an explanation is a walk over those ahead.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from hall.day.ordering import CAP, Offer, offers_reaching, order_of_offer, tables_of
from hall.day.rules import Ratio
from hall.day.setup import Setup
from hall.day.state import Day, JoinedBy, LineKey, Place, Ticket


class Cause(NamedTuple):
    """Why somebody who came to the line later is ahead: a move, the class, the service, or the hall's cap."""

    kind: JoinedBy | Literal["class", "service", "cap"]
    id: str = ""


@dataclass(slots=True)
class Order:
    """The order of calling of one kind of counter.

    `ahead_of_older` are those, with their places, who stand before somebody that was there earlier: few, as a rule.
    """

    offer: Offer
    tickets: list[str]
    place_of: dict[str, int]
    ahead_of_older: list[tuple[int, Ticket]]


@dataclass(slots=True)
class Standing:
    """The places of all who wait on this day at this instant."""

    day: Day
    setup: Setup
    at: datetime
    orders: dict[tuple[object, tuple[str, ...]], Order] = field(default_factory=dict)
    reaching: dict[LineKey, list[Order]] = field(default_factory=dict)

    def ahead(self, ticket: Ticket) -> int:
        """How many waiting turns come before a waiting ticket, at the counter where the fewest do."""
        return min(order.place_of[ticket.id] for order in self.orders_of(ticket.line))

    def overtaken_by(self, ticket: Ticket) -> Tally[Cause]:
        """How many are ahead although they took their place later, by cause."""
        return Tally(self.overtakers(ticket).values())

    def overtakers(self, ticket: Ticket) -> dict[str, Cause]:
        """Who is ahead although they took their place later, at any counter that may call the ticket."""
        found: dict[str, Cause] = {}
        for order in self.orders_of(ticket.line):
            own = order.place_of[ticket.id]
            for place, other in order.ahead_of_older:
                if place >= own:
                    break
                cause = self.cause(order.offer, ticket, other)
                if cause is not None:
                    found[other.id] = cause
        return found

    def ahead_of_older(self, order: list[str]) -> list[tuple[int, Ticket]]:
        """Those before somebody who joined or claimed earlier, and those who may be there by the cap; in order."""
        cap = tables_of(self.setup).cap
        found: list[tuple[int, Ticket]] = []
        oldest: tuple[int, Place] | None = None  # the earliest joining and the earliest claim of all behind
        for place in range(len(order) - 1, -1, -1):
            ticket = self.day.tickets[order[place]]
            joined_seq, own = ticket.turn.joined_seq, ticket.place
            is_lifted = cap is not None and ticket.turn.claim_at <= self.at - cap
            if is_lifted or (oldest is not None and (joined_seq > oldest[0] or own > oldest[1])):
                found.append((place, ticket))
            oldest = (joined_seq, own) if oldest is None else (min(joined_seq, oldest[0]), min(own, oldest[1]))
        return found[::-1]

    def cause(self, offer: Offer, ticket: Ticket, other: Ticket) -> Cause | None:
        """Why `other` is ahead of `ticket`; None when it simply was there before."""
        mine, theirs = ticket.turn, other.turn
        is_newer = theirs.joined_seq > mine.joined_seq
        if not is_newer and other.place < ticket.place:
            return Cause("cap") if self.is_lifted(offer, ticket, other) else None
        if is_newer and theirs.joined_by != "issue":
            return Cause(theirs.joined_by)
        if theirs.class_ != mine.class_:
            return Cause("class", theirs.class_)
        return Cause("service", theirs.service)

    def is_lifted(self, offer: Offer, ticket: Ticket, other: Ticket) -> bool:
        """True when the cap puts `other` before `ticket`; rounds do not tell whom they would have called."""
        tables = tables_of(self.setup)
        if tables.cap is None or other.turn.claim_at > self.at - tables.cap:
            return False
        is_dealt = isinstance(tables.rule, Ratio) and other.turn.class_ != ticket.turn.class_
        return is_dealt or self.rank(offer, other) > self.rank(offer, ticket)

    def rank(self, offer: Offer, ticket: Ticket) -> tuple[int, object, int]:
        """The place by tier and rule alone."""
        tier = offer.tier(ticket.line)
        return (
            CAP if tier is None else tier,
            tables_of(self.setup).rule.key(ticket.line, ticket.place, self.at),
            ticket.serial,
        )

    def orders_of(self, line: LineKey) -> list[Order]:
        """The orders of all kinds of counter that may call this line."""
        found = self.reaching.get(line)
        if found is None:
            orders = (self.order(offer) for offer in offers_reaching(self.day, self.setup, line))
            found = self.reaching[line] = list({id(order): order for order in orders}.values())
        return found

    def order(self, offer: Offer) -> Order:
        key = (offer.shape, offer.own if any(line.to for line in self.day.lines) else ())
        known = self.orders.get(key)
        if known is None:
            tickets = order_of_offer(self.day, self.setup, offer, self.at, len(self.day.tickets))
            place_of = {ticket: n for n, ticket in enumerate(tickets)}
            known = self.orders[key] = Order(offer, tickets, place_of, self.ahead_of_older(tickets))
        return known
