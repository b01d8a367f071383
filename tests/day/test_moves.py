"""The moves: picked before others, walked in, set aside, sent on, let others first, another class, steps taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.decide import timers
from hall.day.setup import Calling, Missed, Reason, Setup
from tests.day.support import (
    Given,
    Walker,
    called,
    finished,
    given,
    issued,
    minute,
    missed,
    opened,
    small_hall,
    started,
    why,
)

MS = timedelta(milliseconds=1)


def calling(**changes: Any) -> Setup:
    return small_hall(calling=Calling(**changes))


def with_reasons(**known: tuple[str, ...]) -> Setup:
    return small_hall(reasons={kind: tuple(Reason(id, {}) for id in ids) for kind, ids in known.items()})


def with_serving(*more: Any, setup: Setup | None = None) -> Given:
    return given(opened("c1", "ann"), issued(1), called(1, "c1"), started(1, "c1"), *more, setup=setup)


# --- picked ---------------------------------------------------------------------------------------------------------


def three_waiting(setup: Setup | None = None) -> Given:
    return given(opened("c1"), issued(1), issued(2, at=1), issued(3, class_="elder", at=2), setup=setup)


def test_a_picked_ticket_passes_over_everybody_who_came_before_the_own_line_too() -> None:
    hall = given(opened("c1"), issued(1), issued(2, at=1), issued(3, at=2))
    because = why(0.0, ("account/ordinary", "A001", 2), chosen_by="picked", reason="complaint")
    hall.when(c.CallTicket("c1", "t3", "complaint")).then(called(3, "c1", because))


def test_a_pick_needs_a_reason_where_the_hall_says_so() -> None:
    three_waiting().when(c.CallTicket("c1", "t2")).then_refused(r.ReasonMissing, kind="pick", known=[])
    known = three_waiting(with_reasons(pick=("complaint",)))
    known.when(c.CallTicket("c1", "t2", "mood")).then_refused(r.ReasonUnknown, kind="pick", known=["complaint"])
    assert known.when(c.CallTicket("c1", "t2", "complaint")).the_only(e.TicketCalled).why.reason == "complaint"


def test_a_pick_may_be_free_or_not_allowed_at_all() -> None:
    free = three_waiting(calling(pick="free")).when(c.CallTicket("c1", "t2")).the_only(e.TicketCalled)
    assert (free.why.chosen_by, free.why.reason) == ("picked", None)
    three_waiting(calling(pick="never")).when(c.CallTicket("c1", "t2", "x")).then_refused(r.PickNotAllowed)


def test_a_pick_may_finish_the_visitor_at_the_counter() -> None:
    hall = with_serving(issued(2, at=1), issued(3, at=2))
    hall.when(c.CallTicket("c1", "t3", "x")).then_refused(r.CounterIsBusy, number="A001")
    events = hall.when(c.CallTicket("c1", "t3", "x", finish=True)).events
    assert [event.TYPE for event in events] == ["TicketFinished", "TicketCalled"]


def test_only_who_waits_is_picked() -> None:
    hall = given(opened("c1"), opened("c2"), issued(1), issued(2), called(1, "c2"), called(2, "c1"), missed(2, "c1"))
    hall.when(c.CallTicket("c1", "t1", "x")).then_refused(r.TicketIsCalled, number="A001", counter="c2")
    hall.when(c.CallTicket("c1", "t2", "x")).then_refused(r.TicketNotWaiting, number="A002", state="missed")
    hall.when(c.CallTicket("c1", "t7", "x")).then_refused(r.TicketUnknown)


# --- walked in ------------------------------------------------------------------------------------------------------


def test_who_has_no_number_may_be_served_at_once_and_overtakes_all_who_wait() -> None:
    hall = given(opened("c1"), issued(1), issued(2, at=1)).after(minutes=1)
    number, call, start = hall.when(c.ServeWalkIn("c1", "account", language="en"), id="w").events
    assert isinstance(number, e.TicketIssued)
    assert (number.ticket, number.number, number.serial, number.language) == ("w", "A003", 3, "en")
    assert isinstance(call, e.TicketCalled)
    assert call.why == why(0.0, ("account/ordinary", "A001", 2), chosen_by="walk_in")
    assert start == e.TicketStarted("w", "w-1", "c1", None, inferred=False)
    hall.happened(number, call, start)
    assert hall.day.counters["c1"].ticket == "w"


def test_a_walk_in_may_be_for_a_service_that_the_counter_does_not_call() -> None:
    walked = given(opened("c1")).when(c.ServeWalkIn("c1", "loan", "vip")).the_only(e.TicketIssued)
    assert (walked.number, walked.service, walked.class_) == ("V001", "loan", "vip")


def test_the_number_of_a_walk_in_that_is_taken_back_is_cancelled_for_nobody_holds_it() -> None:
    walker = Walker()
    for command in (c.OpenCounter("c1"), c.ServeWalkIn("c1", "loan"), c.Undo("c1"), c.Undo("c1")):
        walker.do(command)
    assert [type(one.event) for one in walker.log[-2:]] == [e.TicketCallUndone, e.TicketCancelled]
    assert not walker.day.tickets
    assert not walker.day.lines
    assert walker.day.counters["c1"].ticket is None


def test_a_walk_in_is_refused_where_it_may_not_be() -> None:
    hall = given(opened("c1"), setup=calling(walk_in=False))
    hall.when(c.ServeWalkIn("c1", "account")).then_refused(r.WalkInNotAllowed)
    given(opened("c1")).when(c.ServeWalkIn("c1", "private")).then_refused(r.ServiceIsHeading)
    given(opened("c1")).when(c.ServeWalkIn("c1", "account", "king")).then_refused(r.ClassUnknown)
    with_serving().when(c.ServeWalkIn("c1", "account")).then_refused(r.CounterIsBusy)


# --- set aside ------------------------------------------------------------------------------------------------------


def parked(n: int = 1, at: float = 0, seconds: int = 600, reason: str = "form") -> e.TicketParked:
    return e.TicketParked(f"t{n}", f"t{n}-1", "c1", "ann", reason, minute(at) + timedelta(seconds=seconds))


UNPARKED = e.TicketUnparked("t1", "t1-1", "c1", "ann")


def test_a_visitor_is_set_aside_for_a_while_and_the_counter_is_free() -> None:
    hall = with_serving(issued(2))
    hall.when(c.Park("c1", "form")).then(parked())
    hall.when(c.Park("c1", "form", 90)).then(parked(seconds=90))
    assert hall.happened(parked()).when(c.CallNext("c1")).the_only(e.TicketCalled).ticket == "t2"


def test_parking_needs_a_reason_of_the_hall_and_somebody_being_served() -> None:
    known = with_serving(setup=with_reasons(park=("form",)))
    known.when(c.Park("c1", "tea")).then_refused(r.ReasonUnknown, kind="park", known=["form"])
    given(opened("c1"), issued(1), called(1, "c1")).when(c.Park("c1", "form")).then_refused(r.NotServing, number="A001")


def test_a_parked_visitor_is_served_again_at_the_same_counter() -> None:
    with_serving(parked()).when(c.Unpark("c1")).then(UNPARKED)
    hall = with_serving(opened("c2"), parked())
    hall.when(c.Unpark("c2", "t1")).then_refused(r.NobodyParked, counter="c2")
    hall.happened(UNPARKED).when(c.Unpark("c1")).then_refused(r.CounterIsBusy)
    assert (hall.day.tickets["t1"].turn.state, hall.day.tickets["t1"].turn.due_at) == ("serving", None)


def test_of_several_parked_one_is_named() -> None:
    hall = with_serving(parked(), issued(2), called(2, "c1"), started(2, "c1"), parked(2))
    hall.when(c.Unpark("c1")).then_refused(r.SeveralParked, counter="c1", numbers=["A001", "A002"])
    hall.when(c.Unpark("c1", "t2")).then(replace(UNPARKED, ticket="t2", turn="t2-1"))


def test_when_the_time_is_over_the_visitor_is_next_at_that_counter() -> None:
    hall = with_serving(parked(seconds=60), opened("c2"), issued(2, claim_at=minute(-60)))
    (timer,) = timers(hall.day, hall.setup)
    hall.after(seconds=59).when(timer.command).then_nothing()
    back = e.TicketReturned("t1", "t1-1", minute(0), "counter/c1", "timer")
    hall.after(seconds=60).when(timer.command).then(back)
    hall.happened(back)
    assert hall.when(c.CallNext("c2")).the_only(e.TicketCalled).ticket == "t2"
    first = hall.when(c.CallNext("c1")).the_only(e.TicketCalled)
    assert (first.ticket, first.why.chosen_by) == ("t1", "sent")


def test_the_timer_of_a_visitor_who_went_on_does_nothing() -> None:
    hall = with_serving(parked(), UNPARKED).after(hours=1)
    hall.when(c.EndParking("t1", minute(10))).then_nothing()
    hall.happened(parked(seconds=9999)).when(c.EndParking("t1", minute(10))).then_nothing()
    given().when(c.EndParking("t1", minute(10))).then_nothing()


def test_closing_a_counter_puts_who_was_parked_there_at_the_head_of_the_open_line() -> None:
    hall = with_serving(parked(), issued(2, claim_at=minute(-1)), opened("c2"))
    back = e.TicketReturned("t1", "t1-1", minute(-1) - MS, "", "parking_closed")
    hall.when(c.CloseCounter("c1")).then(back, e.CounterClosed("c1", "ann", ("account",), None))
    hall.happened(*hall.when(c.CloseCounter("c1")).events)
    assert hall.when(c.CallNext("c2")).the_only(e.TicketCalled).ticket == "t1"


def test_who_was_sent_to_a_counter_or_its_clerk_waits_in_the_open_line_when_it_closes() -> None:
    for to in ("counter/c1", "staff/ann"):
        hall = given(opened("c1", "ann"), issued(1), sent(to=to))
        returned, _ = hall.when(c.CloseCounter("c1")).events
        assert returned == e.TicketReturned("t1", "t9-t", minute(0), "", "counter_closed")


def test_a_parked_visitor_may_leave() -> None:
    gone = e.TicketCancelled("t1", "t1-1", "c1", "cancelled_by_staff")
    hall = with_serving(parked(), issued(2), called(2, "c1"))
    hall.when(c.CancelTicket("t1")).then(gone)
    assert hall.happened(gone).day.counters["c1"].ticket == "t2"


# --- sent on --------------------------------------------------------------------------------------------------------


def sent(n: int = 1, **changes: Any) -> e.TicketTransferred:
    plain = e.TicketTransferred(
        f"t{n}", f"t{n}-1", None, None, "t9-t", "account", "ordinary", minute(0), 600, "", None, has_note=False
    )
    return replace(plain, **changes)


def test_a_visitor_is_sent_to_another_service_with_number_and_claim_and_its_promise() -> None:
    hall = with_serving().after(minutes=3)
    to_loan = sent(counter="c1", staff="ann", service="loan", promise_s=1200)
    hall.when(c.TransferVisitor("c1", "loan")).then(to_loan)
    ticket = hall.happened(to_loan).day.tickets["t1"]
    assert (ticket.number, ticket.turn.service, ticket.turn.claim_at, ticket.turn.promise_s) == (
        "A001",
        "loan",
        minute(0),
        1200,
    )
    assert hall.day.counters["c1"].ticket is None


def test_a_visitor_who_waits_is_sent_too_by_greeter_or_manager() -> None:
    given(issued(1)).when(c.TransferTicket("t1", "loan")).then(sent(service="loan", promise_s=1200))


def test_a_visitor_is_sent_to_a_counter_that_calls_it_before_others_whatever_it_serves() -> None:
    hall = with_serving(opened("c3"), issued(2, "loan"))
    to_c3 = sent(counter="c1", staff="ann", to="counter/c3")
    hall.when(c.TransferVisitor("c1", None, "c3")).then(to_c3)
    first = hall.happened(to_c3).when(c.CallNext("c3")).the_only(e.TicketCalled)
    assert (first.ticket, first.why.chosen_by) == ("t1", "sent")


def test_a_visitor_is_sent_to_a_clerk_wherever_the_clerk_works() -> None:
    hall = with_serving(opened("c3", "bo"))
    to_bo = sent(counter="c1", staff="ann", to="staff/bo")
    hall.when(c.TransferVisitor("c1", staff="bo")).then(to_bo)
    assert hall.happened(to_bo).when(c.CallNext("c3")).the_only(e.TicketCalled).ticket == "t1"


def test_a_visitor_is_sent_to_a_service_at_a_given_counter_or_clerk() -> None:
    hall = with_serving(opened("c3", "bo"))
    for to, where in (("counter/c3", {"to_counter": "c3"}), ("staff/bo", {"staff": "bo"})):
        to_loan = sent(counter="c1", staff="ann", service="loan", promise_s=1200, to=to)
        hall.when(c.TransferVisitor("c1", "loan", **where)).then(to_loan)


def test_a_note_for_the_next_clerk_is_outside_the_event() -> None:
    event = with_serving().when(c.TransferVisitor("c1", "loan", has_note=True)).the_only(e.TicketTransferred)
    assert event.has_note is True


def test_a_visitor_may_be_sent_on_and_come_back() -> None:
    hall = with_serving(opened("c3"))
    event = hall.when(c.TransferVisitor("c1", "loan", returns=True)).the_only(e.TicketTransferred)
    assert event.returning == e.PlannedTurn("t9-r", "account", 600, "counter/c1")
    hall.happened(event, replace(called(1, "c3"), turn="t9-t"), replace(started(1, "c3"), turn="t9-t"))
    back = hall.when(c.Finish("c3"), id="f").the_only(e.TicketFinished).next
    assert back == e.NextTurn("f-n", "account", "ordinary", minute(0), 600, "counter/c1")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (c.TransferVisitor("c1"), r.NowhereToGo),
        (c.TransferVisitor("c1", None, "c1"), r.NowhereToGo),
        (c.TransferVisitor("c1", staff="ann"), r.NowhereToGo),
        (c.TransferVisitor("c1", None, "c2", "bo"), r.NowhereToGo),
        (c.TransferVisitor("c1", None, "c2"), r.CounterIsClosed),
        (c.TransferVisitor("c1", None, "c9"), r.CounterUnknown),
        (c.TransferVisitor("c1", "nothing"), r.ServiceUnknown),
        (c.TransferVisitor("c1", "private"), r.ServiceIsHeading),
        (c.TransferVisitor("c2", "loan"), r.CounterIsClosed),
        (c.TransferTicket("t7", "loan"), r.TicketUnknown),
    ],
)
def test_a_transfer_leads_somewhere(command: c.Command, reason: type[r.Refusal]) -> None:
    with_serving().when(command).then_refused(reason)


def test_a_clerk_who_is_not_there_is_nobody_to_send_to() -> None:
    with_serving().when(c.TransferVisitor("c1", staff="bo")).then_refused(r.StaffAbsent, staff="bo")


def test_who_waits_is_not_sent_where_he_waits_and_who_is_set_aside_or_missed_not_at_all() -> None:
    given(issued(1)).when(c.TransferTicket("t1", "account")).then_refused(r.NowhereToGo, number="A001")
    for hall in (with_serving(parked()), given(opened("c1"), issued(1), called(1, "c1"), missed(1, "c1"))):
        hall.when(c.TransferTicket("t1", "loan")).then_refused(r.TicketNotWaiting, number="A001")


# --- letting others first -------------------------------------------------------------------------------------------


def test_a_visitor_lets_others_of_the_own_line_go_first() -> None:
    hall = given(issued(1), issued(2, at=1), issued(3, at=2), issued(4, class_="elder", at=3))
    one, two = (e.TicketPostponed("t1", "t1-1", minute(n) + MS, n) for n in (1, 2))
    hall.when(c.PostponeTicket("t1")).then(one)
    hall.when(c.PostponeTicket("t1", 2)).then(two)
    hall.when(c.PostponeTicket("t1", 20)).then(two)
    hall.happened(one)
    (line,) = [places for key, places in hall.day.lines.items() if key.class_ == "ordinary"]
    assert [place[2] for place in line] == ["t2", "t1", "t3"]


def test_places_are_counted_over_all_languages() -> None:
    """Whoever speaks another language than all the others lets them go first, and comes back behind them, too."""
    policy = Missed(place="back", places_back=1)
    hall = given(issued(1, language="en"), issued(2, at=1), issued(3, at=2), setup=small_hall(missed=policy))
    hall.when(c.PostponeTicket("t1", 2)).then(e.TicketPostponed("t1", "t1-1", minute(2) + MS, 2))
    gone = (opened("c1"), called(1, "c1"), missed(1, "c1"))
    hall.happened(*gone).when(c.ReinstateTicket("t1")).then(e.TicketReinstated("t1", "t1-1", minute(1) + MS, "back"))


def test_with_nobody_behind_there_is_nobody_to_let_go_first() -> None:
    hall = given(issued(1), issued(2, "loan"), issued(3, class_="elder"))
    hall.when(c.PostponeTicket("t1")).then_refused(r.NobodyBehind, number="A001")


def test_only_who_waits_lets_others_first() -> None:
    with_serving(issued(2)).when(c.PostponeTicket("t1")).then_refused(r.TicketNotWaiting, state="serving")


def test_a_visitor_does_so_as_often_as_the_hall_allows_and_staff_more_often() -> None:
    hall = given(issued(1), issued(2, at=1), setup=calling(postpone_most=1))
    hall.happened(*hall.when(c.PostponeTicket("t1", by_visitor=True)).events, issued(3, at=2))
    hall.when(c.PostponeTicket("t1", by_visitor=True)).then_refused(r.PostponementsSpent, number="A001", most=1)
    assert hall.when(c.PostponeTicket("t1")).refusal is None


# --- another class --------------------------------------------------------------------------------------------------


def test_another_class_comes_with_its_promise_and_the_claim_stays() -> None:
    hall = given(opened("c1"), issued(1), issued(2, at=1)).after(minutes=1)
    moved = e.TicketReprioritised("t2", "t2-1", "elder", 300, "pregnant")
    hall.when(c.ReprioritiseTicket("t2", "elder", "pregnant")).then(moved)
    hall.happened(moved)
    assert hall.day.tickets["t2"].turn.claim_at == minute(1)
    assert hall.when(c.CallNext("c1")).the_only(e.TicketCalled).ticket == "t2"


def test_a_class_is_changed_for_a_reason_of_the_hall_and_only_while_waiting() -> None:
    known = given(issued(1), setup=with_reasons(priority=("elder",)))
    known.when(c.ReprioritiseTicket("t1", "elder", "friend")).then_refused(r.ReasonUnknown, kind="priority")
    given(issued(1)).when(c.ReprioritiseTicket("t1", "king", "x")).then_refused(r.ClassUnknown)
    given(issued(1)).when(c.ReprioritiseTicket("t1", "ordinary", "x")).then_refused(r.ClassIsSame, number="A001")
    with_serving().when(c.ReprioritiseTicket("t1", "elder", "x")).then_refused(r.TicketNotWaiting)


def test_a_hall_may_limit_how_often_an_hour_somebody_is_moved() -> None:
    hall = given(issued(1), issued(2), issued(3), setup=calling(priority_per_hour=2))
    hall.happened(*hall.when(c.ReprioritiseTicket("t1", "elder", "x")).events, timedelta(minutes=10))
    hall.happened(*hall.when(c.ReprioritiseTicket("t2", "elder", "x")).events, timedelta(minutes=10))
    command = c.ReprioritiseTicket("t3", "elder", "x")
    hall.when(command).then_refused(r.PriorityBudgetSpent, most=2, at=minute(60))
    hall.after(minutes=39.99).when(command).then_refused(r.PriorityBudgetSpent)
    assert hall.after(minutes=40).when(command).refusal is None


def test_a_budget_of_none_allows_nobody() -> None:
    hall = given(issued(1), setup=calling(priority_per_hour=0))
    hall.when(c.ReprioritiseTicket("t1", "elder", "x")).then_refused(r.PriorityBudgetSpent, most=0, at=None)


# --- taken back -----------------------------------------------------------------------------------------------------


def test_a_parking_is_taken_back_within_a_minute() -> None:
    hall = with_serving(parked())
    hall.after(seconds=60).when(c.Undo("c1")).then(UNPARKED)
    hall.after(seconds=61).when(c.Undo("c1")).then_refused(r.NothingToUndo)


def test_a_parking_is_not_taken_back_once_its_time_was_over() -> None:
    returned = e.TicketReturned("t1", "t1-1", minute(0), "counter/c1", "timer")
    with_serving(parked(seconds=30), returned).when(c.Undo("c1")).then_refused(r.NothingToUndo)


def transferred(*more: Any) -> Given:
    to_loan = sent(counter="c1", staff="ann", service="loan", promise_s=1200)
    return with_serving(opened("c3"), to_loan, *more)


def test_a_transfer_is_taken_back_and_the_turn_it_began_is_withdrawn() -> None:
    undone = e.TicketFinishUndone("t1", "t1-1", "c1", "ann", "t9-t", "serving")
    hall = transferred()
    hall.after(seconds=60).when(c.Undo("c1")).then(undone)
    hall.after(seconds=61).when(c.Undo("c1")).then_refused(r.NothingToUndo)
    ticket = hall.happened(undone).day.tickets["t1"]
    assert (ticket.turn.id, ticket.turn.state, ticket.turn.service) == ("t1-1", "serving", "account")
    assert hall.day.waiting() == 0


def test_a_transfer_of_who_was_only_called_leaves_him_called_when_taken_back() -> None:
    hall = given(opened("c1", "ann"), issued(1), called(1, "c1"), sent(counter="c1", staff="ann", service="loan"))
    hall.when(c.Undo("c1")).then(e.TicketFinishUndone("t1", "t1-1", "c1", "ann", "t9-t", "called"))


def moved_on(event: Any) -> Any:
    return replace(event, turn="t9-t")


@pytest.mark.parametrize(
    "since",
    [
        (moved_on(called(1, "c3")),),
        (moved_on(called(1, "c3")), moved_on(started(1, "c3")), moved_on(finished(1, "c3"))),
        (replace(sent(), turn="t9-t", next_turn="t8-t", service="advice"),),
        (e.TicketCancelled("t1", "t9-t", None, "cancelled_by_visitor"),),
    ],
    ids=["called", "served", "sent on", "cancelled"],
)
def test_a_transfer_is_not_taken_back_once_the_visit_has_gone_on(since: tuple[e.Event, ...]) -> None:
    transferred(*since).when(c.Undo("c1")).then_refused(r.NothingToUndo)


def test_the_undo_of_a_return_gives_the_plan_back_as_it_was() -> None:
    hall = with_serving(opened("c3"))
    hall.happened(hall.when(c.TransferVisitor("c1", "loan", returns=True)).the_only(e.TicketTransferred))
    assert len(hall.day.tickets["t1"].planned) == 1
    hall.happened(*hall.when(c.Undo("c1")).events)
    assert hall.day.tickets["t1"].planned == ()


def test_a_closed_counter_takes_nothing_back() -> None:
    transferred(e.CounterClosed("c1", "ann", ("account",), None)).when(c.Undo("c1")).then_refused(r.CounterIsClosed)


# --- times corrected afterwards -------------------------------------------------------------------------------------


def correct(started_at: float | None = None, ended_at: float | None = None, reason: str = "mistake") -> c.CorrectTime:
    """Of a turn that was called at 0, started at 1 and ended at 9 minutes."""
    instants = [None if at is None else minute(at) for at in (started_at, ended_at)]
    return c.CorrectTime("t1", "t1-1", minute(0), minute(1), minute(9), reason, *instants)


def test_a_corrected_time_is_a_fact_of_its_own() -> None:
    hall = given().after(minutes=20)
    hall.when(correct(2)).then(e.TimeCorrected("t1", "t1-1", minute(2), None, "mistake"))
    hall.when(correct(0, 20)).then(e.TimeCorrected("t1", "t1-1", minute(0), minute(20), "mistake"))


@pytest.mark.parametrize(
    "command", [correct(-0.1), correct(9.1), correct(None, 0.9), correct(None, 20.1), correct(5, 4)]
)
def test_corrected_times_are_in_the_order_of_things(command: c.Command) -> None:
    given().after(minutes=20).when(command).then_refused(r.TimeImpossible)


def test_a_turn_that_goes_on_is_not_corrected() -> None:
    with_serving().after(minutes=20).when(correct(None, 15)).then_refused(r.TurnNotDone, number="A001")


def test_a_time_is_corrected_for_a_reason_of_the_hall() -> None:
    hall = given(setup=with_reasons(correct_time=("mistake",))).after(minutes=20)
    hall.when(correct(2, reason="vanity")).then_refused(r.ReasonUnknown, kind="correct_time", known=["mistake"])


def test_a_time_that_was_right_is_confirmed_whatever_reasons_the_hall_has() -> None:
    hall = given(setup=with_reasons(correct_time=("mistake",))).after(minutes=20)
    hall.when(correct(None, 9, reason="confirmed")).then(e.TimeCorrected("t1", "t1-1", None, minute(9), "confirmed"))
    hall.when(correct(None, 8, reason="confirmed")).then_refused(r.ReasonUnknown, kind="correct_time")
