"""A set-up as TOML that loads back equal. Secrets are not in a set-up, so they are not in its file either."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, TypeVar

from hall.day.setup import (
    Area,
    Calling,
    CounterPlan,
    Device,
    Item,
    Member,
    Missed,
    Names,
    Reason,
    Script,
    Series,
    Service,
    Setup,
    VisitorClass,
)
from hall.setup.defaults import without_defaults
from hall.setup.hours import as_hours_table, render_minute

T = TypeVar("T")
ITEM_KEYS = frozenset({"id", "name", "weight"})
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def render_toml(setup: Setup) -> str:
    """The TOML file of a set-up."""
    return "\n".join(_render(as_tables(setup))) + "\n"


def as_tables(setup: Setup) -> dict[str, Any]:
    """The set-up in the shape of its file: sections, entries and keys with the file's words."""
    own = {id for id, service in setup.services.items() if _is_own(setup.series.get(id), service)}
    own_choices = without_defaults(setup)
    tables = {
        "hall": _hall(setup),
        "area": [_area(area) for area in setup.areas.values()],
        "series": [_series(series) for series in setup.series.values() if series.id not in own],
        "service": [_service(service, setup, own=id in own) for id, service in setup.services.items()],
        "class": [_class(one) for one in setup.classes.values()],
        "counter": [_counter(plan, setup) for plan in setup.counters.values()],
        "staff": [_member(one) for one in setup.staff.values()],
        "calling": _calling(setup.calling),
        "missed": _missed(setup.missed),
        "reason": _reasons(own_choices),
        "script": [_script(script) for script in own_choices.scripts.values()],
        "device": [_device(device) for device in setup.devices.values()],
    }
    named = {section: _without_none(value) for section, value in tables.items()}
    return {section: value for section, value in named.items() if value}


def _hall(setup: Setup) -> dict[str, Any]:
    return {
        "id": setup.hall,
        "name": dict(setup.name),
        "timezone": setup.timezone,
        "languages": list(setup.languages),
        "day_starts": render_minute(setup.day_starts_min),
        "public_url": setup.public_url,
        "slip_printer": setup.slip_printer,
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
        "items": [_item(item, place, setup) for place, item in enumerate(service.items, start=1)] or None,
        "hours": None if service.hours is None else as_hours_table(service.hours),
        "skills": _list(service.skills),
    }


def _item(item: Item, place: int, setup: Setup) -> dict[str, Any]:
    """Names beside id and weight; in a table of their own where a language could be taken for one of these keys."""
    clear = ITEM_KEYS.isdisjoint((*setup.languages, *item.name))
    return {
        "id": item.id if item.id != str(place) else None,
        **(item.name if clear else {"name": dict(item.name)}),
        "weight": _unless(_number(item.weight), 1),
    }


def _class(one: VisitorClass) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": dict(one.name),
        "head_start_min": _minutes(one.head_start_s or None),
        "promise_min": _minutes(one.promise_s),
        "series": one.series,
        "rank": one.rank or None,
        "weight": _unless(one.weight, 1),
        "grace_s": one.grace_s or None,
    }


def _counter(plan: CounterPlan, setup: Setup) -> dict[str, Any]:
    return {
        "id": plan.id,
        "name": plan.name,
        "services": _offered(plan.services, setup),
        "area": plan.area or None,
        "first": _list(plan.first),
        "last": _list(plan.last),
        "languages": _list(plan.languages),
        "skills": _list(plan.skills),
        "printer": plan.printer,
    }


def _area(area: Area) -> dict[str, Any]:
    return {"id": area.id, "name": dict(area.name), "arrow": area.arrow, "speaks": area.speaks or None}


def _member(one: Member) -> dict[str, Any]:
    return {
        "login": one.login,
        "name": one.name,
        "role": one.role,
        "languages": _list(one.languages),
        "skills": _list(one.skills),
    }


def _calling(calling: Calling) -> dict[str, Any]:
    """All that is not as usual."""
    usual = Calling()
    return {
        "rule": _unless(calling.rule, usual.rule),
        "cap_min": _minutes(calling.cap_s),
        "promise_min": _minutes(_unless(calling.promise_s, usual.promise_s)),
        "pick": _unless(calling.pick, usual.pick),
        "walk_in": _unless(calling.walk_in, usual.walk_in),
        "postpone_most": _unless(calling.postpone_most, usual.postpone_most),
        "priority_per_hour": calling.priority_per_hour,
        "park_min": _minutes(_unless(calling.park_s, usual.park_s)),
        "infer_start_s": _unless(calling.infer_start_s or 0, usual.infer_start_s),
        "comeback_credit_min": _minutes(calling.comeback_credit_s or None),
        "comeback_days": _unless(calling.comeback_days, usual.comeback_days),
        "line_shown": _unless(calling.line_shown, usual.line_shown),
    }


def _missed(missed: Missed) -> dict[str, Any]:
    """All that is not as usual; here the file has the names of the set-up."""
    return {field.name: _unless(getattr(missed, field.name), field.default) for field in fields(Missed)}


def _reasons(setup: Setup) -> list[dict[str, Any]]:
    """Each reason once, with all it is for, in an order that is right for every kind."""
    kinds: dict[str, list[str]] = {}
    named: dict[str, Reason] = {}
    order: TopologicalSorter[str] = TopologicalSorter()
    for kind, reasons in setup.reasons.items():
        for reason in reasons:
            kinds.setdefault(reason.id, []).append(kind)
            named[reason.id] = reason
            order.add(reason.id)
        for before, after in pairwise(reasons):
            order.add(after.id, before.id)
    return [{"id": id, "for": kinds[id], "name": dict(named[id].name)} for id in order.static_order()]


def _script(script: Script) -> dict[str, Any]:
    steps = {tag: list(lines) for tag, lines in script.steps.items()}
    return {"situation": script.situation, "steps": steps, "minutes": script.minutes}


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
    every = setup.leaves()
    return ["*"] if len(every) > 1 and list(services) == every else list(services)


def _texts(texts: Sequence[Names]) -> list[dict[str, str]] | None:
    return [dict(names) for names in texts] or None


def _list(texts: Sequence[str]) -> list[str] | None:
    return list(texts) or None


def _unless(value: T, usual: T) -> T | None:
    return None if value == usual else value


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _minutes(seconds: int | None) -> int | float | None:
    if seconds is None:
        return None
    return seconds // 60 if seconds % 60 == 0 else seconds / 60


def _without_none(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_none(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_none(entry) for key, entry in value.items() if entry is not None}


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
    """Names and steps become one dotted key a language, everything else one line."""
    if key in ("name", "steps") and isinstance(value, dict) and value:
        yield from (f"{key}.{_key(tag)} = {_value(text)}" for tag, text in value.items())
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
