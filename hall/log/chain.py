"""The hash chain: each event's hash covers its envelope, its body as stored, and the hash before it.

Whoever changes, drops, inserts or swaps an event must recompute every later hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from pydantic_core import to_json

from hall.day.events import Actor, Recorded
from hall.log.codec import as_date, as_instant, as_text, decode, encode

GENESIS = "0" * 64


@dataclass(slots=True)
class Stored:
    """An event as the log keeps it: envelope and body as text, and the hash that seals both.

    Not frozen, because a start makes one for every event of the day and freezing takes most of that time.
    """

    hall: str
    seq: int
    at: str
    business_date: str
    type: str
    version: int
    command_id: str
    actor_kind: str
    actor_id: str
    door: str
    setup_version: int
    body: str
    hash: str

    def sealed_fields(self) -> list[str | int]:
        return [
            self.hall,
            self.seq,
            self.at,
            self.business_date,
            self.type,
            self.version,
            self.command_id,
            self.actor_kind,
            self.actor_id,
            self.door,
            self.setup_version,
            self.body,
        ]


def hash_of(previous: str, fields: list[str | int]) -> str:
    """SHA-256 over the compact JSON array of the previous hash and the envelope, in the order of `Stored`."""
    return sha256(to_json([previous, *fields])).hexdigest()


def seal(recorded: Recorded, previous: str) -> Stored:
    """The stored form of an event that follows the one with hash `previous`."""
    event, actor = recorded.event, recorded.actor
    fields: list[str | int] = [
        recorded.hall,
        recorded.seq,
        as_text(recorded.at),
        recorded.business_date.isoformat(),
        event.TYPE,
        event.VERSION,
        recorded.command_id,
        actor.kind,
        actor.id,
        recorded.door,
        recorded.setup_version,
        encode(event),
    ]
    return Stored(*[*fields, hash_of(previous, fields)])  # type: ignore[arg-type]


def open_seal(stored: Stored) -> Recorded:
    """The event with its envelope, as the heart knows it."""
    return Recorded(
        hall=stored.hall,
        seq=stored.seq,
        at=as_instant(stored.at),
        business_date=as_date(stored.business_date),
        event=decode(stored.type, stored.version, stored.body),
        command_id=stored.command_id,
        actor=actor_of(stored.actor_kind, stored.actor_id),
        door=stored.door,  # type: ignore[arg-type]
        setup_version=stored.setup_version,
    )


@lru_cache(maxsize=256)
def actor_of(kind: str, id: str) -> Actor:
    return Actor(kind, id)  # type: ignore[arg-type]
