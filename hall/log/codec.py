"""Events to text and back, for ever.

A body is the canonical JSON of an event's fields: what is written is what is hashed, so a body is never re-encoded. Old
shapes are lifted by upcasters before they are read as today's class.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, get_args

from pydantic import ConfigDict, TypeAdapter, with_config

from hall.day import events as e


@lru_cache(maxsize=256)  # an instant is written into several rows, events and answers
def as_text(at: datetime) -> str:
    """An instant as the text that all rows and answers carry: UTC, milliseconds, `Z`; such texts sort by time."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# A Python keyword cannot name a field, so `class_` is written as `class`.
CONFIG = ConfigDict(alias_generator=lambda name: name.rstrip("_"), ser_json_inf_nan="null")
NESTED = (
    e.Estimate,
    e.PassedOver,
    e.Why,
    e.PlannedTurn,
    e.NextTurn,
    e.MissedCall,
    e.Comeback,
    e.CarriedCounter,
    e.CarriedTicket,
    e.CarriedNumber,
)
TYPES: dict[str, type] = {cls.TYPE: cls for cls in get_args(e.Event)}

for nested in (*NESTED, *TYPES.values()):
    with_config(CONFIG)(nested)

# (type, version) -> the fields as the next version has them.
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("DayOpened", 1): lambda old: {**old, "tickets": [carried_v2(one) for one in old["tickets"]], "comebacks": []},
    ("DayOpened", 2): lambda old: {**old, "tickets": [carried_v3(one) for one in old["tickets"]]},
    ("TicketIssued", 1): lambda old: {**old, "planned": [], "comeback": None},
    ("TicketCalled", 1): lambda old: {**old, "why": why_v2(old["why"])},
    ("TicketFinished", 1): lambda old: {**old, "work": None, "reason": None, "comeback": None, "next": None},
    ("TicketMissed", 1): lambda old: {**old, "deliveries": 0, "override": None, "expires_at": None},
    ("TicketFinishUndone", 1): lambda old: {**old, "next_turn": None, "state": "serving"},
    ("TicketMissUndone", 1): lambda old: {**old, "call": None},
    ("VisitDiverted", 1): lambda old: {**old, "count": 1},
    ("PaperRequested", 1): lambda old: {**old, "kind": "ticket"},
}


def why_v2(old: dict[str, Any]) -> dict[str, Any]:
    return {**old, "chosen_by": "rule", "reason": None, "round": [], "round_of": ""}


def carried_v2(old: dict[str, Any]) -> dict[str, Any]:
    return {**old, "why": why_v2(old["why"]), "planned": [], "misses": 0, "postponed": 0}


def carried_v3(old: dict[str, Any]) -> dict[str, Any]:
    turn = {"to": "", "since": old["claim_at"], "last_call_at": old["called_at"], "inferred": False}
    return {**old, **turn, "deliveries": 0, "delivered_call": 0, "delivered_at": None}


@cache
def adapter_of(kind: str) -> TypeAdapter[Any]:
    """What reads and writes a type; made when the first one comes by, because a hall never sees most of them."""
    return TypeAdapter(TYPES[kind])


def encode(event: e.Event) -> str:
    """The canonical body of an event: compact JSON, fields in the order of the class, text unescaped."""
    return adapter_of(event.TYPE).serializer.to_json(event, by_alias=True).decode()


def decode(kind: str, version: int, body: str) -> e.Event:
    """The event of a stored body. Raises `UnknownEvent` for a type or version from a newer Hall."""
    newest: int = getattr(TYPES.get(kind), "VERSION", 0)
    if version > newest:
        raise UnknownEvent(f"{kind} version {version} is not known here; a newer Hall wrote it")
    if version == newest:
        event: e.Event = adapter_of(kind).validator.validate_json(body)
        return event
    fields = json.loads(body)
    for old in range(version, newest):
        fields = UPCASTERS[kind, old](fields)
    lifted: e.Event = adapter_of(kind).validate_python(fields)
    return lifted


class UnknownEvent(Exception):
    """A stored event that this version cannot read."""


@lru_cache(maxsize=16)
def as_date(text: str) -> date:
    return date.fromisoformat(text)
