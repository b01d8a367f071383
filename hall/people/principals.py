"""Who is asking: found in the database, then remembered for half a minute, so that a hot route costs microseconds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hall.people.accounts import EVERY_HALL
from hall.people.permissions import Role

PrincipalKind = Literal["staff", "device", "api"]

REMEMBERED_FOR = timedelta(seconds=30)
MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Principal:
    """A person, device or program that proved itself. `id` is the login, the device, or the id of the token."""

    kind: PrincipalKind
    id: str
    role: Role
    hall: str
    permissions: frozenset[str]
    counter: str | None = None
    device: str | None = None
    login: str | None = None
    name: str | None = None
    expires_at: datetime | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_at(self, hall: str) -> bool:
        """True when this hall is theirs."""
        return self.hall in (hall, EVERY_HALL)


class PrincipalCache:
    """Principals by the hash of their token, each for at most 30 s and never beyond its own end."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, tuple[Principal, datetime]] = OrderedDict()
        self.generation = 0

    def get(self, token_hash: str, now: datetime) -> Principal | None:
        """The principal when it is still fresh at `now`."""
        entry = self._entries.get(token_hash)
        if entry is None:
            return None
        principal, until = entry
        return principal if now < until else None

    def put(self, token_hash: str, principal: Principal, now: datetime, generation: int) -> None:
        """Remembers a principal; the one remembered first makes room.

        `generation` is that of before the database was read: what was forgotten meanwhile is not remembered again.
        """
        if generation != self.generation:
            return
        until = now + REMEMBERED_FOR
        until = until if principal.expires_at is None else min(until, principal.expires_at)
        self._entries[token_hash] = (principal, until)
        self._entries.move_to_end(token_hash)
        if len(self._entries) > MAX_REMEMBERED:
            self._entries.popitem(last=False)

    def forget(self, token_hash: str) -> None:
        self.generation += 1
        self._entries.pop(token_hash, None)

    def forget_all(self) -> None:
        """After a change to accounts or tokens: everybody is looked up anew."""
        self.generation += 1
        self._entries.clear()
