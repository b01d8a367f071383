"""A counter in the states a desk can find it in."""

from __future__ import annotations

from typing import Any

from tests.screens_support import Json, ago, hall_record

SERVICES = {"A": ("综合业务", "General service"), "B": ("缴费充值", "Payments"), "C": ("宽带业务", "Broadband")}
PROMISES_S = {"A": 900, "B": 600, "C": 1200, "S": 300}


def counter(state: str = "open", **changes: Any) -> Json:
    return {
        "id": "3",
        "name": "3",
        "area": "1",
        "state": state,
        "staff": "wang",
        "staff_name": "王敏",
        "services": list(SERVICES),
        "reason": None,
        "since": ago(minutes=12.5),
        **changes,
    }


def current(state: str, **changes: Any) -> Json:
    return {
        "ticket": "t47",
        "number": "A047",
        "serial": 1047,
        "service": "A",
        "class": "elder",
        "language": "zh-Hans",
        "state": state,
        "issued_at": ago(minutes=16),
        "claim_at": ago(minutes=16),
        "called_at": ago(minutes=4, seconds=40),
        "last_call_at": ago(seconds=38),
        "started_at": ago(seconds=272) if state == "serving" else None,
        "call_no": 1,
        "promise_s": 900,
        "expected_service_s": 480,
        "device": "kiosk-1",
        "why": {"rule": "head_start", "rule_version": 1, "score": 680, "passed_over": []},
        **changes,
    }


def waiting(number: str, *, minutes: float, order: int = 0) -> Json:
    """A record of the line, under its key."""
    turn = {
        "ticket": f"t-{number}",
        "number": number,
        "service": number[0],
        "class": "ordinary",
        "claim_at": ago(minutes=minutes),
        "promise_s": PROMISES_S[number[0]],
        "language": "zh-Hans",
        "order": order,
    }
    return {f"waiting:t-{number}": turn}


def desk(*records: Json, state: str = "open", now: Json | None = None) -> Json:
    """The desk view: the counter, perhaps its visitor, and whatever else is given."""
    merged: Json = {
        "hall": hall_record(),
        "counter": counter(state),
        "today": {"served": 14, "waiting": 0},
        "class:ordinary": {"id": "ordinary", "name": {"zh-Hans": "普通", "en": "Ordinary"}},
        "class:elder": {"id": "elder", "name": {"zh-Hans": "老年优先", "en": "Seniors"}},
    }
    for letter, (chinese, english) in SERVICES.items():
        name = {"zh-Hans": chinese, "en": english}
        service = {"id": letter, "name": name, "letter": letter, "waiting": 0, "expected_service_s": 480}
        merged[f"service:{letter}"] = service
    for more in records:
        merged |= more
    return merged | ({"current": now} if now else {})
