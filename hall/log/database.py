"""The one place that knows databases: how an engine is opened, and how a file is held by one server alone."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

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
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={MERGE_TIMEOUT_S * 1000}")
        cursor.execute(f"PRAGMA wal_checkpoint({how})")
        row = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
        return int(row[1]) if row is not None else 0
    finally:
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


@contextmanager
def hold(url: str) -> Iterator[Path | None]:
    """Keep every other server off this SQLite file while the block runs; raises `AlreadyServed`.

    The lock falls with the process, however it ends. Yields the lock file, where the server may say how to reach it.
    """
    file = sqlite_file(url)
    if file is None:
        yield None
        return
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
