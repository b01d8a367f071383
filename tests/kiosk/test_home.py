"""Choosing a service at the kiosk: what stands there, what can be pressed, in which language, with which keys."""

import pytest
from playwright.sync_api import expect

from tests.kiosk.visitor_hall import kiosk_view, numbered_services, service, usual_services


def test_home_speaks_the_halls_language_first_and_a_second_beside_it(open_kiosk) -> None:
    page = open_kiosk()
    expect(page.get_by_role("heading", level=1)).to_have_text("请选择要办理的业务")
    expect(page.locator(".head p")).to_have_text("What would you like to do?")
    first = page.locator("[data-service=a]")
    expect(first.locator("b")).to_have_text("综合业务")
    expect(first.locator(".name span")).to_have_text("General service")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_the_language_key_turns_the_whole_page(open_kiosk) -> None:
    page = open_kiosk()
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would you like to do?")
    expect(page.locator("[data-service=a] b")).to_have_text("General service")
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")


def test_a_range_is_shown_only_where_there_is_an_estimate(open_kiosk) -> None:
    page = open_kiosk()
    expect(page.locator("[data-service=a] .wait .n")).to_have_text("10–15")
    expect(page.locator("[data-service=b] .wait .n")).to_have_text("4")
    expect(page.locator("[data-service=e] .nobody")).to_have_text("前面没有人")


def test_a_service_without_numbers_left_stays_and_says_so(open_kiosk, hall) -> None:
    page = open_kiosk()
    full = page.locator("[data-service=d]")
    expect(full).to_be_disabled()
    expect(full).to_contain_text("今日已满")
    page.keyboard.press("4")
    assert hall.posts == []


def test_a_service_outside_its_hours_says_when_it_opens(open_kiosk, hall) -> None:
    afternoon, never = [[[810, 1020]]] * 7, [[]] * 7
    hall.state = kiosk_view(service("a", "下午", "Later", hours=afternoon), service("b", "不办", "Never", hours=never))
    page = open_kiosk()
    expect(page.locator("[data-service=a]")).to_contain_text("13:30 开始")
    expect(page.locator("[data-service=b]")).to_contain_text("现在不办理")
    expect(page.locator("[data-service=a]")).to_be_disabled()


def test_a_closed_hall_says_so_and_gives_no_number(open_kiosk, hall) -> None:
    hall.state = kiosk_view(*usual_services(), day_open=False)
    page = open_kiosk()
    expect(page.get_by_role("heading", level=1)).to_have_text("现在不营业")
    expect(page.locator("[data-service=a]")).to_be_disabled()


def test_without_an_open_counter_a_number_can_still_be_taken(open_kiosk, hall) -> None:
    hall.state = kiosk_view(service("a", "综合业务", "General service", counters_open=0))
    page = open_kiosk()
    expect(page.locator("[data-service=a]")).to_contain_text("窗口未开")
    page.locator("[data-service=a]").tap()
    expect(page.locator(".num")).to_have_text("A056")


def test_a_heading_opens_its_services_and_back_returns(open_kiosk, hall) -> None:
    below = [service(f"x{at}", f"业务{at}", f"Thing {at}", parent="a") for at in range(3)]
    hall.state = kiosk_view(service("a", "个人业务", "Personal"), *below)
    page = open_kiosk()
    expect(page.locator("[data-service]")).to_have_count(1)
    expect(page.locator("[data-service=a]")).to_contain_text("3 项业务")
    page.locator("[data-service=a]").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("个人业务")
    expect(page.locator("[data-service]")).to_have_count(3)
    page.get_by_role("button", name="返回").tap()
    expect(page.locator("[data-service=a]")).to_be_visible()
    assert hall.posts == []


def test_more_than_six_choices_are_paged_by_buttons(open_kiosk, hall) -> None:
    hall.state = kiosk_view(*numbered_services(12))
    page = open_kiosk()
    expect(page.locator("[data-service]")).to_have_count(5)
    page.get_by_role("button", name="更多").tap()
    expect(page.locator("[data-service]").first).to_contain_text("业务5")
    page.get_by_role("button", name="更多").tap()
    expect(page.locator("[data-service]")).to_have_count(2)
    expect(page.get_by_role("button", name="更多")).to_have_count(0)
    page.get_by_role("button", name="返回").tap()
    expect(page.locator("[data-service]").first).to_contain_text("业务5")


def test_number_keys_choose_what_stands_on_the_page(open_kiosk, hall) -> None:
    hall.state = kiosk_view(*numbered_services(12))
    page = open_kiosk()
    page.get_by_role("button", name="更多").tap()
    expect(page.locator("[data-service]").first).to_contain_text("业务5")
    page.keyboard.press("2")
    expect(page.locator(".num")).to_be_visible()
    assert [post.body["service"] for post in hall.posts] == ["n06"]


def test_enter_presses_the_choice_in_focus(open_kiosk, hall) -> None:
    page = open_kiosk()
    page.locator("[data-service=b]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".num")).to_be_visible()
    assert [post.body["service"] for post in hall.posts] == ["b"]


def test_help_that_does_not_exist_is_not_offered(open_kiosk) -> None:
    page = open_kiosk()
    expect(page.locator(".help button")).to_have_count(2)
    page.get_by_role("button", name="大字").tap()
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.dataset.contrast") == "more"


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (768, 1024), (1366, 768)])
def test_targets_are_large_and_nothing_leaves_the_panel(open_kiosk, hall, width, height) -> None:
    long = "International roaming and cross-border services and enquiries"
    hall.state = kiosk_view(
        *(service(f"n{at}", "国际漫游及港澳台业务办理与咨询服务", long, order=at) for at in range(6))
    )
    page = open_kiosk(width=width, height=height)
    boxes = [button.bounding_box() for button in page.locator("#screen button").all()]
    assert all(box["height"] >= 54 and box["width"] >= 72 for box in boxes)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert all(box["y"] + box["height"] <= height for box in boxes)


def test_lowered_everything_touched_lies_in_the_lower_half(open_kiosk) -> None:
    page = open_kiosk()
    page.get_by_role("button", name="放低画面").tap()
    expect(page.get_by_role("button", name="放低画面")).to_have_attribute("aria-pressed", "true")
    assert all(button.bounding_box()["y"] >= 960 for button in page.locator("#screen button").all())


@pytest.mark.parametrize("language", ["中文", "English"])
def test_home_has_no_faults_that_axe_knows(open_kiosk, complaints_of, language) -> None:
    page = open_kiosk()
    page.get_by_role("button", name=language).tap()
    expect(page.get_by_role("button", name=language)).to_have_attribute("aria-pressed", "true")
    assert complaints_of(page) == []
