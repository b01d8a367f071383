"""Whoever changes, drops, inserts or swaps an event of a sealed log is found out."""

from __future__ import annotations

import json
import random
from dataclasses import fields, replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.log.chain import GENESIS, Stored, hash_of, open_seal, seal
from hall.log.verify import Checks
from tests.day.support import Walker, random_steps


def sealed_day(seed: int = 1, steps: int = 80) -> list[Stored]:
    walker = Walker()
    for step in random_steps(random.Random(seed), steps):
        walker.play(step)
    stored: list[Stored] = []
    for recorded in walker.log:
        stored.append(seal(recorded, stored[-1].hash if stored else GENESIS))
    return stored


def findings(stored: list[Stored]) -> list[str]:
    checks = Checks("h")
    for one in stored:
        checks.take(one)
    return checks.findings


DAY = sealed_day()
SEALED = [field.name for field in fields(Stored)]


def test_a_sealed_day_is_whole() -> None:
    assert len(DAY) > 30
    assert findings(DAY) == []


def test_what_is_sealed_is_what_is_opened() -> None:
    previous = GENESIS
    for stored in DAY:
        assert seal(open_seal(stored), previous) == stored
        previous = stored.hash


@pytest.mark.parametrize("name", SEALED)
def test_a_change_of_any_field_is_found(name: str) -> None:
    index = 12
    value = getattr(DAY[index], name)
    changed = replace(DAY[index], **{name: value + 1 if isinstance(value, int) else f"{value} "})
    found = findings([*DAY[:index], changed, *DAY[index + 1 :]])
    assert any(said.startswith("event 13 ") for said in found) or name == "seq"
    assert found


@pytest.mark.parametrize("index", [0, 7, 20])
def test_a_dropped_event_is_found(index: int) -> None:
    said = f"event {index + 2} follows event {index}"
    assert said in findings([*DAY[:index], *DAY[index + 1 :]])


def test_a_dropped_event_whose_place_was_closed_up_is_found() -> None:
    renumbered = [replace(one, seq=one.seq - 1) for one in DAY[8:]]
    assert "event 8 does not have the hash that it was sealed with" in findings([*DAY[:7], *renumbered])


def test_an_inserted_event_is_found() -> None:
    inserted = seal(replace(open_seal(DAY[7]), seq=9), DAY[7].hash)
    moved = [replace(one, seq=one.seq + 1) for one in DAY[8:]]
    assert "event 10 does not have the hash that it was sealed with" in findings([*DAY[:8], inserted, *moved])


def test_swapped_events_are_found() -> None:
    one, other = replace(DAY[9], seq=11), replace(DAY[10], seq=10)
    assert "event 10 does not have the hash that it was sealed with" in findings([*DAY[:9], other, one, *DAY[11:]])


def test_a_log_that_does_not_begin_with_its_first_event_is_found() -> None:
    assert findings(DAY[3:])[0] == "event 4 follows event 0"


def test_fields_cannot_run_into_one_another() -> None:
    assert hash_of(GENESIS, ["ab", "c"]) != hash_of(GENESIS, ["a", "bc"])
    assert hash_of(GENESIS, ["1"]) != hash_of(GENESIS, [1])


def test_a_hash_depends_on_the_one_before() -> None:
    assert hash_of(GENESIS, ["a"]) != hash_of("1" * 64, ["a"])


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",))) | st.integers(-(2**63), 2**63 - 1)))
def test_a_hash_is_of_the_same_text_that_any_other_checker_makes(fields: list[str | int]) -> None:
    sealed = json.dumps([GENESIS, *fields], ensure_ascii=False, separators=(",", ":"))
    assert hash_of(GENESIS, fields) == sha256(sealed.encode()).hexdigest()
