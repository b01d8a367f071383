"""A real Chromium for the browser tests.

The browser lives as long as one test file: the synchronous playwright keeps an event loop running in its thread, which
would break the asynchronous tests of other files in the same process. Browser tests are therefore plain functions.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import MISSING, find_chromium

FLAGS = ["--autoplay-policy=no-user-gesture-required", "--mute-audio", "--disable-gpu"]
PATIENCE_MS = 10_000
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; without one the browser tests fail, they are never left out."""
    return find_chromium() or pytest.fail(MISSING)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page in a context of its own, as another device would; takes the options of `new_context`."""
    contexts = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
