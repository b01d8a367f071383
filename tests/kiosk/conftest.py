"""Visitors' screens in a real browser, each in a context of its own, and watched: a page error fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.kiosk.visitor_hall import SECRET, VisitorHall, kiosk_view, phone_ticket, phone_view, ticket, usual_services

KIOSK_SIZE = {"width": 1080, "height": 1920}
PHONE_SIZE = {"width": 360, "height": 640}
PATIENCE_MS = 8_000

Open = Callable[..., Page]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(has_touch=True)
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def hall(context: BrowserContext) -> Iterator[VisitorHall]:
    """Five services; whoever asks gets A056."""
    scripted = VisitorHall(context, kiosk_view(*usual_services()))
    scripted.verb = lambda _path, _body: (201, ticket())
    yield scripted
    assert scripted.faults == []


@pytest.fixture
def open_kiosk(hall: VisitorHall) -> Open:
    """The kiosk of `hall`, paired unless told otherwise."""

    def open_it(*, is_paired: bool = True, **options: Any) -> Page:
        path = f"/kiosk?hall=jiangwan{'#token=T' if is_paired else ''}"
        return hall.open(path, **{**KIOSK_SIZE, "ready": ".choices, .pairing", **options})

    return open_it


@pytest.fixture
def open_phone(hall: VisitorHall) -> Open:
    """The phone page of one ticket."""

    def open_it(record: dict[str, Any] | None = None, *, is_known: bool = True, **options: Any) -> Page:
        hall.state = phone_view(record or phone_ticket())
        hall.page_facts = {"ticket": SECRET if is_known else None, **hall.page_facts}
        return hall.open(f"/t/{SECRET}", **{**PHONE_SIZE, "ready": ".page", **options})

    return open_it


@pytest.fixture
def complaints_of() -> Callable[[Page], list[str]]:
    """Runs axe on a page; returns what it finds, as rule and place."""
    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")

    def find(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]

    return find
