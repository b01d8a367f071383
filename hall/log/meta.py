"""Facts about the database itself: which life it is in, and the key of its secrets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from hall.log.metadata import writing
from hall.log.tables import META

EPOCH_BYTES = 8
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Meta:
    """`epoch` names this life of the database: what a screen remembers of another one is worth nothing here.

    `key` is what the secrets of phone pages are made with; whoever has it can make them all.
    """

    epoch: str
    key: bytes


def load_meta(engine: Engine) -> Meta:
    """The facts of this database, made on first use and the same ever after. The tables must be there."""
    try:
        with writing(engine).begin() as connection:
            return Meta(
                fact(connection, "epoch", secrets.token_hex(EPOCH_BYTES)),
                bytes.fromhex(fact(connection, "key", secrets.token_hex(KEY_BYTES))),
            )
    except IntegrityError:  # another process made them a moment ago
        with writing(engine).begin() as connection:
            return Meta(known_fact(connection, "epoch"), bytes.fromhex(known_fact(connection, "key")))


def renew_epoch(engine: Engine) -> str:
    """Begin a new life, after a restore: every screen then starts from a snapshot. The key stays, and so do links."""
    epoch = secrets.token_hex(EPOCH_BYTES)
    with writing(engine).begin() as connection:
        connection.execute(delete(META).where(META.c.name == "epoch"))
        connection.execute(insert(META).values(name="epoch", value=epoch))
    return epoch


def tell_address(engine: Engine, url: str) -> None:
    """Say where the server of this database is reached; it is a secret to nobody."""
    with writing(engine).begin() as connection:
        connection.execute(delete(META).where(META.c.name == "address"))
        connection.execute(insert(META).values(name="address", value=url))


def told_address(engine: Engine) -> str | None:
    """Where the server said it is reached; None when there never was one."""
    try:
        with engine.connect() as connection:
            found: str | None = connection.scalar(select(META.c.value).where(META.c.name == "address"))
            return found
    except ProgrammingError:  # no tables yet
        return None


def fact(connection: Connection, name: str, first: str) -> str:
    """The value of a fact; `first` becomes it when there is none."""
    found: str | None = connection.scalar(select(META.c.value).where(META.c.name == name))
    if found is not None:
        return found
    connection.execute(insert(META).values(name=name, value=first))
    return first


def known_fact(connection: Connection, name: str) -> str:
    value: str = connection.execute(select(META.c.value).where(META.c.name == name)).scalar_one()
    return value
