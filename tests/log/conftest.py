"""The databases that the log is tested on. PostgreSQL starts only for the tests that ask for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, event

from hall.log.database import open_engine
from hall.log.metadata import metadata
from hall.log.migrate import upgrade
from tests.log.log_support import Store, memory_store
from tests.log.postgres import Postgres

OpenDatabase = Callable[[str], Engine]


@pytest.fixture
def open_database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenDatabase]:
    """Opens an empty database of a kind, `sqlite` or `postgresql`; it is let go of after the test."""
    engines: list[Engine] = []

    def open_one(kind: str) -> Engine:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path / f'hall-{len(engines)}.db'}"
        else:
            url = request.getfixturevalue("postgres").new_database()
        engines.append(open_hurried(url))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.dispose()


def open_hurried(url: str) -> Engine:
    """An engine that does not wait for the disk: no test can pull the plug, and waiting is most of a test's time."""
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF").close())
    return engine


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "hall.db"
    engine = open_hurried(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def migrated_url(postgres: Postgres) -> str:
    """A PostgreSQL database with all tables, shared by the tests one after another."""
    url = postgres.new_database()
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


def emptied(url: str) -> Engine:
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(delete(table))
    return engine


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Every adapter in turn, each with its tables and nothing in them."""
    if request.param == "memory":
        yield memory_store()
        return
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "hall.db")
        engine = open_hurried(f"sqlite:///{file}")
    else:
        engine = emptied(request.getfixturevalue("migrated_url"))
    yield Store(request.param, engine)
    engine.dispose()
