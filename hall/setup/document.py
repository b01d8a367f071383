"""A set-up as canonical JSON, the form in which versions are stored, digested and compared.

Parts that are keyed in memory become lists here, because the order of services, classes and counters means something.
Values at their default are left out, so that a field added later changes no digest. Neither the version, nor the
digest, nor any secret is part of a document, and neither are reasons and scripts that are as usual.

An item of a service that is a name alone is stored as that: so documents from before items had ids and weights are
read, and their digests are still right.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from hall.day.setup import Member, Setup
from hall.setup.defaults import with_defaults, without_defaults

ADAPTER = TypeAdapter(Setup)
KEYED = {
    "areas": "id",
    "series": "id",
    "services": "id",
    "classes": "id",
    "counters": "id",
    "staff": "login",
    "devices": "id",
}


def as_document(setup: Setup) -> str:
    """The canonical JSON of a set-up: the same text for the same set-up, whatever file it came from."""
    staff = {login: _bare(member) for login, member in setup.staff.items()}
    bare = replace(without_defaults(setup), version=0, digest="", staff=staff)
    data: dict[str, Any] = ADAPTER.dump_python(bare, mode="json", exclude_defaults=True)
    for section in KEYED.keys() & data.keys():
        data[section] = list(data[section].values())
    for service in data.get("services", ()):
        if "items" in service:
            service["items"] = [_plain_item(item, place) for place, item in enumerate(service["items"], start=1)]
    # Series are declared in several places of a file, so their order is chance.
    data["series"].sort(key=lambda series: series["id"])
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_setup(document: str, *, version: int = 0, digest: str = "") -> Setup:
    """The set-up that a document holds."""
    data = json.loads(document)
    for service in data.get("services", ()):
        service["items"] = [_whole_item(item, place) for place, item in enumerate(service.get("items", ()), start=1)]
    for section, key in KEYED.items():
        data[section] = {entry[key]: entry for entry in data.get(section, [])}
    return with_defaults(ADAPTER.validate_python({**data, "version": version, "digest": digest}))


def digest_of(setup: Setup) -> str:
    """SHA-256 of the document, in hex."""
    return sha256(as_document(setup).encode()).hexdigest()


def _plain_item(item: dict[str, Any], place: int) -> dict[str, Any]:
    """An item as stored: its name alone when its id is its place and it weighs 1."""
    return dict(item["name"]) if item["id"] == str(place) and "weight" not in item else item


def _whole_item(stored: dict[str, Any], place: int) -> dict[str, Any]:
    return stored if isinstance(stored.get("name"), dict) else {"id": str(place), "name": stored}


def _bare(member: Member) -> Member:
    return replace(member, secret=None)
