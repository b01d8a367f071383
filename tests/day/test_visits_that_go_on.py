"""Visits that go on: with their next turn, after they were missed, after a step is taken back, over night."""

from __future__ import annotations

from dataclasses import replace

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.explain import Cause, Standing
from hall.day.rules import Ratio
from hall.day.setup import Calling
from tests.day.support import (
    called,
    day_opened,
    delivered,
    done,
    given,
    given_closed,
    issued,
    minute,
    missed,
    opened,
    small_hall,
    started,
    why,
)

LOAN = e.PlannedTurn("t1-2", "loan", 1200, "")


def next_loan(n: int = 1, **changes: object) -> e.NextTurn:
    plain = e.NextTurn(f"t{n}-2", "loan", "ordinary", minute(0), 1200, "")
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_who_is_finished_here_and_goes_on_here_is_next_by_the_rule() -> None:
    hall = given(opened("c2"), issued(1, planned=(LOAN,)), called(1, "c2"), started(1, "c2"), issued(2, "loan", at=1))
    outcome = hall.when(c.CallNext("c2", finish=True))
    outcome.then(
        done(1, "c2", next=replace(next_loan(), turn="t9-n")),
        e.TicketCalled("t1", "t9-n", "A001", "c2", None, 1, why(60.0)),
    )


def test_who_is_picked_before_a_visit_that_goes_on_here_passes_it_over() -> None:
    hall = given(opened("c2"), issued(1, planned=(LOAN,)), called(1, "c2"), started(1, "c2"), issued(2, "loan", at=1))
    picked = hall.when(c.CallTicket("c2", "t2", "urgent", finish=True)).the_only(e.TicketCalled)
    assert picked.why.passed_over == (e.PassedOver("loan/ordinary", "A001", 1),)


def test_who_was_sent_to_a_clerk_who_has_gone_returns_to_the_open_line() -> None:
    sent = e.TicketTransferred(
        "t1", "t1-1", None, None, "t1-t", "account", "ordinary", minute(0), 600, "staff/ann", None, False
    )
    away = e.TicketMissed("t1", "t1-t", "c1", "ann", 1, None, None)
    hall = given(opened("c1", "ann"), issued(1), sent)
    hall.happened(replace(called(1, "c1", staff="ann"), turn="t1-t"), away)
    hall.happened(e.CounterClosed("c1", "ann", ("account",), None))
    assert hall.day.tickets["t1"].turn.to == ""
    hall.when(c.ReinstateTicket("t1")).then(e.TicketReinstated("t1", "t1-t", minute(0), "head"))


def test_who_was_sent_to_a_clerk_who_is_there_returns_to_them() -> None:
    sent = e.TicketTransferred(
        "t1", "t1-1", None, None, "t1-t", "account", "ordinary", minute(0), 600, "staff/ann", None, False
    )
    hall = given(opened("c1", "ann"), issued(1), sent, replace(called(1, "c1", staff="ann"), turn="t1-t"))
    hall.happened(e.TicketMissed("t1", "t1-t", "c1", "ann", 1, None, None))
    hall.when(c.ReinstateTicket("t1")).then(e.TicketReinstated("t1", "t1-t", minute(0), "head"))


def test_a_service_added_after_a_transfer_outlives_its_undo() -> None:
    sent = e.TicketTransferred("t1", "t1-1", "c1", None, "t1-t", "loan", "ordinary", minute(0), 1200, "", None, False)
    advice = e.PlannedTurn("t1-3", "advice", None, "")
    hall = given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), sent, e.ServiceAdded("t1", advice))
    hall.happened(e.TicketFinishUndone("t1", "t1-1", "c1", None, "t1-t", "serving"))
    assert hall.day.tickets["t1"].planned == (advice,)


def test_the_way_back_of_a_transfer_goes_with_its_undo() -> None:
    back = e.PlannedTurn("t1-r", "account", 600, "counter/c1")
    sent = e.TicketTransferred("t1", "t1-1", "c1", None, "t1-t", "loan", "ordinary", minute(0), 1200, "", back, False)
    hall = given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), sent)
    hall.happened(e.TicketFinishUndone("t1", "t1-1", "c1", None, "t1-t", "serving"))
    assert hall.day.tickets["t1"].planned == ()


def test_a_proof_of_the_last_turn_proves_nothing_of_the_next_ones_call() -> None:
    hall = given(opened("c2"), issued(1, planned=(LOAN,)), called(1, "c2"))
    first = hall.day.tickets["t1"].turn.called_seq
    hall.happened(started(1, "c2"), done(1, "c2", next=next_loan()))
    hall.happened(e.TicketCalled("t1", "t1-2", "A001", "c2", None, 1, why()))
    hall.when(c.ReportDelivery("t1", 1, "display", "d1", called_seq=first)).then_nothing()
    second = hall.day.tickets["t1"].turn.called_seq
    hall.when(c.ReportDelivery("t1", 1, "display", "d1", called_seq=second)).then(delivered(1, "c2", turn="t1-2"))


def test_a_call_of_yesterday_can_be_taken_back_where_a_round_had_chosen_it() -> None:
    setup = small_hall(rule="ratio")
    by_round = why(rule="ratio", round=(("ordinary", 0),))
    hall = given(opened("c1"), issued(1), called(1, "c1", by_round), started(1, "c1"), setup=setup)
    carried = hall.when(c.CloseDay()).events
    hall.happened(*carried)
    hall.happened(*hall.when(c.OpenDay()).events, e.TicketStartUndone("t1", "t1-1", "c1", None))
    hall.happened(*hall.when(c.Undo("c1")).events)
    assert hall.day.tickets["t1"].turn.state == "waiting"


def test_who_was_sent_to_a_counter_waits_for_it_again_when_start_and_call_are_undone_after_a_night() -> None:
    sent = e.TicketTransferred(
        "t1", "t1-1", None, None, "t1-t", "account", "ordinary", minute(0), 600, "counter/c1", None, False
    )
    hall = given(opened("c1"), issued(1), sent, replace(called(1, "c1"), turn="t1-t"))
    hall.happened(replace(started(1, "c1"), turn="t1-t"))
    for command in (c.CloseDay(), c.OpenDay(), c.Undo("c1"), c.Undo("c1")):
        hall.happened(*hall.when(command).events)
    assert hall.day.tickets["t1"].turn.to == "counter/c1"


def test_a_start_that_nobody_pressed_and_the_proof_of_its_call_outlast_the_night() -> None:
    """Whoever did not come can be missed after midnight as before, without another call."""
    hall = given(opened("c1"), issued(1), called(1, "c1"), delivered(1, "c1"), started(1, "c1", inferred=True))
    before = hall.when(c.NoShow("c1")).events
    assert len(before) == 2
    for command in (c.CloseDay(), c.OpenDay()):
        hall.happened(*hall.when(command).events)
    hall.when(c.NoShow("c1")).then(*before)


def test_places_let_go_are_counted_as_they_are_where_claims_are_equal() -> None:
    hall = given(opened("c1"), issued(1), issued(2), issued(3))
    postponed = hall.when(c.PostponeTicket("t1", 1)).the_only(e.TicketPostponed)
    assert postponed.places == 2


def test_a_class_that_is_gone_has_its_part_of_every_round() -> None:
    rule = Ratio({"ordinary": 3})
    present, left, called_classes = ["ordinary", "guest"], {}, []
    for _ in range(8):
        chosen, left = rule.take(present, left)
        called_classes.append(chosen)
    assert called_classes.count("guest") == 2


def test_missed_without_a_meant_counter_stays_one_event() -> None:
    hall = given_closed(day_opened(), opened("c1"), issued(1), called(1, "c1"), missed(1, "c1"))
    hall = hall.under(small_hall(calling=Calling("arrival")))
    assert len(hall.when(c.ReinstateTicket("t1")).events) == 1


def test_who_came_before_and_is_over_the_cap_is_named_where_a_round_had_put_them_behind() -> None:
    setup = small_hall(calling=Calling("ratio", cap_s=600))
    hall = given(opened("c1"), issued(1, at=0), issued(2, class_="elder", at=1), setup=setup).after(minutes=30)
    standing = Standing(hall.day, setup, hall.at)
    assert standing.overtaken_by(hall.day.tickets["t2"]) == {Cause("cap"): 1}


def test_a_transfer_cannot_be_undone_once_the_visit_has_ended_elsewhere() -> None:
    sent = e.TicketTransferred("t1", "t1-1", "c1", None, "t1-t", "loan", "ordinary", minute(0), 1200, "", None, False)
    hall = given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), sent)
    hall.happened(e.TicketCancelled("t1", "t1-t", None, "cancelled_by_visitor"))
    hall.when(c.Undo("c1")).then_refused(r.NothingToUndo)


def test_a_finish_cannot_be_undone_once_the_next_turn_has_ended() -> None:
    hall = given(opened("c1"), issued(1, planned=(LOAN,)), called(1, "c1"), started(1, "c1"))
    hall.happened(done(1, "c1", next=next_loan()), e.TicketCancelled("t1", "t1-2", None, "cancelled_by_staff"))
    hall.when(c.Undo("c1")).then_refused(r.NothingToUndo)
