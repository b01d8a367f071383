"""The slip of a closed day: date, seq and seal, readable to a person, on wide and narrow paper."""

from __future__ import annotations

import pytest

from printer.closing import closing_layout, seal_rows
from printer.layout import Row, Text
from printer.render import draw, ticket_bytes_from_record

SEAL = "0123456789abcdef" * 4
FACTS = {
    "kind": "closing",
    "hall_name": {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall"},
    "business_date": "2026-11-24",
    "seq": 4711,
    "seal": SEAL,
    "languages": ["zh-Hans", "en"],
    "language": "zh-Hans",
    "timezone": "Asia/Shanghai",
    "number": "",
    "copy": 1,
}


def words(width_dots: int) -> str:
    rows = [line for line in closing_layout(FACTS, width_dots) if isinstance(line, Row)]
    return "\n".join(item.text for row in rows for item in row.items if isinstance(item, Text))


def test_the_seal_is_printed_whole_and_in_groups() -> None:
    assert "".join(seal_rows(SEAL)).replace(" ", "") == SEAL
    assert all(len(group) == 4 for row in seal_rows(SEAL) for group in row.split())


@pytest.mark.parametrize("width_dots", [576, 384])
def test_it_says_the_day_the_seq_and_the_seal_in_both_languages(width_dots: int) -> None:
    said = words(width_dots)
    assert "2026-11-24 · 4711" in said.replace("\n", " ")
    assert "日终封存单" in said
    assert "Day closed" in said
    assert "".join(said.split()).count("0123456789abcdef") >= 4


@pytest.mark.parametrize("width_dots", [576, 384])
def test_it_is_drawn_within_the_paper(width_dots: int) -> None:
    picture = draw(closing_layout(FACTS, width_dots), width_dots)
    assert picture.width == width_dots
    assert ticket_bytes_from_record(FACTS, width_dots).startswith(b"\x1b")
