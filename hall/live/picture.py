"""What is durable and may be shown: the committed day, and what the screens remember of it beyond open tickets.

A picture is a fold like the day itself, so it is the same after a restart. Every list in it is bounded.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hall.day import events as e
from hall.day.apply import apply
from hall.day.setup import Setup
from hall.day.state import Day, Ticket

RECENT_CALLS = 200
RECENT_PAPERS = 100
ENDED_TICKETS = 1000


@dataclass(slots=True)
class Call:
    """A turn's call as displays show it; `seq` is that of its first call."""

    seq: int
    ticket: str
    number: str
    counter: str
    service: str
    called_at: datetime
    at: datetime
    call_no: int
    state: str
    why: e.Why
    wait_s: float
    promise_s: int | None


@dataclass(slots=True)
class Ended:
    """A ticket that is closed, for the phone that still looks at it."""

    ticket: Ticket
    outcome: str
    at: datetime


@dataclass(slots=True)
class SeenPaper:
    """A paper of today, finished or not."""

    paper: str
    ticket: str
    number: str
    device: str | None
    printer: str
    copy: int
    state: str
    reason: str | None
    at: datetime


@dataclass(slots=True)
class Wait:
    """How long a turn waited until its first call, beside what it was promised."""

    service: str
    wait_s: float
    promise_s: int | None


@dataclass(slots=True)
class Picture:
    """The committed state of one hall. `setups` are the versions that its events were decided with."""

    setup: Setup
    setups: dict[int, Setup]
    day: Day
    calls: dict[int, Call] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    papers: dict[str, SeenPaper] = field(default_factory=dict)
    waits: dict[str, Wait] = field(default_factory=dict)
    today: Tally[str] = field(default_factory=Tally)
    served_by_service: Tally[str] = field(default_factory=Tally)
    served_by_counter: Tally[str] = field(default_factory=Tally)

    def apply(self, recorded: e.Recorded) -> None:
        """Carry one durable event into the day and into what is remembered of it."""
        remember = REMEMBER.get(type(recorded.event))
        ticket = self.day.tickets.get(getattr(recorded.event, "ticket", ""))
        apply(self.day, recorded)
        if remember is not None:
            remember(self, recorded.event, recorded, ticket)

    def call_of(self, ticket: Ticket) -> Call | None:
        return self.calls.get(ticket.turn.called_seq)


def keep_newest(kept: dict[Any, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]


def on_setup(picture: Picture, event: e.SetupPublished, _: e.Recorded, __: Ticket | None) -> None:
    picture.setup = picture.setups[event.version]


def on_day_opened(picture: Picture, event: e.DayOpened, _: e.Recorded, __: Ticket | None) -> None:
    if event.setup_version in picture.setups:
        picture.setup = picture.setups[event.setup_version]
    for kept in (picture.calls, picture.ended, picture.papers, picture.waits):
        kept.clear()
    for tally in (picture.today, picture.served_by_service, picture.served_by_counter):
        tally.clear()


def on_issued(picture: Picture, _: e.TicketIssued, __: e.Recorded, ___: Ticket | None) -> None:
    picture.today["issued"] += 1


def on_called(picture: Picture, event: e.TicketCalled, one: e.Recorded, _: Ticket | None) -> None:
    turn = picture.day.tickets[event.ticket].turn
    wait_s = (one.at - turn.claim_at).total_seconds()
    picture.calls[one.seq] = Call(
        one.seq,
        event.ticket,
        event.number,
        event.counter,
        turn.service,
        one.at,
        one.at,
        event.call_no,
        "called",
        event.why,
        wait_s,
        turn.promise_s,
    )
    forget_calls(picture.calls)
    picture.waits[event.turn] = Wait(turn.service, wait_s, turn.promise_s)
    picture.today["called"] += 1


def forget_calls(calls: dict[int, Call]) -> None:
    """Forget old calls, those that are over first: one whose visitor is still awaited may be repeated."""
    while len(calls) > RECENT_CALLS:
        over = (seq for seq, call in calls.items() if call.state == "closed")
        del calls[next(over, next(iter(calls)))]


def on_recalled(picture: Picture, event: e.TicketRecalled, one: e.Recorded, ticket: Ticket | None) -> None:
    call = ticket and picture.call_of(ticket)
    if call:
        call.call_no, call.at = event.call_no, one.at


def on_started(picture: Picture, _: e.TicketStarted, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "serving")


def set_state(picture: Picture, ticket: Ticket | None, state: str) -> None:
    call = ticket and picture.call_of(ticket)
    if call:
        call.state = state


def on_finished(picture: Picture, event: e.TicketFinished, one: e.Recorded, ticket: Ticket | None) -> None:
    end(picture, ticket, event.outcome, one.at)
    picture.today["served"] += 1
    picture.served_by_counter[event.counter] += 1
    if ticket:
        picture.served_by_service[ticket.turn.service] += 1


def end(picture: Picture, ticket: Ticket | None, outcome: str, at: datetime) -> None:
    assert ticket is not None
    set_state(picture, ticket, "closed")
    picture.ended[ticket.id] = Ended(ticket, outcome, at)
    keep_newest(picture.ended, ENDED_TICKETS)


def on_missed(picture: Picture, _: e.TicketMissed, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "closed")
    picture.today["missed"] += 1


def on_cancelled(picture: Picture, event: e.TicketCancelled, one: e.Recorded, ticket: Ticket | None) -> None:
    end(picture, ticket, event.outcome, one.at)
    picture.today["cancelled"] += 1


def on_expired(picture: Picture, event: e.TicketExpired, one: e.Recorded, ticket: Ticket | None) -> None:
    end(picture, ticket, event.outcome, one.at)
    picture.today["expired"] += 1


def on_call_undone(picture: Picture, event: e.TicketCallUndone, _: e.Recorded, __: Ticket | None) -> None:
    """The call is as if it had never been, so it leaves the board and the figures."""
    undone = [seq for seq, call in picture.calls.items() if call.ticket == event.ticket and call.state == "called"]
    for seq in undone:
        del picture.calls[seq]
    if picture.waits.pop(event.turn, None) is not None:  # a visitor carried over from yesterday was not called today
        picture.today["called"] -= 1


def on_start_undone(picture: Picture, _: e.TicketStartUndone, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "called")


def on_finish_undone(picture: Picture, event: e.TicketFinishUndone, _: e.Recorded, __: Ticket | None) -> None:
    ticket = picture.day.tickets[event.ticket]
    picture.ended.pop(event.ticket, None)
    set_state(picture, ticket, "serving")
    picture.today["served"] -= 1
    picture.served_by_service[ticket.turn.service] -= 1
    picture.served_by_counter[event.counter] -= 1


def on_paper_requested(picture: Picture, event: e.PaperRequested, one: e.Recorded, ticket: Ticket | None) -> None:
    picture.papers[event.paper] = SeenPaper(
        event.paper,
        event.ticket,
        ticket.number if ticket else "",
        ticket.device if ticket else None,
        event.printer,
        event.copy,
        "requested",
        None,
        one.at,
    )
    keep_newest(picture.papers, RECENT_PAPERS)


def paper_became(state: str) -> Callable[[Picture, Any, e.Recorded, Ticket | None], None]:
    def on_paper(picture: Picture, event: Any, one: e.Recorded, _: Ticket | None) -> None:
        seen = picture.papers.get(event.paper)
        if seen is not None:
            seen.state, seen.reason, seen.at = state, getattr(event, "reason", None), one.at

    return on_paper


REMEMBER: dict[type, Callable[[Picture, Any, e.Recorded, Ticket | None], None]] = {
    e.SetupPublished: on_setup,
    e.DayOpened: on_day_opened,
    e.TicketIssued: on_issued,
    e.TicketCalled: on_called,
    e.TicketRecalled: on_recalled,
    e.TicketStarted: on_started,
    e.TicketFinished: on_finished,
    e.TicketMissed: on_missed,
    e.TicketCancelled: on_cancelled,
    e.TicketExpired: on_expired,
    e.TicketCallUndone: on_call_undone,
    e.TicketStartUndone: on_start_undone,
    e.TicketFinishUndone: on_finish_undone,
    e.PaperRequested: on_paper_requested,
    e.PaperClaimed: paper_became("claimed"),
    e.PaperPrinted: paper_became("printed"),
    e.PaperUncertain: paper_became("uncertain"),
    e.PaperFailed: paper_became("failed"),
}
