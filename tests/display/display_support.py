"""Boards for the tests of the display."""

from __future__ import annotations

from typing import Any

from tests.screens_support import Json, ago, hall_record


def area(area_id: str, *, arrow: str | None, names: list[str]) -> Json:
    return {
        "id": area_id,
        "name": {"zh-Hans": f"{area_id} 区", "en": f"Area {area_id}"},
        "arrow": arrow,
        "counters": [{"id": name, "name": name} for name in names],
    }


def call(number: str, counter: str, *, at: str, call_no: int = 1, state: str = "called", area_id: str = "1") -> Json:
    return {
        "number": number,
        "counter": counter,
        "counter_name": counter,
        "area": area_id,
        "called_at": at,
        "at": at,
        "call_no": call_no,
        "state": state,
        "order": 0,
    }


def board(**calls: Any) -> Json:
    """Two areas and the given calls, `s12=call(...)` for the turn first called at seq 12."""
    return {
        "hall": hall_record(),
        "area:1": area("1", arrow="left", names=["1", "2", "3", "4"]),
        "area:2": area("2", arrow="right", names=["5", "6", "7", "8"]),
        **{f"call:{key.removeprefix('s')}": record for key, record in calls.items()},
    }


def old_calls(n: int) -> Json:
    """Calls of a while ago, newest first."""
    return {f"s{50 - i}": call(f"B{i:03d}", "2", at=ago(minutes=2 + i), state="closed") for i in range(n)}
