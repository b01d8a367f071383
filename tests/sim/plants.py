"""Mistakes put into the shipped code on purpose: the simulation must notice every one of them.

Parts are exchanged by subclass or argument, deciders and appliers in their tables for the time of a `with`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hall.day import commands as c
from hall.day import events as e
from hall.day.apply import APPLIERS
from hall.day.decide import DECIDERS
from hall.day.deciding.common import require_open
from hall.day.deciding.papers import require_paper
from hall.day.setup import Setup
from hall.day.state import Day
from hall.live.feed import Channel, Message
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


@contextmanager
def planted(table: dict[type, Callable[..., Any]], wrong: Mapping[type, Callable[..., Any]]) -> Iterator[None]:
    """Entries of a table of deciders or appliers are exchanged, and put back in the end."""
    shipped = {kind: table[kind] for kind in wrong}
    table.update(wrong)
    try:
        yield
    finally:
        table.update(shipped)
