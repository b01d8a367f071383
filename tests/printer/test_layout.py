"""What stands on a ticket, and that it fits every head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from hall.i18n import translate
from printer import faces
from printer.layout import (
    QR,
    Cell,
    Columns,
    Cut,
    Line,
    Minutes,
    Number,
    Row,
    Rule,
    Text,
    fitted,
    item_width,
    layout,
    number_width,
    sheet_of,
    unprintable_languages,
)
from printer.wrapping import spaced
from tests.printer.bench import FACTS, LONG, MISSED, URL, ticket_facts

WIDTHS = (384, 420, 512, 576)
KINDS: dict[str, dict[str, Any]] = {
    "zh": {},
    "en": {"language": "en"},
    "ar": {"language": "ar"},
    "long zh": LONG,
    "long en": {**LONG, "language": "en"},
    "copy": {"copy": 2},
    "bare": {"ahead": 0, "estimate": None, "area": None, "follow_url": None, "missed_sentence": {}},
    "one word": {"service_name": {"en": "Donaudampfschifffahrtsgesellschaftskapitänspatent"}, "language": "en"},
}


DOCUMENTS = [
    {"zh-Hans": "有效身份证件原件", "en": "Valid identity document, the original"},
    {"zh-Hans": "装机地址", "en": "Address of the line"},
]
LONG_DOCUMENTS = [
    *DOCUMENTS,
    {
        "zh-Hans": "企业法人营业执照副本及经办人授权委托书（均须加盖公章）",
        "en": "Copy of the business licence and letter of authority of the person acting, both under seal",
    },
]
NOTICES: dict[str, dict[str, Any]] = {
    "notice zh": {"kind": "notice", "documents": DOCUMENTS},
    "notice en": {"kind": "notice", "documents": DOCUMENTS, "language": "en"},
    "long notice zh": {**LONG, "kind": "notice", "documents": LONG_DOCUMENTS},
    "long notice en": {**LONG, "kind": "notice", "documents": LONG_DOCUMENTS, "language": "en"},
    "notice ar": {"kind": "notice", "documents": DOCUMENTS, "language": "ar"},
    "bare notice": {"kind": "notice", "documents": [], "follow_url": None},
}
PAPERS = {**KINDS, **NOTICES}


def rows(lines: Iterable[Line]) -> Iterator[Row]:
    for line in lines:
        if isinstance(line, Row):
            yield line
        elif isinstance(line, Columns):
            for cell in line.cells:
                yield from rows(cell.lines)


def words(**changed: Any) -> str:
    """All words of a ticket in a row, without the breaks of lines."""
    items = (item for row in rows(layout(ticket_facts(**changed), 576)) for item in row.items)
    return " ".join(item.text for item in items)


def boxes(lines: Iterable[Line], width: int) -> Iterator[tuple[Row, int]]:
    """Every row with the width of the box it stands in."""
    for line in lines:
        if isinstance(line, Row):
            yield line, width
        elif isinstance(line, Columns):
            for cell in line.cells:
                yield from boxes(cell.lines, cell.width)


@pytest.mark.parametrize("kind", PAPERS)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_row_fits_its_box_and_is_large_enough_to_read(kind: str, width: int) -> None:
    sheet = sheet_of(width)
    for row, room in boxes(layout(ticket_facts(**PAPERS[kind]), width), sheet.inner):
        taken = sum(map(item_width, row.items)) + row.gap * (len(row.items) - 1)
        assert taken <= room + 1, row
        assert all(item.size >= 16 for item in row.items if isinstance(item, Text))


@pytest.mark.parametrize("width", WIDTHS)
def test_boxes_side_by_side_do_not_overlap_and_stay_on_the_paper(width: int) -> None:
    for kind in PAPERS.values():
        for line in layout(ticket_facts(**kind), width):
            if isinstance(line, Columns):
                assert no_overlap(line.cells, sheet_of(width).inner, sheet_of(width).margin)


def no_overlap(cells: tuple[Cell, ...], inner: int, margin: int) -> bool:
    ends = [(cell.left, cell.left + cell.width) for cell in cells]
    apart = all(end <= start for (_, end), (start, _) in pairwise(ends))
    return apart and ends[0][0] >= -margin and ends[-1][1] <= inner + margin


@pytest.mark.parametrize("kind", ["long zh", "long en", "one word"])
@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_are_wrapped_and_never_shortened(kind: str, width: int) -> None:
    changed = KINDS[kind]
    printed = "".join(item.text for row in rows(layout(ticket_facts(**changed), width)) for item in row.items)
    names = changed["service_name"].values()
    assert all(name.replace(" ", "") in printed.replace(" ", "") for name in names)


def test_the_ticket_speaks_its_own_language_first_and_the_halls_other_second() -> None:
    chinese, english = words(), words(language="en")
    assert chinese.index("综合业务") < chinese.index("General service")
    assert english.index("General service") < english.index("综合业务")


def test_a_hall_of_one_language_prints_one() -> None:
    assert "General service" not in words(languages=["zh-Hans"])


def test_the_number_is_twenty_one_millimetres_high() -> None:
    numbers = [item for row in rows(layout(ticket_facts(), 576)) for item in row.items if isinstance(item, Number)]
    assert numbers[0] == Number("A056", 168)


@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("number", ["A056", "A9999", "AB123"])
def test_a_longer_number_shrinks_to_the_paper_and_stays_twelve_millimetres_high(number: str, width: int) -> None:
    found = next(
        item
        for row in rows(layout(ticket_facts(number=number), width))
        for item in row.items
        if isinstance(item, Number)
    )
    assert found.cap_dots >= 12 * 8
    assert number_width(number, found.cap_dots) <= sheet_of(width).inner


def test_an_estimate_is_a_range_beside_the_people_ahead() -> None:
    assert "8 人" in words()
    assert "10–15 分钟" in words()
    assert "8 people" in words(language="en")


def test_without_an_estimate_only_the_people_ahead_are_named() -> None:
    assert "预计等候" not in words(estimate=None)
    assert "在您前面" in words(estimate=None)


def test_with_nobody_ahead_the_visitor_is_next() -> None:
    assert "您前面没有人" in words(ahead=0)
    assert "You are next" in words(ahead=0, estimate=None)


@pytest.mark.parametrize(
    ("p10_s", "p90_s", "low", "high"), [(600, 880, 10, 15), (0, 30, 1, 2), (300, 300, 5, 6), (299, 301, 4, 6)]
)
def test_a_likely_wait_is_never_a_point(p10_s: int, p90_s: int, low: int, high: int) -> None:
    assert Minutes.from_estimate({"p10_s": p10_s, "p50_s": p10_s, "p90_s": p90_s}) == Minutes(low, high)


def test_the_class_is_named_only_when_it_is_not_the_usual_one() -> None:
    named = {"class_name": {"zh-Hans": "老年人", "en": "Elderly"}}
    assert "老年人" in words(class_default=False, **named)
    assert "老年人" not in words(class_default=True, **named)


def test_the_area_is_named_when_there_is_one() -> None:
    assert "请到 1 区等候" in words()
    assert "Wait in Area 1" in words()
    assert "等候" not in words(area=None, estimate=None)


def test_what_happens_when_missed_is_said_in_the_halls_one_sentence() -> None:
    for language, sentence in MISSED.items():
        assert sentence.replace(" ", "") in words(language=language).replace(" ", "")
    assert "过号" not in words(missed_sentence={})


def test_a_notice_says_all_that_is_to_be_brought_in_both_languages() -> None:
    text = words(**NOTICES["notice zh"])
    assert text.index("一次性告知单") < text.index("What to bring") < text.index("有效身份证件原件")
    for document in DOCUMENTS:
        assert document["zh-Hans"] in text
        assert document["en"] in text
    for fact in ("江湾路营业厅", "综合业务", "A056", "1.", "2.", "补齐再来时请出示"):
        assert fact in text


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_promises_no_place_in_a_line(kind: str) -> None:
    lines = layout(ticket_facts(**NOTICES[kind]), 576)
    text = words(**NOTICES[kind])
    assert not [line for line in lines if isinstance(line, Cut)]
    assert not [word for word in ("在您前面", "ahead of you", "过号", "Missed", "等候", "扫码") if word in text]


def test_a_notice_without_documents_leaves_room_to_write() -> None:
    bare = layout(ticket_facts(**NOTICES["bare notice"]), 576)
    usual = layout(ticket_facts(**NOTICES["notice zh"]), 576)
    assert bare.count(Rule(1)) > usual.count(Rule(1)) > 0
    assert "所缺材料由窗口填写" in words(**NOTICES["bare notice"])


def test_a_second_notice_says_that_it_is_a_copy() -> None:
    assert "COPY 2" in words(**NOTICES["notice zh"], copy=2)


def test_a_copy_says_so_in_chinese_and_english_whatever_the_ticket_speaks() -> None:
    assert "补打" not in words()
    for language in ("zh-Hans", "en", "ar"):
        assert "补打（第 2 份）" in words(copy=2, language=language)
        assert "COPY 2" in words(copy=2, language=language)


def test_the_time_is_that_on_the_halls_wall() -> None:
    assert "2026-11-24 10:42" in words()
    assert "2026-11-24 02:42" in words(timezone="UTC", follow_url=None)


def codes(lines: Iterable[Line]) -> list[QR]:
    found: list[QR] = []
    for line in lines:
        if isinstance(line, QR):
            found.append(line)
        elif isinstance(line, Columns):
            found += [code for cell in line.cells for code in codes(cell.lines)]
    return found


def test_the_code_and_its_words_are_there_only_with_a_page_to_follow() -> None:
    assert [code.data for code in codes(layout(ticket_facts(), 576))] == [URL]
    assert "扫码" in words()
    assert not codes(layout(ticket_facts(follow_url=None), 576))
    assert "扫码" not in words(follow_url=None)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("extra", [0, 60, 200])
def test_a_code_keeps_modules_of_at_least_four_dots_on_every_paper(width: int, extra: int) -> None:
    found = codes(layout(ticket_facts(follow_url=URL + "x" * extra), width))
    assert [code.module_dots >= 4 and code.side <= width for code in found] == [True]


def test_a_code_that_fits_no_paper_is_left_out() -> None:
    assert not codes(layout(ticket_facts(follow_url=URL + "x" * 2000), 384))


def test_a_language_without_letters_on_this_machine_gives_way_to_one_that_has_them() -> None:
    unknown = {"xx": "\U0001f9ff\U0001f9ff"}
    assert unprintable_languages([unknown], ["xx", "zh-Hans"]) == ("xx",)
    text = words(language="xx", service_name={**FACTS["service_name"], **unknown})
    assert "综合业务" in text
    assert "A056" in text


def test_arabic_reads_from_the_right() -> None:
    lines = layout(ticket_facts(language="ar"), 576)
    assert all(row.align == "right" for row in rows(lines))
    pair = next(row for row in rows(lines) if row.spread)
    assert [item.text for item in pair.items] == ["江湾路营业厅", "قاعة طريق جيانغوان"]


def test_chinese_punctuation_neither_begins_nor_ends_a_line_alone() -> None:
    sheet = sheet_of(384)
    lines = [row.items[0].text for row in fitted("请先取号，然后（如有需要）到二楼东侧等候。" * 3, sheet, size=44)]
    assert len(lines) > 2
    assert not any(line[0] in "，。）" or line[-1] in "（" for line in lines)


@pytest.mark.parametrize(
    ("given", "set_right"), [("请到1区等候", "请到 1 区等候"), ("请到A 区", "请到 A 区"), ("二楼", "二楼"), ("", "")]
)
def test_han_and_digits_stand_a_space_apart(given: str, set_right: str) -> None:
    assert spaced(given) == set_right


def test_letters_keep_their_proportions_at_every_size() -> None:
    text = "Missed? Back within 15 min, 过号 15 分钟内回来"
    for size in (18, 25, 44, 60):
        exact = faces.TEXT.font(size, bold=False).getlength(text)
        assert abs(faces.text_width(text, size) - exact) < 0.005 * exact


def test_everything_a_chinese_and_english_ticket_says_is_in_the_font_we_ship() -> None:
    said = (
        words()
        + words(language="en")
        + words(copy=2, ahead=0)
        + words(**NOTICES["notice zh"])
        + words(**NOTICES["bare notice"])
        + translate("zh-Hans", "person")
        + "VOID 作废"
    )
    assert [character for character in said if not faces.TEXT.has(character)] == []
