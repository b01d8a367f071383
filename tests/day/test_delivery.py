"""Delivered, or it does not count: what proves a call, who counts as missed, and what one may do then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.decide import timers
from hall.day.setup import Missed, Reason, Setup
from hall.day.state import with_staff
from tests.day.support import (
    CLASSES,
    DEVICES,
    Given,
    by_id,
    called,
    delivered,
    given,
    issued,
    minute,
    missed,
    opened,
    small_hall,
    started,
    why,
)


def policy(**changes: Any) -> Setup:
    return small_hall(missed=Missed(**changes))


def second(n: float) -> timedelta:
    return timedelta(seconds=n)


def recalled(n: int, call_no: int = 2, counter: str = "c1") -> e.TicketRecalled:
    return e.TicketRecalled(f"t{n}", f"t{n}-1", f"A{n:03d}", counter, None, call_no)


def with_called(*more: Any, setup: Setup | None = None, class_: str = "ordinary") -> Given:
    return given(opened("c1"), issued(1, class_=class_, series="a"), called(1, "c1"), *more, setup=setup)


# --- what proves a call ---------------------------------------------------------------------------------------------


def test_a_display_or_the_visitors_phone_proves_a_call_once() -> None:
    hall = with_called()
    hall.when(c.ReportDelivery("t1", 1, "display", "d1")).then(delivered(1, "c1"))
    hall.when(c.ReportDelivery("t1", 1, "phone")).then(delivered(1, "c1", via="phone", device=None))
    hall.happened(delivered(1, "c1")).when(c.ReportDelivery("t1", 1, "phone")).then_nothing()


def test_that_its_sound_had_started_is_recorded() -> None:
    command = c.ReportDelivery("t1", 1, "display", "d1", sounded=True)
    with_called().when(command).then(delivered(1, "c1", sounded=True))


@pytest.mark.parametrize(
    ("hall", "call_no"),
    [
        (given(issued(1)), 1),
        (given(), 1),
        (with_called(started(1, "c1")), 1),
        (with_called(recalled(1)), 1),
        (with_called(), 2),
    ],
    ids=["waiting", "unknown", "serving", "older call", "call to come"],
)
def test_a_report_about_a_call_that_is_not_the_newest_proves_nothing(hall: Given, call_no: int) -> None:
    hall.when(c.ReportDelivery("t1", call_no, "display", "d1")).then_nothing()


def test_each_call_is_proved_by_itself() -> None:
    hall = with_called(delivered(1, "c1"), recalled(1))
    hall.when(c.ReportDelivery("t1", 2, "display", "d1")).then(delivered(1, "c1", 2))
    alone = with_called(recalled(1))
    alone.when(c.ReportDelivery("t1", 2, "display", "d1")).then(delivered(1, "c1", 2, deliveries=1))


# --- calling again --------------------------------------------------------------------------------------------------


def test_a_recall_waits_for_the_gap_since_the_newest_call() -> None:
    hall = with_called(setup=policy(gap_s=15))
    hall.after(seconds=14.999).when(c.Recall("c1")).then_refused(r.RecallTooSoon, number="A001", at=minute(0.25))
    hall.after(seconds=15).when(c.Recall("c1")).then(recalled(1))
    hall.happened(second(20), recalled(1)).after(seconds=14).when(c.Recall("c1")).then_refused(r.RecallTooSoon)


# --- missed ---------------------------------------------------------------------------------------------------------


def test_a_call_that_reached_nobody_is_not_missed() -> None:
    with_called().after(hours=1).when(c.NoShow("c1")).then_refused(r.CallNotDelivered, number="A001", counter="c1")


def test_a_call_that_was_repeated_and_reached_nobody_is_not_missed_either() -> None:
    with_called(recalled(1), recalled(1, 3)).when(c.NoShow("c1")).then_refused(r.CallNotDelivered)


def test_as_many_calls_as_the_hall_says_must_have_been_delivered() -> None:
    hall = with_called(delivered(1, "c1"), setup=policy(calls=2))
    hall.when(c.NoShow("c1")).then_refused(r.TooFewCalls, number="A001", calls=1, needed=2)
    hall = hall.happened(recalled(1), delivered(1, "c1", 2))
    hall.when(c.NoShow("c1")).then(missed(1, "c1", deliveries=2))


def test_where_the_newest_call_did_not_arrive_nobody_is_told_to_call_again() -> None:
    """The display died after the first call: the refusal has to name that, and the ways on."""
    hall = with_called(delivered(1, "c1"), recalled(1), setup=policy(calls=2))
    hall.when(c.NoShow("c1")).then_refused(r.CallNotDelivered, number="A001", counter="c1")
    hall.happened(recalled(1, 3)).when(c.NoShow("c1")).then_refused(r.CallNotDelivered)


def test_the_visitor_has_time_to_come_since_the_last_delivered_call() -> None:
    hall = with_called(second(10), delivered(1, "c1"), setup=policy(grace_s=20))
    hall.after(seconds=19.999).when(c.NoShow("c1")).then_refused(r.NoShowTooSoon, number="A001", at=minute(0.5))
    hall.after(seconds=20).when(c.NoShow("c1")).then(missed(1, "c1"))


def test_a_class_may_have_more_time_to_come() -> None:
    slow = by_id(tuple(replace(one, grace_s=60 if one.id == "elder" else 0) for one in CLASSES))
    setup = small_hall(missed=Missed(grace_s=20), classes=slow)
    hall = with_called(delivered(1, "c1"), class_="elder", setup=setup)
    hall.after(seconds=79).when(c.NoShow("c1")).then_refused(r.NoShowTooSoon, at=minute(80 / 60))
    hall.after(seconds=80).when(c.NoShow("c1")).then(missed(1, "c1"))


def test_staff_may_go_on_with_a_reason() -> None:
    with_called().when(c.NoShow("c1", override="broken")).then(missed(1, "c1", deliveries=0, override="broken"))


def test_the_reason_to_go_on_is_one_of_the_halls() -> None:
    known = small_hall(reasons={"override": (Reason("device_fault", {}),)})
    hall = with_called(setup=known)
    hall.when(c.NoShow("c1", override="tired")).then_refused(r.ReasonUnknown, kind="override", known=["device_fault"])
    hall.when(c.NoShow("c1", override="device_fault")).then(missed(1, "c1", deliveries=0, override="device_fault"))


def test_a_hall_may_forbid_to_go_on() -> None:
    with_called(setup=policy(override=False)).when(c.NoShow("c1", override="x")).then_refused(
        r.OverrideNotAllowed, number="A001"
    )


def test_in_a_hall_without_displays_the_clerks_voice_counts() -> None:
    no_display = by_id(tuple(one for one in DEVICES if one.kind != "display"))
    hall = with_called(setup=small_hall(devices=no_display, missed=Missed(calls=2, gap_s=5, grace_s=10)))
    hall.after(minutes=1).when(c.NoShow("c1")).then_refused(r.TooFewCalls, calls=1, needed=2)
    hall.happened(second(30), recalled(1))
    hall.after(seconds=9).when(c.NoShow("c1")).then_refused(r.NoShowTooSoon)
    hall.after(seconds=10).when(c.NoShow("c1")).then(missed(1, "c1", deliveries=2))


def test_a_hall_with_displays_may_go_by_the_voice() -> None:
    with_called(setup=policy(delivered_by="voice")).when(c.NoShow("c1")).then(missed(1, "c1", deliveries=1))


# --- put back by the policy -----------------------------------------------------------------------------------------


def test_a_policy_may_put_a_missed_visitor_back_in_line_by_itself() -> None:
    hall = with_called(issued(2, at=1), issued(3, at=2), delivered(1, "c1"), setup=policy(requeue=1, places_back=1))
    back = e.TicketReinstated("t1", "t1-1", minute(1) + timedelta(milliseconds=1), "back")
    hall.when(c.NoShow("c1")).then(missed(1, "c1"), back)
    hall.happened(missed(1, "c1"), back)
    assert [hall.day.tickets[place[2]].number for line in hall.day.lines.values() for place in line] == [
        "A002",
        "A001",
        "A003",
    ]


def test_the_policy_puts_nobody_back_more_often_than_it_says() -> None:
    hall = with_called(delivered(1, "c1"), setup=policy(requeue=1))
    hall.happened(*hall.when(c.NoShow("c1")).events)
    hall.happened(called(1, "c1"), delivered(1, "c1"))
    hall.when(c.NoShow("c1")).then(missed(1, "c1"))


# --- a start that is inferred ---------------------------------------------------------------------------------------


def inferring(**changes: Any) -> Setup:
    return after_s(30, **changes)


def after_s(seconds: int | None, **changes: Any) -> Setup:
    setup = small_hall(**changes)
    return replace(setup, calling=replace(setup.calling, infer_start_s=seconds))


def due(hall: Given) -> list[c.Timer]:
    return [one for one in timers(hall.day, hall.setup) if isinstance(one.command, c.InferStart)]


def test_a_delivered_call_that_nobody_speaks_of_counts_as_a_start_after_a_while() -> None:
    hall = with_called(second(5), delivered(1, "c1"), setup=inferring())
    (timer,) = due(hall)
    assert timer.due_at == minute(35 / 60)
    hall.after(seconds=29).when(timer.command).then_nothing()
    hall.after(seconds=30).when(timer.command).then(started(1, "c1", inferred=True))


def test_a_call_that_reached_nobody_infers_nothing() -> None:
    assert due(with_called(setup=inferring())) == []
    assert due(with_called(delivered(1, "c1"), recalled(1), setup=inferring())) == []
    assert due(with_called(delivered(1, "c1"), setup=after_s(None))) == []


def test_who_may_take_longer_to_come_counts_as_having_come_so_much_later() -> None:
    slow = by_id(tuple(replace(one, grace_s=60 if one.id == "elder" else 0) for one in CLASSES))
    setup = inferring(classes=slow)
    hall = given(opened("c1"), issued(1, class_="elder"), called(1, "c1"), delivered(1, "c1"), setup=setup)
    (timer,) = due(hall)
    hall.after(seconds=89).when(timer.command).then_nothing()
    hall.after(seconds=90).when(timer.command).then(started(1, "c1", inferred=True))


def test_where_the_voice_counts_the_start_is_inferred_from_the_call() -> None:
    hall = with_called(setup=inferring(missed=Missed(delivered_by="voice")))
    assert [timer.due_at for timer in due(hall)] == [minute(0.5)]


def test_a_timer_of_an_older_call_starts_nobody() -> None:
    hall = with_called(delivered(1, "c1"), setup=inferring())
    (timer,) = due(hall)
    hall.happened(*hall.when(c.Undo("c1")).events, called(1, "c1"), delivered(1, "c1"))
    hall.after(hours=1).when(timer.command).then_nothing()


def test_who_was_taken_to_have_come_and_did_not_is_still_missed() -> None:
    hall = with_called(delivered(1, "c1"), started(1, "c1", inferred=True), setup=inferring())
    hall.when(c.NoShow("c1")).then(e.TicketStartUndone("t1", "t1-1", "c1", None), missed(1, "c1"))
    with_called(delivered(1, "c1"), started(1, "c1")).when(c.NoShow("c1")).then_refused(r.NotCalled)


def test_who_was_taken_to_have_come_and_did_not_is_called_again() -> None:
    setup = inferring(missed=Missed(gap_s=10))
    hall = with_called(delivered(1, "c1"), started(1, "c1", inferred=True), setup=setup)
    hall.when(c.Recall("c1")).then_refused(r.RecallTooSoon)
    hall.after(seconds=10).when(c.Recall("c1")).then(e.TicketStartUndone("t1", "t1-1", "c1", None), recalled(1))
    with_called(started(1, "c1")).when(c.Recall("c1")).then_refused(r.NotCalled)


def test_a_start_that_was_taken_back_is_not_inferred_again_before_the_next_call() -> None:
    hall = with_called(delivered(1, "c1"), started(1, "c1", inferred=True), setup=inferring())
    (undone,) = hall.when(c.Undo("c1")).events
    hall.happened(undone)
    assert due(hall) == []
    hall.after(hours=1).when(c.InferStart("t1", hall.day.tickets["t1"].turn.called_seq)).then_nothing()
    hall.happened(recalled(1), delivered(1, "c1", 2))
    assert len(due(hall)) == 1


# --- coming back ----------------------------------------------------------------------------------------------------


def with_missed(*more: Any, setup: Setup | None = None, **changes: Any) -> Given:
    """Missed at counter 1, with two others in the same line, who came one and two minutes later."""
    return given(opened("c1"), issued(1), called(1, "c1"), missed(1, "c1", **changes), *others(), *more, setup=setup)


def others() -> tuple[e.Event, ...]:
    return issued(2, at=1), issued(3, at=2)


MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("place", "claim_at"),
    [("head", minute(0)), ("back", minute(1) + MS), ("tail", minute(2) + MS)],
)
def test_who_was_missed_comes_back_at_the_place_of_the_policy(place: Any, claim_at: Any) -> None:
    hall = with_missed(setup=policy(place=place, places_back=1))
    hall.when(c.ReinstateTicket("t1", by_visitor=True)).then(e.TicketReinstated("t1", "t1-1", claim_at, place))


def test_at_the_head_means_before_everybody_of_the_line() -> None:
    late = given(opened("c1"), issued(1, at=5), called(1, "c1"), missed(1, "c1"), issued(2, claim_at=minute(3)))
    late.when(c.ReinstateTicket("t1")).then(e.TicketReinstated("t1", "t1-1", minute(3) - MS, "head"))


def test_at_the_tail_means_behind_everybody_also_later() -> None:
    hall = with_missed(setup=policy(place="tail")).after(minutes=10)
    hall.when(c.ReinstateTicket("t1")).then(e.TicketReinstated("t1", "t1-1", minute(12), "tail"))


def test_in_an_empty_line_the_old_claim_is_kept() -> None:
    hall = given(opened("c1"), issued(1), called(1, "c1"), missed(1, "c1"), setup=policy(place="back"))
    hall.after(minutes=5).when(c.ReinstateTicket("t1")).then(e.TicketReinstated("t1", "t1-1", minute(0), "back"))


def test_staff_may_choose_another_place_and_the_visitor_may_not() -> None:
    hall = with_missed(setup=policy(place="tail"))
    hall.when(c.ReinstateTicket("t1", "head")).then(e.TicketReinstated("t1", "t1-1", minute(0), "head"))
    hall.when(c.ReinstateTicket("t1", "head", by_visitor=True)).then(
        e.TicketReinstated("t1", "t1-1", minute(2) + MS, "tail")
    )


def test_only_who_was_missed_is_reinstated() -> None:
    given(issued(1)).when(c.ReinstateTicket("t1")).then_refused(r.TicketNotMissed, number="A001", state="waiting")
    given().when(c.ReinstateTicket("t1")).then_refused(r.TicketUnknown)


def again(n: int = 1) -> tuple[e.Event, ...]:
    """Back in line, called and missed once more."""
    return e.TicketReinstated(f"t{n}", f"t{n}-1", minute(0), "head"), called(n, "c1"), missed(n, "c1")


def test_a_visitor_returns_as_often_as_the_policy_says_and_staff_may_go_on() -> None:
    hall = with_missed(*again(), setup=policy(returns_most=2))
    assert hall.when(c.ReinstateTicket("t1", by_visitor=True)).refusal is None
    hall.happened(*again())
    hall.when(c.ReinstateTicket("t1", by_visitor=True)).then_refused(r.ReturnsSpent, number="A001", most=2)
    assert hall.when(c.ReinstateTicket("t1")).refusal is None


def test_being_put_back_by_the_policy_is_no_return() -> None:
    hall = with_missed(*again(), setup=policy(requeue=1, returns_most=1))
    assert hall.when(c.ReinstateTicket("t1", by_visitor=True)).refusal is None
    hall.happened(*again()).when(c.ReinstateTicket("t1", by_visitor=True)).then_refused(r.ReturnsSpent)


def test_the_time_to_return_ends() -> None:
    hall = with_called(delivered(1, "c1"), setup=policy(return_min=10))
    gone = hall.when(c.NoShow("c1")).the_only(e.TicketMissed)
    assert gone.expires_at == minute(10)
    (timer,) = timers(hall.happened(gone).day, hall.setup)
    hall.after(minutes=9.99).when(timer.command).then_nothing()
    hall.after(minutes=10).when(timer.command).then(e.TicketExpired("t1", "t1-1", None, "no_show"))


def test_who_has_returned_does_not_expire() -> None:
    hall = with_missed(expires_at=minute(10))
    hall.happened(*hall.when(c.ReinstateTicket("t1")).events)
    hall.after(hours=1).when(c.EndReturn("t1", minute(10))).then_nothing()


def test_without_a_limit_the_missed_may_return_until_the_day_closes() -> None:
    hall = with_missed()
    assert timers(hall.day, hall.setup) == []
    assert e.TicketExpired("t1", "t1-1", None, "no_show") in hall.when(c.CloseDay()).events


def test_who_was_sent_to_a_counter_and_missed_the_call_returns_to_the_open_line_when_it_has_closed() -> None:
    sent = replace(
        e.TicketTransferred(
            "t1", "t1-1", None, None, "t1-2", "account", "ordinary", minute(0), 600, "", None, has_note=False
        ),
        to=with_staff("ann"),
    )
    hall = given(opened("c1", "ann"), opened("c2"), issued(1), sent)
    hall.happened(
        replace(called(1, "c1", why(chosen_by="sent"), staff="ann"), turn="t1-2"),
        replace(missed(1, "c1"), turn="t1-2", staff="ann"),
    )
    hall.happened(*hall.when(c.CloseCounter("c1")).events)
    hall.happened(*hall.when(c.ReinstateTicket("t1")).events)
    assert hall.when(c.CallNext("c2")).the_only(e.TicketCalled).ticket == "t1"


# --- taking a no-show back ------------------------------------------------------------------------------------------


def test_a_no_show_may_be_taken_back_for_a_minute() -> None:
    hall = with_called(delivered(1, "c1"), missed(1, "c1"))
    undone = e.TicketMissUndone("t1", "t1-1", "c1", None, None)
    hall.after(seconds=60).when(c.Undo("c1")).then(undone)
    hall.after(seconds=60.001).when(c.Undo("c1")).then_refused(r.NothingToUndo)
    hall.happened(timedelta(seconds=9), undone)
    turn = hall.day.tickets["t1"].turn
    assert (turn.state, turn.counter, hall.day.tickets["t1"].misses) == ("called", "c1", 0)
    assert (turn.deliveries, turn.delivered_call, turn.delivered_at) == (1, 1, minute(0))
    hall.when(c.NoShow("c1")).then(missed(1, "c1"))


def test_a_no_show_is_taken_back_though_the_policy_had_put_the_visitor_back_in_line() -> None:
    """The key was pressed by mistake and the visitor stands there: the call goes on as it was, its proofs included."""
    hall = with_called(issued(2, at=1), recalled(1), delivered(1, "c1", 2, deliveries=1), setup=policy(requeue=1))
    before = replace(hall.day.tickets["t1"].turn)
    hall.happened(second(9), *hall.when(c.NoShow("c1")).events)
    assert hall.day.tickets["t1"].turn.claim_at > minute(1)
    call = e.MissedCall(minute(0), minute(0), minute(0), 2, 1, minute(1))
    undone = e.TicketMissUndone("t1", "t1-1", "c1", None, call)
    hall.after(seconds=60).when(c.Undo("c1")).then(undone)
    hall.after(seconds=60.001).when(c.Undo("c1")).then_refused(r.NothingToUndo)
    hall.happened(undone)
    assert hall.day.tickets["t1"].turn == before
    assert (hall.day.counters["c1"].ticket, hall.day.tickets["t1"].misses, hall.day.waiting()) == ("t1", 0, 1)


def test_a_no_show_is_taken_back_though_the_visitor_has_returned() -> None:
    hall = with_called(delivered(1, "c1"), missed(1, "c1"), e.TicketReinstated("t1", "t1-1", minute(0), "head"))
    hall.happened(*hall.when(c.Undo("c1")).events)
    assert hall.day.tickets["t1"].turn.state == "called"


@pytest.mark.parametrize(
    "since",
    [
        (opened("c2"), called(1, "c2")),
        (opened("c2"), called(1, "c2"), e.TicketCallUndone("t1", "t1-1", "A001", "c2", None)),
        (opened("c2"), called(1, "c2"), missed(1, "c2"), e.TicketReinstated("t1", "t1-1", minute(0), "head")),
        (e.TicketPostponed("t1", "t1-1", minute(3), 2),),
        (e.TicketReprioritised("t1", "t1-1", "elder", 300, "frail"),),
        (e.TicketTransferred("t1", "t1-1", None, None, "t1-t", "loan", "ordinary", minute(0), 1, "", None, False),),
        (e.TicketCancelled("t1", "t1-1", None, "cancelled_by_visitor"),),
    ],
    ids=["called", "called and taken back", "missed elsewhere", "postponed", "class changed", "sent on", "cancelled"],
)
def test_a_no_show_stands_once_somebody_has_called_or_moved_who_is_back_in_line(since: tuple[e.Event, ...]) -> None:
    hall = with_called(delivered(1, "c1"), missed(1, "c1"), e.TicketReinstated("t1", "t1-1", minute(0), "head"), *since)
    hall.when(c.Undo("c1")).then_refused(r.NothingToUndo)


@pytest.mark.parametrize(
    "since",
    [
        (e.TicketExpired("t1", "t1-1", None, "no_show"),),
        (e.TicketCancelled("t1", "t1-1", None, "cancelled_by_visitor"),),
        (opened("c2"), e.TicketReinstated("t1", "t1-1", minute(0), "head"), called(1, "c2"), missed(1, "c2")),
    ],
    ids=["expired", "cancelled", "missed elsewhere"],
)
def test_a_no_show_is_not_taken_back_once_the_visitor_has_gone_on(since: tuple[e.Event, ...]) -> None:
    with_called(delivered(1, "c1"), missed(1, "c1"), *since).when(c.Undo("c1")).then_refused(r.NothingToUndo)
