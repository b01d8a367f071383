"""Fixtures of the command line: a database made once and copied, and one server for all tests that only ask it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hall.bootstrap import build
from hall.setup.toml import parse
from tests.cli.cli_support import CORNER, Served, Shell, served
from tests.support import HandClock


@pytest.fixture(scope="session")
def made_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the corner hall is in force, since long before any clock that a test may set."""
    database = tmp_path_factory.mktemp("made") / "hall.db"

    async def make() -> None:
        system = build(f"sqlite:///{database}", clock=HandClock(datetime(2026, 1, 1, tzinfo=UTC)))
        await system.load([parse(CORNER)])
        await system.stop()

    asyncio.run(make())
    return database


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands on a database that does not exist yet."""
    return Shell(tmp_path / "hall.db", capsys, monkeypatch)


@pytest.fixture
def shell(made_database: Path, empty: Shell) -> Shell:
    """Commands on a database with the corner hall, which nobody serves."""
    shutil.copy(made_database, empty.database)
    return empty


@pytest.fixture(scope="module")
def server(made_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running server of the corner hall."""
    database = Path(shutil.copy(made_database, tmp_path_factory.mktemp("served") / "hall.db"))
    with served(database) as running:
        yield running


@pytest.fixture
def beside(server: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands on the database that the server holds."""
    return Shell(server.database, capsys, monkeypatch)
