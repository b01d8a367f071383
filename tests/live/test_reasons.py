"""Why not me yet: a sentence that says it and fits on a phone, whatever a hall calls its classes and counters."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.day import commands as c
from hall.day.explain import Cause
from hall.day.setup import Setup
from hall.day.state import Day
from hall.live.picture import Picture
from hall.live.reasons import CAUSE_WORDS, CAUSES_SAID, gained_sentence, short, why_not_yet, width_of
from hall.live.views.base import counters_for
from tests.day.support import HALL, Step, Walker, small_hall
from tests.day.test_laws import days, rules

LONG = "老年人残障人士孕产妇现役军人及其家属优先办理客户"
LONG_NAMES = {"zh-Hans": LONG * 2, "en": "Elderly, disabled, pregnant, soldiers and their families"}


def with_long_names(setup: Setup) -> Setup:
    """The same hall with the longest names that a set-up may have."""
    renamed: dict[str, Any] = {
        kind: {id: replace(one, name=LONG_NAMES) for id, one in getattr(setup, kind).items()}
        for kind in ("classes", "services")
    }
    counters = {id: replace(one, name=f"{id}{LONG}"[:60]) for id, one in setup.counters.items()}
    return replace(setup, counters=counters, **renamed)


def picture_of(walker: Walker) -> Picture:
    setups = {version: with_long_names(setup) for version, setup in walker.setups.items()}
    picture = Picture(setups[min(setups)], setups, Day(HALL))
    for one in walker.log:
        picture.apply(one)
    return picture


@given(days, rules)
def test_the_sentence_is_less_than_thirty_characters_wide(day: list[Step], rule: Any) -> None:
    walker = Walker(setup=small_hall(rule=rule))
    for step in day:
        walker.play(step)
    picture = picture_of(walker)
    for ticket in picture.day.tickets.values():
        said = why_not_yet(picture, ticket)["sentence"]
        assert said.keys() == {"zh-Hans", "en"}
        assert 0 < width_of(said["zh-Hans"]) < 30, said


CAUSES = st.dictionaries(
    st.sampled_from(
        [Cause("class", id) for id in ("elder", "vip", "ordinary")] + [Cause(kind) for kind in CAUSE_WORDS]
    ),  # type: ignore[arg-type]
    st.integers(1, 999),
    min_size=1,
)


@given(CAUSES, st.booleans())
def test_so_it_is_with_any_number_of_people_and_causes(causes: dict[Cause, int], is_long: bool) -> None:
    setup = with_long_names(small_hall()) if is_long else small_hall()
    found = [gained_sentence(setup, Tally(causes), "zh-Hans", most) for most in (CAUSES_SAID, 1)]
    assert width_of(found[1]) < 30, found
    assert str(sum(causes.values())) in found[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("VIP 客户", "VIP 客户"),
        ("老年残障优先客户", "老年残障优先客户"),
        (LONG, "老年人残障人士…"),
        ("Elderly/disabled", "Elderly/disabled"),
        ("Elderly and disabled", "Elderly and di…"),
    ],
)
def test_a_name_that_is_too_long_is_cut(name: str, said: str) -> None:
    assert short(name) == said


def test_the_sentence_names_the_causes_by_how_many_they_are() -> None:
    causes = Tally({Cause("reinstate"): 2, Cause("class", "elder"): 3, Cause("transfer"): 1})
    said = gained_sentence(small_hall(), causes, "en", 2)
    assert said == "6 more ahead: Elder 3, came back 2, others 1"
    assert gained_sentence(small_hall(), causes, "en", 1) == "6 more ahead: Elder 3, others 3"


@given(days, rules)
@settings(max_examples=60)
def test_a_phone_that_was_cut_off_is_told_why_more_are_ahead_than_it_knew(day: list[Step], rule: Any) -> None:
    """At whatever earlier moment it last looked: what is named now accounts for a rise since then."""
    walker = Walker(setup=small_hall(rule=rule))
    picture = Picture(walker.setups[1], walker.setups, Day(HALL))
    fewest: dict[tuple[str, int], int] = {}  # ahead of a ticket since it took its place
    seen = 0
    for step in day:
        walker.play(step)
        for one in walker.log[seen:]:
            picture.apply(one)
        seen = len(walker.log)
        for ticket in picture.day.tickets.values():
            if ticket.turn.state != "waiting" or not counters_for(picture, ticket):
                continue  # with no counter open the place is a guess, and said to be one
            why = why_not_yet(picture, ticket)
            is_named = why["overtaken_by"] or why["round_used"] or why["counter_change"]
            is_named = is_named or picture.setup_seq > ticket.turn.joined_seq
            known = fewest.setdefault((ticket.id, ticket.turn.joined_seq), why["ahead"])
            assert why["ahead"] <= known or is_named, why
            fewest[ticket.id, ticket.turn.joined_seq] = min(why["ahead"], known)


def sentence_of(*commands: c.Command, ticket: int = -1) -> str:
    walker = Walker(setup=small_hall())
    for command in commands:
        walker.do(command)
    picture = Picture(walker.setups[1], walker.setups, Day(HALL))
    for one in walker.log:
        picture.apply(one)
    found = list(picture.day.tickets.values())[ticket]
    said: str = why_not_yet(picture, found)["sentence"]["en"]
    return said


ISSUE, OPEN = c.IssueTicket("account"), c.OpenCounter("c1")


@pytest.mark.parametrize(
    ("commands", "ticket", "said"),
    [
        ((ISSUE,), 0, "No counter is open for this service yet."),
        ((OPEN, ISSUE), 0, "You are next."),
        ((OPEN, ISSUE, ISSUE), 1, "1 came before you."),
        ((OPEN, ISSUE, c.IssueTicket("account", "elder")), 0, "1 more ahead: Elder 1"),
        ((OPEN, c.OpenCounter("c2"), ISSUE, ISSUE, c.CloseCounter("c2")), 1, "Counter 2 has closed"),
        ((OPEN, ISSUE, c.CallNext("c1")), 0, "Called to counter 1."),
        ((OPEN, ISSUE, c.CallNext("c1"), c.Start("c1")), 0, "Being served at counter 1."),
        ((OPEN, ISSUE, c.CallNext("c1"), c.Start("c1"), c.Park("c1", "form")), 0, "Set aside at counter 1."),
        ((OPEN, ISSUE, c.CallNext("c1"), c.NoShow("c1", "x")), 0, "Missed. Please speak to the staff."),
    ],
)
def test_each_state_has_its_sentence(commands: tuple[c.Command, ...], ticket: int, said: str) -> None:
    assert sentence_of(*commands, ticket=ticket) == said


LOAN = c.IssueTicket("loan")


@pytest.mark.parametrize(
    ("before", "move", "said"),
    [
        ((OPEN, ISSUE, ISSUE, c.CallNext("c1")), lambda first: c.Undo("c1"), "call taken back"),
        (
            (OPEN, ISSUE, ISSUE, c.CallNext("c1"), c.NoShow("c1", "x")),
            lambda first: c.ReinstateTicket(first),
            "came back",
        ),
        ((OPEN, LOAN, ISSUE), lambda first: c.TransferTicket(first, "account"), "transferred"),
        (
            (c.OpenCounter("c2"), ISSUE, c.CallNext("c2"), c.Start("c2"), c.Park("c2", "form"), OPEN, ISSUE),
            lambda first: c.CloseCounter("c2"),
            "returned",
        ),
        (
            (OPEN, c.IssueTicket("account", services=("loan",)), c.CallNext("c1"), c.OpenCounter("c3"), LOAN),
            lambda first: c.Finish("c1"),
            "next service",
        ),
    ],
)
def test_a_move_that_puts_somebody_ahead_is_named(before: tuple[c.Command, ...], move: Any, said: str) -> None:
    """The first one moves; the last one to come is told why one more is ahead."""
    walker = Walker()
    for command in before:
        walker.do(command)
    first, last = list(walker.day.tickets)
    told = [why_not_yet(picture_of(walker), picture_of(walker).day.tickets[last])["sentence"]["en"]]
    walker.do(move(first))
    told.append(why_not_yet(picture_of(walker), picture_of(walker).day.tickets[last])["sentence"]["en"])
    assert (told[0], told[1].partition(";")[0]) == ("You are next.", f"1 more ahead: {said} 1")


def test_the_green_lane_is_named() -> None:
    walker = Walker()
    for command in (OPEN, ISSUE, ISSUE):
        walker.do(command)
    first, last = list(walker.day.tickets)
    walker.do(c.ReprioritiseTicket(last, "elder", "x"))
    picture = picture_of(walker)
    assert why_not_yet(picture, picture.day.tickets[first])["sentence"]["en"] == "1 more ahead: green lane 1"
