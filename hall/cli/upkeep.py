"""What looks at a database and changes nothing in it: verifying the log, exporting a set-up, listing tokens."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from hall.cli.failures import Failed
from hall.cli.reach import require_database
from hall.live.ports import SystemClock
from hall.log.database import AlreadyServed, hold, of_one_instant, open_engine, sqlite_file
from hall.log.meta import load_meta
from hall.log.migrate import HEAD, current_revision
from hall.log.secrets import follower
from hall.log.sql import SqlLog
from hall.log.verify import verify
from hall.people.service import People
from hall.people.tokens import Token
from hall.setup.export import render_toml
from hall.setup.store import load_halls, load_newest


def verify_halls(database: str, hall: str | None) -> dict[str, list[str]]:
    """What is wrong in each hall's log and rows; nothing may be written meanwhile."""
    require_database(database)
    if sqlite_file(database) is None:
        with opened(database) as engine, of_one_instant(engine) as still:
            return asyncio.run(verify_each(still, chosen_halls(still, hall)))
    with at_rest(database) as url, opened(url) as engine:
        return asyncio.run(verify_each(engine, chosen_halls(engine, hall)))


@contextmanager
def at_rest(database: str) -> Iterator[str]:
    """The URL of a SQLite file that nobody writes to: held by us, or a copy of one instant when a server holds it."""
    with tempfile.TemporaryDirectory(prefix="hall-verify-") as folder:
        try:
            with hold(database):
                yield database
                return
        except AlreadyServed:
            file = sqlite_file(database)
            assert file is not None
        copy = Path(folder) / file.name
        copy_of_instant(file, copy)
        yield f"sqlite:///{copy}"


def copy_of_instant(file: Path, copy: Path) -> None:
    """SQLite's own way to copy a database that is written to: one instant of it, without stopping the writer."""
    uri = f"file:{quote(str(file))}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


async def verify_each(engine: Engine, halls: list[str]) -> dict[str, list[str]]:
    log = SqlLog(engine, follower(load_meta(engine).key))
    try:
        return {hall: await verify(log, hall, progress=progress_of(hall)) for hall in halls}
    finally:
        await log.close()


def progress_of(hall: str) -> Callable[[int], None] | None:
    """Tells a person at a terminal how far it is."""
    if not sys.stderr.isatty():
        return None
    return lambda events: print(f"\r{hall}: {events} events", end="\r", file=sys.stderr, flush=True)


@contextmanager
def opened(database: str) -> Iterator[Engine]:
    """The database as it is; one of another version is left alone."""
    engine = open_engine(database)
    try:
        found = current_revision(engine)
        if found != HEAD:
            raise Failed(
                f"the database is at revision {found or 'none'}, not {HEAD}: `hall serve` brings it up to date"
            )
        yield engine
    finally:
        engine.dispose()


def chosen_halls(engine: Engine, hall: str | None) -> list[str]:
    """The hall asked for, or all."""
    halls = load_halls(engine)
    if hall is not None and hall not in halls:
        raise Failed(f'there is no hall "{hall}"; there is {", ".join(halls) or "none"}')
    return halls if hall is None else [hall]


def only_hall(database: str, hall: str | None) -> str:
    """The hall asked for, or the only one there is."""
    if hall is not None:
        return hall
    require_database(database)
    with opened(database) as engine:
        halls = load_halls(engine)
    if len(halls) != 1:
        raise Failed(f"which hall? --hall is one of: {', '.join(halls) or 'none yet'}")
    return halls[0]


def export_setup(database: str, hall: str | None) -> str:
    """The newest set-up of a hall as TOML."""
    chosen = only_hall(database, hall)
    require_database(database)
    with opened(database) as engine:
        chosen_halls(engine, chosen)
        newest = load_newest(engine, chosen)
    assert newest is not None
    return render_toml(newest.setup)


def list_tokens(database: str, hall: str | None) -> list[Token]:
    """All tokens, revoked ones too, without the tokens themselves."""
    require_database(database)
    with opened(database) as engine:
        return asyncio.run(People(engine, SystemClock()).tokens(hall))
