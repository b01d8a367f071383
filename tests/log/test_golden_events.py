"""Every event that was ever written can be read, and is written again as it was."""

from __future__ import annotations

from dataclasses import fields

import pytest

from hall.log.chain import GENESIS, Stored, hash_of, open_seal
from hall.log.codec import TYPES, UPCASTERS, encode
from tests.log.golden_events import EXAMPLES, golden_lines

LINES = golden_lines()


def named(line: Stored) -> str:
    return f"{line.seq}-{line.type}-{line.version}"


def test_every_type_and_version_is_in_the_golden_file() -> None:
    written = {(line.type, line.version) for line in LINES}
    known = {(name, version) for name, cls in TYPES.items() for version in range(1, cls.VERSION + 1)}  # type: ignore[attr-defined]
    assert known - written == set(), "python -m tests.log.golden_events appends what is missing"
    assert written - known == set(), "an event that halls have in their logs was taken away"


def test_every_older_version_has_a_way_up() -> None:
    older = {(name, version) for name, cls in TYPES.items() for version in range(1, cls.VERSION)}  # type: ignore[attr-defined]
    assert set(UPCASTERS) == older


@pytest.mark.parametrize("line", LINES, ids=named)
def test_a_golden_event_can_be_read(line: Stored) -> None:
    recorded = open_seal(line)
    assert type(recorded.event) is TYPES[line.type]
    assert (recorded.seq, recorded.hall, recorded.actor.id, recorded.door) == (line.seq, "h", "ann", "desk")


@pytest.mark.parametrize("line", [line for line in LINES if line.version == TYPES[line.type].VERSION], ids=named)  # type: ignore[attr-defined]
def test_a_golden_event_is_written_as_it_was(line: Stored) -> None:
    assert encode(open_seal(line).event) == line.body


def test_a_golden_event_is_sealed_as_it_was() -> None:
    previous = GENESIS
    for line in LINES:
        assert hash_of(previous, line.sealed_fields()) == line.hash
        previous = line.hash


def test_golden_events_fill_every_field_once() -> None:
    """A field that no example fills could change its shape unseen."""
    for name, cls in TYPES.items():
        examples = [event for event in EXAMPLES if type(event) is cls]
        empty = {f.name for f in fields(cls) if all(getattr(event, f.name) in (None, ()) for event in examples)}
        assert empty == set(), f"{name} has fields that no example fills"
