"""Opening, pausing and closing counters."""

from __future__ import annotations

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from tests.day.support import called, given, given_closed, issued, opened

PAUSED = e.CounterPaused("c1", "ann", ("account",), "lunch")


def test_a_counter_opens_for_its_planned_services() -> None:
    given().when(c.OpenCounter("c2", "ann")).then(opened("c2", "ann", ("account", "loan", "advice")))


def test_a_counter_opens_for_the_services_that_are_named() -> None:
    given().when(c.OpenCounter("c1", None, ("loan",))).then(opened("c1", None, ("loan",)))


def test_a_counter_without_a_named_clerk_has_none() -> None:
    given(opened("c1", None)).when(c.OpenCounter("c2", None)).then(opened("c2", None))


def test_an_open_counter_does_not_open_again() -> None:
    given(opened("c1")).when(c.OpenCounter("c1", "bo")).then_refused(r.CounterIsOpen, counter="c1")


def test_a_paused_counter_does_not_open() -> None:
    given(opened("c1", "ann"), PAUSED).when(c.OpenCounter("c1")).then_refused(r.CounterIsOpen)


def test_a_counter_that_the_hall_does_not_have_does_not_open() -> None:
    given().when(c.OpenCounter("c9")).then_refused(r.CounterUnknown, counter="c9")


def test_a_counter_does_not_open_for_a_service_that_the_hall_does_not_have() -> None:
    given().when(c.OpenCounter("c1", None, ("account", "dance"))).then_refused(r.ServiceUnknown, service="dance")


def test_a_clerk_works_at_one_counter() -> None:
    given(opened("c1", "ann")).when(c.OpenCounter("c2", "ann")).then_refused(r.StaffElsewhere, counter="c1")


def test_a_clerk_may_move_after_closing() -> None:
    closed = e.CounterClosed("c1", "ann", ("account",), None)
    given(opened("c1", "ann"), closed).when(c.OpenCounter("c2", "ann")).then(opened("c2", "ann"))


def test_a_counter_pauses_with_its_reason_and_resumes() -> None:
    open_counter = given(opened("c1", "ann"))
    open_counter.when(c.PauseCounter("c1", "lunch")).then(PAUSED)
    paused = open_counter.happened(PAUSED)
    assert paused.day.counters["c1"].reason == "lunch"
    paused.when(c.ResumeCounter("c1")).then(e.CounterResumed("c1", "ann", ("account",)))


def test_a_counter_may_pause_with_a_visitor_at_it() -> None:
    busy = given(opened("c1"), issued(1), called(1, "c1"))
    busy.when(c.PauseCounter("c1")).then(e.CounterPaused("c1", None, ("account",), None))
    paused = busy.happened(e.CounterPaused("c1", None, ("account",), None))
    assert paused.day.counters["c1"].ticket == "t1"


def test_a_paused_counter_does_not_pause_again() -> None:
    given(opened("c1", "ann"), PAUSED).when(c.PauseCounter("c1")).then_refused(r.CounterIsPaused)


def test_only_a_paused_counter_resumes() -> None:
    given(opened("c1")).when(c.ResumeCounter("c1")).then_refused(r.CounterNotPaused, counter="c1")


@pytest.mark.parametrize("services", [("account",), ("loan", "advice")])
def test_a_counter_closes(services: tuple[str, ...]) -> None:
    closed = e.CounterClosed("c1", "ann", services, "fire drill")
    given(opened("c1", "ann", services)).when(c.CloseCounter("c1", "fire drill")).then(closed)


def test_a_paused_counter_closes() -> None:
    closed = e.CounterClosed("c1", "ann", ("account",), None)
    given(opened("c1", "ann"), PAUSED).when(c.CloseCounter("c1")).then(closed)


def test_a_counter_with_a_visitor_does_not_close() -> None:
    busy = given(opened("c1"), issued(1), called(1, "c1"))
    busy.when(c.CloseCounter("c1")).then_refused(r.CounterIsBusy, counter="c1", number="A001")


COUNTER_VERBS = (c.PauseCounter, c.ResumeCounter, c.CloseCounter, c.CallNext, c.Recall, c.Start, c.Finish, c.NoShow)


@pytest.mark.parametrize("verb", [*COUNTER_VERBS, c.Undo])
def test_a_closed_counter_does_nothing(verb: type) -> None:
    given().when(verb("c1")).then_refused(r.CounterIsClosed, counter="c1")


@pytest.mark.parametrize("verb", [*COUNTER_VERBS, c.Undo])
def test_an_unknown_counter_does_nothing(verb: type) -> None:
    given().when(verb("c9")).then_refused(r.CounterUnknown, counter="c9")


ANY = (
    *(verb("c1") for verb in (c.OpenCounter, *COUNTER_VERBS, c.Undo)),
    c.IssueTicket("account"),
    c.CancelTicket("t1"),
    c.ReprintTicket("t1"),
    c.ClaimPaper("t1-p"),
    c.ReportPaper("t1-p", "printed"),
    c.ExpirePaper("t1-p"),
    c.ReportPrinter("p1", "ready"),
)


@pytest.mark.parametrize("command", ANY, ids=lambda command: type(command).__name__)
def test_nothing_happens_before_the_day_is_open(command: c.Command) -> None:
    given_closed().when(command).then_refused(r.DayIsClosed)
