"""Papers: asked for, claimed before the first byte, reported, given up; nothing old comes out later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day import refusals as r
from hall.day.decide import timers
from tests.day.support import called, finished, given, issued, minute, opened, requested, small_hall, started

PAPER = ("t1-p", "t1", "p1")
CLAIMED = e.PaperClaimed(*PAPER)


def asked(*more: e.Event) -> Any:
    return given(issued(1, device="k1"), requested(1), *more)


# --- reprint --------------------------------------------------------------------------------------------------------


def test_a_reprint_is_marked_as_a_copy_and_comes_from_the_tickets_own_printer() -> None:
    asked().when(c.ReprintTicket("t1"), id="again").then(requested(1, paper="again-p", copy=2))


def test_copies_count_on() -> None:
    hall = asked(requested(1, paper="second", copy=2))
    assert hall.when(c.ReprintTicket("t1")).the_only(e.PaperRequested).copy == 3


def test_a_reprint_may_name_another_printer() -> None:
    assert asked().when(c.ReprintTicket("t1", "k2")).the_only(e.PaperRequested).printer == "k2"


def test_a_ticket_that_was_never_printed_gets_its_first_paper() -> None:
    assert given(issued(1)).when(c.ReprintTicket("t1", "p1")).the_only(e.PaperRequested).copy == 1


@pytest.mark.parametrize("printer", ["p9", "d1", "k1", "k3"])
def test_a_reprint_comes_from_a_printer_or_from_a_kiosk_that_is_one(printer: str) -> None:
    asked().when(c.ReprintTicket("t1", printer)).then_refused(r.PrinterUnknown, printer=printer)


def test_a_printer_without_an_address_is_asked_too_for_it_prints_at_a_remote_kiosk() -> None:
    setup = small_hall()
    remote = replace(setup.devices["p1"], id="p2", url=None)
    hall = asked().under(replace(setup, devices={**setup.devices, "p2": remote}))
    assert hall.when(c.ReprintTicket("t1", "p2")).the_only(e.PaperRequested).printer == "p2"


def test_a_ticket_from_no_kiosk_needs_a_printer_to_be_named() -> None:
    given(issued(1)).when(c.ReprintTicket("t1")).then_refused(r.PrinterUnknown)


def test_a_closed_ticket_is_not_printed_again() -> None:
    served = (opened("c1"), issued(1, device="k1"), called(1, "c1"), started(1, "c1"), finished(1, "c1"))
    given(*served).when(c.ReprintTicket("t1")).then_refused(r.TicketUnknown, ticket="t1")


# --- claim and report -----------------------------------------------------------------------------------------------


def test_a_paper_is_claimed_once() -> None:
    asked().when(c.ClaimPaper("t1-p")).then(CLAIMED)
    asked(CLAIMED).when(c.ClaimPaper("t1-p")).then_refused(r.PaperIsClaimed, paper="t1-p")


def test_a_paper_is_claimed_only_before_it_expires() -> None:
    asked().after(seconds=89.999).when(c.ClaimPaper("t1-p")).then(CLAIMED)
    asked().after(seconds=90).when(c.ClaimPaper("t1-p")).then_refused(r.PaperIsFinished, paper="t1-p")


@pytest.mark.parametrize("command", [c.ClaimPaper("t9-p"), c.ReportPaper("t9-p", "printed")])
def test_a_paper_nobody_asked_for_is_unknown(command: c.Command) -> None:
    asked().when(command).then_refused(r.PaperUnknown, paper="t9-p")


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (c.ReportPaper("t1-p", "printed", "barrier"), e.PaperPrinted(*PAPER, "barrier")),
        (c.ReportPaper("t1-p", "printed"), e.PaperPrinted(*PAPER, "sent")),
        (c.ReportPaper("t1-p", "uncertain", reason="power"), e.PaperUncertain(*PAPER, "power")),
        (c.ReportPaper("t1-p", "failed", reason="jam"), e.PaperFailed(*PAPER, "jam")),
    ],
)
def test_what_became_of_a_claimed_paper_is_reported(command: c.Command, event: e.Event) -> None:
    asked(CLAIMED).after(minutes=10).when(command).then(event)


@pytest.mark.parametrize("result", ["printed", "uncertain"])
def test_a_paper_that_nobody_claimed_cannot_have_come_out(result: Any) -> None:
    asked().when(c.ReportPaper("t1-p", result)).then_refused(r.PaperNotClaimed, paper="t1-p")


def test_a_paper_may_fail_before_it_is_claimed() -> None:
    asked().when(c.ReportPaper("t1-p", "failed", reason="no paper")).then(e.PaperFailed(*PAPER, "no paper"))


@pytest.mark.parametrize(
    "end", [e.PaperPrinted(*PAPER, "sent"), e.PaperUncertain(*PAPER, ""), e.PaperFailed(*PAPER, "")]
)
def test_a_finished_paper_is_known_no_more(end: e.Event) -> None:
    hall = asked(CLAIMED, end)
    hall.when(c.ClaimPaper("t1-p")).then_refused(r.PaperUnknown)
    hall.when(c.ReportPaper("t1-p", "printed")).then_refused(r.PaperUnknown)


# --- giving up ------------------------------------------------------------------------------------------------------


def test_a_paper_nobody_takes_fails_after_ninety_seconds() -> None:
    asked().after(seconds=89.999).when(c.ExpirePaper("t1-p")).then_nothing()
    asked().after(seconds=90).when(c.ExpirePaper("t1-p")).then(e.PaperFailed(*PAPER, "expired"))


def test_a_claimed_paper_is_waited_for_a_minute_longer_and_then_uncertain() -> None:
    asked(CLAIMED).after(seconds=149.999).when(c.ExpirePaper("t1-p")).then_nothing()
    asked(CLAIMED).after(seconds=150).when(c.ExpirePaper("t1-p")).then(e.PaperUncertain(*PAPER, "expired"))


def test_giving_up_a_finished_paper_does_nothing() -> None:
    asked(CLAIMED, e.PaperPrinted(*PAPER, "sent")).after(hours=1).when(c.ExpirePaper("t1-p")).then_nothing()


def test_the_day_wants_every_unfinished_paper_given_up_soonest_first() -> None:
    hall = given(issued(1), requested(1, at=2), issued(2), requested(2, at=1), issued(3), requested(3, at=0))
    hall.happened(e.PaperClaimed("t3-p", "t3", "p1"))
    due = [(timer.command.paper, timer.due_at - minute(0)) for timer in timers(hall.day, hall.setup)]  # type: ignore[union-attr]
    assert due == [
        ("t2-p", timedelta(minutes=1, seconds=90)),
        ("t3-p", timedelta(seconds=150)),
        ("t1-p", timedelta(minutes=2, seconds=90)),
    ]


def test_a_day_without_papers_wants_nothing() -> None:
    hall = given(issued(1))
    assert timers(hall.day, hall.setup) == []


# --- printers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("printer", ["p1", "k2"])
def test_a_printers_new_state_is_recorded(printer: str) -> None:
    given().when(c.ReportPrinter(printer, "paper_out")).then(e.PrinterReported(printer, "paper_out"))


def test_the_same_state_again_is_no_news() -> None:
    given(e.PrinterReported("p1", "ready")).when(c.ReportPrinter("p1", "ready")).then_nothing()
    given().when(c.ReportPrinter("p1", "unknown")).then_nothing()


@pytest.mark.parametrize("printer", ["p9", "d1"])
def test_what_is_no_printer_has_no_state(printer: str) -> None:
    given().when(c.ReportPrinter(printer, "ready")).then_refused(r.PrinterUnknown, printer=printer)
