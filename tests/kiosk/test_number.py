"""Taking a number: one press, one number; the paper's fate; refusals; answers that get lost."""

import pytest
from playwright.sync_api import expect

from tests.kiosk.visitor_hall import kiosk_view, paper, refusal, service, ticket
from tests.screens_support import MISSED

TRIES = 3  # how often one press is sent before the visitor is told


def take(page, service_id: str = "a"):
    page.locator(f"[data-service={service_id}]").tap()
    page.locator(".num").wait_for()
    return page


def test_one_touch_gives_the_number_and_says_what_is_ahead(open_kiosk, hall) -> None:
    page = take(open_kiosk())
    expect(page.locator(".num")).to_have_text("A056")
    expect(page.locator(".facts")).to_contain_text("8人")
    expect(page.locator(".facts")).not_to_contain_text("分钟")
    assert [(post.path, post.body) for post in hall.posts] == [
        ("/halls/jiangwan/tickets", {"service": "a", "language": "zh-Hans"})
    ]
    assert hall.posts[0].token == "Bearer T"


def test_a_double_tap_sends_one_press_with_one_key(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.locator("[data-service=a]").dblclick()
    expect(page.locator(".num")).to_have_text("A056")
    assert len({post.key for post in hall.posts}) == len(hall.posts) == 1


def test_a_held_finger_and_the_click_after_it_are_one_press(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.locator("[data-service=a]").click(delay=200)
    expect(page.locator(".num")).to_be_visible()
    assert len(hall.posts) == 1


def test_a_finger_that_slides_away_presses_nothing(open_kiosk, hall) -> None:
    page = open_kiosk()
    box = page.locator("[data-service=a]").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 300)
    page.mouse.up()
    expect(page.locator(".choices")).to_be_visible()
    assert hall.posts == []


def test_the_ticket_is_asked_for_in_the_visitors_language(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    take(page)
    assert hall.posts[0].body["language"] == "en"
    expect(page.locator(".acts")).to_contain_text("Done")


def test_the_heading_of_the_number_has_the_focus(open_kiosk) -> None:
    page = take(open_kiosk())
    expect(page.locator(".taken h1")).to_be_focused()


def test_an_estimate_is_shown_as_a_range(open_kiosk, hall) -> None:
    hall.verb = lambda _path, _body: (201, ticket(estimate={"p10_s": 240, "p50_s": 300, "p90_s": 470}))
    page = take(open_kiosk())
    expect(page.locator(".facts")).to_contain_text("4–8")


def test_the_paper_is_followed_from_printing_to_printed(open_kiosk, hall) -> None:
    page = take(open_kiosk())
    expect(page.locator(".state")).to_contain_text("小票正在打印，请从下方取走")
    hall.put(paper("claimed"))
    hall.put(paper("printed"))
    expect(page.locator(".state")).to_have_text("请从下方取走小票")
    expect(page.locator(".slot")).to_be_visible()


def test_a_failed_paper_leaves_the_number_and_the_code(open_kiosk, hall) -> None:
    page = take(open_kiosk())
    hall.put(paper("failed", "paper_out"))
    expect(page.locator(".state")).to_contain_text("没有打出小票，号码仍然有效")
    expect(page.locator(".state")).to_contain_text("请扫码或记下号码")
    expect(page.locator(".qr img")).to_be_visible()
    expect(page.locator(".num")).to_have_text("A056")
    expect(page.locator(".slot")).to_be_hidden()


def test_after_three_seconds_without_word_the_paper_is_called_slow(open_kiosk, hall) -> None:
    page = take(open_kiosk())
    page.clock.run_for(3_000)
    expect(page.locator(".state")).to_contain_text("小票还没出来，号码仍然有效")
    hall.put(paper("printed"))
    expect(page.locator(".state")).to_have_text("请从下方取走小票")


def test_a_kiosk_without_printer_shows_the_code_or_asks_to_note_the_number(open_kiosk, hall) -> None:
    hall.verb = lambda _path, _body: (201, ticket(paper=None))
    page = take(open_kiosk())
    expect(page.locator(".qr img")).to_be_visible()
    page.clock.run_for(1_100)
    page.get_by_role("button", name="完成").tap()
    hall.verb = lambda _path, _body: (201, ticket(paper=None, follow_url=None))
    page.clock.run_for(1_100)
    take(page)
    expect(page.locator(".state")).to_contain_text("请记下号码")
    expect(page.locator(".qr")).to_have_count(0)


def test_where_to_wait_and_what_to_have_ready_are_told(open_kiosk, hall) -> None:
    area = {"name": {"zh-Hans": " 1 区", "en": "Area 1"}, "arrow": "left"}
    documents = [{"zh-Hans": "身份证", "en": "Identity card"}, {"zh-Hans": "银行卡", "en": "Bank card"}]
    hall.state = kiosk_view(service("a", "综合业务", "General service", area=area, documents=documents))
    page = take(open_kiosk())
    expect(page.locator(".where h2")).to_have_text("请到 1 区等候")
    expect(page.locator(".where")).to_contain_text("请备好：身份证、银行卡")
    expect(page.locator(".where")).to_contain_text(MISSED["zh-Hans"])


def test_a_refusal_is_a_sentence_with_the_way_on(open_kiosk, hall) -> None:
    hall.verb = lambda _path, _body: refusal(409, "range_full")
    page = open_kiosk()
    page.locator("[data-service=a]").tap()
    notice = page.get_by_role("alertdialog")
    expect(notice).to_contain_text("请选择其他业务，或询问工作人员")
    expect(notice).not_to_contain_text("range_full")
    page.clock.run_for(1_100)
    notice.get_by_role("button", name="返回").tap()
    expect(notice).to_have_count(0)


def test_an_answer_that_gets_lost_is_asked_for_again_with_the_same_key(open_kiosk, hall) -> None:
    page = open_kiosk()
    hall.loses_answers = True
    page.locator("[data-service=a]").tap()
    expect(page.get_by_role("alertdialog")).to_contain_text("不会重复取号")
    assert len(hall.posts) == TRIES
    hall.loses_answers = False
    page.clock.run_for(1_100)
    page.get_by_role("button", name="返回").tap()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.clock.run_for(1_100)
    take(page)
    assert len(hall.posts) == TRIES + 1
    assert len({post.key for post in hall.posts}) == 1


def test_two_visitors_get_two_keys(open_kiosk, hall) -> None:
    page = take(open_kiosk())
    page.clock.run_for(1_100)
    page.get_by_role("button", name="完成").tap()
    page.clock.run_for(1_100)
    take(page)
    assert len({post.key for post in hall.posts}) == 2


@pytest.mark.parametrize("state", ["claimed", "printed", "failed"])
def test_the_number_has_no_faults_that_axe_knows(open_kiosk, hall, complaints_of, state) -> None:
    page = take(open_kiosk())
    hall.put(paper(state, "paper_out" if state == "failed" else None))
    expect(page.locator(".state")).to_contain_text(
        {"claimed": "正在打印", "printed": "取走", "failed": "没有打出"}[state]
    )
    assert complaints_of(page) == []


def test_a_refusal_has_no_faults_that_axe_knows(open_kiosk, hall, complaints_of) -> None:
    hall.verb = lambda _path, _body: refusal(409, "range_full")
    page = open_kiosk()
    page.locator("[data-service=a]").tap()
    expect(page.get_by_role("alertdialog")).to_contain_text("请选择其他业务")
    assert complaints_of(page) == []
