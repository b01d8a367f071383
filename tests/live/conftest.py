"""A running hall for the tests of the command path."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.live.live_support import Live, WatchedLog


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    started = await Live(WatchedLog()).start()
    yield started
    await started.runner.stop()


@pytest.fixture
def log(live: Live) -> WatchedLog:
    assert isinstance(live.log, WatchedLog)
    return live.log
