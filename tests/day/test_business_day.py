"""The turn of the business day, and new versions of the set-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.apply import fold
from tests.day.support import (
    HALL,
    TODAY,
    Given,
    called,
    day_opened,
    delivered,
    finished,
    given,
    given_closed,
    issued,
    minute,
    missed,
    opened,
    requested,
    small_hall,
    started,
    why,
)

TOMORROW = TODAY + timedelta(days=1)
CLOSED = e.DayClosed(TODAY)


def closing(hall: Given) -> tuple[e.Event, ...]:
    outcome = hall.when(c.CloseDay())
    assert outcome.refusal is None
    return outcome.events


def next_morning(hall: Given, hours: float = 9) -> Given:
    """The day is closed; it is the next business date."""
    return hall.happened(*closing(hall)).after(hours=hours).on(TOMORROW)


# --- opening and closing --------------------------------------------------------------------------------------------


def test_the_first_day_opens_empty() -> None:
    given_closed().when(c.OpenDay()).then(day_opened(setup_version=0))


def test_an_open_day_does_not_open_again() -> None:
    given().when(c.OpenDay()).then_nothing()


def test_an_empty_day_closes() -> None:
    given().when(c.CloseDay()).then(CLOSED)


def test_a_closed_day_does_not_close_again() -> None:
    given(CLOSED).when(c.CloseDay()).then_nothing()
    given_closed().when(c.CloseDay()).then_nothing()


def test_a_day_closes_under_its_own_date_however_late() -> None:
    given().after(days=3).on(date(2026, 11, 27)).when(c.CloseDay()).then(CLOSED)


def test_closing_ends_all_but_what_is_being_served() -> None:
    hall = given(opened("c1", "ann"), opened("c2", "bo"), opened("c3"), *(issued(n) for n in (1, 2, 3, 4)))
    hall.happened(called(1, "c1", staff="ann"), started(1, "c1"), called(2, "c2", staff="bo"))
    hall.happened(called(3, "c3"), missed(3, "c3"))
    hall.when(c.CloseDay()).then(
        e.TicketExpired("t2", "t2-1", "c2", "expired"),
        e.TicketExpired("t3", "t3-1", None, "no_show"),
        e.TicketExpired("t4", "t4-1", None, "expired"),
        e.CounterClosed("c2", "bo", ("account", "loan", "advice"), "day_closed"),
        e.CounterClosed("c3", None, ("loan", "advice"), "day_closed"),
        CLOSED,
    )


def test_closing_ends_papers_as_far_as_is_known() -> None:
    hall = given(issued(1), requested(1), issued(2), requested(2), e.PaperClaimed("t2-p", "t2", "p1"))
    assert closing(hall)[:2] == (
        e.PaperFailed("t1-p", "t1", "p1", "day_closed"),
        e.PaperUncertain("t2-p", "t2", "p1", "day_closed"),
    )


def test_a_paused_counter_that_serves_stays_paused_over_night() -> None:
    paused = e.CounterPaused("c1", None, ("account",), "lunch")
    hall = next_morning(given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), paused))
    (carried,) = hall.when(c.OpenDay()).the_only(e.DayOpened).counters
    assert (carried.state, carried.reason, carried.ticket) == ("paused", "lunch", "t1")


# --- what goes on ---------------------------------------------------------------------------------------------------


def served_over_night() -> Given:
    """Ann serves t2 when the day ends; t1 was served an hour before; t3 waits in vain."""
    hall = given(opened("c1", "ann"), issued(1), issued(2, class_="elder", device="k1"), issued(3))
    hall.happened(e.PrinterReported("p1", "near_end"), requested(2), e.PaperFailed("t2-p", "t2", "p1", "jam"))
    hall.happened(called(1, "c1", staff="ann"), started(1, "c1"), finished(1, "c1", staff="ann"))
    hall.happened(timedelta(minutes=60), called(2, "c1", why(9.0), staff="ann"))
    recall = e.TicketRecalled("t2", "t2-1", "A002", "c1", "ann", 2)
    return hall.happened(
        timedelta(minutes=1), recall, delivered(2, "c1", 2, deliveries=1), started(2, "c1", staff="ann")
    )


def test_a_day_opens_with_all_that_goes_on() -> None:
    hall = next_morning(served_over_night(), hours=0.5)
    hall.when(c.OpenDay()).then(
        e.DayOpened(
            TOMORROW,
            next_serial=4,
            setup_version=1,
            counters=(e.CarriedCounter("c1", "open", "ann", ("account",), None, minute(0), "t2"),),
            tickets=(
                e.CarriedTicket(
                    ticket="t2",
                    turn="t2-1",
                    serial=2,
                    number="A002",
                    series="a",
                    position=2,
                    service="account",
                    class_="elder",
                    language="zh-Hans",
                    issued_at=minute(0),
                    claim_at=minute(0),
                    promise_s=300,
                    counter="c1",
                    staff="ann",
                    called_at=minute(60),
                    call_no=2,
                    started_at=minute(61),
                    why=why(9.0),
                    device="k1",
                    ahead=0,
                    estimate=None,
                    copies=1,
                    planned=(),
                    misses=0,
                    postponed=0,
                    to="",
                    since=minute(0),
                    last_call_at=minute(61),
                    inferred=False,
                    deliveries=1,
                    delivered_call=2,
                    delivered_at=minute(61),
                ),
            ),
            numbers=(e.CarriedNumber("a", 1, minute(0)), e.CarriedNumber("a", 3, minute(61))),
            printers=(("p1", "near_end"),),
            comebacks=(),
        )
    )


def test_numbers_that_have_rested_two_hours_are_forgotten_over_night() -> None:
    hall = next_morning(served_over_night(), hours=3)
    assert hall.when(c.OpenDay()).the_only(e.DayOpened).numbers == ()


def opened_next_morning(hours: float = 9) -> Given:
    hall = next_morning(served_over_night(), hours)
    return hall.happened(*hall.when(c.OpenDay()).events)


def test_the_visitor_of_yesterday_is_finished_today() -> None:
    opened_next_morning().when(c.Finish("c1")).then(finished(2, "c1", staff="ann"))


def test_the_clerk_of_yesterday_is_still_at_her_counter() -> None:
    opened_next_morning().when(c.OpenCounter("c2", "ann")).then_refused(r.StaffElsewhere, counter="c1")


def test_numbers_begin_anew_and_serials_go_on() -> None:
    ticket = opened_next_morning().when(c.IssueTicket("account")).the_only(e.TicketIssued)
    assert (ticket.number, ticket.serial) == ("A001", 4)


def test_the_number_of_a_visitor_who_is_still_served_is_not_given_to_another() -> None:
    hall = opened_next_morning().happened(issued(4, at=9 * 60 + 61, position=1))
    assert hall.when(c.IssueTicket("account")).the_only(e.TicketIssued).number == "A003"


def test_numbers_of_the_last_two_hours_are_not_given_in_the_morning() -> None:
    hall = opened_next_morning(hours=0.5)
    assert hall.when(c.IssueTicket("account")).the_only(e.TicketIssued).number == "A004"


def test_yesterdays_papers_and_finishes_are_gone() -> None:
    hall = opened_next_morning()
    hall.when(c.ClaimPaper("t2-p")).then_refused(r.PaperUnknown)
    hall.happened(finished(2, "c1")).on(TOMORROW)
    assert hall.day.papers == {}


def test_what_is_known_of_a_printer_goes_on() -> None:
    hall = opened_next_morning()
    hall.when(c.ReportPrinter("p1", "near_end")).then_nothing()


def test_a_day_folds_from_its_own_opening() -> None:
    hall = next_morning(served_over_night())
    opening = hall.when(c.OpenDay()).the_only(e.DayOpened)
    seq = hall.day.seq + 1
    hall.happened(opening)
    alone = e.Recorded(HALL, seq, hall.at, TOMORROW, opening, "id", e.Actor("clockwork", "c"), "clockwork", 1)
    assert fold(HALL, [alone]) == hall.day


# --- set-up ---------------------------------------------------------------------------------------------------------


def without(kind: str, *ids: str) -> c.PublishSetup:
    setup = small_hall(version=2)
    kept = {id: thing for id, thing in getattr(setup, kind).items() if id not in ids}
    return c.PublishSetup(replace(setup, **{kind: kept}))


def test_a_setup_is_published_before_the_first_day_and_during_it() -> None:
    event = e.SetupPublished(2, "digest-2")
    given_closed().when(c.PublishSetup(small_hall(version=2))).then(event)
    busy = given(opened("c1"), issued(1), called(1, "c1"))
    busy.when(c.PublishSetup(small_hall(version=2))).then(event)


def test_a_service_that_somebody_waits_for_stays() -> None:
    given(issued(1, "loan")).when(without("services", "loan")).then_refused(r.SetupInUse, services=["loan"])


def test_a_service_nobody_waits_for_may_go() -> None:
    given(issued(1)).when(without("services", "loan")).then(e.SetupPublished(2, "digest-2"))


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_counter_that_is_open_or_paused_stays(is_paused: bool) -> None:
    hall = given(opened("c1"))
    if is_paused:
        hall.happened(e.CounterPaused("c1", None, ("account",), None))
    hall.when(without("counters", "c1")).then_refused(r.SetupInUse, counters=["c1"])


def test_a_closed_counter_may_go() -> None:
    given(opened("c2")).when(without("counters", "c1")).then(e.SetupPublished(2, "digest-2"))


def test_a_refused_setup_names_all_that_is_in_the_way() -> None:
    hall = given(issued(1, "loan"), issued(2), opened("c2"), opened("c3"))
    nothing = replace(small_hall(version=2), services={}, counters={})
    command = c.PublishSetup(nothing)
    hall.when(command).then_refused(r.SetupInUse, services=["account", "loan"], counters=["c2", "c3"])


def test_a_service_is_not_taken_away_from_a_visitor_at_a_counter() -> None:
    hall = given(opened("c1"), issued(1, "loan"), called(1, "c1", number="L001"))
    hall.when(without("services", "loan")).then_refused(r.SetupInUse, services=["loan"], counters=[])
