"""Where visitors go whose service a new set-up takes out or makes a heading: pairs (service that is gone, where to)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hall.day.setup import Setup
from hall.setup.findings import did_you_mean, one_of

Moves = tuple[tuple[str, str], ...]


def as_moves(texts: Iterable[str]) -> Moves:
    """The pairs of texts such as "old=new". Raises ValueError, saying which text is wrong."""
    pairs: dict[str, str] = {}
    for text in texts:
        old, _, new = (part.strip() for part in text.partition("="))
        if not old or not new:
            raise ValueError(f'"{text}" says no move; needed is OLD=NEW, two ids of services')
        if pairs.setdefault(old, new) != new:
            raise ValueError(f'"{old}" is moved to "{pairs[old]}" and to "{new}"; allowed is one of the two')
    return tuple(pairs.items())


def wrong_moves(setup: Setup, moves: Moves) -> Iterator[str]:
    """What cannot be meant by the moves to this set-up, in sentences for the operator."""
    leaves = setup.leaves()
    for old, new in moves:
        if old in leaves:
            yield f'service "{old}" stays, so nobody has to be moved from it'
        elif new not in leaves:
            hint = did_you_mean(new, leaves)
            yield f'visitors of "{old}" cannot go to "{new}"{hint}; the file has {one_of(leaves)}'
