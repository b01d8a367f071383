"""Help, diversions and the door: what the floor tells the hall."""

from __future__ import annotations

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from tests.day.support import called, day_opened, given, issued, opened

ASKED = e.HelpRequested("h1", "c1", "ann", "dispute", None)


def test_a_clerk_asks_for_help_with_the_visitor_at_the_counter() -> None:
    given(opened("c1", "ann")).when(c.RequestHelp("c1", "dispute"), id="h1").then(ASKED)
    busy = given(opened("c1"), issued(1), called(1, "c1"))
    busy.when(c.RequestHelp("c1", "device"), id="h1").then(e.HelpRequested("h1", "c1", None, "device", "t1"))


def test_the_same_help_is_asked_for_once_until_it_is_settled() -> None:
    hall = given(opened("c1", "ann"), ASKED)
    hall.when(c.RequestHelp("c1", "dispute")).then_refused(r.HelpIsOpen, help="h1", kind="dispute")
    assert hall.when(c.RequestHelp("c1", "device")).refusal is None
    hall.happened(opened("c2"))
    assert hall.when(c.RequestHelp("c2", "dispute")).refusal is None
    hall.happened(e.HelpSolved("h1", "c1"))
    assert hall.when(c.RequestHelp("c1", "dispute")).refusal is None


def test_one_takes_it_and_it_is_solved() -> None:
    hall = given(opened("c1", "ann"), ASKED)
    taken = e.HelpTaken("h1", "c1", "bo")
    hall.when(c.TakeHelp("h1", "bo")).then(taken)
    hall.happened(taken).when(c.TakeHelp("h1", "cy")).then_refused(r.HelpIsTaken, help="h1", taken_by="bo")
    hall.when(c.SolveHelp("h1")).then(e.HelpSolved("h1", "c1"))


def test_help_may_be_solved_though_nobody_took_it() -> None:
    given(opened("c1", "ann"), ASKED).when(c.SolveHelp("h1")).then(e.HelpSolved("h1", "c1"))


def test_help_that_nobody_asked_for_or_that_is_settled_is_unknown() -> None:
    given().when(c.TakeHelp("h1")).then_refused(r.HelpUnknown, help="h1")
    solved = given(opened("c1", "ann"), ASKED, e.HelpSolved("h1", "c1"))
    solved.when(c.SolveHelp("h1")).then_refused(r.HelpUnknown, help="h1")


def test_a_closed_counter_asks_for_nothing() -> None:
    given().when(c.RequestHelp("c1", "device")).then_refused(r.CounterIsClosed)


def test_at_the_end_of_the_day_all_help_is_settled() -> None:
    hall = given(opened("c1", "ann"), ASKED)
    events = hall.when(c.CloseDay()).events
    assert e.HelpSolved("h1", "c1") in events
    assert hall.happened(*events).day.helps == {}


def test_who_was_helped_without_a_number_is_counted() -> None:
    given().when(c.DivertVisit("app", "loan")).then(e.VisitDiverted("app", "loan", 1))
    given().when(c.DivertVisit("app")).then(e.VisitDiverted("app", None, 1))
    given().when(c.DivertVisit("app", "private")).then_refused(r.ServiceIsHeading)
    given().when(c.DivertVisit("app", "nothing")).then_refused(r.ServiceUnknown)


def test_who_came_in_at_the_door_is_counted() -> None:
    given().when(c.CountDoor(3)).then(e.DoorCounted(3))


def test_what_was_counted_by_mistake_is_taken_back_within_the_day() -> None:
    hall = given(e.DoorCounted(3), e.DoorCounted(-1), e.VisitDiverted("app", None, 1))
    hall.when(c.CountDoor(-2)).then(e.DoorCounted(-2))
    hall.when(c.CountDoor(-3)).then_refused(r.CountBelowZero)
    hall.when(c.DivertVisit("app", None, -1)).then(e.VisitDiverted("app", None, -1))
    hall.when(c.DivertVisit("other_hall", None, -1)).then_refused(r.CountBelowZero)
    hall.happened(day_opened()).when(c.CountDoor(-1)).then_refused(r.CountBelowZero, counted=0)
