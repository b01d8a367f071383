"""Mistakes put into the shipped code on purpose: the simulation must notice every one of them.

Parts are exchanged by subclass or argument, deciders and appliers in their tables for the time of a `with`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hall.day import commands as c
from hall.day import events as e
from hall.day.apply import APPLIERS
from hall.day.decide import DECIDERS
from hall.day.deciding.common import require_open, require_visitor
from hall.day.deciding.papers import require_paper
from hall.day.setup import Setup
from hall.day.state import Day
from hall.live.feed import Channel, Message
from hall.live.picture import Call
from hall.live.receipts import Receipts
from hall.live.runner import Hall, Pending, Runner
from tests.sim.paper import AgentPapers
from tests.sim.screens import Records, Screen

if TYPE_CHECKING:
    from tests.sim.world import World

NTH = 40


class SkipsAnEvent(Runner):
    """Does not publish one event."""

    def show(self, hall: Hall, *recorded: e.Recorded) -> None:
        super().show(hall, *(one for one in recorded if one.seq != NTH))


class ShowsTooEarly(Runner):
    """Publishes and answers before the commit."""

    async def write(self, batch: list[Pending]) -> None:
        for pending in batch:
            self.publish(pending)
        await self.log.append([pending.commit for pending in batch])


class ForgetsAnswers(Runner):
    """Starts without the answers given before."""

    async def start(self, setups: dict[str, dict[int, Setup]]) -> None:
        await super().start(setups)
        self.memory.kept.clear()


class ForgetsPending(Runner):
    """Goes on with the pending day after a failed commit."""

    async def reread(self, hall: Hall) -> None:
        pending = hall.pending
        await super().reread(hall)
        hall.pending = pending


class IgnoresPrev(Screen):
    """Folds whatever comes."""

    def is_in_step(self, message: Records) -> bool:
        return True


class PrintsUnasked(AgentPapers):
    """Takes every paper as its own."""

    async def claim(self, paper: str) -> bool:
        return True


class Forgetful(deque[Message]):
    """Does not keep every third message."""

    taken = 0

    def append(self, message: Message) -> None:
        self.taken += 1
        if self.taken % 3:
            super().append(message)


def lose_messages(_: World, channel: Channel) -> None:
    """What a channel keeps for those who come back has holes."""
    if not isinstance(channel.messages, Forgetful):
        channel.messages = Forgetful(channel.messages, maxlen=channel.messages.maxlen)


def claim_without_a_look(day: Day, command: c.ClaimPaper, _: c.Context) -> tuple[e.Event, ...]:
    """Does not see that a paper is claimed already."""
    paper = require_paper(day, command.paper)
    return (e.PaperClaimed(paper.id, paper.ticket, paper.printer),)


def count_below_zero(_: Day, command: c.CountDoor, __: c.Context) -> tuple[e.Event, ...]:
    """Does not see that more is taken back than was counted."""
    return (e.DoorCounted(command.count),)


def call_over_a_visitor(day: Day, command: c.CallNext, context: c.Context) -> tuple[e.Event, ...]:
    """Does not see that somebody is at the counter."""
    return SHIPPED_CALL(without_visitor(day, command.counter, context), command, context)


SHIPPED_CALL = DECIDERS[c.CallNext]


def without_visitor(day: Day, counter: str, context: c.Context) -> Day:
    found = require_open(day, counter, context.setup)
    return replace(day, counters={**day.counters, counter: replace(found, ticket=None)})


def number_from_the_start(day: Day, event: e.TicketIssued, recorded: e.Recorded) -> None:
    """Sets the counter of numbers back after every seventh ticket."""
    SHIPPED_ISSUED(day, event, recorded)
    if event.serial % 7 == 0:
        numbers = day.series[event.series]
        numbers.next = 0
        numbers.closed.clear()


SHIPPED_ISSUED = APPLIERS[e.TicketIssued]


def miss_without_delivery(day: Day, command: c.NoShow, context: c.Context) -> tuple[e.Event, ...]:
    """Believes that every call has reached its visitor."""
    _, ticket = require_visitor(day, command.counter, context.setup)
    turn = replace(ticket.turn, deliveries=9, delivered_at=ticket.turn.last_call_at)
    told = replace(day, tickets={**day.tickets, ticket.id: replace(ticket, turn=turn)})
    return SHIPPED_NO_SHOW(told, command, context)


SHIPPED_NO_SHOW = DECIDERS[c.NoShow]


class TakesOldReceipts(Receipts):
    """Takes a report for the newest call, although the screen has seen an older one only."""

    def seen(self, hall: Hall, seq: int, area: str | None, seen_seq: int) -> Call | None:
        return super().seen(hall, seq, area, 2**53)


class DeafToReceipts(Receipts):
    """Loses the reports of every other call."""

    async def report(self, hall: Hall, call: Call, via: e.DeliveredVia, device: str | None) -> None:
        if call.seq % 2:
            await super().report(hall, call, via, device)


def forget_parked(_: Day, __: c.EndParking, ___: c.Context) -> tuple[e.Event, ...]:
    """Does nothing when the time of a parked turn is over."""
    return ()


def send_on(change: Callable[[e.TicketTransferred], e.TicketTransferred]) -> dict[type, Callable[..., Any]]:
    """Transfers that lose something."""

    def visitor(day: Day, command: c.TransferVisitor, context: c.Context) -> tuple[e.Event, ...]:
        return changed(SHIPPED_TRANSFER_VISITOR(day, command, context), e.TicketTransferred, change)

    def ticket(day: Day, command: c.TransferTicket, context: c.Context) -> tuple[e.Event, ...]:
        return changed(SHIPPED_TRANSFER_TICKET(day, command, context), e.TicketTransferred, change)

    return {c.TransferVisitor: visitor, c.TransferTicket: ticket}


SHIPPED_TRANSFER_VISITOR, SHIPPED_TRANSFER_TICKET = DECIDERS[c.TransferVisitor], DECIDERS[c.TransferTicket]


def changed(events: tuple[e.Event, ...], kind: type, change: Callable[[Any], Any]) -> tuple[e.Event, ...]:
    return tuple(change(event) if isinstance(event, kind) else event for event in events)


def lose_note(event: e.TicketTransferred) -> e.TicketTransferred:
    return replace(event, has_note=False)


def lose_claim(event: e.TicketTransferred) -> e.TicketTransferred:
    return replace(event, claim_at=event.claim_at + timedelta(seconds=1))


def pick_whoever(day: Day, command: c.CallTicket, context: c.Context) -> tuple[e.Event, ...]:
    """Calls a ticket that another counter has called."""
    ticket = day.tickets.get(command.ticket)
    counter = day.counters.get(command.counter)
    if ticket is None or ticket.turn.state != "called" or counter is None or counter.ticket is not None:
        return SHIPPED_PICK(day, command, context)
    why = e.Why(context.setup.calling.rule, 2, 0.0, (), "picked", command.reason, (), "")
    return (e.TicketCalled(ticket.id, ticket.turn.id, ticket.number, counter.id, counter.staff, 1, why),)


SHIPPED_PICK = DECIDERS[c.CallTicket]


def call_twice(day: Day, event: e.TicketCalled, recorded: e.Recorded) -> None:
    """Carries a second call into the day as if it were one."""
    if day.tickets[event.ticket].turn.state == "waiting":
        SHIPPED_CALLED(day, event, recorded)
    else:
        day.counters[event.counter].ticket = event.ticket


SHIPPED_CALLED = APPLIERS[e.TicketCalled]


def overtake_quietly(day: Day, command: c.CallTicket, context: c.Context) -> tuple[e.Event, ...]:
    """Does not write down who was passed over."""
    return changed(SHIPPED_PICK(day, command, context), e.TicketCalled, pass_nobody)


def pass_nobody(event: e.TicketCalled) -> e.TicketCalled:
    return replace(event, why=replace(event.why, passed_over=()))


@contextmanager
def planted(table: dict[type, Callable[..., Any]], wrong: Mapping[type, Callable[..., Any]]) -> Iterator[None]:
    """Entries of a table of deciders or appliers are exchanged, and put back in the end."""
    shipped = {kind: table[kind] for kind in wrong}
    table.update(wrong)
    try:
        yield
    finally:
        table.update(shipped)
