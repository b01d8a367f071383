"""What each rule promises about being overtaken, attacked over random days of all that can happen in a hall."""

from __future__ import annotations

import pickle
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.day import commands as c
from hall.day import events as e
from hall.day.invariants import broken
from hall.day.ordering import choose, count_ahead, in_calling_order, offer_of
from hall.day.setup import RuleName, Setup
from hall.day.state import Counter, Day, LineKey, Place
from tests.audit.days import MORNING, RULES, Player, a_setup, random_day

seeds = st.integers(0, 1_000_000)
UNDONE, CALLED, BEGUN = "undone", "called", "begun"


@dataclass(frozen=True)
class Waiting:
    """A visitor in line just before a call, and the tier at the counter that calls; None: not for it."""

    ticket: str
    line: LineKey
    place: Place
    tier: int | None


@dataclass(frozen=True)
class Call:
    """One call with all who waited."""

    event: e.TicketCalled
    setup: Setup
    at: datetime
    called: Waiting
    waiting: tuple[Waiting, ...]

    def overtaken(self) -> list[Waiting]:
        """Those in the same tier with an earlier claim, when the rule chose."""
        if self.event.why.chosen_by != "rule":
            return []
        return [one for one in self.waiting if one.tier == self.called.tier and one.place < self.called.place]

    def over_cap(self, one: Waiting) -> bool:
        cap_s = self.setup.calling.cap_s
        return cap_s is not None and self.waited_s(one) >= cap_s

    def waited_s(self, one: Waiting) -> float:
        return (self.at - one.place[0]).total_seconds()

    def promise_s(self, one: Waiting) -> float:
        return one.line.promise_s or self.setup.calling.promise_s

    def later_s(self, one: Waiting) -> float:
        return (self.called.place[0] - one.place[0]).total_seconds()

    def head_start_s(self, one: Waiting) -> int:
        known = self.setup.classes.get(one.line.class_)
        return known.head_start_s if known else 0

    def rank(self, one: Waiting) -> int:
        known = self.setup.classes.get(one.line.class_)
        return known.rank if known else max(one.rank for one in self.setup.classes.values())


@dataclass
class Watched(Player):
    """A player that keeps every call with all who waited, and all that matters to rounds."""

    calls: list[Call] = field(default_factory=list)
    story: list[tuple[str, Any]] = field(default_factory=list)

    def do(self, command: c.Command) -> tuple[e.Event, ...]:
        before = [(ticket.line, ticket.place) for ticket in self.day.tickets.values() if ticket.turn.state == "waiting"]
        why = {ticket.id: (ticket.turn.why, ticket.turn.class_) for ticket in self.day.tickets.values()}
        events = super().do(command)
        for event in events:
            if isinstance(event, e.TicketCalled):
                self.keep(event, before)
            elif isinstance(event, e.TicketCallUndone):
                self.story.append((UNDONE, why[event.ticket]))
            elif isinstance(event, e.DayOpened | e.SetupPublished):
                self.story.append((BEGUN, None))
        return events

    def keep(self, event: e.TicketCalled, before: list[tuple[LineKey, Place]]) -> None:
        offer = offer_of(self.setup, self.day.counters[event.counter])
        ticket = self.day.tickets[event.ticket]
        tier = offer.tier(ticket.line)
        others = [Waiting(place[2], line, place, offer.tier(line)) for line, place in before]
        waiting = tuple(one for one in others if one.ticket != event.ticket)
        called = Waiting(event.ticket, ticket.line, ticket.place, tier)
        self.calls.append(Call(event, self.setup, self.at, called, waiting))
        self.story.append((CALLED, self.calls[-1]))


def calls_of(seed: int, rule: RuleName) -> list[Call]:
    return random_day(seed, rule, kind=Watched).calls


def overtakings(seed: int, rule: RuleName) -> list[tuple[Call, Waiting]]:
    return [(call, over) for call in calls_of(seed, rule) for over in call.overtaken()]


# --- the bounds -----------------------------------------------------------------------------------------------------


@given(seeds)
def test_head_start_overtakes_by_no_more_than_the_difference_of_the_head_starts(seed: int) -> None:
    for call, over in overtakings(seed, "head_start"):
        assert call.later_s(over) <= call.head_start_s(call.called) - call.head_start_s(over)


@given(seeds)
def test_arrival_overtakes_nobody(seed: int) -> None:
    assert overtakings(seed, "arrival") == []


@given(seeds)
def test_share_of_promise_overtakes_by_the_share_of_the_difference_of_the_promises(seed: int) -> None:
    """While the promise is not used up, by no more than the difference itself; by nobody with as long a promise."""
    for call, over in overtakings(seed, "share_of_promise"):
        share = call.waited_s(over) / call.promise_s(over)
        difference_s = call.promise_s(over) - call.promise_s(call.called)
        assert call.later_s(over) <= share * difference_s + 1e-6
        assert difference_s > 0 or call.later_s(over) == 0
        assert share > 1 or call.later_s(over) <= difference_s + 1e-6


@given(seeds)
def test_strict_overtakes_only_for_a_better_rank(seed: int) -> None:
    for call, over in overtakings(seed, "strict"):
        assert call.rank(call.called) < call.rank(over)


@given(seeds, st.sampled_from(RULES))
def test_who_waited_over_the_cap_comes_before_all_who_have_not_and_among_them_by_claim(
    seed: int, rule: RuleName
) -> None:
    for call in calls_of(seed, rule):
        over = [one for one in call.waiting if one.tier is not None and call.over_cap(one)]
        if call.event.why.chosen_by in ("rule", "sent"):
            assert over == []
        elif call.event.why.chosen_by == "cap":
            assert call.over_cap(call.called)
            assert all(call.called.place < one.place for one in over)


@given(seeds)
def test_ratio_calls_a_class_that_waits_after_at_most_two_rounds_of_the_others(seed: int) -> None:
    """Between two of its calls in a round. A call that is taken back does not count."""
    since: dict[str, Tally[str]] = {}
    for what, found in random_day(seed, "ratio", kind=Watched).story:
        if what == BEGUN:
            since.clear()
        elif what == UNDONE and found[0].round_of in since:
            runs = since[found[0].round_of]
            runs.subtract(one for one in list(runs) if one != found[1])
        elif what == CALLED and found.event.why.chosen_by == "rule":
            count_run(since.setdefault(found.event.why.round_of, Tally()), found)


def count_run(since: Tally[str], call: Call) -> None:
    present = {one.line.class_ for one in call.waiting if one.tier == call.called.tier}
    classes = {*since, *present, *call.setup.classes}
    weights = {name: call.setup.classes[name].weight if name in call.setup.classes else 1 for name in classes}
    for name in present | set(since):
        waits_on = name in present and name != call.called.line.class_
        since[name] = since[name] + 1 if waits_on else 0
        assert since[name] <= 2 * sum(weight for other, weight in weights.items() if other != name)


@given(seeds, st.sampled_from(RULES))
def test_inside_a_line_nobody_overtakes_by_rule_cap_or_sending(seed: int, rule: RuleName) -> None:
    for call in calls_of(seed, rule):
        if call.event.why.chosen_by in ("rule", "cap", "sent"):
            assert all(call.called.place < one.place for one in call.waiting if one.line == call.called.line)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "arrival"])
def test_the_days_do_overtake(rule: RuleName) -> None:
    """The bounds above would say nothing of days on which nobody overtakes."""
    assert sum(len(overtakings(seed, rule)) for seed in range(12)) > 20


@dataclass
class Guarded(Player):
    """A player that looks after every step whether all who wait can still be called."""

    sent: int = 0

    def after_step(self) -> None:
        there = {name for counter in self.day.counters.values() for name in offer_of(self.setup, counter).own}
        sent = [line.to for line in self.day.lines if line.to]
        assert set(sent) <= there
        assert broken(self.day) == []
        self.sent += len(sent)


@given(seeds, st.sampled_from(RULES))
def test_who_was_sent_waits_for_a_counter_or_clerk_that_is_there(seed: int, rule: RuleName) -> None:
    random_day(seed, rule, kind=Guarded)


def test_the_days_do_send() -> None:
    assert sum(random_day(seed, "arrival", kind=Guarded).sent for seed in range(10)) > 20


# --- what is shown agrees with what is called -----------------------------------------------------------------------


@dataclass
class Compared(Player):
    """A player that compares the order shown with the choice, at every counter after every step."""

    compared: int = 0

    def after_step(self) -> None:
        for counter in self.day.counters.values():
            chosen = choose(self.day, self.setup, counter, self.at)
            order = in_calling_order(self.day, self.setup, counter, self.at, 3)
            assert order[:1] == ([chosen.ticket] if chosen else [])
            self.compared += bool(order)


@given(seeds, st.sampled_from(RULES))
def test_the_first_in_the_order_shown_is_the_one_that_is_called(seed: int, rule: RuleName) -> None:
    assert random_day(seed, rule, kind=Compared).compared > 0


def without_cap(random: Random, rule: RuleName, version: int) -> Setup:
    setup = a_setup(random, rule, version)
    return replace(setup, calling=replace(setup.calling, cap_s=None))


def counters_for(day: Day, setup: Setup, line: LineKey) -> list[Counter]:
    """The counters that may call a line: those open now, or as planned when none is."""
    found = [one for one in day.counters.values() if one.mode == "open" and offer_of(setup, one).tier(line) is not None]
    if not found:
        planned = [Counter(one.id, "open", None, one.services, MORNING) for one in setup.counters.values()]
        found = [one for one in planned if offer_of(setup, one).tier(line) is not None]
    return found


def calls_before(day: Day, setup: Setup, counter: Counter, ticket: str, at: datetime) -> int:
    """How many this counter calls before a ticket, by calling them, when it calls alone and nobody comes."""
    for n in range(len(day.tickets)):
        chosen = choose(day, setup, counter, at)
        assert chosen is not None
        if chosen.ticket == ticket:
            return n
        if chosen.why.round:
            day.rounds[chosen.why.round_of] = dict(chosen.why.round)
        day.leave_line(day.tickets[chosen.ticket])
    raise AssertionError("the ticket is never called")


def check_ahead(player: Player) -> None:
    day, setup, at = player.day, player.setup, player.at
    for ticket in day.tickets.values():
        counters = counters_for(day, setup, ticket.line)
        if ticket.turn.state == "waiting" and counters:
            told = count_ahead(day, setup, ticket.line, ticket.turn.claim_at, ticket.serial, at)
            copies: list[Callable[[], Day]] = [lambda: pickle.loads(pickle.dumps(day))] * len(counters)
            real = [calls_before(copy(), setup, one, ticket.id, at) for copy, one in zip(copies, counters, strict=True)]
            assert told == min(real)


@given(seeds, st.sampled_from(("arrival", "head_start", "strict", "ratio")))
@settings(max_examples=15)
def test_ahead_is_how_many_the_best_counter_calls_before(seed: int, rule: RuleName) -> None:
    check_ahead(random_day(seed, rule, steps=40 + seed % 60, draw=without_cap))


@given(seeds, st.sampled_from(("share_of_promise", "head_start", "strict")))
@settings(max_examples=15)
def test_ahead_is_so_at_this_instant_under_a_cap_and_by_promise_too(seed: int, rule: RuleName) -> None:
    check_ahead(random_day(seed, rule, steps=40 + seed % 60))
