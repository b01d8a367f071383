"""The fake printer is strict, or the tests that trust it are worth nothing."""

from __future__ import annotations

import pytest

from printer.fake import ALL_SKILLS, CLEAR, PIECES_KEPT, FakePrinter
from tests.printer.bench import codes_on

CUT = b"\x1dVB\x00"
ROW = b"\x1dv0\x00\x48\x00\x01\x00" + b"\xff" * 72


def said_to(printer: FakePrinter, data: bytes) -> bytes:
    printer.feed(data)
    return printer.take_answers()


def test_a_picture_and_a_cut_make_a_piece() -> None:
    printer = FakePrinter()
    printer.feed(b"\x1b@" + ROW * 3 + CUT)
    piece = printer.pieces[0]
    assert (len(piece.rows), piece.troubles, piece.no) == (3, (), 1)
    assert piece.picture().size == (576, 3)
    assert piece.picture().getpixel((0, 0)) == 0
    assert piece.png().startswith(b"\x89PNG")
    assert codes_on(piece.picture()) == []


@pytest.mark.parametrize("at", range(1, 12))
def test_a_stream_cut_anywhere_into_two_reads_is_the_same_stream(at: int) -> None:
    printer, data = FakePrinter(), b"\x10\x04\x01\x1b@" + ROW + CUT + b"\x1d(H\x06\x0000ABCD"
    assert said_to(printer, data[:at]) + said_to(printer, data[at:]) == b"\x12\x37\x22ABCD\x00"
    assert [len(piece.rows) for piece in printer.pieces] == [1]


def test_what_is_no_command_is_remembered_as_trouble() -> None:
    printer = FakePrinter()
    printer.feed(b"hi" + ROW + CUT + ROW + CUT)
    assert printer.pieces[0].troubles == ("unknown command 68", "unknown command 69")
    assert printer.pieces[1].troubles == ()


def test_a_picture_wider_than_the_head_is_trouble() -> None:
    printer = FakePrinter(384)
    printer.feed(ROW + CUT)
    assert "576 dots on a head of 384" in printer.pieces[0].troubles[0]


def test_a_real_time_command_inside_a_picture_is_obeyed_and_is_trouble() -> None:
    printer = FakePrinter()
    row = b"\x1dv0\x00\x48\x00\x01\x00" + b"\x10\x04\x01" + bytes(69)
    assert said_to(printer, row + CUT) == b"\x12"
    assert printer.pieces[0].troubles == ("real-time command inside a picture",)


def test_a_cut_without_feed_goes_through_the_last_lines() -> None:
    printer = FakePrinter()
    printer.feed(ROW * 200 + b"\x1dV\x00")
    assert len(printer.pieces[0].rows) == 80
    assert printer.pieces[0].troubles == ("cut through the last lines",)


def test_half_a_command_eats_what_comes_next() -> None:
    printer = FakePrinter()
    printer.feed(ROW[:40])
    printer.feed(b"\x1b@" + ROW + CUT)
    assert not printer.pieces or printer.pieces[0].troubles


def test_clearing_forgets_half_a_command_and_all_that_waits() -> None:
    printer = FakePrinter()
    printer.open_cover()
    printer.feed(ROW + CUT + ROW[:40])
    assert said_to(printer, CLEAR) == b"\x37\x25\x00"
    printer.close_cover()
    printer.feed(b"\x1b@" + ROW * 2 + CUT)
    assert [(len(piece.rows), piece.troubles) for piece in printer.pieces] == [(2, ())]


def test_a_printer_that_was_not_cleared_prints_the_rest_on_the_next_roll() -> None:
    printer = FakePrinter()
    printer.load_paper(1)
    printer.feed(ROW * 3 + CUT)
    assert printer.rows_on_paper == 1
    printer.load_paper()
    assert [len(piece.rows) for piece in printer.pieces] == [3]


def test_it_says_what_stops_it() -> None:
    printer = FakePrinter()
    ask = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
    assert said_to(printer, ask) == b"\x12\x12\x12\x12"
    printer.is_near_end = True
    assert said_to(printer, ask) == b"\x12\x12\x12\x1e"
    printer.end_paper()
    assert said_to(printer, ask) == b"\x1a\x32\x12\x7e"
    printer.load_paper()
    printer.open_cover()
    assert said_to(printer, ask) == b"\x1a\x16\x12\x1e"
    printer.close_cover()
    printer.jam()
    assert said_to(printer, ask) == b"\x1a\x52\x1a\x1e"


def test_a_barrier_is_answered_in_order_and_not_at_paper_end() -> None:
    printer = FakePrinter()
    assert said_to(printer, ROW + b"\x1dr\x01") == b"\x00"
    printer.end_paper()
    assert said_to(printer, b"\x1dr\x01") == b""


def test_missing_skills_are_silence() -> None:
    printer = FakePrinter(skills=ALL_SKILLS - {"GS ( H", "GS r", "DLE DC4", "DLE EOT"})
    assert said_to(printer, b"\x1d(H\x06\x0000ABCD\x1dr\x01\x10\x04\x01" + CLEAR + ROW + CUT) == b""
    assert printer.pieces[0].troubles == ()


def test_only_the_last_pieces_are_kept() -> None:
    printer = FakePrinter()
    printer.feed((ROW + CUT) * (PIECES_KEPT + 5))
    assert len(printer.pieces) == PIECES_KEPT
    assert printer.pieces[-1].no == printer.pieces_cut == PIECES_KEPT + 5
