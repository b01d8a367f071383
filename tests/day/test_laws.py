"""What holds on every day that can be reached, whatever is pressed in whatever order."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hall.day import commands as c
from hall.day import events as e
from hall.day.apply import fold
from hall.day.decide import decide, timers
from hall.day.invariants import broken
from hall.day.ordering import choose, count_ahead, in_calling_order, offers_reaching
from hall.day.refusals import RangeFull, Refusal
from hall.day.setup import Setup
from hall.day.state import Day
from hall.log.codec import decode, encode
from tests.day.support import COUNTER_IDS, DRAWN, HALL, WAITS_S, Step, Walker, minute, small_hall

steps = st.builds(Step, st.sampled_from(WAITS_S), st.sampled_from(DRAWN), st.integers(0, 30), st.integers(0, 30))
days = st.lists(steps, min_size=30, max_size=90)
rules = st.sampled_from(("head_start", "arrival"))
SERVICES = ("account", "loan", "advice")
TWO_HOURS = timedelta(hours=2)


def played(day: list[Step], rule: Any = "head_start") -> Walker:
    walker = Walker(setup=small_hall(rule=rule))
    for step in day:
        walker.play(step)
    return walker


def copy_of(day: Day) -> Day:
    copied: Day = pickle.loads(pickle.dumps(day))
    return copied


# --- deciding and applying ------------------------------------------------------------------------------------------


def outcome_of(day: Day, command: c.Command, context: c.Context) -> object:
    try:
        return decide(day, command, context)
    except Refusal as refusal:
        return type(refusal), refusal.data


def decide_in_vain(walker: Walker, command: c.Command, context: c.Context) -> None:
    """Decided twice, the answer is the same, and the day is as it was."""
    before = copy_of(walker.day)
    assert outcome_of(walker.day, command, context) == outcome_of(walker.day, command, context)
    assert walker.day == before


@given(days)
def test_deciding_never_changes_the_day(day: list[Step]) -> None:
    walker = Walker(watch=decide_in_vain)
    for step in day:
        walker.play(step)


@given(days)
def test_every_event_applies_and_no_invariant_breaks(day: list[Step]) -> None:
    walker = Walker()
    for step in day:
        walker.play(step)
        assert broken(walker.day) == []


@given(days)
def test_a_replay_of_the_stored_events_is_the_day_that_was_lived(day: list[Step]) -> None:
    walker = played(day)
    stored = [(one, one.event.TYPE, one.event.VERSION, encode(one.event)) for one in walker.log]
    assert fold(HALL, [replace(one, event=decode(*body)) for one, *body in stored]) == walker.day


@given(days)
def test_a_day_folds_from_any_opening(day: list[Step]) -> None:
    walker = played(day)
    for one in walker.log:
        if isinstance(one.event, e.DayOpened):
            assert fold(HALL, walker.log[one.seq - 1 :]) == walker.day


@given(days)
def test_what_goes_on_over_night_goes_on_unchanged(day: list[Step]) -> None:
    """Closing and opening change nothing of a visitor being served, nor of the counter and the printers."""
    walker = played(day)
    walker.do(c.CloseDay())
    before = copy_of(walker.day)
    walker.do(c.OpenDay())
    for ticket in before.tickets.values():
        ticket.turn.called_seq = 0  # the board begins anew
    for counter in before.counters.values():
        counter.last_closed = None
    after = walker.day
    assert (after.tickets, after.counters, after.printers) == (before.tickets, before.counters, before.printers)
    assert (after.next_serial, after.papers, after.lines) == (before.next_serial, {}, {})


@given(days)
def test_a_timer_fires_once_and_a_second_time_does_no_harm(day: list[Step]) -> None:
    walker = played(day)
    due = timers(walker.day)
    walker.at += timedelta(hours=1)
    for timer in due:
        assert len(walker.do(timer.command)) == 1
        assert walker.do(timer.command) == ()
    assert timers(walker.day) == []


# --- no visitor lost, none at two counters --------------------------------------------------------------------------


@dataclass
class Bookkeeper:
    """Follows the events by their meaning alone: who is where."""

    where: dict[str, str] = field(default_factory=dict)  # ticket -> waiting, missed, or the counter

    def enter(self, event: Any) -> None:
        match event:
            case e.TicketIssued():
                assert event.ticket not in self.where, "issued twice"
                self.where[event.ticket] = "waiting"
            case e.TicketCalled():
                assert self.where[event.ticket] == "waiting", "called while not waiting"
                self.take(event)
            case e.TicketRecalled() | e.TicketStarted() | e.TicketStartUndone():
                assert self.where[event.ticket] == event.counter
            case e.TicketFinished():
                assert self.where.pop(event.ticket) == event.counter
            case e.TicketMissed():
                assert self.where[event.ticket] == event.counter
                self.where[event.ticket] = "missed"
            case e.TicketCallUndone():
                assert self.where[event.ticket] == event.counter
                self.where[event.ticket] = "waiting"
            case e.TicketFinishUndone():
                assert event.ticket not in self.where
                self.take(event)
            case e.TicketCancelled() | e.TicketExpired():
                was = self.where.pop(event.ticket)
                assert event.counter == (was if was in COUNTER_IDS else None)

    def take(self, event: Any) -> None:
        assert event.counter not in self.where.values(), "a counter with two visitors"
        self.where[event.ticket] = event.counter


@given(days)
def test_a_turn_is_at_one_counter_and_a_counter_has_one_visitor(day: list[Step]) -> None:
    walker, book = played(day), Bookkeeper()
    for one in walker.log:
        book.enter(one.event)
    assert book.where.keys() == walker.day.tickets.keys()


@given(days, rules)
def test_whoever_waits_is_called_once_and_nobody_else(day: list[Step], rule: Any) -> None:
    walker = played(day, rule)
    waiting = [ticket.id for ticket in walker.day.tickets.values() if ticket.turn.state == "waiting"]
    if "c2" not in walker.day.counters:
        walker.do(c.OpenCounter("c2"))
    if walker.day.counters["c2"].mode == "paused":
        walker.do(c.ResumeCounter("c2"))
    offered = walker.day.counters["c2"].services
    due = {ticket for ticket in waiting if walker.day.tickets[ticket].turn.service in offered}
    order = list(in_calling_order(walker.day, walker.setup, offered, 100))
    called: list[str] = []
    while events := [one for one in walker.do(c.CallNext("c2", finish=True)) if isinstance(one, e.TicketCalled)]:
        called.append(events[0].ticket)
    assert called == order
    assert len(called) == len(set(called))
    assert set(called) == due


# --- numbers and serials --------------------------------------------------------------------------------------------


@given(days)
def test_serials_follow_one_another_across_days(day: list[Step]) -> None:
    serials = [one.event.serial for one in played(day).log if isinstance(one.event, e.TicketIssued)]
    assert serials == list(range(1, len(serials) + 1))


@dataclass
class NumberBook:
    """The rule of numbers by its words: open ones, ones closed when, ones given or in use today."""

    open: dict[str, tuple[str, int]] = field(default_factory=dict)
    closed: dict[tuple[str, int], datetime] = field(default_factory=dict)
    today: set[tuple[str, int]] = field(default_factory=set)
    known: dict[str, tuple[str, int]] = field(default_factory=dict)

    def candidates(self, setup: Setup, series: str, at: datetime) -> tuple[set[int], set[int]]:
        """Positions that may be given as fresh, and those that may be given again."""
        found = setup.series[series]
        free = {
            position
            for position in range(found.first, found.last + 1)
            if (series, position) not in self.open.values()
            and at - self.closed.get((series, position), at - TWO_HOURS) >= TWO_HOURS
        }
        fresh = {position for position in free if (series, position) not in self.today}
        oldest = min((self.closed[series, position] for position in free - fresh), default=None)
        return fresh, {position for position in free - fresh if self.closed[series, position] == oldest}

    def enter(self, one: e.Recorded) -> None:
        event: Any = one.event
        match event:
            case e.DayOpened():
                self.today = set(self.open.values())
            case e.TicketIssued():
                place = (event.series, event.position)
                self.open[event.ticket] = self.known[event.ticket] = place
                self.today.add(place)
            case e.TicketFinished() | e.TicketCancelled() | e.TicketExpired():
                self.closed[self.open.pop(event.ticket)] = one.at
            case e.TicketFinishUndone():
                self.open[event.ticket] = self.known[event.ticket]


@given(days)
@settings(max_examples=100)
def test_numbers_are_given_as_promised_also_at_exhaustion(day: list[Step]) -> None:
    walker, book = Walker(), NumberBook()
    for step in day:
        start = len(walker.log)
        outcome = walker.play(step)
        if isinstance(outcome, RangeFull):
            assert book.candidates(walker.setup, str(outcome.data["series"]), walker.at) == (set(), set())
        for one in walker.log[start:]:
            if isinstance(one.event, e.TicketIssued):
                fresh, again = book.candidates(walker.setup, one.event.series, one.at)
                assert one.event.position in (fresh or again)
                assert one.event.number == walker.setup.series[one.event.series].number(one.event.position)
            book.enter(one)


def test_long_days_do_exhaust_their_series() -> None:
    """The law above would say nothing if no series ever ran out."""
    walker = Walker()
    for _ in range(4):
        walker.do(c.IssueTicket("account"))
    assert isinstance(walker.play(Step(0, "issue", 0, 0)), RangeFull)
    walker.do(c.CancelTicket(walker.any_ticket(0)))
    assert isinstance(walker.play(Step(7199, "issue", 0, 0)), RangeFull)
    assert walker.play(Step(1, "issue", 0, 0))[0].number == "A001"  # type: ignore[index,union-attr]


# --- the rules ------------------------------------------------------------------------------------------------------


def naive_choice(day: Day, setup: Setup, services: set[str]) -> str | None:
    """Who has waited longest, the head start counted in, of all who wait."""

    def since(ticket: Any) -> Any:
        credit = setup.classes[ticket.turn.class_].head_start_s if setup.calling.rule == "head_start" else 0
        return (ticket.turn.claim_at - timedelta(seconds=credit), ticket.serial, ticket.id)

    waiting = [t for t in day.tickets.values() if t.turn.state == "waiting" and t.turn.service in services]
    return min(waiting, key=since).id if waiting else None


@given(days, rules, st.sets(st.sampled_from(SERVICES)))
def test_the_choice_is_the_least_of_all_who_wait(day: list[Step], rule: Any, services: set[str]) -> None:
    walker = Walker(setup=small_hall(rule=rule))
    for step in day:
        walker.play(step)
        chosen = choose(walker.day, walker.setup, services, walker.at)
        assert (chosen.ticket if chosen else None) == naive_choice(walker.day, walker.setup, services)


@given(days, rules, st.sets(st.sampled_from(SERVICES)))
def test_why_names_exactly_the_lines_with_an_earlier_head(day: list[Step], rule: Any, services: set[str]) -> None:
    walker = played(day, rule)
    chosen = choose(walker.day, walker.setup, services, walker.at)
    if chosen is None:
        return
    mine = walker.day.tickets[chosen.ticket].place
    earlier: dict[str, list[Any]] = {}
    for ticket in sorted(walker.day.tickets.values(), key=lambda ticket: ticket.place):
        if ticket.turn.state == "waiting" and ticket.turn.service in services and ticket.place < mine:
            earlier.setdefault("/".join(ticket.line), []).append(ticket.number)
    expected = tuple(e.PassedOver(line, numbers[0], len(numbers)) for line, numbers in sorted(earlier.items()))
    assert chosen.why.passed_over == expected
    assert chosen.why.rule == walker.setup.calling.rule


def called_before(day: Day, setup: Setup, ticket: str) -> int:
    """The fewest that one counter alone calls before this ticket, by calling them."""
    service = day.tickets[ticket].turn.service
    offers = offers_reaching(day, setup, service) or {(service,)}
    return min(called_before_at(copy_of(day), setup, ticket, offer) for offer in offers)


def called_before_at(day: Day, setup: Setup, ticket: str, offer: tuple[str, ...]) -> int:
    for n in range(1000):
        chosen = choose(day, setup, offer, minute(0))
        assert chosen is not None
        if chosen.ticket == ticket:
            return n
        day.leave_line(day.tickets[chosen.ticket])
    raise AssertionError("the ticket is never called")


@given(days, rules)
def test_ahead_is_how_many_are_called_before(day: list[Step], rule: Any) -> None:
    walker = played(day, rule)
    for ticket in walker.day.tickets.values():
        if ticket.turn.state == "waiting":
            told = count_ahead(walker.day, walker.setup, ticket.line, ticket.turn.claim_at, ticket.serial)
            assert told == called_before(walker.day, walker.setup, ticket.id)


@given(days, rules, st.sampled_from(SERVICES), st.sampled_from(("ordinary", "elder", "vip")))
def test_what_a_new_visitor_is_told_is_how_many_are_called_before(
    day: list[Step], rule: Any, service: str, class_: str
) -> None:
    walker = played(day, rule)
    try:
        issued: Any = walker.do(c.IssueTicket(service, class_))[0]
    except RangeFull:
        return
    assert issued.ahead == called_before(walker.day, walker.setup, issued.ticket)


@given(days)
def test_ahead_never_rises_by_an_arrival_of_the_same_line(day: list[Step]) -> None:
    walker = played(day)
    before = {
        ticket.id: count_ahead(walker.day, walker.setup, ticket.line, ticket.turn.claim_at, ticket.serial)
        for ticket in walker.day.tickets.values()
        if ticket.turn.state == "waiting" and ticket.line == ("account", "ordinary")
    }
    walker.play(Step(0, "issue", 0, 0))
    for id, ahead in before.items():
        ticket = walker.day.tickets[id]
        assert count_ahead(walker.day, walker.setup, ticket.line, ticket.turn.claim_at, ticket.serial) == ahead
