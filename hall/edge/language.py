"""Which of our languages a reader wants, by the Accept-Language header (RFC 9110, 12.5.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_HEADER = 500
RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
# Regions of Chinese say which script is meant.
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def preferred_language(header: str | None, available: Sequence[str]) -> str:
    """The available language that the header wants most, the first available one when it wants none of them."""
    for wanted in _in_order(header or ""):
        found = available[0] if wanted == "*" else nearest_language(wanted, available)
        if found is not None:
            return found
    return available[0]


def nearest_language(wanted: str, available: Sequence[str]) -> str | None:
    """The available tag that is `wanted`, or shortens it, or is another of the same language."""
    by_name = {tag.lower(): tag for tag in available}
    parts = _with_script(wanted.lower().split("-"))
    for length in range(len(parts), 0, -1):
        if found := by_name.get("-".join(parts[:length])):
            return found
    return next((tag for tag in available if tag.lower().split("-")[0] == parts[0]), None)


def _in_order(header: str) -> list[str]:
    matches = [RANGE.fullmatch(part) for part in header[:MAX_HEADER].split(",")]
    weighted = [(float(match[2] or 1), match[1]) for match in matches if match]
    return [tag for quality, tag in sorted(weighted, key=lambda pair: -pair[0]) if quality > 0]


def _with_script(parts: list[str]) -> list[str]:
    """`zh-TW` reads traditional characters, `zh-CN` and plain `zh` simplified ones."""
    if parts[0] != "zh" or parts[1:2] in (["hans"], ["hant"]):
        return parts
    return ["zh", "hant" if TRADITIONAL.intersection(parts) else "hans", *parts[1:]]
