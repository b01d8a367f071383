"""The slip of a closed day: how its log ended, to be kept outside the house. Pure, like the layout of a ticket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hall.i18n import translate
from printer.layout import Cut, Line, Row, Sheet, Space, Text, fitted, sheet_of

GROUP = 4  # hex digits that a person compares at a glance
GROUPS_A_LINE = 8


def closing_layout(facts: Mapping[str, Any], width_dots: int) -> tuple[Line, ...]:
    """The lines of a closing slip, in one or two of the hall's languages."""
    sheet, spoken = sheet_of(width_dots), tuple(facts["languages"][:2])
    return tuple(lines(facts, spoken, sheet))


def lines(facts: Mapping[str, Any], spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    names = facts["hall_name"]
    yield Space(sheet.dots(20))
    yield from fitted(names.get(spoken[0]) or next(iter(names.values())), sheet, size=34, bold=True)
    yield from said(("Day closed", "Keep this slip outside the hall."), spoken, sheet, size=28)
    yield Space(sheet.dots(10))
    yield Cut()
    yield Space(sheet.dots(10))
    yield from fitted(f"{facts['business_date']} · {facts['seq']}", sheet, size=40, bold=True)
    for row in seal_rows(facts["seal"]):
        yield Row((Text(row, sheet.dots(27)),), sheet.align)
    yield Space(sheet.dots(8))
    yield from said(("Whoever doubts this day compares the seal: hall audit --seal",), spoken, sheet, size=24)
    yield Space(sheet.dots(20))


def said(words: tuple[str, ...], spoken: tuple[str, ...], sheet: Sheet, *, size: float) -> Iterator[Line]:
    for word in words:
        for lang in spoken:
            yield from fitted(translate(lang, word), sheet, size=size)


def seal_rows(seal: str) -> list[str]:
    """The hash in groups, so that two people can read it to each other."""
    groups = [seal[at : at + GROUP] for at in range(0, len(seal), GROUP)]
    return [" ".join(groups[at : at + GROUPS_A_LINE]) for at in range(0, len(groups), GROUPS_A_LINE)]
