"""A set-up as canonical JSON, the form in which versions are stored, digested and compared.

Parts that are keyed in memory become lists here, because the order of services, classes and counters means something.
Values at their default are left out, so that a field added later changes no digest. Neither the version, nor the
digest, nor any secret is part of a document.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from hall.day.setup import Member, Setup

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
    bare = replace(setup, version=0, digest="", staff={login: _bare(member) for login, member in setup.staff.items()})
    data: dict[str, Any] = ADAPTER.dump_python(bare, mode="json", exclude_defaults=True)
    for section in KEYED.keys() & data.keys():
        data[section] = list(data[section].values())
    # Series are declared in several places of a file, so their order is chance.
    data["series"].sort(key=lambda series: series["id"])
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_setup(document: str, *, version: int = 0, digest: str = "") -> Setup:
    """The set-up that a document holds."""
    data = json.loads(document)
    for section, key in KEYED.items():
        data[section] = {entry[key]: entry for entry in data.get(section, [])}
    return ADAPTER.validate_python({**data, "version": version, "digest": digest})


def digest_of(setup: Setup) -> str:
    """SHA-256 of the document, in hex."""
    return sha256(as_document(setup).encode()).hexdigest()


def _bare(member: Member) -> Member:
    return replace(member, secret=None)
