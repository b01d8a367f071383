"""Giving numbers: which service, which class, which language, which number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.setup import LocalTime, Series
from tests.day.support import (
    OFFICE_HOURS,
    Given,
    called,
    day_opened,
    finished,
    given,
    issued,
    minute,
    missed,
    opened,
    requested,
    small_hall,
    started,
)

SATURDAY = LocalTime(5, 600)


def issue(given: Given, service: str = "account", class_: str | None = None, **words: object) -> e.TicketIssued:
    event: e.TicketIssued = given.when(c.IssueTicket(service, class_, **words)).the_only(e.TicketIssued)  # type: ignore[arg-type]
    return event


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_a_visitor_gets_a_ticket_with_all_that_was_said() -> None:
    command = c.IssueTicket("loan", "elder", "en", None, e.Estimate(60, 120, 300))
    given(opened("c2"), opened("c3")).after(minutes=5).when(command, id="new").then(
        e.TicketIssued(
            ticket="new",
            turn="new-1",
            serial=1,
            number="B001",
            series="b",
            position=1,
            service="loan",
            class_="elder",
            language="en",
            claim_at=minute(5),
            promise_s=300,
            estimate=e.Estimate(60, 120, 300),
            ahead=0,
            counters_open=2,
            device=None,
            planned=(),
            comeback=None,
        )
    )


def test_the_first_class_and_language_are_meant_when_none_is_named() -> None:
    ticket = issue(given())
    assert (ticket.class_, ticket.language) == ("ordinary", "zh-Hans")


@pytest.mark.parametrize(("asked", "spoken"), [("en", "en"), ("en-GB", "en"), ("zh-Hans-CN", "zh-Hans")])
def test_a_language_is_served_by_the_halls_own(asked: str, spoken: str) -> None:
    assert issue(given(), language=asked).language == spoken


@pytest.mark.parametrize("asked", ["fr", "eng", "zh", ""])
def test_a_language_that_the_hall_does_not_speak_is_refused(asked: str) -> None:
    command = c.IssueTicket("account", language=asked)
    given().when(command).then_refused(r.LanguageUnknown, language=asked, known=["zh-Hans", "en"])


def test_a_service_that_the_hall_does_not_have_is_refused() -> None:
    given().when(c.IssueTicket("dance")).then_refused(r.ServiceUnknown, service="dance")


def test_a_class_that_the_hall_does_not_have_is_refused() -> None:
    given().when(c.IssueTicket("account", "royal")).then_refused(r.ClassUnknown, class_="royal")


def test_a_heading_gives_no_number() -> None:
    given().when(c.IssueTicket("private")).then_refused(r.ServiceIsHeading, service="private")


def test_a_closed_hall_gives_no_number() -> None:
    hall = given(setup=small_hall(hours=OFFICE_HOURS))
    assert issue(hall).number == "A001"
    hall.on(hall.date, SATURDAY).when(c.IssueTicket("account")).then_refused(r.HallClosed)


@pytest.mark.parametrize(("local_minute", "is_open"), [(539, False), (540, True), (1079, True), (1080, False)])
def test_hours_begin_with_their_first_minute_and_end_before_their_last(local_minute: int, is_open: bool) -> None:
    hall = given(setup=small_hall(hours=OFFICE_HOURS)).on(given().date, LocalTime(0, local_minute))
    outcome = hall.when(c.IssueTicket("account"))
    assert (outcome.refusal is None) == is_open


def test_a_closed_service_gives_no_number_while_others_do() -> None:
    setup = small_hall()
    loan = replace(setup.services["loan"], hours=((), (), (), (), (), (), ()))
    hall = given(setup=replace(setup, services={**setup.services, "loan": loan}))
    hall.when(c.IssueTicket("loan")).then_refused(r.ServiceClosed, service="loan")
    assert issue(hall, "account").number == "A001"


def test_a_number_is_given_though_no_counter_is_open() -> None:
    assert issue(given()).counters_open == 0


def test_a_paused_counter_is_not_counted_as_open() -> None:
    paused = e.CounterPaused("c1", None, ("account",), None)
    assert issue(given(opened("c1"), opened("c2"), paused)).counters_open == 1


@pytest.mark.parametrize(
    ("service", "class_", "promise_s"), [("account", None, 600), ("account", "elder", 300), ("advice", None, None)]
)
def test_the_promise_of_the_class_wins_over_that_of_the_service(
    service: str, class_: str | None, promise_s: int | None
) -> None:
    assert issue(given(), service, class_).promise_s == promise_s


# --- how many are ahead ---------------------------------------------------------------------------------------------


def test_a_visitor_is_told_how_many_are_ahead() -> None:
    hall = given(opened("c1"), issued(1), issued(2, at=1))
    assert issue(hall).ahead == 2


def test_whoever_is_at_a_counter_or_missed_is_not_ahead() -> None:
    hall = given(opened("c1"), opened("c2"), issued(1), called(1, "c1"), issued(2), called(2, "c2"), missed(2, "c2"))
    assert issue(hall).ahead == 0


def test_a_class_with_a_head_start_is_behind_only_who_came_that_much_earlier() -> None:
    hall = given(opened("c1"), issued(1, at=0), issued(2, at=10)).after(minutes=10)
    assert issue(hall, class_="ordinary").ahead == 2
    assert issue(hall, class_="elder").ahead == 1  # fifteen minutes of head start
    assert issue(hall, class_="vip").ahead == 0


def test_under_arrival_nobody_has_a_head_start() -> None:
    hall = given(opened("c1"), issued(1), issued(2, at=10), setup=small_hall(rule="arrival"))
    assert issue(hall, class_="vip").ahead == 2


def test_lines_that_share_a_counter_are_ahead_too() -> None:
    hall = given(opened("c2"), issued(1, "loan"), issued(2, "account"))
    assert issue(hall, "account").ahead == 2


def test_lines_of_other_counters_are_not_ahead() -> None:
    hall = given(opened("c1"), opened("c3"), issued(1, "loan"), issued(2, "account"))
    assert issue(hall, "account").ahead == 1


# --- which number ---------------------------------------------------------------------------------------------------


def ended(n: int, counter: str = "c1") -> tuple[e.Event, ...]:
    return called(n, counter), started(n, counter), finished(n, counter)


def test_numbers_follow_one_another_and_serials_count_every_ticket() -> None:
    hall = given(issued(1), issued(2))
    ticket = issue(hall)
    assert (ticket.number, ticket.serial) == ("A003", 3)
    assert issue(hall, "loan").number == "B001"


def test_a_class_with_its_own_series_draws_from_it() -> None:
    assert issue(given(issued(1)), "account", "vip").number == "V001"


def test_a_freed_number_waits_until_the_series_is_exhausted() -> None:
    hall = given(opened("c1"), issued(1), *ended(1)).after(hours=9)
    assert issue(hall).number == "A002"


def exhausted() -> Given:
    """The series of four is used up: 1 and 2 closed at minutes 10 and 20, 3 missed, 4 waiting."""
    hall = given(opened("c1"), issued(1), issued(2), issued(3), issued(4))
    hall.happened(called(3, "c1"), missed(3, "c1"))
    hall.happened(timedelta(minutes=10), *ended(2), timedelta(minutes=10), *ended(1))
    assert hall.at == minute(20)
    return hall


def test_after_exhaustion_the_number_closed_longest_ago_is_given_again() -> None:
    hall = exhausted()
    hall.at = minute(140)
    assert issue(hall).number == "A002"
    hall.happened(issued(5, at=140, position=2))
    assert issue(hall).number == "A001"


def test_a_number_rests_two_hours_before_it_is_given_again() -> None:
    hall = exhausted()
    hall.at = minute(130) - timedelta(milliseconds=1)
    hall.when(c.IssueTicket("account")).then_refused(r.RangeFull, series="a")
    hall.at = minute(130)
    assert issue(hall).number == "A002"


def test_a_number_that_is_open_or_missed_is_never_given_again() -> None:
    hall = exhausted()
    hall.happened(issued(5, at=200, position=2), issued(6, at=200, position=1))
    hall.after(hours=20).when(c.IssueTicket("account")).then_refused(r.RangeFull, series="a")


def test_a_number_whose_finish_was_taken_back_is_open_again() -> None:
    hall = given(opened("c1"), issued(1), issued(2), issued(3), issued(4), *ended(1))
    hall.happened(e.TicketFinishUndone("t1", "t1-1", "c1", None, None, "serving"))
    hall.after(hours=3).when(c.IssueTicket("account")).then_refused(r.RangeFull)


def test_a_full_series_does_not_stop_another() -> None:
    hall = given(issued(1), issued(2), issued(3), issued(4))
    hall.when(c.IssueTicket("account")).then_refused(r.RangeFull, series="a")
    assert issue(hall, "loan").number == "B001"
    assert issue(hall, "account", "vip").number == "V001"


def test_a_longer_series_goes_on_where_the_shorter_one_ended() -> None:
    setup = small_hall()
    hall = given(issued(1), issued(2), issued(3), issued(4))
    assert issue(hall.under(replace(setup, series={**setup.series, "a": Series("a", "A", 1, 9)}))).number == "A005"


def test_a_number_left_outside_a_shortened_series_is_not_given_again() -> None:
    setup = small_hall()
    hall = given(opened("c1"), issued(1), issued(2), issued(3), *ended(3), issued(4)).after(hours=3)
    shorter = hall.under(replace(setup, series={**setup.series, "a": Series("a", "A", 1, 2)}))
    shorter.when(c.IssueTicket("account")).then_refused(r.RangeFull)


def test_an_open_number_is_not_given_again_by_another_series_with_the_same_prefix() -> None:
    setup = small_hall()
    hall = given(issued(1)).under(replace(setup, series={**setup.series, "b": Series("b", "A", 1, 9)}))
    assert issue(hall, "loan").number == "A002"


@pytest.mark.parametrize(("position", "number"), [(1, "A001"), (999, "A999"), (1000, "A1000"), (9999, "A9999")])
def test_a_number_has_at_least_three_digits(position: int, number: str) -> None:
    assert Series("a", "A").number(position) == number


def test_a_number_closed_before_the_day_began_rests_its_two_hours() -> None:
    numbers = (e.CarriedNumber("a", 1, minute(-60)), e.CarriedNumber("a", 2, minute(-30)))
    hall = given().happened(day_opened(next_serial=7, numbers=numbers))
    assert (issue(hall).number, issue(hall).serial) == ("A003", 7)
    hall.happened(issued(8, position=3), issued(9, position=4))
    hall.when(c.IssueTicket("account")).then_refused(r.RangeFull)
    assert issue(hall.after(minutes=60)).number == "A001"


# --- the paper that comes with it -----------------------------------------------------------------------------------


def test_a_kiosk_with_a_printer_asks_for_a_paper() -> None:
    outcome = given().when(c.IssueTicket("account", device="k1"), id="t1")
    outcome.then(issued(1, device="k1"), requested(1))


def test_a_kiosk_with_its_own_address_prints_itself() -> None:
    assert given().when(c.IssueTicket("account", device="k2")).the_only(e.PaperRequested).printer == "k2"


@pytest.mark.parametrize("device", [None, "k3", "unheard-of"])
def test_where_there_is_no_printer_no_paper_is_asked_for(device: str | None) -> None:
    given().when(c.IssueTicket("account", device=device), id="t1").then(issued(1, device=device))


@pytest.mark.parametrize(
    ("state", "papers"),
    [
        ("ready", 1),
        ("near_end", 1),
        ("unknown", 1),
        ("paper_out", 0),
        ("cover_open", 0),
        ("error", 0),
        ("unreachable", 0),
    ],
)
def test_a_printer_known_to_be_down_is_not_asked(state: e.PrinterState, papers: int) -> None:
    hall = given(e.PrinterReported("p1", state))
    events = hall.when(c.IssueTicket("account", device="k1")).events
    assert [event.TYPE for event in events].count("PaperRequested") == papers
