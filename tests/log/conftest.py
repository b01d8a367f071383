"""The databases that the log is tested on. PostgreSQL starts only for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hall.log.database import open_engine
from hall.log.migrate import upgrade
from tests.log.log_support import Store, memory_store
from tests.log.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    yield server
    server.stop()


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
        engines.append(open_engine(url))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with all tables, to be copied."""
    url = postgres.new_database()
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return str(engine.url.database)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Every adapter in turn, each with its tables and nothing in them."""
    if request.param == "memory":
        yield memory_store()
        return
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'hall.db'}")
        upgrade(engine)
    else:
        template = request.getfixturevalue("migrated")
        engine = open_engine(request.getfixturevalue("postgres").new_database(template))
    yield Store(request.param, engine)
    engine.dispose()
