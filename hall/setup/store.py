"""Set-up versions in the database, and what a file may do to them.

A version is never changed. A start with `--setup FILE` publishes the file only when it differs from the version that
was last published from a file, so that changes made in the browser survive restarts; it refuses when both changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select

from hall.day.setup import Setup
from hall.log.metadata import writing
from hall.setup.diff import differences
from hall.setup.document import as_document, as_setup, digest_of
from hall.setup.tables import SETUP_VERSION

Source = Literal["file", "browser"]
COLUMNS = SETUP_VERSION.c


@dataclass(frozen=True, slots=True)
class Published:
    """A stored version and how it came to be."""

    setup: Setup
    source: Source
    published_at: datetime
    published_by: str


class SetupChangedElsewhere(Exception):
    """The browser changed the hall since the file was last loaded, and the file changed too. `changes` says in what."""

    def __init__(self, hall: str, version: int, changes: list[str]) -> None:
        self.hall = hall
        self.version = version
        self.changes = changes
        said = f"hall {hall}: version {version} was made in the browser, and the file differs from it"
        super().__init__("\n  ".join((said, *changes)))


def load_halls(engine: Engine) -> list[str]:
    """The ids of all halls that have a set-up, sorted."""
    with engine.connect() as connection:
        return list(connection.scalars(select(COLUMNS.hall).distinct().order_by(COLUMNS.hall)))


def load_newest(engine: Engine, hall: str) -> Published | None:
    """The newest version of a hall, None when it has none."""
    with engine.connect() as connection:
        return newest_version(connection, hall)


def load_version(engine: Engine, hall: str, version: int) -> Published | None:
    """One version of a hall, None when there is none."""
    with engine.connect() as connection:
        row = connection.execute(_versions(hall).where(COLUMNS.version == version)).first()
    return _as_published(row)


def load_documents(engine: Engine, hall: str) -> dict[int, str]:
    """Every stored version of a hall as the text that its digest covers."""
    with engine.connect() as connection:
        of_hall = select(COLUMNS.version, COLUMNS.document).where(COLUMNS.hall == hall).order_by(COLUMNS.version)
        return {row.version: row.document for row in connection.execute(of_hall)}


def publish(engine: Engine, setup: Setup, *, source: Source, at: datetime, by: str) -> Setup:
    """Stores a set-up as the hall's next version, in a transaction of its own."""
    with writing(engine).begin() as connection:
        return append_version(connection, setup, source=source, at=at, by=by)


def append_version(connection: Connection, setup: Setup, *, source: Source, at: datetime, by: str) -> Setup:
    """Stores a set-up as the hall's next version and returns it with version and digest filled in.

    Part of the caller's transaction. When another version got the number first, the primary key refuses.
    """
    last = connection.scalar(select(func.max(COLUMNS.version)).where(COLUMNS.hall == setup.hall))
    versioned = replace(setup, version=(last or 0) + 1, digest=digest_of(setup))
    row = {
        "hall": setup.hall,
        "version": versioned.version,
        "digest": versioned.digest,
        "source": source,
        "document": as_document(setup),
        "published_at": at,
        "published_by": by,
    }
    connection.execute(insert(SETUP_VERSION).values(row))
    return versioned


def withdraw(engine: Engine, setup: Setup) -> None:
    """Takes a version back that never came into force: no event names it."""
    with writing(engine).begin() as connection:
        same = (COLUMNS.hall == setup.hall) & (COLUMNS.version == setup.version)
        connection.execute(delete(SETUP_VERSION).where(same))


def newest_version(connection: Connection, hall: str, *, source: Source | None = None) -> Published | None:
    """The newest version of a hall, of one source when it is given."""
    versions = _versions(hall) if source is None else _versions(hall).where(COLUMNS.source == source)
    return _as_published(connection.execute(versions.order_by(COLUMNS.version.desc()).limit(1)).first())


def publish_file(
    connection: Connection, setup: Setup, *, at: datetime, by: str, replace_changes: bool = False
) -> Setup | None:
    """Publishes a file's set-up when it is news; returns the new version, or None when nothing is to be done.

    Part of the caller's transaction, so that whom the file lets in comes with it or not at all. Raises
    SetupChangedElsewhere when the browser changed the hall since; `replace_changes` publishes all the same.
    """
    newest = newest_version(connection, setup.hall)
    last_file = newest_version(connection, setup.hall, source="file")
    choice = decide_file(setup, newest, last_file, replace_changes=replace_changes)
    if choice == "refuse" and newest is not None:
        raise SetupChangedElsewhere(setup.hall, newest.setup.version, differences(newest.setup, setup))
    return append_version(connection, setup, source="file", at=at, by=by) if choice == "publish" else None


def decide_file(
    setup: Setup, newest: Published | None, last_file: Published | None, *, replace_changes: bool
) -> Literal["publish", "keep", "refuse"]:
    """What a file with this set-up does to a hall: pure."""
    digest = digest_of(setup)
    if newest is None:
        return "publish"
    if newest.setup.digest == digest:
        return "keep"
    if newest.source == "file" or replace_changes:
        return "publish"
    unchanged = last_file is not None and last_file.setup.digest == digest
    return "keep" if unchanged else "refuse"


def _versions(hall: str) -> Select[tuple[object, ...]]:
    return select(SETUP_VERSION).where(COLUMNS.hall == hall)


def _as_published(row: Row[tuple[object, ...]] | None) -> Published | None:
    if row is None:
        return None
    setup = as_setup(row.document, version=row.version, digest=row.digest)
    return Published(setup, row.source, row.published_at, row.published_by)
