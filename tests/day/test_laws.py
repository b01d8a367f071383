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
from hall.day.explain import Cause, Standing
from hall.day.invariants import broken
from hall.day.ordering import choose, count_ahead, in_calling_order, may_call
from hall.day.refusals import RangeFull, Refusal
from hall.day.setup import Setup
from hall.day.state import Counter, Day, Ticket, Turn
from hall.log.codec import decode, encode
from tests.day.support import COUNTER_IDS, DRAWN, HALL, RULES, WAITS_S, Step, Walker, small_hall

steps = st.builds(Step, st.sampled_from(WAITS_S), st.sampled_from(DRAWN), st.integers(0, 30), st.integers(0, 30))
days = st.lists(steps, min_size=30, max_size=90)
rules = st.sampled_from(RULES)
steady = st.sampled_from(("head_start", "arrival"))
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
        ticket.turn = carried(ticket.turn)
    for counter in before.counters.values():
        counter.last = None
    after = walker.day
    assert (after.tickets, after.counters, after.printers) == (before.tickets, before.counters, before.printers)
    assert (after.next_serial, after.papers, after.lines) == (before.next_serial, {}, {})


def carried(turn: Turn) -> Turn:
    """A turn as it goes on: the board begins anew, and what is only about waiting and being called is over."""
    return replace(turn, called_seq=0, chosen_seq=0, joined_seq=0, joined_by="issue", waits_for_key=False)


@given(days)
def test_a_timer_fires_once_and_a_second_time_does_no_harm(day: list[Step]) -> None:
    walker = played(day)
    due = timers(walker.day, walker.setup)
    walker.at += timedelta(hours=1)
    for timer in due:
        assert len(walker.do(timer.command)) == 1
        assert walker.do(timer.command) == ()
    assert timers(walker.day, walker.setup) == []


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
                if event.next is not None:
                    self.where[event.ticket] = "waiting"
            case e.TicketParked():
                assert self.where[event.ticket] == event.counter
                self.where[event.ticket] = f"parked at {event.counter}"
            case e.TicketUnparked():
                assert self.where[event.ticket] == f"parked at {event.counter}"
                self.take(event)
            case e.TicketReturned():
                assert self.where[event.ticket] == "waiting" or self.where[event.ticket].startswith("parked")
                self.where[event.ticket] = "waiting"
            case e.TicketReinstated():
                assert self.where[event.ticket] == "missed"
                self.where[event.ticket] = "waiting"
            case e.TicketMissUndone():
                assert self.where[event.ticket] == ("missed" if event.call is None else "waiting")
                self.take(event)
            case e.TicketTransferred():
                assert self.where[event.ticket] == (event.counter or "waiting")
                self.where[event.ticket] = "waiting"
            case e.TicketPostponed() | e.TicketReprioritised():
                assert self.where[event.ticket] == "waiting"
            case e.TicketMissed():
                assert self.where[event.ticket] == event.counter
                self.where[event.ticket] = "missed"
            case e.TicketCallUndone():
                assert self.where[event.ticket] == event.counter
                self.where[event.ticket] = "waiting"
            case e.TicketFinishUndone():
                assert self.where.get(event.ticket) == (None if event.next_turn is None else "waiting")
                self.take(event)
            case e.TicketCancelled() | e.TicketExpired():
                was = self.where.pop(event.ticket).removeprefix("parked at ")
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
    counter = walker.day.counters["c2"]
    due = {id for id in waiting if may_call(walker.setup, counter, walker.day.tickets[id].line)}
    order = in_calling_order(walker.day, walker.setup, counter, walker.at, 100)
    called: list[str] = []
    while events := [one for one in walker.do(c.CallNext("c2", finish=True)) if isinstance(one, e.TicketCalled)]:
        called.append(events[0].ticket)
    assert [ticket for ticket in called if ticket in due][: len(order)] == order or has_gone_on(walker, order)
    assert due <= set(called)


def has_gone_on(walker: Walker, order: list[str]) -> bool:
    """True when a visit of several services stood in line once more, which changes who is next."""
    return any(isinstance(one.event, e.TicketFinished) and one.event.next is not None for one in walker.log)


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
            case e.TicketFinished(next=e.NextTurn()) | e.TicketFinishUndone(next_turn=str()):
                pass  # the number stays with the visit
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


def naive_choice(day: Day, setup: Setup, counter: Counter, at: datetime) -> str | None:
    """Who has waited longest, the head start counted in, of all who wait; first whoever was sent to the counter."""

    def since(ticket: Ticket) -> Any:
        credit = setup.classes[ticket.turn.class_].head_start_s if setup.calling.rule == "head_start" else 0
        claim_at = ticket.turn.claim_at
        return (not ticket.turn.to, claim_at - timedelta(seconds=0 if ticket.turn.to else credit), ticket.serial)

    waiting = [t for t in day.tickets.values() if t.turn.state == "waiting" and may_call(setup, counter, t.line)]
    cap_s = setup.calling.cap_s
    over = [t for t in waiting if cap_s is not None and (at - t.turn.claim_at).total_seconds() >= cap_s]
    if over:
        return min(over, key=lambda ticket: ticket.place).id
    return min(waiting, key=since).id if waiting else None


def some_counter(services: set[str], at: datetime) -> Counter:
    return Counter("c1", "open", None, tuple(sorted(services)), at)


@given(days, steady, st.sets(st.sampled_from(SERVICES)))
def test_the_choice_is_the_least_of_all_who_wait(day: list[Step], rule: Any, services: set[str]) -> None:
    walker = Walker(setup=small_hall(rule=rule))
    for step in day:
        walker.play(step)
        if walker.setup.calling.rule not in ("head_start", "arrival"):
            continue
        counter = some_counter(services, walker.at)
        chosen = choose(walker.day, walker.setup, counter, walker.at)
        expected = naive_choice(walker.day, walker.setup, counter, walker.at)
        assert (chosen.ticket if chosen else None) == expected


@given(days, rules, st.sets(st.sampled_from(SERVICES)))
def test_why_names_exactly_the_lines_with_an_earlier_head(day: list[Step], rule: Any, services: set[str]) -> None:
    walker = played(day, rule)
    counter = some_counter(services, walker.at)
    chosen = choose(walker.day, walker.setup, counter, walker.at)
    if chosen is None:
        return
    mine = walker.day.tickets[chosen.ticket].place
    earlier: dict[str, list[Any]] = {}
    for ticket in sorted(walker.day.tickets.values(), key=lambda ticket: ticket.place):
        is_eligible = ticket.turn.state == "waiting" and may_call(walker.setup, counter, ticket.line)
        if is_eligible and ticket.place < mine:
            earlier.setdefault(f"{ticket.turn.service}/{ticket.turn.class_}", []).append(ticket.number)
    expected = {line: (numbers[0], len(numbers)) for line, numbers in earlier.items()}
    assert {one.line: (one.number, one.count) for one in chosen.why.passed_over} == expected
    assert chosen.why.rule == walker.setup.calling.rule


def called_before(walker: Walker, ticket: str) -> int:
    """The fewest that one counter alone calls before this ticket, by calling them."""
    line = walker.day.tickets[ticket].line
    fewest = []
    for counter in reaching_counters(walker, line):
        day = copy_of(walker.day)
        day.counters[counter.id] = counter
        fewest.append(called_before_at(day, walker.setup, counter, ticket, walker.at))
    return min(fewest, default=-1)


def reaching_counters(walker: Walker, line: Any) -> list[Counter]:
    open_now = [c for c in walker.day.counters.values() if c.mode == "open" and may_call(walker.setup, c, line)]
    planned = [Counter(p.id, "open", None, p.services, walker.at) for p in walker.setup.counters.values()]
    return copy_list(open_now) or [c for c in planned if may_call(walker.setup, c, line)]


def copy_list(counters: list[Counter]) -> list[Counter]:
    return [replace(counter) for counter in counters]


def called_before_at(day: Day, setup: Setup, counter: Counter, ticket: str, at: datetime) -> int:
    for n in range(1000):
        chosen = choose(day, setup, counter, at)
        assert chosen is not None
        if chosen.ticket == ticket:
            return n
        day.leave_line(day.tickets[chosen.ticket])
        if chosen.why.round:
            day.rounds[chosen.why.round_of] = dict(chosen.why.round)
    raise AssertionError("the ticket is never called")


def ahead_of(walker: Walker, ticket: Ticket) -> int:
    turn = ticket.turn
    return count_ahead(walker.day, walker.setup, ticket.line, turn.claim_at, ticket.serial, walker.at)


@given(days, rules)
def test_ahead_is_how_many_are_called_before(day: list[Step], rule: Any) -> None:
    walker = played(day, rule)
    standing = Standing(walker.day, walker.setup, walker.at)
    for ticket in walker.day.tickets.values():
        if ticket.turn.state == "waiting" and reaching_counters(walker, ticket.line):
            called = called_before(walker, ticket.id)
            assert (ahead_of(walker, ticket), standing.ahead(ticket)) == (called, called)


@given(days, rules, st.sampled_from(SERVICES), st.sampled_from(("ordinary", "elder", "vip")))
def test_what_a_new_visitor_is_told_is_how_many_are_called_before(
    day: list[Step], rule: Any, service: str, class_: str
) -> None:
    walker = played(day, rule)
    try:
        issued: Any = walker.do(c.IssueTicket(service, class_))[0]
    except RangeFull:
        return
    assert issued.ahead == called_before(walker, issued.ticket)


OWN_MOVES = (e.TicketReinstated, e.TicketReturned, e.TicketTransferred, e.TicketPostponed, e.TicketReprioritised)
COUNTERS_CHANGED = (e.CounterOpened, e.CounterPaused, e.CounterResumed, e.CounterClosed, e.SetupPublished)


def named_by(standing: Standing, ticket: Ticket) -> set[tuple[str, int, Cause]]:
    """Who is named as ahead, by which of their moves and why."""
    joined = {one.id: one.turn.joined_seq for one in standing.day.tickets.values()}
    return {(id, joined[id], cause) for id, cause in standing.overtakers(ticket).items()}


@given(days, rules)
@settings(max_examples=60)
def test_ahead_never_rises_without_a_reason(day: list[Step], rule: Any) -> None:
    """More people ahead: somebody who came later is ahead and named, or a counter or the set-up changed, or I moved."""
    walker = Walker(setup=small_hall(rule=rule))
    before: dict[str, tuple[int, set[tuple[str, int, Cause]]]] = {}
    for step in day:
        start = len(walker.log)
        walker.play(step)
        standing = Standing(walker.day, walker.setup, walker.at)
        new = [one.event for one in walker.log[start:]]
        moved = {event.ticket for event in new if isinstance(event, OWN_MOVES)}
        after: dict[str, tuple[int, set[tuple[str, int, Cause]]]] = {}
        for ticket in walker.day.tickets.values():
            if ticket.turn.state == "waiting":
                after[ticket.id] = (standing.ahead(ticket), named_by(standing, ticket))
        if not any(isinstance(event, COUNTERS_CHANGED) for event in new):
            for id in before.keys() & after.keys() - moved:
                rise = after[id][0] - before[id][0]
                named = after[id][1] - before[id][1]
                assert rise <= 0 or named, f"{id}: {before[id]} -> {after[id]} by {new}"
        before = after
