"""One visitor's whole visit on the real system, in a real browser, on plain http at a name of the local network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, OpenPage
from tests.browser.hall_support import NAME, PrinterOnDesk, RunningHall, printer_on_desk, scanned

KIOSK = {"width": 1080, "height": 1920}
DISPLAY = {"width": 1920, "height": 1080}
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
TOKEN = "demo-kiosk-1-not-a-secret"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    flags = [*FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def printer() -> Iterator[PrinterOnDesk]:
    with printer_on_desk() as standing:
        yield standing


@pytest.fixture(scope="module")
def hall(printer: PrinterOnDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    running = RunningHall(tmp_path_factory.mktemp("hall"), printer.url)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def watched(page: Page) -> list[str]:
    """What the page complains about on its console; a policy that is broken shows here."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def sign_in(page: Page, url: str, login: str, secret: str, counter: str | None = None) -> None:
    page.goto(url)
    if counter is not None:
        page.locator("select[name=counter]").select_option(counter)
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=secret]").fill(secret)
    page.locator("form button.fill").click()


def take_number(kiosk: Page, service: str) -> str:
    kiosk.locator(f'button[data-service="{service}"]').click()
    number = kiosk.locator(".taken .num")
    expect(number).to_be_visible()
    return number.inner_text()


def test_a_visit_from_the_kiosk_to_the_managers_figures(
    hall: RunningHall, printer: PrinterOnDesk, open_page: OpenPage
) -> None:
    kiosk = open_page(viewport=KIOSK)
    display = open_page(viewport=DISPLAY)
    desk = open_page(viewport=DESK, locale="zh-CN")
    manager = open_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
    phone = open_page(viewport=PHONE, locale="zh-CN")
    complaints = [watched(page) for page in (kiosk, display, desk, manager, phone)]

    display.goto(f"{hall.url}/display")
    sign_in(manager, f"{hall.url}/manager", "manager", "demo-manager")
    sign_in(desk, f"{hall.url}/desk", "chen", "1001", counter="1")
    expect(desk.locator("nav.keys")).to_be_visible()
    desk.keyboard.press("F2")  # open the counter
    expect(desk.locator(".chip.kept")).to_be_visible()

    # The kiosk keeps its token from the link it was opened with, and takes it out of the address.
    kiosk.goto(f"{hall.url}/kiosk#token={TOKEN}")
    number = take_number(kiosk, "general")
    assert "#" not in kiosk.url

    # The paper comes out, and its code opens the phone page.
    piece = printer.wait_for_piece()
    assert piece.troubles == ()
    (link,) = scanned(piece)
    assert link.startswith(f"{hall.url}/t/")
    phone.goto(link)
    expect(phone.locator(".num, .n").filter(has_text=number).first).to_be_visible()

    # The clerk calls: the display and the phone turn to the counter.
    desk.keyboard.press("F2")
    expect(desk.locator(".now .num")).to_have_text(number)
    expect(display.locator(".call .who")).to_have_text(number)
    expect(display.locator(".call .where")).to_contain_text("1")
    expect(phone.locator(".page.called")).to_be_visible()

    # Served and finished in one key each; the manager counts it.
    with desk.expect_response(lambda answer: answer.url.endswith("/start")):  # a desk takes one press after the other
        desk.keyboard.press("F3")
    expect(desk.locator(".chip.serving")).to_be_visible()
    expect(phone.locator(".chip.serving")).to_be_visible()
    desk.keyboard.press("F8")
    expect(desk.locator(".now .num")).to_have_count(0)
    expect(manager.locator(".ctr").first).to_be_visible()
    expect(manager.locator(".kpi")).to_contain_text("100")
    assert [*map(list, complaints)] == [[], [], [], [], []]


def test_a_double_tap_gives_one_number_and_one_paper(
    hall: RunningHall, printer: PrinterOnDesk, open_page: OpenPage
) -> None:
    before = len(printer.pieces())
    kiosk = open_page(viewport=KIOSK)
    kiosk.goto(f"{hall.url}/kiosk#token={TOKEN}")
    kiosk.locator('button[data-service="payment"]').dblclick()
    first = kiosk.locator(".taken .num").inner_text()
    printer.wait_for_piece(before + 1)
    kiosk.reload()
    second = take_number(kiosk, "payment")
    printer.wait_for_piece(before + 2)
    assert int(second[1:]) == int(first[1:]) + 1
    assert len(printer.pieces()) == before + 2


def test_a_printer_without_paper_does_not_cost_the_number(
    hall: RunningHall, printer: PrinterOnDesk, open_page: OpenPage
) -> None:
    kiosk = open_page(viewport=KIOSK)
    kiosk.goto(f"{hall.url}/kiosk#token={TOKEN}")
    expect(kiosk.locator('button[data-service="broadband"]')).to_be_enabled()
    before = len(printer.pieces())
    printer.printer.end_paper()
    try:
        number = take_number(kiosk, "broadband")
        assert number.startswith("C")
        expect(kiosk.locator("figure.qr img")).to_be_visible()
        expect(kiosk.locator(".state.told")).to_be_visible()
    finally:
        printer.printer.load_paper()
    assert len(printer.pieces()) == before


def test_screens_come_back_by_themselves_after_a_power_cut(
    hall: RunningHall, open_page: OpenPage, tmp_path: Path
) -> None:
    display = open_page(viewport=DISPLAY)
    desk = open_page(viewport=DESK, locale="en-GB")
    display.goto(f"{hall.url}/display")
    sign_in(desk, f"{hall.url}/desk", "liu", "1002", counter="2")
    expect(desk.locator("nav.keys")).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.locator(".chip.kept")).to_be_visible()
    hall.kill()
    expect(desk.locator(".desk.cut")).to_be_visible(timeout=15_000)
    hall.start()
    expect(desk.locator(".desk.cut")).to_have_count(0, timeout=20_000)
    expect(desk.locator(".chip.kept")).to_be_visible()  # the counter is still open
    desk.keyboard.press("F2")  # who waited before the cut is called now
    expect(desk.locator(".now .num")).to_be_visible()
    called = desk.locator(".now .num").inner_text()
    expect(display.locator(".call .who")).to_have_text(called, timeout=20_000)
