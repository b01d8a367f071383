"""Where in a TOML text a key stands. Good enough for messages: what it cannot place has no line."""

from __future__ import annotations

import re

HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?")
KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)
PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'""")

# ("service", "2", "name", "en") -> 17; the index, from 1, is there for `[[service]]` only.
Lines = dict[tuple[str, ...], int]


def find_lines(text: str) -> Lines:
    """The first line of every header and key, each also standing for the tables that it opens."""
    lines: Lines = {}
    counts: dict[str, int] = {}
    section: tuple[str, ...] = ()
    quoted = False
    for number, line in enumerate(text.splitlines(), start=1):
        was_quoted = quoted
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if was_quoted:
            continue
        if header := HEADER.fullmatch(line):
            section = _section(header[1], _parts(header[2]), counts)
            _remember(lines, section, number)
        elif key := KEY.match(line):
            _remember(lines, section + _parts(key[1]), number)
    return lines


def _section(bracket: str, parts: tuple[str, ...], counts: dict[str, int]) -> tuple[str, ...]:
    """The path of a header; a sub-table (`[service.name]`) belongs to the last entry of its list."""
    name = parts[0] if parts else ""
    if bracket == "[[" and len(parts) == 1:
        counts[name] = counts.get(name, 0) + 1
    return (name, str(counts[name]), *parts[1:]) if name in counts else parts


def _remember(lines: Lines, path: tuple[str, ...], number: int) -> None:
    for length in range(1, len(path) + 1):
        lines.setdefault(path[:length], number)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in PART.findall(dotted))
