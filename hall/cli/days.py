"""One day of a hall's log as a file that proves itself, and the independent checker over it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from hall import audit
from hall.cli.failures import Failed
from hall.cli.reach import require_database
from hall.cli.upkeep import at_rest, chosen_halls, only_hall, opened
from hall.log.chain import GENESIS, Stored
from hall.log.database import of_one_instant, sqlite_file
from hall.log.meta import load_meta
from hall.log.port import READ_MOST, Log
from hall.log.secrets import follower
from hall.log.sql import SqlLog
from hall.setup.store import load_documents

FORMAT = 1


def audit_day(database: str, hall: str | None, day: str, *, keep: Path | None, seal: str | None) -> audit.Fields:
    """The independent checker's report on a business day, or on `all` of a log; `keep` gets what it read."""
    lines = list(exported(database, hall, day))
    if keep is not None:
        keep.write_text("\n".join(lines) + "\n", "utf-8")
    return audit.audit(lines, seal)


def exported(database: str, hall: str | None, day: str) -> Iterator[str]:
    """The lines of an exported day. Raises `Failed` when the hall had no such day."""
    chosen, asked = only_hall(database, hall), as_day(day)
    require_database(database)
    if sqlite_file(database) is None:
        with opened(database) as engine, of_one_instant(engine) as still:
            yield from lines_of(still, chosen, asked)
    else:
        with at_rest(database) as url, opened(url) as engine:
            yield from lines_of(engine, chosen, asked)


def as_day(text: str) -> str | None:
    if text == "all":
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Failed(f'"{text}" is no day; write it like 2026-11-24, or all') from None


def lines_of(engine: Engine, hall: str, day: str | None) -> list[str]:
    chosen_halls(engine, hall)
    anchor, events = asyncio.run(day_of(engine, hall, day))
    if not events:
        raise Failed(f"hall {hall} has no events of {day or 'any day'}")
    head = {"kind": "hall-day", "format": FORMAT, "hall": hall, "day": day, "anchor": anchor}
    setups = {str(version): document for version, document in load_documents(engine, hall).items()}
    return [as_line({**head, "setups": setups}), *map(as_line, events)]


def as_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def day_of(engine: Engine, hall: str, day: str | None) -> tuple[str, list[dict[str, object]]]:
    """The hash before the day's first event, and its events."""
    log = SqlLog(engine, follower(load_meta(engine).key))
    anchor, events = GENESIS, []
    try:
        async for one in all_of(log, hall):
            if day in (None, one.business_date):
                events.append({name: getattr(one, name) for name in Stored.__slots__})
            elif not events:
                anchor = one.hash
            else:
                break  # business dates never go back
    finally:
        await log.close()
    return anchor, events


async def all_of(log: Log, hall: str) -> AsyncIterator[Stored]:
    after = 0
    while page := await log.read(hall, after, READ_MOST):
        for one in page:
            yield one
        after = page[-1].seq
