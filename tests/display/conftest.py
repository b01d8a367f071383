"""A browser for the display's tests, and a scripted hall for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.screens_support import Json, ScriptedHall, browser_running, halls_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_running() as browser:
        yield browser


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Callable[[Json], ScriptedHall]]:
    with halls_in(browser) as make:
        yield make
