"""Several services in one visit: one number, one turn after another; and what a service may ask of a counter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.explain import Standing
from hall.day.ordering import count_ahead
from hall.day.setup import CounterPlan, Item, Member, RuleName, Service, Setup
from tests.day.support import (
    CLASSES,
    COUNTERS,
    RULES,
    SERVICES,
    Given,
    Walker,
    by_id,
    called,
    done,
    given,
    issued,
    minute,
    opened,
    small_hall,
    started,
)

LOAN_NEXT = e.PlannedTurn("t1-2", "loan", 1200, "")
ADVICE_NEXT = e.PlannedTurn("t1-3", "advice", None, "")


def going_on(turn: str = "t9-n", service: str = "loan", **changes: Any) -> e.NextTurn:
    return replace(e.NextTurn(turn, service, "ordinary", minute(0), 1200, ""), **changes)


def with_two(*more: Any) -> Given:
    """A visitor with two services, served for the first of them at counter 1."""
    return given(opened("c1"), issued(1, planned=(LOAN_NEXT,)), called(1, "c1"), started(1, "c1"), *more)


# --- one number, several services -----------------------------------------------------------------------------------


def test_a_visit_of_several_services_has_one_number_and_a_plan() -> None:
    ticket = given().when(c.IssueTicket("account", services=("loan", "advice")), id="t1").the_only(e.TicketIssued)
    assert (ticket.number, ticket.service) == ("A001", "account")
    assert ticket.planned == (LOAN_NEXT, ADVICE_NEXT)


def test_every_service_of_a_visit_must_exist_and_issue_numbers() -> None:
    given().when(c.IssueTicket("account", services=("nothing",))).then_refused(r.ServiceUnknown, service="nothing")
    given().when(c.IssueTicket("account", services=("private",))).then_refused(r.ServiceIsHeading, service="private")


def test_when_one_service_is_done_the_visitor_waits_for_the_next_with_the_same_claim() -> None:
    hall = with_two().after(minutes=5)
    hall.when(c.Finish("c1")).then(done(1, "c1", next=going_on()))
    ticket = hall.happened(done(1, "c1", next=going_on())).day.tickets["t1"]
    assert (ticket.number, ticket.turn.service, ticket.turn.state, ticket.planned) == ("A001", "loan", "waiting", ())


def test_the_last_service_ends_the_visit() -> None:
    hall = with_two(done(1, "c1", next=going_on()), opened("c2"))
    hall.happened(replace(called(1, "c2"), turn="t9-n"), replace(started(1, "c2"), turn="t9-n"))
    finish = hall.when(c.Finish("c2")).the_only(e.TicketFinished)
    assert finish.next is None
    assert hall.happened(finish).day.tickets == {}


def test_a_finish_that_was_taken_back_and_is_done_again_begins_another_turn() -> None:
    """Rows keep the turn that was withdrawn, so no two turns share an id."""
    hall = with_two()
    first = hall.when(c.Finish("c1"), id="f1").the_only(e.TicketFinished)
    back = hall.happened(first).when(c.Undo("c1")).the_only(e.TicketFinishUndone)
    assert back.next_turn == "f1-n"
    second = hall.happened(back).when(c.Finish("c1"), id="f2").the_only(e.TicketFinished)
    assert second.next.turn == "f2-n"
    assert replace(second.next, turn="") == replace(first.next, turn="")


def test_a_counter_that_serves_both_services_may_call_the_same_visitor_again_at_once() -> None:
    hall = given(opened("c2"), issued(1, planned=(LOAN_NEXT,)), called(1, "c2"), started(1, "c2"), issued(2, at=1))
    outcome = hall.when(c.CallNext("c2", finish=True))
    again = outcome.the_only(e.TicketCalled)
    assert (again.ticket, again.turn, again.number) == ("t1", "t9-n", "A001")


def test_a_next_turn_that_belongs_to_a_closed_counter_waits_in_the_open_line() -> None:
    there = replace(LOAN_NEXT, to="counter/c3")
    served = (opened("c1"), issued(1, planned=(there,)), called(1, "c1"), started(1, "c1"))
    assert given(*served).when(c.Finish("c1")).the_only(e.TicketFinished).next.to == ""
    assert given(opened("c3"), *served).when(c.Finish("c1")).the_only(e.TicketFinished).next.to == "counter/c3"


def test_a_clerk_of_a_next_turn_who_has_left_is_not_waited_for() -> None:
    there = replace(LOAN_NEXT, to="staff/bo")
    served = (opened("c1"), issued(1, planned=(there,)), called(1, "c1"), started(1, "c1"))
    assert given(*served).when(c.Finish("c1")).the_only(e.TicketFinished).next.to == ""
    assert given(opened("c3", "bo"), *served).when(c.Finish("c1")).the_only(e.TicketFinished).next.to == "staff/bo"


# --- one more service -----------------------------------------------------------------------------------------------


def test_a_service_may_be_added_while_a_visitor_is_there() -> None:
    added = e.ServiceAdded("t1", e.PlannedTurn("t9-1", "loan", 1200, ""))
    for hall in (given(issued(1)), given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"))):
        hall.when(c.AddService("t1", "loan")).then(added)
    hall = given(opened("c1"), issued(1), added, called(1, "c1"), started(1, "c1"))
    assert hall.when(c.Finish("c1")).the_only(e.TicketFinished).next.service == "loan"


def test_an_added_service_comes_after_those_planned() -> None:
    hall = with_two(e.ServiceAdded("t1", replace(ADVICE_NEXT, turn="t5-1")))
    assert [one.service for one in hall.day.tickets["t1"].planned] == ["loan", "advice"]


@pytest.mark.parametrize("service", ["account", "loan"])
def test_a_service_that_the_visit_has_already_is_not_added(service: str) -> None:
    with_two().when(c.AddService("t1", service)).then_refused(r.ServiceIsPlanned, number="A001", service=service)


def test_a_service_that_is_none_is_not_added() -> None:
    with_two().when(c.AddService("t1", "nothing")).then_refused(r.ServiceUnknown)
    with_two().when(c.AddService("t1", "private")).then_refused(r.ServiceIsHeading)
    with_two().when(c.AddService("t7", "loan")).then_refused(r.TicketUnknown)


# --- work done, matters not completed, coming back ------------------------------------------------------------------


def with_items(**changes: Any) -> Setup:
    account = replace(SERVICES[1], items=(Item("open", {}, 2.0), Item("stamp", {}, 0.5)), **changes)
    return small_hall(services=by_id((SERVICES[0], account, *SERVICES[2:])))


def test_work_done_is_weighed() -> None:
    hall = with_two().under(with_items())
    items = (("open", 2), ("stamp", 3))
    assert hall.when(c.Finish("c1", "served", items)).the_only(e.TicketFinished).work == 5.5


def test_a_finish_that_is_taken_back_keeps_the_work_that_was_counted_until_the_visitor_waits_again() -> None:
    walker = Walker(setup=with_items())
    kept: list[tuple[tuple[str, int], ...]] = []
    finish = c.Finish("c1", "served", (("open", 2),))
    for command in (c.IssueTicket("account"), c.OpenCounter("c1"), c.CallNext("c1"), finish, *[c.Undo("c1")] * 3):
        walker.do(command)
        kept += [ticket.turn.items for ticket in walker.day.tickets.values()]
    assert kept == [(), (), (), *[(("open", 2),)] * 2, ()]


def test_work_that_the_service_does_not_have_is_refused() -> None:
    hall = with_two().under(with_items())
    command = c.Finish("c1", "served", (("soup", 1),))
    hall.when(command).then_refused(r.ItemUnknown, item="soup", known=["open", "stamp"])


def test_without_items_no_work_is_counted() -> None:
    assert with_two().under(with_items()).when(c.Finish("c1")).the_only(e.TicketFinished).work is None


def with_credit(**changes: Any) -> Setup:
    setup = small_hall(**changes)
    return replace(setup, calling=replace(setup.calling, comeback_credit_s=900, comeback_days=7))


CREDIT = e.Comeback("t1", "A001", 900, minute(7 * 24 * 60))


def with_comeback() -> Given:
    hall = given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), setup=with_credit())
    return hall.happened(done(1, "c1", outcome="not_completed", comeback=CREDIT))


def test_who_lacks_papers_may_be_given_a_credit_and_a_reason() -> None:
    hall = given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), setup=with_credit())
    finish = hall.when(c.Finish("c1", "not_completed", reason="papers", credit=True)).the_only(e.TicketFinished)
    assert (finish.reason, finish.comeback) == ("papers", CREDIT)


def test_who_was_served_gets_no_credit_and_needs_no_reason() -> None:
    hall = given(opened("c1"), issued(1), called(1, "c1"), started(1, "c1"), setup=with_credit())
    finish = hall.when(c.Finish("c1", "served", reason="papers", credit=True)).the_only(e.TicketFinished)
    assert (finish.reason, finish.comeback) == (None, None)


def test_where_the_hall_gives_no_credit_there_is_none() -> None:
    finish = with_two().when(c.Finish("c1", "not_completed", credit=True)).the_only(e.TicketFinished)
    assert finish.comeback is None


def test_who_comes_back_counts_as_having_come_earlier_once() -> None:
    hall = with_comeback().after(hours=1)
    back = hall.when(c.IssueTicket("account", comeback="t1")).the_only(e.TicketIssued)
    assert (back.claim_at, back.comeback) == (minute(45), "t1")
    hall.happened(back).when(c.IssueTicket("account", comeback="t1")).then_refused(r.ComebackUnknown, ticket="t1")


def test_a_credit_expires() -> None:
    hall = with_comeback()
    assert hall.after(days=7, seconds=-1).when(c.IssueTicket("account", comeback="t1")).refusal is None
    hall.after(days=7).when(c.IssueTicket("account", comeback="t1")).then_refused(r.ComebackUnknown)


def test_a_credit_lasts_over_night_until_it_expires() -> None:
    hall = with_comeback()
    hall.happened(*hall.when(c.CloseDay()).events)
    assert hall.after(hours=16).when(c.OpenDay()).the_only(e.DayOpened).comebacks == (CREDIT,)
    assert hall.after(days=8).when(c.OpenDay()).the_only(e.DayOpened).comebacks == ()


def test_a_finish_that_is_taken_back_takes_its_credit_back() -> None:
    hall = with_comeback()
    hall.happened(*hall.when(c.Undo("c1")).events)
    hall.when(c.IssueTicket("account", comeback="t1")).then_refused(r.ComebackUnknown)


def test_a_finish_is_not_taken_back_once_its_credit_was_used() -> None:
    """It could be done again with another credit."""
    hall = with_comeback()
    hall.happened(*hall.when(c.IssueTicket("account", comeback="t1")).events)
    hall.when(c.Undo("c1")).then_refused(r.NothingToUndo)


def with_notices(plan: CounterPlan) -> Setup:
    account = replace(SERVICES[1], documents=({"en": "Passport"},))
    services = by_id((SERVICES[0], account, *SERVICES[2:]))
    return small_hall(services=services, counters=by_id((plan, *COUNTERS[1:])))


def test_who_lacks_papers_gets_a_notice_where_the_ticket_came_out_or_at_the_counter() -> None:
    served = (opened("c1"), issued(1, device="k1"), called(1, "c1"), started(1, "c1"))
    for plan, printer in ((COUNTERS[0], "p1"), (replace(COUNTERS[0], printer="k2"), "k2")):
        hall = given(*served, setup=with_notices(plan))
        paper = hall.when(c.Finish("c1", "not_completed")).the_only(e.PaperRequested)
        assert (paper.kind, paper.printer, paper.ticket) == ("notice", printer, "t1")
        assert not [one for one in hall.when(c.Finish("c1")).events if isinstance(one, e.PaperRequested)]
    down = given(e.PrinterReported("p1", "paper_out"), *served, setup=with_notices(COUNTERS[0]))
    down.when(c.Finish("c1", "not_completed")).then(done(1, "c1", outcome="not_completed"))


# --- what a counter may call ----------------------------------------------------------------------------------------


def skilled() -> Setup:
    """Loans need a skill that bo has; cy serves English visitors only; counter 2 calls accounts first, advice last."""
    loan = replace(SERVICES[2], skills=("loans",))
    plan = replace(COUNTERS[1], first=("account",), last=("advice",))
    staff = {"bo": Member("bo", "Bo", "clerk", skills=("loans",)), "cy": Member("cy", "Cy", "clerk", languages=("en",))}
    return small_hall(
        rule="arrival",
        services=by_id((*SERVICES[:2], loan, SERVICES[3])),
        counters=by_id((COUNTERS[0], plan, COUNTERS[2])),
        staff=staff,
    )


def first_of(hall: Given, counter: str) -> str | None:
    found = [one.ticket for one in hall.when(c.CallNext(counter)).events if isinstance(one, e.TicketCalled)]
    return found[0] if found else None


def test_only_a_counter_with_all_skills_of_a_service_calls_its_visitors() -> None:
    assert first_of(given(opened("c3", "ann"), issued(1, "loan"), setup=skilled()), "c3") is None
    assert first_of(given(opened("c3", "bo"), issued(1, "loan"), setup=skilled()), "c3") == "t1"


def test_a_clerk_who_serves_some_languages_calls_only_these_visitors() -> None:
    hall = given(opened("c1", "cy"), issued(1), issued(2, language="en"), setup=skilled())
    assert first_of(hall, "c1") == "t2"
    assert first_of(given(opened("c1", "ann"), issued(1), issued(2, language="en"), setup=skilled()), "c1") == "t1"


def test_what_a_counter_may_not_call_it_may_not_pick() -> None:
    hall = given(opened("c1", "cy"), issued(1), issued(2, "loan"), setup=skilled())
    hall.when(c.CallTicket("c1", "t1", "x")).then_refused(r.ServiceElsewhere, number="A001", service="account")
    hall.when(c.CallTicket("c1", "t2", "x")).then_refused(r.ServiceElsewhere, number="B002", service="loan")


def test_first_services_are_called_before_others_and_last_ones_when_nothing_else_waits() -> None:
    hall = given(opened("c2", "bo"), setup=skilled())
    hall.happened(issued(1, "advice"), issued(2, "loan", at=1), issued(3, at=2))
    order = []
    while (ticket := first_of(hall, "c2")) is not None:
        order.append(ticket)
        hall.happened(*hall.when(c.CallNext("c2")).events)
        hall.happened(*hall.when(c.Finish("c2")).events)
    assert order == ["t3", "t2", "t1"]


def test_whoever_waited_longer_than_the_cap_comes_before_every_order_of_services() -> None:
    setup = skilled()
    setup = replace(setup, calling=replace(setup.calling, cap_s=600))
    hall = given(opened("c2", "bo"), issued(1, "advice"), issued(2, at=9), setup=setup)
    assert first_of(hall.after(seconds=59), "c2") == "t2"
    because = hall.after(seconds=60).when(c.CallNext("c2")).the_only(e.TicketCalled).why
    assert (because.chosen_by, because.score) == ("cap", 600.0)


# --- each rule, by hand ---------------------------------------------------------------------------------------------


def calls_of(hall: Given, counter: str = "c2", most: int = 20) -> list[str]:
    """The tickets that a counter calls and serves, one after another."""
    order: list[str] = []
    for _ in range(most):
        events = hall.when(c.CallNext(counter), id=f"c{len(order)}").events
        if not events:
            break
        order.append(events[0].ticket)  # type: ignore[union-attr]
        hall.happened(*events)
        hall.happened(*hall.when(c.Finish(counter)).events)
    return order


def test_arrival_calls_by_the_claim_and_at_equal_claims_by_the_serial() -> None:
    hall = given(opened("c2"), issued(2), issued(1, "loan"), issued(3, class_="vip"), setup=small_hall(rule="arrival"))
    assert calls_of(hall) == ["t1", "t2", "t3"]


def test_head_start_calls_a_class_as_if_it_had_come_earlier_and_ties_by_the_serial() -> None:
    hall = given(opened("c2"), issued(1), issued(2, class_="elder", at=15), issued(3, class_="vip", at=29))
    assert calls_of(hall) == ["t3", "t1", "t2"]


def test_share_of_promise_calls_who_has_used_most_of_it_and_ties_by_the_serial() -> None:
    """Account promises 10 minutes, loan 20, elders 5 minutes, advice the hall's 30."""
    setup = small_hall(rule="share_of_promise")
    hall = given(opened("c2"), issued(1, "loan"), issued(2, at=10), issued(3, class_="elder", at=14), setup=setup)
    hall.happened(issued(4, "advice", at=1))
    hall = hall.after(minutes=6)  # loan 20/20, account 10/10, elder 6/5, advice 19/30
    hall.at = minute(20)
    assert calls_of(hall) == ["t3", "t1", "t2", "t4"]


def test_strict_calls_the_best_rank_first() -> None:
    ranked = by_id(tuple(replace(one, rank=rank) for one, rank in zip(CLASSES, (2, 1, 0), strict=True)))
    setup = small_hall(rule="strict", classes=ranked)
    hall = given(opened("c2"), issued(1), issued(2, class_="elder", at=1), issued(3, class_="vip", at=2), setup=setup)
    assert calls_of(hall) == ["t3", "t2", "t1"]


@pytest.mark.parametrize("rule", ["strict", "head_start", "ratio"])
def test_nobody_gets_ahead_by_a_class_that_is_gone_from_the_set_up(rule: RuleName) -> None:
    """The VIP's rank, head start and weight went with the class; who came first in an equal class is before them."""
    ordinary, elder, vip = CLASSES
    ranked = by_id((replace(ordinary, rank=2, weight=2), replace(elder, rank=1), vip))
    hall = given(opened("c2"), issued(1), issued(2, class_="elder", at=1), issued(3, class_="vip", at=2))
    left = {id: one for id, one in ranked.items() if id != "vip"}
    hall = hall.under(small_hall(rule=rule, classes=left))
    line = hall.day.tickets["t3"].line
    assert count_ahead(hall.day, hall.setup, line, minute(2), 3, hall.at) == 2
    assert calls_of(hall)[-1] == "t3"


def test_ratio_deals_calls_out_in_rounds_and_skips_who_does_not_wait() -> None:
    weighted = by_id(tuple(replace(one, weight=weight) for one, weight in zip(CLASSES, (2, 1, 1), strict=True)))
    wide = by_id(tuple(replace(one, last=99) for one in small_hall().series.values()))
    hall = given(opened("c2"), setup=small_hall(rule="ratio", classes=weighted, series=wide))
    for n in range(1, 7):
        hall.happened(issued(n))
    hall.happened(issued(7, class_="elder"), issued(8, class_="elder"), issued(9, class_="elder"))
    assert calls_of(hall) == ["t1", "t7", "t2", "t3", "t8", "t4", "t5", "t9", "t6"]


def test_a_call_taken_back_gives_its_part_to_the_round_it_was_made_in_alone() -> None:
    rounds, elders = small_hall(rule="ratio"), (issued(2, class_="elder"), issued(3, class_="elder"))
    hall = given(opened("c1"), opened("c2", services=("account",)), issued(1), *elders, setup=rounds)
    before = hall.happened(*hall.when(c.CallNext("c2")).events).day.rounds
    assert list(before.values()) == [{"ordinary": 0, "elder": 1, "vip": 1}]
    (undone,) = hall.when(c.Undo("c2")).events
    hall.happened(e.SetupPublished(2, "digest"))
    hall.happened(*hall.when(c.CallNext("c1")).events)
    (name,) = hall.day.rounds
    left = dict(hall.day.rounds[name])
    hall.happened(undone)
    assert hall.day.rounds[name] == left


# --- a set-up that takes a service away -----------------------------------------------------------------------------


def without_loans() -> Setup:
    services = {id: one for id, one in small_hall().services.items() if id != "loan"}
    return small_hall(version=2, services=services)


def test_a_service_with_people_waiting_goes_only_when_it_is_said_where_they_go() -> None:
    hall = given(issued(1, "loan"), issued(2))
    hall.when(c.PublishSetup(without_loans())).then_refused(r.SetupInUse, services=["loan"])
    published, moved = hall.when(c.PublishSetup(without_loans(), (("loan", "advice"),))).events
    assert isinstance(published, e.SetupPublished)
    assert isinstance(moved, e.TicketTransferred)
    assert (moved.ticket, moved.service, moved.claim_at, moved.counter) == ("t1", "advice", minute(0), None)
    hall.happened(published, moved)
    assert hall.day.tickets["t1"].turn.service == "advice"


def with_loans_as_a_heading() -> Setup:
    mortgage = Service("mortgage", {"en": "Mortgage"}, "b", parent="loan")
    return small_hall(version=2, services={**small_hall().services, "mortgage": mortgage})


def test_a_service_that_becomes_a_heading_is_gone() -> None:
    """Nobody would ever be called for it."""
    hall = given(opened("c1"), issued(1, "loan"), issued(2, planned=(LOAN_NEXT,)), issued(3, "loan"))
    heading = with_loans_as_a_heading()
    hall.when(c.PublishSetup(heading)).then_refused(r.SetupInUse, uses={"loan": {"waiting": 2, "planned": 1}})
    published, *moved = hall.when(c.PublishSetup(heading, (("loan", "mortgage"),))).events
    hall.happened(published, *moved)
    turns = [(one.turn.service, [later.service for later in one.planned]) for one in hall.day.tickets.values()]
    assert turns == [("mortgage", []), ("account", ["mortgage"]), ("mortgage", [])]


def test_nobody_is_moved_to_a_heading() -> None:
    hall = given(issued(1, "loan"))
    hall.when(c.PublishSetup(with_loans_as_a_heading(), (("loan", "loan"),))).then_refused(r.ServiceIsHeading)
    hall.when(c.PublishSetup(without_loans(), (("loan", "private"),))).then_refused(r.ServiceIsHeading)


def test_nobody_is_moved_to_a_service_that_is_none() -> None:
    hall = given(issued(1, "loan"))
    hall.when(c.PublishSetup(without_loans(), (("loan", "nothing"),))).then_refused(r.ServiceUnknown)


@pytest.mark.parametrize(
    "more",
    [
        (opened("c3"), called(1, "c3", number="B001")),
        (opened("c3"), called(1, "c3", number="B001"), started(1, "c3")),
    ],
    ids=["called", "serving"],
)
def test_who_is_at_a_counter_is_not_moved_away_by_a_set_up(more: tuple[e.Event, ...]) -> None:
    hall = given(issued(1, "loan"), *more)
    hall.when(c.PublishSetup(without_loans(), (("loan", "advice"),))).then_refused(r.SetupInUse, services=["loan"])


def test_a_service_that_visits_plan_goes_only_when_it_is_said_where_they_go() -> None:
    """Whoever plans it goes on where they are, in line or at a counter."""
    way_back = replace(LOAN_NEXT, turn="t2-2", to="counter/c1")
    hall = with_two(issued(2, planned=(way_back, ADVICE_NEXT)), issued(3, "loan"))
    hall.when(c.PublishSetup(without_loans())).then_refused(
        r.SetupInUse, services=["loan"], uses={"loan": {"waiting": 1, "planned": 2}}
    )
    published, moved, *replaced = hall.when(c.PublishSetup(without_loans(), (("loan", "advice"),))).events
    assert isinstance(moved, e.TicketTransferred)
    assert replaced == [
        e.ServiceReplaced("t1", replace(ADVICE_NEXT, turn="t1-2")),
        e.ServiceReplaced("t2", replace(ADVICE_NEXT, turn="t2-2", to="counter/c1")),
    ]
    hall.happened(published, moved, *replaced)
    assert [one.service for one in hall.day.tickets["t2"].planned] == ["advice", "advice"]
    assert hall.under(without_loans()).when(c.Finish("c1")).the_only(e.TicketFinished).next == going_on(
        service="advice", promise_s=None
    )


def test_what_stands_in_the_way_of_a_set_up_is_what_no_move_covers() -> None:
    hall = given(opened("c3"), issued(1, "loan", planned=(ADVICE_NEXT,)), called(1, "c3", number="B001"))
    hall.happened(issued(2, "loan"), issued(3, planned=(LOAN_NEXT,)))
    hall.when(c.PublishSetup(without_loans(), (("loan", "advice"),))).then_refused(
        r.SetupInUse, uses={"loan": {"at_hand": 1}}
    )


def test_a_replaced_service_stays_replaced_when_the_finish_before_it_is_undone() -> None:
    hall = with_two().happened(e.ServiceAdded("t1", replace(LOAN_NEXT, turn="t1-4")))
    first, advice = replace(LOAN_NEXT, service="account"), replace(ADVICE_NEXT, turn="t1-4")
    hall.happened(e.ServiceReplaced("t1", first))
    hall.happened(done(1, "c1", next=going_on(service="account")), e.ServiceReplaced("t1", advice))
    hall.happened(e.TicketFinishUndone("t1", "t1-1", "c1", None, "t9-n", "serving"))
    assert hall.day.tickets["t1"].planned == (first, advice)


def test_who_waits_for_a_service_that_no_counter_offers_has_a_place_under_every_rule() -> None:
    for rule in RULES:
        plain = small_hall(rule=rule)
        counters = {id: replace(one, services=("account",)) for id, one in plain.counters.items()}
        hall = given(opened("c1"), issued(1, "advice"), issued(2, "advice"), setup=replace(plain, counters=counters))
        standing = Standing(hall.day, hall.setup, hall.at)
        assert [standing.ahead(ticket) for ticket in hall.day.tickets.values()] == [0, 1]
