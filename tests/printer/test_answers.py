"""Answers of a printer, told apart however they arrive."""

from __future__ import annotations

import pytest

from printer.answers import LONGEST_BLOCK, Answer, Framer, is_cleared, process_id

STATUS = Answer("real_time", b"\x12")
CASES = [
    (b"\x12", [STATUS]),
    (b"\x1a", [Answer("real_time", b"\x1a")]),
    (b"\x00", [Answer("status", b"\x00")]),
    (b"\x0c", [Answer("status", b"\x0c")]),
    (b"\x37\x2200A1\x00", [Answer("response", b"\x2200A1")]),
    (b"\x37\x25\x00", [Answer("response", b"\x25")]),
    (b"\x5fTM-T20\x00", [Answer("text", b"TM-T20")]),
    (b"\x14\x00\x00\x0f", [Answer("automatic", b"\x14\x00\x00\x0f")]),
    (b"\x11\x13", [Answer("flow", b"\x11"), Answer("flow", b"\x13")]),
    (b"\xff", [Answer("noise", b"\xff")]),
]


@pytest.mark.parametrize(("data", "answers"), CASES)
def test_each_kind_is_known_by_its_first_byte(data: bytes, answers: list[Answer]) -> None:
    assert Framer().feed(data) == answers


def test_answers_mixed_in_one_read_come_out_one_by_one() -> None:
    everything = b"".join(data for data, _ in CASES)
    assert Framer().feed(everything) == [answer for _, answers in CASES for answer in answers]


def test_answers_that_arrive_byte_by_byte_are_the_same() -> None:
    framer, everything = Framer(), b"".join(data for data, _ in CASES)
    found = [answer for byte in everything for answer in framer.feed(bytes([byte]))]
    assert found == [answer for _, answers in CASES for answer in answers]


def test_an_automatic_status_is_not_taken_for_the_answer_to_a_question() -> None:
    found = Framer().feed(b"\x18\x00\x0c\x0f\x12")
    assert [answer.kind for answer in found] == ["automatic", "real_time"]


def test_half_an_answer_of_an_old_connection_is_forgotten() -> None:
    framer = Framer()
    assert framer.feed(b"\x37\x22AB") == []
    framer.reset()
    assert framer.feed(b"\x12") == [STATUS]


def test_a_block_that_never_ends_does_not_hold_back_what_follows_for_ever() -> None:
    found = Framer().feed(b"\x37" + b"\x12" * LONGEST_BLOCK)
    assert found[0].kind == "noise"
    assert found[-1] == STATUS


def test_the_answers_that_matter_are_read() -> None:
    assert process_id(Answer("response", b"\x22ABCD")) == b"ABCD"
    assert process_id(Answer("response", b"\x25")) is None
    assert is_cleared(Answer("response", b"\x25"))
    assert not is_cleared(STATUS)
