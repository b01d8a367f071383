"""Sessions of people who signed in. The token is random and shown once; only its SHA-256 is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from hall.people.accounts import Account
from hall.people.permissions import Role
from hall.people.tables import ACCOUNT, SESSION
from hall.people.tokens import digest_of, new_token

SESSION_LENGTH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in, perhaps at a counter."""

    hall: str
    login: str
    name: str
    role: Role
    counter: str | None
    expires_at: datetime


def start_session(
    connection: Connection, account: Account, *, counter: str | None, now: datetime
) -> tuple[str, Session]:
    """Opens a session of 12 h and returns its token, which nobody can read again."""
    token = new_token()
    session = Session(account.hall, account.login, account.name, account.role, counter, now + SESSION_LENGTH)
    row = {
        "token_hash": digest_of(token),
        "hall": session.hall,
        "login": session.login,
        "role": session.role,
        "counter": counter,
        "created_at": now,
        "expires_at": session.expires_at,
    }
    connection.execute(insert(SESSION).values(row))
    return token, session


def load_session(connection: Connection, token_hash: str, now: datetime) -> Session | None:
    """The session of a token, None when it ended or its account may not sign in any more."""
    query = (
        select(SESSION.c.hall, SESSION.c.login, ACCOUNT.c.name, SESSION.c.role, SESSION.c.counter, SESSION.c.expires_at)
        .join(ACCOUNT, (ACCOUNT.c.hall == SESSION.c.hall) & (ACCOUNT.c.login == SESSION.c.login))
        .where(SESSION.c.token_hash == token_hash, SESSION.c.expires_at > now)
        .where(ACCOUNT.c.active, ACCOUNT.c.role == SESSION.c.role)
    )
    row = connection.execute(query).first()
    return None if row is None else Session(**row._mapping)


def end_session(connection: Connection, token_hash: str) -> None:
    """The token is worth nothing from now on."""
    connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash))


def end_sessions_of(connection: Connection, hall: str, login: str) -> None:
    """Signs a person out everywhere."""
    connection.execute(delete(SESSION).where(SESSION.c.hall == hall, SESSION.c.login == login))


def delete_ended(connection: Connection, now: datetime) -> None:
    """Forgets sessions whose time is over."""
    connection.execute(delete(SESSION).where(SESSION.c.expires_at <= now))
