"""Tokens of devices and programs: they do not run out with the day, they are revoked.

A token has 256 random bits, so a plain SHA-256 is enough to store it. A set-up file may bring its own token for a
device; such a token is as strong as whoever wrote it made it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from hall.log.metadata import writing
from hall.people.accounts import EVERY_HALL
from hall.people.permissions import DEVICE_ROLES, Role
from hall.people.tables import TOKEN

TokenKind = Literal["device", "api"]

PREFIX = "hall_"
FROM_FILE = "set-up file"
MAX_LISTED = 5000


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed: everything but the token itself."""

    id: str
    hall: str
    role: Role
    kind: TokenKind
    device: str | None
    note: str
    created_at: datetime
    revoked_at: datetime | None


class TokenTaken(Exception):
    """Another device, of this or another hall, has the same token."""

    def __init__(self, hall: str, device: str) -> None:
        self.hall = hall
        self.device = device
        super().__init__(f'the token of device "{device}" of hall "{hall}" is in use elsewhere')


def new_token() -> str:
    """A fresh token: letters, digits, `_` and `-`, good for headers, links and socket protocols."""
    return PREFIX + secrets.token_urlsafe(32)


def new_id() -> str:
    """A short random id, for tokens in lists and for incidents in the log file."""
    return secrets.token_hex(6)


def digest_of(token: str) -> str:
    """SHA-256 in hex; the only form in which a token is stored."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def create_token(
    connection: Connection,
    *,
    hall: str,
    role: Role,
    device: str | None,
    note: str,
    now: datetime,
    token: str | None = None,
) -> tuple[str, Token]:
    """Stores a new token and returns it, which nobody can read again; `token` when it was chosen elsewhere."""
    kind: TokenKind = "device" if role in DEVICE_ROLES else "api"
    made = Token(new_id(), hall, role, kind, device, note, now, None)
    text = token or new_token()
    row = {column: getattr(made, column) for column in Token.__slots__}
    connection.execute(insert(TOKEN).values(token_hash=digest_of(text), **row))
    return text, made


@contextmanager
def passing_token(engine: Engine, now: datetime) -> Iterator[str]:
    """A token of an admin for as long as the block runs: whoever can write to the database may ask its server."""
    with writing(engine).begin() as connection:
        token, made = create_token(connection, hall=EVERY_HALL, role="admin", device=None, note="command line", now=now)
    try:
        yield token
    finally:
        with writing(engine).begin() as connection:
            connection.execute(delete(TOKEN).where(TOKEN.c.id == made.id))


def load_token(connection: Connection, token_hash: str) -> Token | None:
    """The token with this hash that is not revoked."""
    row = connection.execute(
        select(TOKEN).where(TOKEN.c.token_hash == token_hash, TOKEN.c.revoked_at.is_(None))
    ).first()
    return None if row is None else _as_token(row)


def load_tokens(connection: Connection, hall: str | None = None) -> list[Token]:
    """The tokens of a hall, or all, oldest first, revoked ones included."""
    query = select(TOKEN).order_by(TOKEN.c.created_at, TOKEN.c.id).limit(MAX_LISTED)
    rows = connection.execute(query if hall is None else query.where(TOKEN.c.hall == hall))
    return [_as_token(row) for row in rows]


def revoke_token(connection: Connection, id: str, *, now: datetime, hall: str | None = None) -> Token | None:
    """Revokes a token (of this hall, when one is given) and returns it; None when there is no such one in force."""
    match = (TOKEN.c.id == id) & TOKEN.c.revoked_at.is_(None)
    if hall is not None:
        match &= TOKEN.c.hall == hall
    row = connection.execute(select(TOKEN).where(match)).first()
    connection.execute(update(TOKEN).where(match).values(revoked_at=now))
    return None if row is None else _as_token(row)


def install_device_tokens(
    connection: Connection, hall: str, roles: Mapping[str, Role], given: Mapping[str, str], *, now: datetime
) -> None:
    """Makes the tokens of a set-up file the ones in force; `roles` are the devices of the hall, `given` their tokens.

    Tokens made otherwise are left alone, and a token that was revoked stays so. Raises TokenTaken.
    """
    kept = {digest_of(token) for device, token in given.items() if device in roles}
    _revoke_from_file(connection, hall, kept, now)
    for device, token in given.items():
        row = connection.execute(select(TOKEN).where(TOKEN.c.token_hash == digest_of(token))).first()
        if row is None:
            role = roles[device]
            create_token(connection, hall=hall, role=role, device=device, note=FROM_FILE, now=now, token=token)
        elif (row.hall, row.device, row.role) != (hall, device, roles[device]):
            raise TokenTaken(hall, device)


def _revoke_from_file(connection: Connection, hall: str, kept: Collection[str], now: datetime) -> None:
    gone = (TOKEN.c.hall == hall) & (TOKEN.c.note == FROM_FILE) & TOKEN.c.revoked_at.is_(None)
    connection.execute(update(TOKEN).where(gone & TOKEN.c.token_hash.not_in(kept)).values(revoked_at=now))


def _as_token(row: Row[Any]) -> Token:
    return Token(**{column: row._mapping[column] for column in Token.__slots__})
