"""A set-up as TOML that loads back equal. Secrets are not in a set-up, so they are not in its file either."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hall.day.setup import Calling, Device, Missed, Names, Series, Service, Setup
from hall.setup.hours import as_hours_table, render_minute

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def render_toml(setup: Setup) -> str:
    """The TOML file of a set-up."""
    return "\n".join(_render(as_tables(setup))) + "\n"


def as_tables(setup: Setup) -> dict[str, Any]:
    """The set-up in the shape of its file: sections, entries and keys with the file's words."""
    own = {id for id, service in setup.services.items() if _is_own(setup.series.get(id), service)}
    tables = {
        "hall": _hall(setup),
        "area": [{"id": area.id, "name": dict(area.name), "arrow": area.arrow} for area in setup.areas.values()],
        "series": [_series(series) for series in setup.series.values() if series.id not in own],
        "service": [_service(service, setup, own=id in own) for id, service in setup.services.items()],
        "class": [
            {
                "id": one.id,
                "name": dict(one.name),
                "head_start_min": _minutes(one.head_start_s or None),
                "promise_min": _minutes(one.promise_s),
                "series": one.series,
            }
            for one in setup.classes.values()
        ],
        "counter": [
            {"id": plan.id, "name": plan.name, "services": _offered(plan.services, setup), "area": plan.area or None}
            for plan in setup.counters.values()
        ],
        "staff": [{"login": one.login, "name": one.name, "role": one.role} for one in setup.staff.values()],
        "calling": {"rule": setup.calling.rule} if setup.calling != Calling() else {},
        "missed": {"return_min": setup.missed.return_min} if setup.missed != Missed() else {},
        "device": [_device(device) for device in setup.devices.values()],
    }
    return {section: _without_none(value) for section, value in tables.items() if value}


def _hall(setup: Setup) -> dict[str, Any]:
    return {
        "id": setup.hall,
        "name": dict(setup.name),
        "timezone": setup.timezone,
        "languages": list(setup.languages),
        "day_starts": render_minute(setup.day_starts_min),
        "public_url": setup.public_url,
        "hours": None if setup.hours is None else as_hours_table(setup.hours),
    }


def _series(series: Series) -> dict[str, Any]:
    return {"id": series.id, "prefix": series.prefix, "first": series.first, "last": series.last}


def _is_own(series: Series | None, service: Service) -> bool:
    """True when `prefix` at the service says all about the series."""
    return series is not None and service.series == series.id and series == Series(series.id, series.prefix)


def _service(service: Service, setup: Setup, *, own: bool) -> dict[str, Any]:
    return {
        "id": service.id,
        "name": dict(service.name),
        "prefix": setup.series[service.series].prefix if own else None,
        "series": None if own else service.series or None,
        "parent": service.parent,
        "promise_min": _minutes(service.promise_s),
        "expected_service_min": _minutes(service.expected_service_s),
        "documents": _texts(service.documents),
        "items": _texts(service.items),
        "hours": None if service.hours is None else as_hours_table(service.hours),
    }


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "kind": device.kind,
        "area": device.area or None,
        "url": device.url,
        "width_dots": device.width_dots if device.kind == "printer" else None,
        "printer": device.printer,
    }


def _offered(services: Sequence[str], setup: Setup) -> list[str]:
    every = [id for id in setup.services if not setup.is_heading(id)]
    return ["*"] if len(every) > 1 and list(services) == every else list(services)


def _texts(texts: Sequence[Names]) -> list[dict[str, str]] | None:
    return [dict(names) for names in texts] or None


def _minutes(seconds: int | None) -> int | float | None:
    if seconds is None:
        return None
    return seconds // 60 if seconds % 60 == 0 else seconds / 60


def _without_none(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_none(entry) for entry in value]
    return {key: entry for key, entry in value.items() if entry is not None} if isinstance(value, dict) else value


def _render(tables: Mapping[str, Any]) -> Iterator[str]:
    blank = False
    for section, value in tables.items():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            if blank:
                yield ""
            blank = True
            yield f"[[{section}]]" if isinstance(value, list) else f"[{section}]"
            for key, field in entry.items():
                yield from _field(key, field)


def _field(key: str, value: Any) -> Iterator[str]:
    """Names become one dotted key a language, everything else one line."""
    if key == "name" and isinstance(value, dict) and value:
        yield from (f"name.{_key(tag)} = {_value(text)}" for tag, text in value.items())
    else:
        yield f"{key} = {_value(value)}"


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_value(entry)}" for key, entry in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    # A JSON string is a TOML basic string, as long as DEL, which no text here may hold, does not occur.
    return json.dumps(value, ensure_ascii=False)
