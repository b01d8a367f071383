"""A clerk's morning at real desks: one call a press, nobody missed unheard, and every step taken back and forth."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.browser.conftest import FLAGS, OpenPage
from tests.browser.hall_support import NAME, RunningHall
from tests.browser.test_whole_visit import DESK, DISPLAY, sign_in, watched

KIOSK_TOKEN = "demo-kiosk-1-not-a-secret"
DISPLAY_TOKEN = "demo-display-1-not-a-secret"
QUICK = {"calls = 2": "calls = 1", "gap_s = 15": "gap_s = 2", "grace_s = 20": "grace_s = 1", '"back"': '"head"'}
STRIP = {"width": 480, "height": 96}


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
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """The example hall, with a policy of missed calls that a test can wait for."""
    running = RunningHall(tmp_path_factory.mktemp("hall"), "tcp://127.0.0.1:9")
    text = running.setup.read_text(encoding="utf-8")
    for long, short in QUICK.items():
        text = text.replace(long, short)
    running.setup.write_text(text, encoding="utf-8")
    try:
        running.start()
        yield running
    finally:
        running.stop()


def take(hall: RunningHall, service: str = "general") -> str:
    """A number, as the kiosk takes it."""
    number: str = asked(hall, KIOSK_TOKEN, "tickets", {"service": service})["number"]
    return number


def asked(hall: RunningHall, token: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    url = f"http://127.0.0.1:{hall.port}/api/v1/halls/jiangwan/{path}"
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def at_desk(page: Page, hall: RunningHall, login: str, pin: str, counter: str) -> None:
    """Signed in, the counter open."""
    sign_in(page, f"{hall.url}/desk", login, pin, counter=counter)
    expect(page.locator("nav.keys")).to_be_visible()
    free(page)
    page.keyboard.press("F2")
    expect(page.locator(".chip.kept")).to_be_visible()
    free(page)


def key(page: Page, name: str) -> Any:
    return page.locator(f".keys [aria-keyshortcuts='{name}']")


def free(page: Page) -> None:
    """The answer to the press before is there."""
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")


def press(page: Page, *keys: str) -> None:
    for one in keys:
        page.keyboard.press(one)
    expect(page.locator("dialog")).to_have_count(0)
    free(page)


def calls_of(page: Page) -> int:
    """How often this page asked the server to call; every request is seen."""
    return sum(1 for url in page.context.asked if url.endswith("/call-next"))  # type: ignore[attr-defined]


def listening(page: Page) -> Page:
    page.context.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.context.asked.append(request.url))  # type: ignore[attr-defined]
    return page


def test_nobody_is_missed_unheard_and_every_step_can_be_taken_back(hall: RunningHall, open_page: OpenPage) -> None:
    desk = listening(open_page(viewport=DESK, locale="en-GB"))
    complaints = watched(desk)
    first, second = take(hall), take(hall)
    at_desk(desk, hall, "chen", "1001", "1")

    # An input method's keys are not ours; a key that is held down is one call.
    desk.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'F2', code: 'F2', isComposing: true }))")
    for _ in range(30):
        desk.keyboard.down("NumpadEnter")
    desk.keyboard.up("NumpadEnter")
    expect(desk.locator(".now .num")).to_have_text(first)
    free(desk)
    assert calls_of(desk) == 1

    # No display runs: the key stays dark, says so, and a reason is the way on. It can be taken back.
    expect(key(desk, "F4")).to_contain_text("not yet")
    expect(desk.locator(".unshown")).to_be_visible()
    desk.keyboard.press("F4")
    expect(desk.locator("dialog")).to_contain_text("has not reached the hall yet")
    press(desk, "3", "2")
    expect(desk.locator(".gone li", has_text=first)).to_be_visible()
    expect(key(desk, "F9").locator("b")).to_have_text("Undo missed")
    press(desk, "F9")
    expect(desk.locator(".now.called .num")).to_have_text(first)

    # A display shows the call, and after the time to come the key lights up.
    display = open_page(viewport=DISPLAY)
    display.goto(f"{hall.url}/display#token={DISPLAY_TOKEN}")
    expect(key(desk, "F4")).to_have_attribute("aria-disabled", "false")
    expect(desk.locator(".unshown")).to_have_count(0)
    press(desk, "F4")
    expect(desk.locator(".gone li", has_text=first)).to_be_visible()
    desk.get_by_role("button", name=f"Reinstate {first}").click()
    expect(desk.locator(".next .n")).to_have_text(first)
    free(desk)

    # Came, parked, back, finished: each taken back once.
    press(desk, "NumpadEnter")
    expect(desk.locator(".now.called .num")).to_have_text(first)
    press(desk, "NumpadAdd")
    press(desk, "F9")
    expect(desk.locator(".now.called .num")).to_have_text(first)
    press(desk, "F3")
    press(desk, "F7", "1", "1", "2")
    expect(desk.locator(".gone li", has_text=first)).to_contain_text("min")
    press(desk, "F9")
    expect(desk.locator(".now.torn .num")).to_have_text(first)
    press(desk, "NumpadDivide", "Numpad1", "Numpad2", "Numpad1")
    press(desk, "NumpadDivide", "Numpad2", "Numpad1")
    expect(desk.locator(".now.torn .num")).to_have_text(first)
    press(desk, "F8")
    press(desk, "F9")
    expect(desk.locator(".now.torn .num")).to_have_text(first)
    press(desk, "F2")
    expect(desk.locator(".now.called .num")).to_have_text(second)
    expect(desk.locator(".why")).to_contain_text("Came first of all")
    press(desk, "F9")
    expect(desk.locator(".now .num")).to_have_count(0)
    assert complaints == []


def test_a_visitor_is_sent_to_a_colleague_with_a_note_and_help_comes(hall: RunningHall, open_page: OpenPage) -> None:
    mine, theirs = open_page(viewport=DESK, locale="zh-CN"), open_page(viewport=DESK, locale="zh-CN")
    manager = open_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    complaints = [watched(page) for page in (mine, theirs, manager)]
    at_desk(theirs, hall, "liu", "1002", "2")
    at_desk(mine, hall, "zhang", "1003", "3")
    sign_in(manager, f"{hall.url}/manager", "manager", "demo-manager")
    take(hall)
    number = take(hall)

    # A chosen number, with a reason; a clerk can read out why.
    expect(mine.locator(".line li", has_text=number)).to_be_visible()
    press(mine, "F7", "4", *number[1:], "Enter", "1")
    expect(mine.locator(".now .num")).to_have_text(number)
    expect(mine.locator(".why")).to_contain_text("由窗口选呼，原因：补单。越过")
    press(mine, "F3")

    mine.keyboard.press("F7")
    mine.keyboard.press("3")
    mine.keyboard.press("2")
    mine.get_by_role("button", name="2 号窗口").click()
    mine.get_by_label("备注").fill("缺营业执照副本")
    mine.get_by_label("办完再回到本窗口").check()
    press(mine, "Shift+Tab", "Enter")
    expect(theirs.locator(".bar .to")).to_have_text("转给本窗口 1 人")
    press(theirs, "F2")
    expect(theirs.locator(".now .num")).to_have_text(number)
    expect(theirs.locator(".note")).to_contain_text("缺营业执照副本")
    expect(theirs.locator(".why")).to_contain_text("由其他窗口转来，在本窗口优先。")

    # Help is asked for silently, taken on the manager's page, and settled.
    press(theirs, "F7", "8", "2")
    expect(theirs.locator(".helps")).to_have_text("已求助")
    manager.get_by_role("button", name="我去处理").click()
    expect(theirs.locator(".helps")).to_contain_text("正在过来")
    manager.get_by_role("button", name="已解决").click()
    expect(theirs.locator(".helps")).to_have_count(0)
    expect(manager.locator(".dev .well, .dev .ill").first).to_be_visible()

    # Finished there, the visitor comes back here by itself; the strip is the same desk in a small window.
    press(theirs, "F8")
    strip = open_page(viewport=STRIP, locale="zh-CN")
    complaints.append(watched(strip))
    sign_in(strip, f"{hall.url}/desk?strip", "zhang", "1003", counter="3")
    expect(strip.locator(".side p")).to_contain_text(f"下一位 {number}")
    free(strip)
    press(strip, "F2")
    expect(strip.locator(".num")).to_have_text(number)
    expect(mine.locator(".now .num")).to_have_text(number)
    press(strip, "F3")
    expect(strip.locator(".m-serving")).to_be_visible()
    assert complaints == [[], [], [], []]


def test_an_answer_that_is_late_or_lost_holds_nobody_up(hall: RunningHall, open_page: OpenPage) -> None:
    desk = open_page(viewport=DESK, locale="en-GB")
    complaints = watched(desk)
    for _ in range(2):
        take(hall)
    at_desk(desk, hall, "zhao", "1004", "4")
    asked_for: list[str] = []
    held: list[Route] = []

    def done_without_an_answer(route: Route) -> None:
        asked_for.append(route.request.url.rsplit("/", 1)[1])
        route.fetch(url=route.request.url.replace(NAME, "127.0.0.1"))
        held.append(route)

    desk.route("**/counters/4/*", done_without_an_answer)
    desk.keyboard.press("NumpadEnter")
    expect(desk.locator(".now.called .num")).to_be_visible()
    first = desk.locator(".now .num").inner_text()
    for _ in range(5):
        desk.keyboard.down("F3")
    desk.keyboard.up("F3")
    expect(desk.locator(".now.torn .num")).to_have_text(first)
    desk.keyboard.press("F8")
    expect(desk.locator(".now .num")).to_have_count(0)
    held[0].abort()
    held[1].abort()
    desk.keyboard.press("F2")
    expect(desk.locator(".now.called .num")).to_be_visible()
    expect(desk.locator(".now .num")).not_to_have_text(first)
    assert asked_for == ["call-next", "start", "finish", "call-next"]
    assert [text for text in complaints if "ERR_FAILED" not in text] == []


def test_a_transfer_is_taken_back_and_what_a_visitor_told_outlives_a_power_cut(
    hall: RunningHall, open_page: OpenPage
) -> None:
    mine, theirs = open_page(viewport=DESK, locale="en-GB"), open_page(viewport=DESK, locale="en-GB")
    complaints = watched(mine)
    number = asked(hall, KIOSK_TOKEN, "tickets", {"service": "broadband", "note": "needs the lift"})["number"]
    at_desk(theirs, hall, "wu", "1005", "5")
    at_desk(mine, hall, "zhou", "1006", "6")
    press(mine, "NumpadEnter")
    expect(mine.locator(".now .num")).to_have_text(number)
    expect(mine.locator(".note")).to_contain_text("needs the lift")
    press(mine, "NumpadAdd")

    # To a service at the counter of a colleague, and back again before anybody called.
    for one in ("NumpadDivide", "Numpad3", "Numpad4"):
        mine.keyboard.press(one)
    mine.get_by_role("button", name="Numbers and SIM cards").click()
    mine.get_by_role("button", name="Counter 5").click()
    press(mine, "Enter")
    expect(theirs.locator(".bar .to")).to_have_text("1 sent to you")
    expect(key(mine, "F9").locator("b")).to_have_text("Undo transfer")
    press(mine, "F9")
    expect(mine.locator(".now.torn .num")).to_have_text(number)
    expect(theirs.locator(".bar .to")).to_have_count(0)

    assert complaints == []
    hall.kill()
    hall.start()
    for page in (mine, theirs):
        page.reload()
    expect(mine.locator(".now.torn .num")).to_have_text(number)
    expect(mine.locator(".note")).to_contain_text("needs the lift")

    # Sent again and called there, it is not taken back any more.
    free(mine)
    for one in ("NumpadDivide", "Numpad3", "Numpad2"):
        mine.keyboard.press(one)
    mine.get_by_role("button", name="Counter 5").click()
    press(mine, "Enter")
    expect(theirs.locator(".bar .to")).to_have_text("1 sent to you")
    free(theirs)
    press(theirs, "NumpadEnter")
    expect(theirs.locator(".now .num")).to_have_text(number)
    expect(key(mine, "F9").locator("b")).to_have_text("Undo")

    # Parked and then given up; and somebody without a number in another class.
    press(theirs, "NumpadAdd")
    press(theirs, "F7", "1", "1", "1")
    expect(theirs.locator(".gone li", has_text=number)).to_be_visible()
    for one in ("F7", "2"):
        theirs.keyboard.press(one)
    theirs.get_by_role("button", name="Cancel one of them").click()
    theirs.get_by_role("button", name=f"Cancel {number}").click()
    expect(theirs.locator(".gone li", has_text=number)).to_have_count(0)
    free(theirs)
    press(theirs, "F7", "5", "1", "2")
    expect(theirs.locator(".now.torn .num")).to_be_visible()
    expect(theirs.locator(".now .kind")).to_contain_text("Elderly and disabled")
