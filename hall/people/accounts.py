"""Accounts of people, as rows. Nothing here judges a secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from hall.people.permissions import Role
from hall.people.tables import ACCOUNT

EVERY_HALL = "*"
MAX_LISTED = 5000


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in at one hall, or at every hall (`*`)."""

    hall: str
    login: str
    name: str
    role: Role
    created_at: datetime
    secret_hash: str | None = field(default=None, repr=False)
    file_hash: str | None = field(default=None, repr=False)
    from_file: bool = False
    active: bool = True


def load_account(connection: Connection, hall: str, login: str) -> Account | None:
    """The account of this very hall, active or not."""
    row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.hall == hall, ACCOUNT.c.login == login)).first()
    return None if row is None else _as_account(row)


def load_accounts_of(connection: Connection, login: str, hall: str | None, *, most: int) -> list[Account]:
    """The active accounts that a login may mean: at `hall` those of the hall and of every hall, else all of them."""
    query = (
        select(ACCOUNT).where(ACCOUNT.c.login == login, ACCOUNT.c.active).order_by(ACCOUNT.c.hall.desc()).limit(most)
    )
    if hall is not None:
        query = query.where(ACCOUNT.c.hall.in_([hall, EVERY_HALL]))
    return [_as_account(row) for row in connection.execute(query)]


def load_accounts(connection: Connection, hall: str) -> list[Account]:
    """All accounts of a hall, by login."""
    query = select(ACCOUNT).where(ACCOUNT.c.hall == hall).order_by(ACCOUNT.c.login).limit(MAX_LISTED)
    return [_as_account(row) for row in connection.execute(query)]


def save_account(connection: Connection, account: Account) -> None:
    """Inserts the account, or changes the one of that hall and login; its `created_at` stays."""
    row = {
        "name": account.name,
        "role": account.role,
        "secret_hash": account.secret_hash,
        "file_hash": account.file_hash,
        "from_file": account.from_file,
        "active": account.active,
    }
    if load_account(connection, account.hall, account.login) is None:
        key = {"hall": account.hall, "login": account.login, "created_at": account.created_at}
        connection.execute(insert(ACCOUNT).values({**key, **row}))
    else:
        same = (ACCOUNT.c.hall == account.hall) & (ACCOUNT.c.login == account.login)
        connection.execute(update(ACCOUNT).where(same).values(row))


def deactivate_accounts(connection: Connection, hall: str, logins: Iterable[str]) -> None:
    """These people may not sign in any more."""
    for login in logins:
        same = (ACCOUNT.c.hall == hall) & (ACCOUNT.c.login == login)
        connection.execute(update(ACCOUNT).where(same).values(active=False))


def _as_account(row: Row[Any]) -> Account:
    return Account(**row._mapping)
