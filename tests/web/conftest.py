"""Fixtures of the HTTP contract: a database made once, copied for each test, and an application running on it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.web_support import Door, House, open_house


@pytest.fixture(scope="session")
def made_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database in which both halls have opened their day."""
    database = tmp_path_factory.mktemp("made") / "hall.db"

    async def make() -> None:
        async with open_house(database):
            pass

    asyncio.run(make())
    return database


@pytest.fixture
def database(made_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made_database, tmp_path / "hall.db"))


@pytest.fixture
async def house(database: Path) -> AsyncIterator[House]:
    async with open_house(database) as running:
        yield running


@pytest.fixture
async def api(house: House) -> Door:
    """A program that may do all that a hall's day needs."""
    return await house.door("api")


@pytest.fixture
async def nobody(house: House) -> Door:
    """Somebody without a token."""
    return await house.door(None)
