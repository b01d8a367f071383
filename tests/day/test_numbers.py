"""Numbers when the set-up changes during the day: what is printed counts, whichever series gave it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from hall.day import commands as c
from hall.day import events as e
from hall.day.numbers import position_in
from hall.day.refusals import RangeFull
from hall.day.setup import Series, Setup
from tests.day.support import Given, Walker, by_id, called, day_opened, finished, given, issued, opened, small_hall

TWO_HOURS = timedelta(hours=2)


def hall_with(*series: Series, account: str = "", version: int = 1) -> Setup:
    """The small hall with these series; `account` draws from the first of them unless another is named."""
    setup = small_hall(version=version)
    service = replace(setup.services["account"], series=account or series[0].id)
    return replace(setup, series={**setup.series, **by_id(series)}, services={**setup.services, "account": service})


def issue(hall: Given) -> str:
    ticket: e.TicketIssued = hall.when(c.IssueTicket("account")).the_only(e.TicketIssued)
    return ticket.number


def served(n: int) -> tuple[e.Event, ...]:
    return called(n, "c1"), e.TicketStarted(f"t{n}", f"t{n}-1", "c1", None, False), finished(n, "c1")


def test_a_number_rests_though_its_series_has_another_id_now() -> None:
    hall = given(opened("c1"), issued(1), *served(1), issued(2)).under(hall_with(Series("renamed", "A", 1, 3)))
    assert issue(hall.after(minutes=1)) == "A003"
    hall.happened(issued(3, position=3, series="a"))
    hall.after(minutes=1).when(c.IssueTicket("account")).then_refused(RangeFull)
    assert issue(hall.after(hours=2)) == "A001"


def test_a_number_rests_though_another_series_with_its_prefix_gave_it() -> None:
    hall = given(opened("c1"), issued(1), *served(1)).under(hall_with(Series("b", "A", 1, 9)))
    assert issue(hall.after(minutes=1)) == "A002"


def test_of_two_series_that_print_alike_the_number_closed_longest_ago_comes_again() -> None:
    hall = given(opened("c1"), issued(1), issued(2))
    hall.happened(*served(2), timedelta(minutes=1), *served(1))
    hall = hall.under(hall_with(Series("renamed", "A", 1, 2))).after(hours=3)
    assert issue(hall) == "A002"


@pytest.mark.parametrize("moment", ["before the night", "during the night"])
def test_a_number_rests_over_night_though_its_series_has_another_id(moment: str) -> None:
    """The set-up changed before the last visitor left, or between the end of a day and the next."""
    renamed = hall_with(Series("renamed", "A", 1, 9))
    renamed = replace(renamed, series={id: one for id, one in renamed.series.items() if id != "a"})
    hall = given(opened("c1"), issued(1))
    hall = hall.under(renamed) if moment == "before the night" else hall
    hall.happened(*served(1))
    hall.happened(*hall.when(c.CloseDay()).events)
    hall = hall.under(renamed).after(minutes=1)
    (morning,) = hall.when(c.OpenDay()).events
    assert issue(hall.happened(morning)) == "A002"


def test_lower_numbers_are_offered_on_the_day_on_which_the_series_gets_them() -> None:
    hall = given(issued(2), issued(3)).under(hall_with(Series("a", "A", 1, 4)))
    assert issue(hall) == "A004"
    hall.happened(issued(4))
    assert issue(hall) == "A001"
    hall.happened(issued(5, position=1))
    hall.when(c.IssueTicket("account")).then_refused(RangeFull)


def test_a_number_carried_over_night_comes_again_in_its_turn() -> None:
    carried = (e.CarriedNumber("a", 1, day_opened_at() - timedelta(minutes=90)),)
    hall = given(day_opened(numbers=carried), opened("c1"), issued(2), *served(2))
    hall = hall.under(hall_with(Series("a", "A", 1, 2)))
    hall.when(c.IssueTicket("account")).then_refused(RangeFull)
    assert issue(hall.after(minutes=30)) == "A001"
    hall.happened(issued(3, position=1))
    assert issue(hall.after(hours=2)) == "A002"


def day_opened_at() -> datetime:
    return given().at


@pytest.mark.parametrize(
    ("series", "number", "position"),
    [
        (Series("a", "A", 1, 9), "A007", 7),
        (Series("a", "A", 1, 9), "A7", None),
        (Series("a", "A", 1, 9), "A010", None),
        (Series("a", "A", 1, 9), "B007", None),
        (Series("a", "A", 1, 9), "A", None),
        (Series("a", "A1", 1, 9), "A1001", 1),
        (Series("a", "A", 1, 9999), "A1001", 1001),
        (Series("a", "", 1, 9), "007", 7),
        (Series("a", "2", 1, 9), "2007", 7),
        (Series("a", "A", 1, 9), "A٠٠٧", None),
    ],
)
def test_a_number_has_its_place_in_every_series_that_prints_it(
    series: Series, number: str, position: int | None
) -> None:
    assert position_in(series, number) == position


# --- a law -----------------------------------------------------------------------------------------------------------

# One series wide, moved, renamed, beside another one with its prefix, with a prefix that prints alike.
SET_UPS = (
    hall_with(Series("a", "A", 1, 4)),
    hall_with(Series("a", "A", 3, 6)),
    hall_with(Series("renamed", "A", 1, 4)),
    hall_with(Series("a", "A", 1, 3), Series("b", "A", 2, 5), account="b"),
    hall_with(Series("a", "A", 1, 2), Series("b", "A", 3, 4), account="a"),
)
moves = st.lists(st.tuples(st.sampled_from(("issue", "issue", "cancel", "wait", "publish")), st.integers(0, 20)))


@for_all(moves)
def test_a_printed_number_rests_two_hours_and_none_is_refused_while_one_is_free(day: list[tuple[str, int]]) -> None:
    walker, closed = Walker(setup=SET_UPS[0]), dict[str, datetime]()
    for verb, n in day:
        if verb == "wait":
            walker.at += timedelta(minutes=(1, 60, 119, 121)[n % 4])
        elif verb == "publish":
            walker.do(c.PublishSetup(replace(SET_UPS[n % len(SET_UPS)], version=walker.setup.version + 1)))
        elif verb == "cancel" and walker.day.tickets:
            ticket = walker.day.tickets[walker.any_ticket(n)]
            closed[ticket.number] = walker.at
            walker.do(c.CancelTicket(ticket.id))
        elif verb == "issue":
            require_rightly_given(walker, closed)


def require_rightly_given(walker: Walker, closed: dict[str, datetime]) -> None:
    """A number that nobody had, else the one that was closed longest ago; a refusal only when there is none."""
    series = walker.setup.series_of("account", "ordinary")
    free = {series.number(n) for n in range(series.first, series.last + 1)} - walker.day.numbers.keys()
    fresh = free - closed.keys()
    rested = {number for number in free - fresh if walker.at - closed[number] >= TWO_HOURS}
    oldest = min((closed[number] for number in rested), default=None)
    try:
        issued: e.TicketIssued = walker.do(c.IssueTicket("account"))[0]  # type: ignore[assignment]
    except RangeFull:
        assert not fresh | rested
    else:
        assert issued.number in (fresh or {number for number in rested if closed[number] == oldest})
