"""Every way a printer fails: one complete ticket comes out, or the hall is told honestly that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from printer.fake import ALL_SKILLS, FakeDevice, FakePrinter, Piece
from tests.printer.bench import FAST, NOW, HallSide, bench, drawn, is_ticket, record

ROWS = len(drawn()) // 72
JOB_BYTES = 2 + ROWS * 72 + -(-ROWS // 256) * 8 + 4 + 11  # ESC @, the strips, the cut, GS ( H


def is_void(piece: Piece) -> bool:
    """True for a piece that is longer than a slip or is one, and is no whole ticket of any kind."""
    return not any(is_ticket(piece, copy) for copy in (1, 2, 3))


@pytest.mark.parametrize("after", [1, 2, 37, 20_000, JOB_BYTES - 30, JOB_BYTES - 3])
async def test_a_connection_reset_within_a_ticket_ends_in_one_whole_ticket(after: int) -> None:
    printer = FakePrinter()
    printer.trip_after(printer.drop_link, job_bytes=after)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "connection_lost")
        await b.until_said("printed", "t1-copy2", "acknowledged")
    assert b.hall.said.count(("reprint", "t1")) == 1
    # Lost with the acknowledgement alone: the first was whole already, and the second says that it is a copy.
    assert b.whole_tickets == ([1, 2] if after > JOB_BYTES - 11 else [2])


@pytest.mark.parametrize(
    ("stop", "repair", "reason"),
    [
        (FakePrinter.end_paper, FakePrinter.load_paper, "paper_out"),
        (FakePrinter.open_cover, FakePrinter.close_cover, "cover_open"),
        (FakePrinter.jam, FakePrinter.clear_jam, "error"),
    ],
)
async def test_a_printer_that_stops_within_a_ticket_prints_one_copy_when_repaired(
    stop: Callable[[FakePrinter], None], repair: Callable[[FakePrinter], None], reason: str
) -> None:
    printer = FakePrinter()
    printer.trip_after(lambda: stop(printer), rows=500)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", reason)
        await b.until(lambda: b.hall.states[-1] == reason)
        assert ("reprint", "t1") not in b.hall.said
        repair(printer)
        await b.until_said("printed", "t1-copy2", "acknowledged")
    half, copy = printer.pieces
    assert len(half.rows) > 500
    assert is_void(half)
    assert is_ticket(copy, copy=2)


async def test_the_rest_of_a_stopped_ticket_never_comes_out_on_the_next_roll() -> None:
    printer = FakePrinter()
    printer.trip_after(printer.end_paper, rows=500)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "paper_out")
    printer.load_paper()
    assert printer.rows_on_paper == 500


async def test_papers_wait_in_order_while_the_printer_is_stopped() -> None:
    printer = FakePrinter()
    printer.end_paper()
    async with bench(printer) as b:
        b.ask(record("a", number="A001"), record("b", number="A002"))
        await b.until(lambda: b.hall.states == ["paper_out"])
        assert b.hall.said == []
        printer.load_paper()
        await b.until_said("printed", "b", "acknowledged")
    assert [said[:2] for said in b.hall.said] == [("claim", "a"), ("printed", "a"), ("claim", "b"), ("printed", "b")]


async def test_papers_that_expire_while_the_printer_is_stopped_never_come_out() -> None:
    printer = FakePrinter()
    printer.open_cover()
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until(lambda: b.hall.states == ["cover_open"])
        b.clock.at = NOW + timedelta(seconds=91)
        await b.until_said("failed", "a", "expired")
        printer.close_cover()
        await b.until(lambda: b.hall.states[-1] == "ready")
    assert not printer.pieces


async def test_no_copy_is_asked_for_when_the_repair_comes_too_late() -> None:
    printer = FakePrinter()
    printer.trip_after(printer.end_paper, rows=500)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "paper_out")
        b.clock.at = NOW + timedelta(seconds=91)
        printer.load_paper()
        await b.until(lambda: b.hall.states[-1] == "ready")
    assert ("reprint", "t1") not in b.hall.said
    assert [is_void(piece) for piece in printer.pieces] == [True]


async def test_a_silent_printer_gets_no_byte_of_a_ticket() -> None:
    printer = FakePrinter()
    printer.is_silent = True
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until(lambda: b.hall.states == ["unreachable"])
        b.clock.at = NOW + timedelta(seconds=91)
        await b.until_said("failed", "a", "expired")
    assert b.hall.said == [("failed", "a", "expired")]
    assert printer.rows_on_paper == 0


async def test_a_printer_that_hangs_within_a_ticket_is_reported_and_heals_after_a_power_cycle() -> None:
    printer = FakePrinter()
    printer.trip_after(printer.hang, rows=400)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "no_answer")
        await b.until(lambda: b.hall.states[-1] == "unreachable")
        printer.power_off()
        printer.power_on()
        await b.until_said("printed", "t1-copy2", "acknowledged")
    assert b.whole_tickets == [2]


async def test_a_printer_switched_off_within_a_ticket_prints_one_copy_when_it_is_back() -> None:
    printer = FakePrinter()
    printer.trip_after(printer.power_off, job_bytes=30_000)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "connection_lost")
        await b.until(lambda: b.hall.states[-1] == "unreachable")
        printer.power_on()
        await b.until_said("printed", "t1-copy2", "acknowledged")
    assert b.whole_tickets == [2]


async def test_a_copy_that_becomes_uncertain_is_not_copied_again_unasked() -> None:
    printer = FakePrinter()
    printer.trip_after(printer.drop_link, job_bytes=20_000)
    async with bench(printer) as b:
        b.ask(record("a", copy=2))
        await b.until_said("uncertain", "a", "connection_lost")
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    assert ("reprint", "t1") not in b.hall.said


async def test_a_printer_that_cannot_be_cleared_is_filled_and_a_person_is_asked() -> None:
    printer = FakePrinter(skills=ALL_SKILLS - {"DLE DC4"})
    printer.trip_after(printer.drop_link, job_bytes=20_000)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "connection_lost")
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    assert ("reprint", "t1") not in b.hall.said
    half, ticket = printer.pieces
    assert is_void(half)
    assert is_ticket(ticket, number="A057")


@pytest.mark.parametrize("missing", [{"GS ( H"}, {"GS ( H", "GS r"}])
async def test_weaker_models_also_notice_a_stop_within_a_ticket(missing: set[str]) -> None:
    printer = FakePrinter(skills=frozenset(ALL_SKILLS - missing))
    printer.trip_after(printer.end_paper, rows=500)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "paper_out")
        printer.load_paper()
        await b.until(lambda: any(said[:2] == ("printed", "t1-copy2") for said in b.hall.said))
    assert b.whole_tickets == [2]


async def test_a_line_without_answers_that_breaks_is_uncertain_and_not_repeated() -> None:
    printer = FakePrinter()
    printer.trip_after(printer.drop_link, job_bytes=20_000)
    async with bench(printer, device=FakeDevice(printer, can_answer=False)) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "connection_lost")
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "sent")
    assert ("reprint", "t1") not in b.hall.said
    assert is_ticket(printer.pieces[-1], number="A057")


async def test_each_fault_costs_one_void_slip_and_no_trouble_on_later_tickets() -> None:
    printer = FakePrinter()
    async with bench(printer) as b:
        for n, after in enumerate((10, 5_000, 60_000)):
            printer.trip_after(printer.drop_link, job_bytes=after)
            b.ask(record(f"p{n}", ticket=f"t{n}"))
            await b.until_said("printed", f"t{n}-copy2", "acknowledged")
    assert [is_void(piece) for piece in printer.pieces] == [True, False] * 3


async def test_a_simple_model_that_takes_questions_for_dots_is_filled_until_it_answers() -> None:
    printer = FakePrinter(skills=ALL_SKILLS - {"DLE DC4"})
    printer.obeys_within_data = False
    printer.trip_after(printer.drop_link, job_bytes=20_000)
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("uncertain", "a", "connection_lost")
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    assert is_ticket(printer.pieces[-1], number="A057")


async def test_a_wait_for_the_acknowledgement_ends() -> None:
    printer = FakePrinter()
    hall = HallSide()
    async with bench(printer, hall=hall, timing=FAST) as b:
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
        printer.skills = ALL_SKILLS - {"GS ( H"}  # it forgets how, as a swapped printer would
        b.ask(record("b", number="A057"))
        await b.until_said("uncertain", "b", "no_answer")
