"""Opening hours as people write them ("mon-fri" = "09:00-17:30") and as the day needs them (minutes, Monday first)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from hall.day.setup import Week
from hall.setup.findings import Report, Where, shown

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"(\d{1,2}):(\d{2})")
DAY_MINUTES = 24 * 60
MAX_SPANS = 8
Spans = tuple[tuple[int, int], ...]

DAY_KEYS = 'days such as "mon", "mon-fri" or "sat,sun"'
SPAN_FORM = 'times such as "09:00-17:30" or a list of them, in order, within one day'


def as_minute(text: str) -> int | None:
    """Minutes after midnight of "HH:MM" (24:00 included), None when it is no time."""
    match = TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= DAY_MINUTES else None


def render_minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def as_week(table: Mapping[str, object], where: Where, report: Report) -> Week:
    """The week that an hours table means; a day that it does not name is closed."""
    week: list[Spans | None] = [None] * 7
    for key, value in table.items():
        days, spans = _days(key), _spans(value)
        if days is None:
            report.mistake((*where, key), f"is not a day; allowed are {DAY_KEYS}")
        if spans is None:
            report.mistake((*where, key), f"found {shown(value)}; allowed are {SPAN_FORM}")
        for day in days or ():
            if week[day] is not None:
                report.mistake((*where, key), f"names {DAYS[day]} a second time")
            week[day] = spans or ()
    return tuple(spans or () for spans in week)


def as_hours_table(week: Week) -> dict[str, str | list[str]]:
    """The shortest table that `as_week` reads as `week`; runs of equal days share a key, closed days have none."""
    table: dict[str, str | list[str]] = {}
    first = 0
    while first < 7:
        last = first
        while last < 6 and week[last + 1] == week[first]:
            last += 1
        if week[first]:
            key = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
            texts = [f"{render_minute(opens)}-{render_minute(closes)}" for opens, closes in week[first]]
            table[key] = texts[0] if len(texts) == 1 else texts
        first = last + 1
    return table


def _days(key: str) -> list[int] | None:
    days: list[int] = []
    for part in key.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            return None
        start, end = DAYS.index(first), DAYS.index(last or first)
        days += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return days


def _spans(value: object) -> Spans | None:
    texts = value if isinstance(value, list) else [value]
    spans = [_span(text) for text in texts[: MAX_SPANS + 1]]
    if len(spans) > MAX_SPANS:
        return None
    known = [span for span in spans if span is not None]
    in_order = all(before[1] < after[0] for before, after in pairwise(known))
    return tuple(known) if len(known) == len(spans) and in_order else None


def _span(text: object) -> tuple[int, int] | None:
    if not isinstance(text, str):
        return None
    opens, dash, closes = text.replace("–", "-").partition("-")
    start, end = as_minute(opens), as_minute(closes)
    return (start, end) if dash and start is not None and end is not None and start < end else None
