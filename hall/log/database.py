"""The one place that knows databases: how an engine is opened, and how a file is held by one server alone."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, func, make_url, select

LOCK = 0x68616C6C20686F6C  # "hall hol"; PostgreSQL keeps the locks of its databases apart
BUSY_TIMEOUT_S = 10
MERGE_TIMEOUT_S = 1


def open_engine(url: str) -> Engine:
    """An engine for this database URL. SQLite runs in WAL and syncs every commit to the disk.

    Its errors tell no parameters: among them are names, phones and secrets, and errors are logged.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(as_psycopg(url), pool_size=4, max_overflow=4, pool_pre_ping=True, hide_parameters=True)
    in_threads = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    engine = create_engine(url, connect_args=in_threads, hide_parameters=True)
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def checkpoint(engine: Engine, how: str) -> int:
    """Merge SQLite's write-ahead log into the file; returns the pages that the log holds, 0 when it was truncated.

    Readers that are in the way are waited for a moment only: nobody can write meanwhile.
    """
    connection = engine.raw_connection()
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={MERGE_TIMEOUT_S * 1000}")
        cursor.execute(f"PRAGMA wal_checkpoint({how})")
        row = cursor.fetchone()
        return int(row[1]) if row is not None else 0
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
        connection.close()


def begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def as_psycopg(url: str) -> str:
    """The URL with our driver, whichever way the operator wrote it."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


# What every connection to SQLite is told. Its log is merged into the file by `checkpoint`, not inside a commit; what
# is erased is overwritten.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "wal_autocheckpoint=0",
)


def prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def sqlite_file(url: str) -> Path | None:
    """The file behind a SQLite URL; None for other databases and for memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database)).resolve()


class AlreadyServed(Exception):
    """Another process serves this database."""


def shown(url: str) -> str:
    """A database as an operator knows it: the file, else the URL without its password."""
    return str(sqlite_file(url) or make_url(url).render_as_string(hide_password=True))


@contextmanager
def hold(url: str) -> Iterator[Path | None]:
    """Keep every other process that writes off this database while the block runs; raises `AlreadyServed`.

    The lock falls with the process, however it ends. For a SQLite file it is a file beside it, which is yielded: there
    the server may say how to reach it. On PostgreSQL it is an advisory lock of a session of its own.
    """
    file = sqlite_file(url)
    if file is not None:
        with hold_file(file) as path:
            yield path
    elif make_url(url).get_backend_name() == "postgresql":
        with hold_session(url):
            yield None
    else:
        yield None


@contextmanager
def hold_session(url: str) -> Iterator[None]:
    engine = create_engine(as_psycopg(url), poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    with engine.connect() as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(LOCK))):
            raise AlreadyServed(f"{shown(url)} is served by another process")
        yield


@contextmanager
def of_one_instant(engine: Engine) -> Iterator[Engine]:
    """The database as it is now, however long it is read and whatever is written meanwhile; PostgreSQL only."""
    still = engine.execution_options(isolation_level="REPEATABLE READ")
    with still.connect() as keeper:
        keeper.detach()  # whoever reads may dispose of the engine before we are through
        snapshot = keeper.scalar(select(func.pg_export_snapshot()))

        def take_up(connection: Connection) -> None:
            connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")

        event.listen(still, "begin", take_up)
        yield still


@contextmanager
def hold_file(file: Path) -> Iterator[Path]:
    path = file.with_name(f"{file.name}.lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise AlreadyServed(f"{file} is served by another process") from None
    try:
        yield path
    finally:
        os.ftruncate(handle, 0)
        os.close(handle)
