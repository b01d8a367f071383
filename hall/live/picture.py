"""What is durable and may be shown: the committed day, and what the screens remember of it beyond open tickets.

A picture is a fold like the day itself, so it is the same after a restart. Every list in it is bounded.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hall.day import events as e
from hall.day.apply import apply
from hall.day.explain import Standing
from hall.day.setup import Setup
from hall.day.state import Day, JoinedBy, Step, Ticket, Turn
from hall.live.usual import LONG_SERVICE, Served

RECENT_CALLS = 200
RECENT_PAPERS = 100
ENDED_TICKETS = 1000
COUNTER_STOPS = 200
ROUND_GUESTS = 200
OVERTAKING = ("picked", "walk_in")  # calls that a person chose are counted apart


@dataclass(slots=True)
class Call:
    """A turn's call as displays show it; `seq` is that of its first call, `last_seq` that of its newest.

    Of a visitor who was called the day before, `seq` is that of the start taken back, which put the call here.
    `state`: called, serving, closed, or undone for a call that was taken back. `back_seq` is that of what made it count
    again after it was closed: until then a phone told its visitor something else.
    """

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
    last_seq: int
    back_seq: int = 0


@dataclass(slots=True)
class Ended:
    """A ticket that is closed, for the phone that still looks at it."""

    ticket: Ticket
    outcome: str
    at: datetime


@dataclass(slots=True)
class SeenPaper:
    """A paper of today, finished or not.

    `service`, `class_` and the set-up are those it was asked for with.
    """

    paper: str
    ticket: str
    number: str
    device: str | None
    printer: str
    copy: int
    state: str
    reason: str | None
    at: datetime
    kind: e.PaperKind
    service: str
    class_: str
    setup_version: int


@dataclass(slots=True)
class Wait:
    """How long a turn waited until its first call, beside what it was promised."""

    service: str
    wait_s: float
    promise_s: int | None


@dataclass(frozen=True, slots=True)
class CounterStop:
    """A counter that stopped calling, as it served until then; `kind` is paused or closed."""

    seq: int
    kind: str
    counter: str
    services: tuple[str, ...]
    staff: str | None


@dataclass(frozen=True, slots=True)
class RoundGuest:
    """Somebody who came to a line not by a number of its own and was called in the part of a class in a round."""

    turn: str
    class_: str
    round_of: str
    joined_seq: int
    joined_by: JoinedBy


@dataclass(slots=True)
class Picture:
    """The committed state of one hall. `setups` are the versions that its events were decided with.

    `setup_seq` is the last change of the set-up today: whoever stood in line before may stand elsewhere since.
    `measured` is given like the set-ups: for the business date, the p90 of the service times of each service, in
    seconds, as they stood when that date was opened. `is_remeasured` once a turn of an earlier date was corrected
    today: what is measured after a restart may be another number than before.
    """

    setup: Setup
    setups: dict[int, Setup]
    day: Day
    measured: dict[date, dict[str, int]] = field(default_factory=dict)
    known_standing: Standing | None = field(default=None, compare=False)
    setup_seq: int = 0
    stops: dict[tuple[str, str | None, tuple[str, ...]], CounterStop] = field(default_factory=dict)
    round_guests: dict[str, RoundGuest] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    papers: dict[str, SeenPaper] = field(default_factory=dict)
    waits: dict[str, Wait] = field(default_factory=dict)
    served: dict[str, Served] = field(default_factory=dict)
    is_remeasured: bool = False
    transferred: dict[str, bool] = field(default_factory=dict)
    overridden: dict[str, bool] = field(default_factory=dict)
    today: Tally[str] = field(default_factory=Tally)
    served_by_service: Tally[str] = field(default_factory=Tally)
    served_by_counter: Tally[str] = field(default_factory=Tally)
    work_by_counter: dict[str, float] = field(default_factory=dict)
    sealed: e.DaySealed | None = None

    def apply(self, recorded: e.Recorded) -> None:
        """Carry one durable event into the day and into what is remembered of it."""
        self.known_standing = None
        remember = REMEMBER.get(type(recorded.event))
        ticket = self.day.tickets.get(getattr(recorded.event, "ticket", None) or "")
        apply(self.day, recorded)
        if remember is not None:
            remember(self, recorded.event, recorded, ticket)

    @property
    def standing(self) -> Standing:
        """Who stands where at the last event; worked out once for all who ask."""
        if self.known_standing is None:
            assert self.day.at is not None, "a hall that is shown has at least its set-up in the log"
            self.known_standing = Standing(self.day, self.setup, self.day.at)
        return self.known_standing

    def long_service_s(self, service: str) -> int | None:
        """After how many seconds a visit is asked about, None where nobody knows what is usual: three times the p90."""
        known = self.setup.services.get(service)
        measured = self.measured.get(self.day.date, {}) if self.day.date is not None else {}
        usual_s = measured.get(service) or (known.expected_service_s if known is not None else None)
        return LONG_SERVICE * usual_s if usual_s else None

    def work_at(self, *counters: str) -> float:
        """The weighted work counted today at these counters."""
        return round(sum(self.work_by_counter.get(one, 0.0) for one in counters), 3)

    def call_of(self, ticket: Ticket) -> Call | None:
        return self.calls.get(ticket.turn.called_seq)


def keep_newest(kept: dict[Any, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]


def on_setup(picture: Picture, event: e.SetupPublished, one: e.Recorded, _: Ticket | None) -> None:
    picture.setup, picture.setup_seq = picture.setups[event.version], one.seq


def on_day_opened(picture: Picture, event: e.DayOpened, _: e.Recorded, __: Ticket | None) -> None:
    if event.setup_version in picture.setups:
        picture.setup = picture.setups[event.setup_version]
    picture.setup_seq = 0
    picture.sealed, picture.is_remeasured = None, False
    for kept in (
        picture.calls,
        picture.ended,
        picture.papers,
        picture.waits,
        picture.served,
        picture.transferred,
        picture.overridden,
    ):
        kept.clear()
    picture.stops.clear()
    picture.round_guests.clear()
    picture.work_by_counter.clear()
    for tally in (picture.today, picture.served_by_service, picture.served_by_counter):
        tally.clear()


def on_issued(picture: Picture, _: e.TicketIssued, __: e.Recorded, ___: Ticket | None) -> None:
    picture.today["issued"] += 1


def on_called(picture: Picture, event: e.TicketCalled, one: e.Recorded, _: Ticket | None) -> None:
    ticket = picture.day.tickets[event.ticket]
    turn, call = ticket.turn, show_call(picture, ticket, one)
    picture.waits[event.turn] = Wait(turn.service, call.wait_s, turn.promise_s)
    picture.today["called"] += 1
    if event.why.chosen_by in OVERTAKING:
        picture.today[event.why.chosen_by] += 1
    if event.why.round and turn.joined_by != "issue":
        guest = RoundGuest(turn.id, turn.class_, event.why.round_of, turn.joined_seq, turn.joined_by)
        picture.round_guests[turn.id] = guest
        keep_newest(picture.round_guests, ROUND_GUESTS)


def show_call(picture: Picture, ticket: Ticket, one: e.Recorded) -> Call:
    turn = ticket.turn
    assert turn.counter is not None
    assert turn.called_at is not None
    assert turn.why is not None
    call = picture.calls[one.seq] = Call(
        one.seq,
        ticket.id,
        ticket.number,
        turn.counter,
        turn.service,
        turn.called_at,
        one.at,
        turn.call_no,
        "called",
        turn.why,
        (turn.called_at - turn.since).total_seconds(),
        turn.promise_s,
        one.seq,
    )
    forget_calls(picture.calls)
    return call


def forget_calls(calls: dict[int, Call]) -> None:
    """Forget old calls, those that are over first: one whose visitor is still awaited may be repeated."""
    while len(calls) > RECENT_CALLS:
        over = (seq for seq, call in calls.items() if call.state in ("closed", "undone"))
        del calls[next(over, next(iter(calls)))]


def on_recalled(picture: Picture, event: e.TicketRecalled, one: e.Recorded, ticket: Ticket | None) -> None:
    call = ticket and picture.call_of(ticket)
    if call:
        call.call_no, call.at, call.last_seq = event.call_no, one.at, one.seq


def on_started(picture: Picture, _: e.TicketStarted, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "serving")


def set_state(picture: Picture, ticket: Ticket | None, state: str) -> None:
    call = ticket and picture.call_of(ticket)
    if call:
        call.state = state


def on_finished(picture: Picture, event: e.TicketFinished, one: e.Recorded, ticket: Ticket | None) -> None:
    """Counted by turns; the picture of the ticket's service was taken before it went on to the next."""
    last = picture.day.counters[event.counter].last
    assert last is not None
    call = picture.calls.get(last.turn.called_seq)
    if call is not None:
        call.state = "closed"
    if event.next is None:
        end(picture, ticket, event.outcome, one.at)
    remember_served(picture, last, event.counter, is_finished=True, work=event.work or 0.0)
    picture.work_by_counter[event.counter] = picture.work_by_counter.get(event.counter, 0.0) + (event.work or 0.0)
    picture.today["served"] += 1
    picture.served_by_counter[event.counter] += 1
    picture.served_by_service[last.turn.service] += 1


def remember_served(picture: Picture, last: Step, counter: str, *, is_finished: bool, work: float = 0.0) -> None:
    turn = last.turn
    if turn.called_at is not None and turn.started_at is not None:
        instants = (turn.called_at, turn.started_at, last.at)
        picture.served[turn.id] = Served(
            last.ticket.id, last.ticket.number, counter, turn.service, *instants, is_finished, work
        )


def on_time_corrected(picture: Picture, event: e.TimeCorrected, _: e.Recorded, __: Ticket | None) -> None:
    """Figures of today use the corrected instants from now on."""
    served = picture.served.get(event.turn)
    if served is None:
        picture.is_remeasured = True
        return
    served.corrected_started_at = event.started_at or served.corrected_started_at
    served.corrected_ended_at = event.ended_at or served.corrected_ended_at
    served.reason = event.reason


def end(picture: Picture, ticket: Ticket | None, outcome: str, at: datetime) -> None:
    assert ticket is not None
    set_state(picture, ticket, "closed")
    picture.ended[ticket.id] = Ended(ticket, outcome, at)
    keep_newest(picture.ended, ENDED_TICKETS)


def on_missed(picture: Picture, event: e.TicketMissed, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "closed")
    picture.today["missed"] += 1
    picture.overridden[event.counter] = event.override is not None
    picture.today["overridden"] += picture.overridden[event.counter]


def on_cancelled(picture: Picture, event: e.TicketCancelled, one: e.Recorded, ticket: Ticket | None) -> None:
    end(picture, ticket, event.outcome, one.at)
    picture.today["cancelled"] += 1


def on_expired(picture: Picture, event: e.TicketExpired, one: e.Recorded, ticket: Ticket | None) -> None:
    end(picture, ticket, event.outcome, one.at)
    picture.today["expired"] += 1


def on_call_undone(picture: Picture, event: e.TicketCallUndone, one: e.Recorded, __: Ticket | None) -> None:
    """The call leaves the figures and its class gets its part back; the board says quietly that it was taken back."""
    picture.round_guests.pop(event.turn, None)
    chosen_by = ""
    for call in picture.calls.values():
        if call.ticket == event.ticket and call.state == "called":
            call.state, call.at, call.last_seq = "undone", one.at, one.seq
            chosen_by = call.why.chosen_by
    if picture.waits.pop(event.turn, None) is None:  # a visitor carried over from yesterday was not called today
        return
    picture.today["called"] -= 1
    if chosen_by in OVERTAKING:
        picture.today[chosen_by] -= 1


def on_start_undone(picture: Picture, _: e.TicketStartUndone, one: e.Recorded, ticket: Ticket | None) -> None:
    """The board of today has no call yet of a visitor who was called yesterday."""
    set_state(picture, ticket, "called")
    if ticket is not None and ticket.turn.called_seq == one.seq:
        show_call(picture, ticket, one)


def on_finish_undone(picture: Picture, event: e.TicketFinishUndone, one: e.Recorded, _: Ticket | None) -> None:
    ticket = picture.day.tickets[event.ticket]
    picture.ended.pop(event.ticket, None)
    served = picture.served.pop(event.turn, None)
    if served is not None:
        picture.work_by_counter[event.counter] = picture.work_by_counter.get(event.counter, 0.0) - served.work
    take_up(picture, ticket, event.state, one)
    if picture.transferred.pop(event.turn, None):
        return
    picture.today["served"] -= 1
    picture.served_by_service[ticket.turn.service] -= 1
    picture.served_by_counter[event.counter] -= 1


def take_up(picture: Picture, ticket: Ticket, state: str, one: e.Recorded) -> None:
    """The call that was closed counts again."""
    call = picture.call_of(ticket)
    if call:
        call.state, call.back_seq = state, one.seq


def on_paper_requested(picture: Picture, event: e.PaperRequested, one: e.Recorded, ticket: Ticket | None) -> None:
    ended = picture.ended.get(event.ticket)
    ticket = ticket or (ended.ticket if ended else None)
    turn = turn_of_paper(picture, event, ticket)
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
        event.kind,
        "" if turn is None else turn.service,
        "" if turn is None else turn.class_,
        one.setup_version,
    )
    keep_newest(picture.papers, RECENT_PAPERS)


def turn_of_paper(picture: Picture, event: e.PaperRequested, ticket: Ticket | None) -> Turn | None:
    """A notice is about the turn that was just finished, though the visit may have gone on to the next."""
    if event.kind == "notice":
        for counter in picture.day.counters.values():
            if counter.last is not None and counter.last.ticket.id == event.ticket:
                return counter.last.turn
    return None if ticket is None else ticket.turn


def paper_became(state: str) -> Callable[[Picture, Any, e.Recorded, Ticket | None], None]:
    def on_paper(picture: Picture, event: Any, one: e.Recorded, _: Ticket | None) -> None:
        seen = picture.papers.get(event.paper)
        if seen is not None:
            seen.state, seen.reason, seen.at = state, getattr(event, "reason", None), one.at

    return on_paper


def on_transferred(picture: Picture, event: e.TicketTransferred, _: e.Recorded, __: Ticket | None) -> None:
    """The call is over; the board keeps it like any other that is."""
    if event.counter is None:
        return
    last = picture.day.counters[event.counter].last
    assert last is not None
    remember_served(picture, last, event.counter, is_finished=False)
    picture.transferred[event.turn] = True
    keep_newest(picture.transferred, RECENT_CALLS)
    call = picture.calls.get(last.turn.called_seq)
    if call is not None:
        call.state = "closed"


def on_parked(picture: Picture, _: e.TicketParked, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "closed")


def on_unparked(picture: Picture, _: e.TicketUnparked, __: e.Recorded, ticket: Ticket | None) -> None:
    set_state(picture, ticket, "serving")


def on_miss_undone(picture: Picture, event: e.TicketMissUndone, one: e.Recorded, _: Ticket | None) -> None:
    take_up(picture, picture.day.tickets[event.ticket], "called", one)
    picture.today["missed"] -= 1
    picture.today["overridden"] -= picture.overridden.pop(event.counter)
    picture.today["reinstated"] -= event.call is not None


def on_reinstated(picture: Picture, _: e.TicketReinstated, __: e.Recorded, ___: Ticket | None) -> None:
    picture.today["reinstated"] += 1


def on_sealed(picture: Picture, event: e.DaySealed, _: e.Recorded, __: Ticket | None) -> None:
    picture.sealed = event


def counter_was(kind: str) -> Callable[[Picture, Any, e.Recorded, Ticket | None], None]:
    def on_counter(picture: Picture, event: Any, one: e.Recorded, _: Ticket | None) -> None:
        served = (event.counter, event.staff, event.services)
        picture.stops.pop(served, None)  # the newest stop is the last
        picture.stops[served] = CounterStop(one.seq, kind, event.counter, event.services, event.staff)
        keep_newest(picture.stops, COUNTER_STOPS)

    return on_counter


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
    e.TicketTransferred: on_transferred,
    e.TicketParked: on_parked,
    e.TicketUnparked: on_unparked,
    e.TicketMissUndone: on_miss_undone,
    e.TicketReinstated: on_reinstated,
    e.TimeCorrected: on_time_corrected,
    e.DaySealed: on_sealed,
    e.CounterPaused: counter_was("paused"),
    e.CounterClosed: counter_was("closed"),
    e.PaperRequested: on_paper_requested,
    e.PaperClaimed: paper_became("claimed"),
    e.PaperPrinted: paper_became("printed"),
    e.PaperUncertain: paper_became("uncertain"),
    e.PaperFailed: paper_became("failed"),
}
