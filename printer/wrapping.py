"""Where a line of text may be broken: pure. Words of Latin letters stay whole, Han may be broken between any two."""

from __future__ import annotations

from itertools import pairwise

from printer import faces

NEVER_FIRST = frozenset("，。、；：！？）】》」』”’…—,.;:!?)]}%·")
NEVER_LAST = frozenset("（【《「『“‘([{")


def wrapped(text: str, size: int, width: int, *, bold: bool) -> list[str]:
    """`text` broken into lines no wider than `width`; a word that is too long by itself is broken too."""
    lines, current = [], ""
    for piece in _pieces(text):
        if not current or _fits(current + piece.rstrip(), size, width, bold=bold):
            current += piece
        else:
            lines.append(current)
            current = piece
        while not _fits(current.rstrip(), size, width, bold=bold):
            head = _longest_head(current, size, width, bold=bold)
            lines.append(current[:head])
            current = current[head:]
    return [line.rstrip() for line in (*lines, current) if line.strip()]


def spaced(text: str) -> str:
    """Chinese with one space between Han and Latin letters or digits, as running text is set."""
    out = text[:1]
    for before, after in pairwise(text):
        if (_is_han(before) and _is_latin(after)) or (_is_latin(before) and _is_han(after)):
            out += " "
        out += after
    return out


def _fits(text: str, size: int, width: int, *, bold: bool) -> bool:
    return faces.text_width(text, size, bold=bold) <= width


def _longest_head(text: str, size: int, width: int, *, bold: bool) -> int:
    head = len(text) - 1
    while head > 1 and not _fits(text[:head], size, width, bold=bold):
        head -= 1
    return max(1, head)


def _pieces(text: str) -> list[str]:
    """What may not be broken: a word with the space behind it, a Han character with what clings to it."""
    pieces: list[str] = []
    for character in text:
        if pieces and _clings(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _clings(before: str, character: str) -> bool:
    last = before[-1]
    if character.isspace() or character in NEVER_FIRST or last in NEVER_LAST:
        return True
    return not (last.isspace() or last == "-" or _is_han(last) or _is_han(character) or last in NEVER_FIRST - {"."})


def _is_han(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
