"""What all tests share: how hypothesis searches.

The default profile is derandomized: the same examples on every machine and every run, so a red test is red for
everybody. `HYPOTHESIS_PROFILE=fresh` looks for new ones. And the browser, the scripted halls and the PostgreSQL of the
tests that ask for one.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.log.postgres import Postgres
from tests.screens_support import Scripted, browser_running, halls_in

settings.register_profile(
    "hall",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("fresh", settings.get_profile("hall"), derandomize=False, max_examples=500, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "hall"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_running() as running:
        yield running


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Scripted]:
    with halls_in(browser) as make:
        yield make
