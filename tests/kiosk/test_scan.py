"""A visitor scans the own ticket at the kiosk: the scanner types the link and presses Enter, faster than any hand."""

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk.visitor_hall import FOLLOW_URL, SECRET, refusal
from tests.screens_support import at_once

WAITING = {
    "number": "A056",
    "state": "waiting",
    "ahead": 3,
    "seq": 120,
    "sentence": {"zh-Hans": "前面还有 3 位，先到先办", "en": "3 came before you."},
}
SERVING = {**WAITING, "state": "serving", "sentence": {"zh-Hans": "正在 3 号窗口办理", "en": "Being served."}}


def scan(page: Page, text: str = FOLLOW_URL, rest: str = "", pause_ms: int = 0) -> None:
    """Types faster than any hand, but for a pause before `rest`."""
    with at_once(page):
        page.keyboard.type(text)
        page.clock.run_for(pause_ms)
        page.keyboard.type(rest)
        page.keyboard.press("Enter")


def test_who_missed_a_call_is_back_in_line_by_scanning_the_ticket(open_kiosk, hall, complaints_of) -> None:
    hall.verb = lambda _path, _body: (200, WAITING)
    page = open_kiosk()
    scan(page)
    notice = page.get_by_role("alertdialog")
    expect(notice).to_contain_text("您已恢复排队。")
    expect(notice.locator(".back-number")).to_have_text("A056")
    expect(notice.locator("b").first).to_have_text("前面 3 人")
    expect(notice).to_contain_text("前面还有 3 位，先到先办")
    expect(notice.locator("[lang=en]").last).to_have_text("3 came before you.")
    assert [post.path for post in hall.posts] == [f"/t/{SECRET}/reinstate"]
    assert complaints_of(page) == []
    hall.pass_seconds(page, 16)
    expect(notice).to_have_count(0)


def test_a_number_that_was_not_missed_says_how_it_stands(open_kiosk, hall) -> None:
    hall.verb = lambda _path, _body: refusal(409, "ticket_not_missed")
    hall.gets[f"/t/{SECRET}/why"] = SERVING
    page = open_kiosk()
    scan(page)
    notice = page.get_by_role("alertdialog")
    expect(notice).to_contain_text("正在 3 号窗口办理")
    expect(notice).not_to_contain_text("恢复排队")


def test_a_scan_that_brings_nobody_back_says_why(open_kiosk, hall) -> None:
    page = open_kiosk()
    for answer, says in (
        (refusal(409, "returns_spent"), "恢复次数已用完"),
        (refusal(404, "ticket_unknown"), "没有这张号票"),
        (refusal(409, "ticket_closed"), "这个号已经结束"),
        ((200, {"state": "done", "ahead": 0, "seq": 9}), "这个号已经结束"),
    ):
        hall.verb = lambda _path, _body, answer=answer: answer
        scan(page)
        expect(page.get_by_role("alertdialog")).to_contain_text(says)
        page.keyboard.press("Escape")
        expect(page.get_by_role("alertdialog")).to_have_count(0)


@pytest.mark.parametrize("code", ["6901234567892", "http://192.168.1.5:8000/menu/3"])
def test_another_code_takes_no_number_though_it_holds_digits(open_kiosk, hall, code) -> None:
    page = open_kiosk()
    page.locator("[data-service=b]").focus()
    scan(page, code)
    expect(page.get_by_role("alertdialog")).to_contain_text("这不是本厅的号票")
    page.clock.run_for(500)
    assert hall.posts == []


def test_a_link_full_of_digits_presses_no_choice(open_kiosk, hall) -> None:
    hall.verb = lambda _path, _body: (200, WAITING)
    page = open_kiosk()
    page.locator("[data-service=b]").focus()
    scan(page, f"http://10.1.2.3:8123/t/{SECRET}")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.clock.run_for(500)
    assert [post.path for post in hall.posts] == [f"/t/{SECRET}/reinstate"]


@pytest.mark.parametrize("length", [8, len(FOLLOW_URL) - 9, len(FOLLOW_URL)])
def test_a_scanner_that_stops_for_a_moment_is_still_read(open_kiosk, hall, length) -> None:
    hall.verb = lambda _path, _body: (200, WAITING)
    page = open_kiosk()
    scan(page, FOLLOW_URL[:length], FOLLOW_URL[length:], pause_ms=400)
    expect(page.get_by_role("alertdialog")).to_contain_text("您已恢复排队。")


def test_number_keys_pressed_by_hand_still_choose(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.keyboard.press("2")
    expect(page.locator(".num")).to_be_visible()
    assert [post.body["service"] for post in hall.posts] == ["b"]
