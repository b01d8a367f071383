"""What differs between two set-ups, in sentences with the words of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hall.day.setup import Setup
from hall.setup.export import as_tables
from hall.setup.toml import LISTS

MAX_LINES = 200


def differences(old: Setup, new: Setup) -> list[str]:
    """One sentence for each difference, such as `service "B".promise_min: 10 -> 15`; empty when they are equal."""
    lines = list(_sections(as_tables(old), as_tables(new)))
    more = len(lines) - MAX_LINES
    return lines[:MAX_LINES] + ([f"and {more} more"] if more > 0 else [])


def _sections(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for section in dict.fromkeys((*old, *new)):
        if section in LISTS:
            yield from _entries(section, old.get(section, []), new.get(section, []))
        else:
            yield from _keys(section, old.get(section, {}), new.get(section, {}))


def _entries(section: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    key = LISTS[section][0]
    before, after = ({entry[key]: entry for entry in entries} for entries in (old, new))
    yield from (f'{section} "{id}" is taken out' for id in before if id not in after)
    yield from (f'{section} "{id}" is added' for id in after if id not in before)
    both = [id for id in before if id in after]
    for id in both:
        yield from _keys(f'{section} "{id}"', before[id], after[id])
    if both != [id for id in after if id in before]:
        yield f"{section}: the order is changed"


def _keys(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield f"{place}.{key}: {_shown(old.get(key))} -> {_shown(new.get(key))}"


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
