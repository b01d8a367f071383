"""Reads what staff chooses from while at work: items of a service, `[[reason]]` and `[[script]]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast, get_args

from hall.day.setup import Item, Names, Reason, ReasonKind, Script, Situation
from hall.setup import limits
from hall.setup.findings import shown
from hall.setup.reader import Table

ITEM_KEYS = ("id", "name", "weight")


def read_items(table: Table, languages: Sequence[str]) -> tuple[Item, ...]:
    """The items of a service, each a plain name, names by language, or these beside `id` and `weight`."""
    values = table.data.get("items", [])
    if not isinstance(values, list) or len(values) > limits.MAX_TEXTS:
        allowed = f"a list of at most {limits.MAX_TEXTS} items"
        table.report.mistake((*table.where, "items"), f"found {shown(values)}; allowed is {allowed}")
        return ()
    items = [read_item(table, place, value, languages) for place, value in enumerate(values, start=1)]
    refuse_twins(table, items)
    return tuple(items)


def read_item(table: Table, place: int, value: object, languages: Sequence[str]) -> Item:
    """One item; without an id it is known by its place in the list, "1" being the first."""
    if not isinstance(value, dict):
        return Item(str(place), table.names_at(("items", str(place)), value, languages))
    entry = Table(value, (*table.where, "items", str(place)), table.report)
    own = own_keys(value, languages)
    return Item(
        id=(entry.form("id", limits.ID, limits.ID_FORM, required=False) if "id" in own else None) or str(place),
        name=item_name(entry, own, languages),
        weight=entry.number("weight", most=limits.MAX_ITEM_WEIGHT, default=1.0) if "weight" in own else 1.0,
    )


def own_keys(value: Mapping[str, object], languages: Sequence[str]) -> tuple[str, ...]:
    """Which keys are the item's own. Beside languages, "id" is Indonesian where the hall speaks it."""
    return ITEM_KEYS if "name" in value else tuple(key for key in ITEM_KEYS if key not in languages)


def item_name(entry: Table, own: Sequence[str], languages: Sequence[str]) -> Names:
    if entry.has("name"):
        entry.refuse_unknown(ITEM_KEYS)
        return entry.names("name", languages)
    return entry.names_at((), {tag: text for tag, text in entry.data.items() if tag not in own}, languages)


def refuse_twins(table: Table, items: Iterable[Item]) -> None:
    places: dict[str, int] = {}
    for place, item in enumerate(items, start=1):
        first = places.setdefault(item.id, place)
        if first != place:
            text = f'"{item.id}" is the id of item {first} already; an item without id has its place as id'
            table.report.mistake((*table.where, "items", str(place), "id"), text)


def read_reason(table: Table, id: str, languages: Sequence[str]) -> tuple[Reason, tuple[ReasonKind, ...]]:
    """A reason, and what it is for."""
    table.refuse_unknown(("id", "for", "name"))
    kinds = table.choices("for", get_args(ReasonKind))
    return Reason(id, table.names("name", languages)), cast("tuple[ReasonKind, ...]", kinds)


def by_kind(read: Iterable[tuple[Reason, tuple[ReasonKind, ...]]]) -> dict[ReasonKind, tuple[Reason, ...]]:
    """The reasons of each kind that is named, in the order of the file."""
    found: dict[ReasonKind, tuple[Reason, ...]] = {}
    for reason, kinds in read:
        for kind in kinds:
            found[kind] = (*found.get(kind, ()), reason)
    return found


def read_script(table: Table, situation: str, languages: Sequence[str]) -> Script:
    """What staff does in a situation."""
    table.refuse_unknown(("situation", "steps", "minutes"))
    if not situation.startswith("#"):
        table.choice("situation", get_args(Situation))
    return Script(
        situation=cast("Situation", situation),
        steps=table.steps("steps", languages, most=limits.MAX_STEPS, limit=limits.MAX_STEP_LENGTH),
        minutes=table.integer_or_none("minutes", least=1, most=limits.MAX_MINUTES),
    )
