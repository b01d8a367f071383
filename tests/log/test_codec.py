"""What is written is read back as it was, and what this version cannot read is said to be so."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hall.log.codec import TYPES, UnknownEvent, as_date, as_instant, as_text, decode, encode

YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 100 * 365 * 86_400_000).map(lambda ms: YEAR_2000 + timedelta(milliseconds=ms))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    datetime: INSTANTS,
    str: TEXTS,
    int: st.integers(0, 2**31 - 1),
    float: st.floats(-1e6, 1e6),
    bool: st.booleans(),
    NoneType: st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is UnionType:
        return st.one_of([values(one) for one in get_args(hint)])
    if get_origin(hint) is tuple:
        of = get_args(hint)
        return st.lists(values(of[0]), max_size=3).map(tuple) if of[-1] is ... else st.tuples(*map(values, of))
    if hasattr(hint, "__dataclass_fields__"):
        return events(hint)
    return PLAIN[hint] if hint in PLAIN else st.from_type(hint)


def events(cls: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    return st.builds(cls, **{field.name: values(hints[field.name]) for field in fields(cls)})


@given(st.one_of([events(cls) for cls in TYPES.values()]))
def test_an_event_is_read_back_as_it_was_written(event: Any) -> None:
    body = encode(event)
    assert decode(event.TYPE, event.VERSION, body) == event
    assert encode(decode(event.TYPE, event.VERSION, body)) == body


@given(st.one_of([events(cls) for cls in TYPES.values()]))
def test_a_body_is_compact_json_with_unescaped_text(event: Any) -> None:
    body = encode(event)
    assert json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).count(",") == body.count(",")
    assert list(json.loads(body)) == [field.name.rstrip("_") for field in fields(event)]


@given(INSTANTS, INSTANTS)
def test_instants_as_text_sort_by_time(one: datetime, other: datetime) -> None:
    assert (as_text(one) < as_text(other)) == (one < other)


@given(INSTANTS, st.integers(-12 * 60, 14 * 60))
def test_an_instant_is_the_same_from_every_zone(at: datetime, offset_min: int) -> None:
    elsewhere = at.astimezone(timezone(timedelta(minutes=offset_min)))
    assert as_text(elsewhere) == as_text(at)
    assert as_instant(as_text(at)) == at
    assert as_instant(as_text(at)).tzinfo is not None


def test_an_instant_has_milliseconds_and_a_zone() -> None:
    assert as_text(datetime(2026, 11, 24, 2, 30, 0, 7999, tzinfo=UTC)) == "2026-11-24T02:30:00.007Z"
    assert as_date("2026-11-24").isoformat() == "2026-11-24"


@pytest.mark.parametrize(("kind", "version"), [("TicketTeleported", 1), ("TicketIssued", 99)])
def test_an_event_of_a_newer_hall_is_not_guessed_at(kind: str, version: int) -> None:
    with pytest.raises(UnknownEvent, match=f"{kind} version {version} is not known here; a newer Hall wrote it"):
        decode(kind, version, "{}")


@pytest.mark.parametrize("body", ["", "{}", '{"business_date":"someday"}', "[]"])
def test_a_damaged_body_is_not_read(body: str) -> None:
    with pytest.raises(ValidationError):
        decode("DayClosed", 1, body)
