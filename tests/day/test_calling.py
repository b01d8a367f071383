"""Calling, starting, finishing, and taking it back."""

from __future__ import annotations

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from tests.day.support import (
    Given,
    called,
    delivered,
    done,
    finished,
    given,
    issued,
    missed,
    opened,
    small_hall,
    started,
    why,
)

UNDONE = e.TicketCallUndone("t1", "t1-1", "A001", "c1", None)


def with_called(*more: e.Event) -> Given:
    return given(opened("c1"), issued(1), called(1, "c1"), *more)


def with_serving(*more: e.Event) -> Given:
    return with_called(started(1, "c1"), *more)


# --- call-next ------------------------------------------------------------------------------------------------------


def test_call_next_calls_who_waits_and_names_the_clerk() -> None:
    hall = given(opened("c1", "ann"), issued(1)).after(minutes=2)
    hall.when(c.CallNext("c1")).then(called(1, "c1", why(120.0), staff="ann"))


def test_call_next_with_nobody_waiting_does_nothing() -> None:
    given(opened("c1")).when(c.CallNext("c1")).then_nothing()


def test_call_next_calls_only_for_the_counters_own_services() -> None:
    given(opened("c1"), issued(1, "loan")).when(c.CallNext("c1")).then_nothing()


def test_call_next_skips_who_was_missed_and_who_is_at_a_counter() -> None:
    hall = given(opened("c1"), opened("c2"), *(issued(n) for n in (1, 2, 3)))
    hall.happened(called(1, "c1"), missed(1, "c1"), called(2, "c2"))
    hall.when(c.CallNext("c1")).then(called(3, "c1"))


def test_call_next_skips_who_gave_up() -> None:
    gone = e.TicketCancelled("t1", "t1-1", None, "cancelled_by_visitor")
    given(opened("c1"), issued(1), issued(2), gone).when(c.CallNext("c1")).then(called(2, "c1"))


@pytest.mark.parametrize("hall", [with_called(issued(2)), with_serving(issued(2))], ids=["called", "serving"])
def test_a_busy_counter_does_not_call(hall: Given) -> None:
    hall.when(c.CallNext("c1")).then_refused(r.CounterIsBusy, counter="c1", number="A001")


def test_a_busy_counter_finishes_and_calls_in_one_command() -> None:
    command = c.CallNext("c1", finish=True, outcome="not_completed", items=(("stamp", 2),))
    finish = done(1, "c1", outcome="not_completed", items=(("stamp", 2),), work=2.0)
    with_serving(issued(2)).when(command).then(finish, called(2, "c1"))


def test_finishing_who_was_only_called_infers_the_start() -> None:
    hall = with_called(issued(2))
    steps = started(1, "c1", inferred=True), finished(1, "c1"), called(2, "c1")
    hall.when(c.CallNext("c1", finish=True)).then(*steps)


def test_finish_and_call_with_nobody_waiting_only_finishes() -> None:
    with_serving().when(c.CallNext("c1", finish=True)).then(finished(1, "c1"))


def test_finish_and_call_at_an_idle_counter_only_calls() -> None:
    given(opened("c1"), issued(1)).when(c.CallNext("c1", finish=True)).then(called(1, "c1"))


@pytest.mark.parametrize("finish", [False, True])
def test_a_paused_counter_does_not_call(finish: bool) -> None:
    paused = e.CounterPaused("c1", None, ("account",), None)
    hall = given(opened("c1"), issued(1), paused)
    hall.when(c.CallNext("c1", finish=finish)).then_refused(r.CounterIsPaused, counter="c1")


def test_a_paused_counter_with_a_visitor_does_not_finish_and_call() -> None:
    paused = e.CounterPaused("c1", None, ("account",), None)
    with_serving(paused).when(c.CallNext("c1", finish=True)).then_refused(r.CounterIsPaused)


# --- who is called, and why -----------------------------------------------------------------------------------------


def test_under_arrival_who_came_first_is_called_first() -> None:
    setup = small_hall(rule="arrival")
    hall = given(opened("c1"), issued(1, class_="ordinary"), issued(2, class_="vip", at=1), setup=setup).after(
        minutes=1
    )
    hall.when(c.CallNext("c1")).then(called(1, "c1", why(120.0, rule="arrival")))


def test_a_head_start_counts_as_having_come_earlier() -> None:
    hall = given(opened("c1"), issued(1, at=0), issued(2, class_="elder", at=14))
    because = why(900.0, ("account/ordinary", "A001", 1))
    hall.when(c.CallNext("c1")).then(called(2, "c1", because))


def test_a_head_start_is_no_more_than_it_says() -> None:
    hall = given(opened("c1"), issued(1, at=0), issued(2, class_="elder", at=16))
    hall.when(c.CallNext("c1")).then(called(1, "c1", why(960.0)))


def test_at_equal_credit_the_lower_serial_is_called_first() -> None:
    hall = given(opened("c1"), issued(1, at=0), issued(2, class_="elder", at=15))
    hall.when(c.CallNext("c1")).then(called(1, "c1", why(900.0)))


def test_why_names_every_line_that_was_passed_over_and_how_many_of_it() -> None:
    hall = given(
        opened("c2"), issued(1, at=0), issued(2, at=1), issued(1, "loan", at=2, ticket="l", turn="l-1", serial=3)
    )
    hall.happened(issued(3, class_="elder", at=3, position=1, series="v"), issued(4, at=4))
    because = why(960.0 + 120.0 - 60.0 - 60.0 + 0.0, ("account/ordinary", "A001", 2), ("loan/ordinary", "B001", 1))
    chosen = hall.when(c.CallNext("c2")).the_only(e.TicketCalled)
    assert (chosen.ticket, chosen.why) == ("t3", because)


def test_lines_that_the_counter_may_not_call_are_not_passed_over() -> None:
    hall = given(opened("c1"), issued(1, "loan", at=0), issued(2, at=5))
    hall.when(c.CallNext("c1")).then(called(2, "c1", why()))


# --- recall, start, finish, no-show ---------------------------------------------------------------------------------


def test_a_recall_repeats_the_call_and_counts_it() -> None:
    second = e.TicketRecalled("t1", "t1-1", "A001", "c1", None, 2)
    with_called().when(c.Recall("c1")).then(second)
    third = e.TicketRecalled("t1", "t1-1", "A001", "c1", None, 3)
    with_called(second).when(c.Recall("c1")).then(third)


def test_start_begins_the_service() -> None:
    with_called().when(c.Start("c1")).then(started(1, "c1"))


def test_finish_ends_the_service() -> None:
    with_serving().when(c.Finish("c1", "not_completed")).then(finished(1, "c1", "not_completed"))


def test_finish_infers_a_start_that_nobody_pressed() -> None:
    with_called().when(c.Finish("c1")).then(started(1, "c1", inferred=True), finished(1, "c1"))


def test_a_paused_counter_may_finish_whom_it_serves() -> None:
    paused = e.CounterPaused("c1", None, ("account",), None)
    with_serving(paused).when(c.Finish("c1")).then(finished(1, "c1"))


def test_no_show_frees_the_counter() -> None:
    hall = with_called(issued(2), delivered(1, "c1"))
    hall.when(c.NoShow("c1")).then(missed(1, "c1"))
    hall.happened(missed(1, "c1")).when(c.CallNext("c1")).then(called(2, "c1"))


@pytest.mark.parametrize("verb", [c.Recall, c.Start, c.NoShow])
def test_only_who_is_called_and_not_yet_served_can_be_recalled_started_or_missed(verb: type) -> None:
    with_serving().when(verb("c1")).then_refused(r.NotCalled, number="A001")


@pytest.mark.parametrize("verb", [c.Recall, c.Start, c.Finish, c.NoShow])
def test_an_idle_counter_has_nobody_to_act_on(verb: type) -> None:
    given(opened("c1")).when(verb("c1")).then_refused(r.CounterIsIdle, counter="c1")


# --- whom a verb means ------------------------------------------------------------------------------------------------

FOR_SOMEBODY: list[c.VisitorVerb] = [
    c.CallNext("c1"),
    c.CallNext("c1", finish=True),
    c.CallTicket("c1", "t2", "urgent", finish=True),
    c.Recall("c1"),
    c.Start("c1"),
    c.Finish("c1"),
    c.NoShow("c1"),
    c.Park("c1", "form"),
    c.TransferVisitor("c1", "loan"),
    c.Undo("c1"),
]


@pytest.mark.parametrize("verb", FOR_SOMEBODY)
@pytest.mark.parametrize("meant", ["", "t9", "t2"])
def test_a_verb_meant_for_somebody_else_is_refused_with_who_is_there(verb: c.VisitorVerb, meant: str) -> None:
    hall = with_called(issued(2))
    hall.when(c.ForVisitor(meant, verb)).then_refused(r.VisitorChanged, counter="c1", number="A001")


@pytest.mark.parametrize("verb", FOR_SOMEBODY)
def test_a_verb_meant_for_who_has_gone_is_refused_and_calls_nobody(verb: c.VisitorVerb) -> None:
    hall = with_serving(issued(2), finished(1, "c1"))
    hall.when(c.ForVisitor("t1", verb)).then_refused(r.VisitorChanged, counter="c1", number=None)


def test_a_verb_meant_for_who_is_there_does_what_it_does() -> None:
    hall = with_called(issued(2))
    hall.when(c.ForVisitor("t1", c.Start("c1"))).then(started(1, "c1"))
    hall.happened(started(1, "c1")).when(c.ForVisitor("t1", c.Recall("c1"))).then_refused(r.NotCalled, number="A001")
    hall.when(c.ForVisitor("t1", c.CallNext("c1", finish=True))).then(finished(1, "c1"), called(2, "c1"))


def test_a_verb_meant_for_nobody_acts_on_an_idle_counter() -> None:
    hall = given(opened("c1"), issued(1))
    hall.when(c.ForVisitor("", c.CallNext("c1", finish=True))).then(called(1, "c1"))
    hall.when(c.ForVisitor("", c.Finish("c1"))).then_refused(r.CounterIsIdle, counter="c1")


def test_that_the_counter_is_closed_or_unknown_comes_before_whom_a_verb_means() -> None:
    given().when(c.ForVisitor("t1", c.Start("c1"))).then_refused(r.CounterIsClosed, counter="c1")
    given().when(c.ForVisitor("t1", c.Start("c99"))).then_refused(r.CounterUnknown, counter="c99")


# --- undo -----------------------------------------------------------------------------------------------------------


def test_undo_of_a_call_lets_the_visitor_wait_again_at_the_old_place() -> None:
    hall = with_called(issued(2))
    hall.when(c.Undo("c1")).then(UNDONE)
    hall.happened(UNDONE).when(c.CallNext("c1")).then(called(1, "c1"))


def test_undo_of_a_call_has_no_limit_of_time() -> None:
    with_called().after(hours=2).when(c.Undo("c1")).then(UNDONE)


def test_undo_of_a_start_makes_the_visitor_called_again() -> None:
    undone = e.TicketStartUndone("t1", "t1-1", "c1", None)
    hall = with_serving().after(minutes=5)
    hall.when(c.Undo("c1")).then(undone)
    hall.happened(undone).when(c.Recall("c1")).then(e.TicketRecalled("t1", "t1-1", "A001", "c1", None, 2))


FINISH_UNDONE = e.TicketFinishUndone("t1", "t1-1", "c1", None, None, "serving")


@pytest.mark.parametrize("seconds", [0, 60])
def test_undo_of_a_finish_within_a_minute_serves_the_visitor_again(seconds: int) -> None:
    hall = with_serving(finished(1, "c1")).after(seconds=seconds)
    hall.when(c.Undo("c1")).then(FINISH_UNDONE)
    hall.happened(FINISH_UNDONE).when(c.Finish("c1")).then(finished(1, "c1"))


def test_undo_of_a_finish_after_a_minute_is_too_late() -> None:
    hall = with_serving(finished(1, "c1")).after(seconds=60.001)
    hall.when(c.Undo("c1")).then_refused(r.NothingToUndo, counter="c1")


def test_undo_takes_back_one_step_after_another() -> None:
    hall = with_serving(issued(2), finished(1, "c1"), called(2, "c1"))
    second = e.TicketCallUndone("t2", "t2-1", "A002", "c1", None)
    hall.when(c.Undo("c1")).then(second)
    hall.happened(second).when(c.Undo("c1")).then(FINISH_UNDONE)
    hall.happened(FINISH_UNDONE).when(c.Undo("c1")).then(e.TicketStartUndone("t1", "t1-1", "c1", None))


def test_a_finish_is_taken_back_once() -> None:
    hall = with_serving(finished(1, "c1"), FINISH_UNDONE, finished(1, "c1"), FINISH_UNDONE)
    hall.happened(e.TicketStartUndone("t1", "t1-1", "c1", None), UNDONE)
    hall.when(c.Undo("c1")).then_refused(r.NothingToUndo)


def test_undo_after_a_no_show_takes_back_the_no_show_and_not_the_finish_before_it() -> None:
    hall = with_serving(issued(2), finished(1, "c1"), called(2, "c1"), missed(2, "c1"))
    hall.when(c.Undo("c1")).then(e.TicketMissUndone("t2", "t2-1", "c1", None, None))
    hall.after(seconds=61).when(c.Undo("c1")).then_refused(r.NothingToUndo, counter="c1")


def test_a_counter_that_did_nothing_has_nothing_to_undo() -> None:
    given(opened("c1")).when(c.Undo("c1")).then_refused(r.NothingToUndo)


# --- giving up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by_visitor", "outcome"), [(True, "cancelled_by_visitor"), (False, "cancelled_by_staff")])
def test_who_waits_may_give_up(by_visitor: bool, outcome: str) -> None:
    gone = e.TicketCancelled("t1", "t1-1", None, outcome)  # type: ignore[arg-type]
    given(issued(1)).when(c.CancelTicket("t1", by_visitor)).then(gone)


def test_who_is_called_may_give_up_and_the_counter_is_free() -> None:
    gone = e.TicketCancelled("t1", "t1-1", "c1", "cancelled_by_staff")
    hall = with_called(issued(2))
    hall.when(c.CancelTicket("t1")).then(gone)
    hall.happened(gone).when(c.CallNext("c1")).then(called(2, "c1"))


def test_who_was_missed_may_give_up() -> None:
    gone = e.TicketCancelled("t1", "t1-1", None, "cancelled_by_staff")
    with_called(missed(1, "c1")).when(c.CancelTicket("t1")).then(gone)


def test_who_is_served_cannot_give_up() -> None:
    with_serving().when(c.CancelTicket("t1")).then_refused(r.TicketAtCounter, number="A001", counter="c1")


@pytest.mark.parametrize("hall", [given(), with_serving(finished(1, "c1"))], ids=["never", "closed"])
def test_a_ticket_that_is_not_open_is_not_known_to_the_day(hall: Given) -> None:
    hall.when(c.CancelTicket("t1")).then_refused(r.TicketUnknown, ticket="t1")


def test_after_a_called_ticket_is_cancelled_the_finish_before_it_is_not_taken_back() -> None:
    served = (opened("c1"), issued(1), issued(2), called(1, "c1"), started(1, "c1"), finished(1, "c1"))
    cancelled = e.TicketCancelled("t2", "t2-1", "c1", "cancelled_by_staff")
    given(*served, called(2, "c1"), cancelled).when(c.Undo("c1")).then_refused(r.NothingToUndo, counter="c1")
