"""The picture of a ticket and the bytes it becomes."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printer.fake import FakePrinter, command_length, real_time_length
from printer.layout import Row, Text, layout
from printer.render import (
    STRIP_ROWS,
    draw,
    encode,
    real_time_places,
    ticket_bytes,
    void_bytes,
    without_real_time,
)
from tests.printer.bench import FACTS, LONG, URL, codes_on, ticket_facts

from .test_layout import KINDS, NOTICES, WIDTHS, codes


def picture(width: int = 576, **changed: Any) -> Image.Image:
    return draw(layout(ticket_facts(**changed), width), width)


@cache
def picture_of(kind: str, width: int) -> Image.Image:
    return picture(width, **KINDS[kind])


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_ticket_is_as_wide_as_the_head_and_its_words_keep_to_the_margins(kind: str, width: int) -> None:
    image = picture_of(kind, width)
    assert image.mode == "1"
    assert image.width == width - width % 8
    tear = [y for y in range(image.height) if image.getpixel((0, y)) == 0]
    assert len(tear) == 3
    above = ink(image.crop((0, 0, image.width, tear[0])))
    assert above[0] >= 8
    assert above[2] <= image.width - 8


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "bare"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_phone_reads_the_tickets_page_from_the_paper(kind: str, width: int) -> None:
    assert codes_on(picture_of(kind, width)) == [URL]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "bare"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_code_stands_in_four_modules_of_white(width: int, kind: str) -> None:
    image = picture_of(kind, width)
    (code,) = codes(layout(ticket_facts(**KINDS[kind]), width))
    corner = zxingcpp.read_barcodes(image.convert("L"))[0].position.top_left
    side, quiet = code.modules * code.module_dots, 4 * code.module_dots
    frame = image.crop((corner.x - quiet, corner.y - quiet, corner.x + side + quiet, corner.y + side + quiet))
    assert corner.x >= quiet - 1
    assert corner.x + side + quiet <= image.width + 1
    frame.paste(255, (quiet - 1, quiet - 1, quiet + side + 1, quiet + side + 1))
    inside = frame.crop((1, 1, frame.width - 1, frame.height - 1))
    assert ImageChops.invert(inside.convert("L")).getbbox() is None


@pytest.mark.parametrize("kind", ["notice zh", "long notice en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_notice_keeps_to_its_margins_and_its_code_can_be_read(kind: str, width: int) -> None:
    image = picture(width, **NOTICES[kind])
    left, _, right, _ = ink(image)
    assert left >= 8
    assert right <= image.width - 8
    assert codes_on(image) == [URL]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert ticket_bytes(ticket_facts(), 576) == ticket_bytes(ticket_facts(), 576)


def test_the_bytes_begin_with_initialise_and_end_with_feed_and_cut() -> None:
    data = ticket_bytes(ticket_facts(), 576)
    assert data.startswith(b"\x1b@\x1dv0\x00")
    assert data.endswith(b"\x1dVB\x00")


@pytest.mark.parametrize("width", WIDTHS)
def test_strips_are_as_wide_as_the_head_and_not_too_tall(width: int) -> None:
    data, heights = ticket_bytes(ticket_facts(**LONG), width), []
    while data:
        length = command_length(data)
        if data[:3] == b"\x1dv0":
            assert data[4] | data[5] << 8 == width // 8
            heights.append(data[6] | data[7] << 8)
        data = data[length:]
    assert max(heights) <= STRIP_ROWS
    assert len(heights) > 3


def test_nothing_is_printed_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    ticket_bytes(ticket_facts(), 384)
    void_bytes(384)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("width", [384, 512, 576])
def test_no_ticket_holds_a_real_time_command(width: int) -> None:
    chance = random.Random(width)
    for n in range(12):
        number = f"{chance.choice('ABCDEFGH')}{n * 37 % 1000:03d}"
        url = URL[:-8] + f"{chance.getrandbits(32):08x}"
        data = ticket_bytes(ticket_facts(number=number, follow_url=url, ahead=n), width)
        assert not list(real_time_places(data))


def test_a_dot_is_taken_where_a_picture_would_give_a_command() -> None:
    dots = bytes([0, 0x10, 0x04, 0x01, 0, 0x10, 0x14, 0x01, 0xFF, 0x10, 0x10, 0x05]) + bytes(60)
    image = ImageChops.invert(Image.frombytes("1", (96, 6), dots).convert("L")).convert("1")
    cleaned = without_real_time(image)
    assert list(real_time_places(encode(image))) == []
    assert ImageChops.difference(image.convert("L"), cleaned.convert("L")).histogram()[255] == 3
    assert not any(real_time_length(encode(image)[at:]) for at in range(len(encode(image))))


def test_a_picture_without_such_a_place_is_left_as_it_is() -> None:
    image = Image.new("1", (96, 6), 0)
    assert without_real_time(image) is image


def test_paper_shows_exactly_what_was_drawn() -> None:
    printer = FakePrinter(384)
    printer.feed(ticket_bytes(ticket_facts(), 384))
    piece = printer.pieces[0]
    assert piece.troubles == ()
    assert piece.picture().tobytes() == without_real_time(picture(384)).tobytes()


def test_the_void_slip_is_short_and_says_so() -> None:
    printer = FakePrinter()
    printer.feed(void_bytes(576))
    assert 60 < len(printer.pieces[0].rows) < 240


def test_arabic_letters_are_joined_and_run_from_the_right() -> None:
    name = FACTS["service_name"]["ar"]
    shaped = draw((Row((Text(name, 44),), "right"),), 576)
    backwards = draw((Row((Text(name[::-1], 44),), "right"),), 576)
    assert shaped.tobytes() != backwards.tobytes()
    assert ink(shaped)[2] > 500


def test_a_word_with_a_letter_of_another_font_is_drawn_in_pieces() -> None:
    image = draw((Row((Text("综合 Ж 业务", 44),)),), 576)
    assert ink(image)[2] > 150
