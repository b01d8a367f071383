"""One visit ends before the next begins: done, idle, start over; the link cut and found again; pairing."""

import pytest
from playwright.sync_api import expect

from tests.kiosk.visitor_hall import paper


def test_the_number_stays_twelve_seconds_and_done_shows_them(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.locator("[data-service=a]").tap()
    expect(page.get_by_role("button", name="完成")).to_contain_text("12 秒")
    hall.put(paper("printed"))
    hall.pass_seconds(page, 2)
    expect(page.get_by_role("button", name="完成")).to_contain_text("10 秒")
    page.locator(".num").tap()
    expect(page.get_by_role("button", name="完成")).to_contain_text("12 秒")
    hall.pass_seconds(page, 13)
    expect(page.locator(".choices")).to_be_visible()


def test_done_brings_back_the_halls_language(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("[data-service=a]").tap()
    page.locator(".num").wait_for()
    page.clock.run_for(1_100)
    page.get_by_role("button", name="Done").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("请选择要办理的业务")


def test_an_idle_visitor_is_asked_before_everything_is_put_back(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Large text").tap()
    hall.pass_seconds(page, 31)
    expect(page.get_by_role("alertdialog")).to_contain_text("Are you still there?")
    page.get_by_role("button", name="Go on").tap()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    hall.pass_seconds(page, 31)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    hall.pass_seconds(page, 21)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.large") == "false"


def test_escape_starts_over(open_kiosk) -> None:
    page = open_kiosk()
    page.locator("[data-service=a]").tap()
    page.locator(".num").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".choices")).to_be_visible()


def test_an_untouched_kiosk_asks_nobody(open_kiosk, hall) -> None:
    page = open_kiosk()
    hall.pass_seconds(page, 60)
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_a_cut_kiosk_says_so_gives_nothing_and_comes_back_by_itself(open_kiosk, hall) -> None:
    page = open_kiosk()
    hall.cut()
    hall.pass_seconds(page, 7)
    expect(page.get_by_role("heading", level=1)).to_have_text("暂时不能取号")
    expect(page.locator(".cut")).to_contain_text("连接中断")
    expect(page.locator("[data-service=a]")).to_be_disabled()
    page.keyboard.press("1")
    assert hall.posts == []
    hall.is_down = False
    hall.pass_seconds(page, 20)
    expect(page.locator(".cut")).to_have_count(0)
    expect(page.locator("[data-service=a]")).to_be_enabled()


def test_a_short_cut_is_not_shown_and_resumes_where_it_was(open_kiosk, hall) -> None:
    page = open_kiosk()
    hall.put({"service:b": {**hall.state["service:b"], "ahead": 5}})
    expect(page.locator("[data-service=b] .wait .n")).to_have_text("5")
    hall.cut()
    hall.is_down = False
    page.clock.run_for(1_000)
    expect(page.locator(".cut")).to_have_count(0)
    assert len(hall.asked) == 2
    assert {key: hall.asked[1][key] for key in ("after", "epoch")} == {"after": "101", "epoch": "e1"}


def test_a_gap_in_the_feed_asks_for_the_whole(open_kiosk, hall) -> None:
    page = open_kiosk()
    hall.tell({"kind": "event", "prev": 999, "seq": 1000, "type": "TicketCalled", "put": {}, "drop": []})
    page.clock.run_for(1_000)
    expect(page.locator("[data-service=a]")).to_be_enabled()
    assert "after" not in hall.asked[-1]
    assert len(hall.asked) == 2


def test_the_token_in_the_address_is_kept_and_taken_out(open_kiosk) -> None:
    page = open_kiosk()
    assert page.evaluate("localStorage.getItem('hall.device.kiosk')") == "T"
    assert "#" not in page.url
    assert "token" not in page.url


def test_a_kiosk_without_token_asks_for_one_and_checks_it(open_kiosk, hall) -> None:
    page = open_kiosk(is_paired=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("配对这台取号机")
    hall.gets["/me"] = {"role": "clerk"}
    page.get_by_label("令牌").fill("a-clerk's")
    page.get_by_role("button", name="配对").click()
    expect(page.get_by_role("alert")).to_have_text("这个令牌不是取号机的")
    hall.gets["/me"] = {"role": "kiosk"}
    page.get_by_role("button", name="配对").click()
    expect(page.locator(".choices")).to_be_visible()
    assert page.evaluate("localStorage.getItem('hall.device.kiosk')") == "a-clerk's"


@pytest.mark.parametrize("is_refused", [False, True])
def test_the_pairing_page_has_no_faults_that_axe_knows(open_kiosk, hall, complaints_of, is_refused) -> None:
    page = open_kiosk(is_paired=False)
    if is_refused:
        hall.gets["/me"] = {"role": "clerk"}
        page.get_by_label("令牌").fill("a-clerk's")
        page.get_by_role("button", name="配对").click()
        expect(page.get_by_role("alert")).not_to_be_empty()
    assert complaints_of(page) == []


def test_a_token_that_no_longer_counts_brings_the_pairing_form(open_kiosk, hall) -> None:
    page = open_kiosk()
    for socket in hall.sockets:
        socket.close(code=4401)
    expect(page.get_by_role("heading", level=1)).to_have_text("这台取号机的配对已失效")


def test_new_software_reloads_an_untouched_kiosk_once(open_kiosk, hall) -> None:
    page = open_kiosk()
    told = {"kind": "beat", "prev": hall.seq, "seq": hall.seq, "version": "newer"}
    with page.expect_navigation():
        hall.tell(told)
    page.locator(".choices").wait_for()
    links = len(hall.asked)
    hall.tell(told)
    hall.pass_seconds(page, 2)
    assert (links, len(hall.asked)) == (2, 2)


def test_a_visitor_in_the_middle_is_not_interrupted_by_new_software(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.locator("[data-service=a]").tap()
    page.locator(".num").wait_for()
    hall.tell({"kind": "beat", "prev": hall.seq, "seq": hall.seq, "version": "newer"})
    hall.pass_seconds(page, 2)
    expect(page.locator(".num")).to_be_visible()
    assert len(hall.asked) == 1
