"""The ticket on the visitor's phone: the line, the call, the end; catching up; links that lead nowhere."""

import pytest
from playwright.sync_api import expect

from tests.kiosk.visitor_hall import called, missed, phone_ticket


def test_waiting_shows_how_many_are_ahead_and_the_way_they_went(open_phone, hall) -> None:
    page = open_phone(phone_ticket(ahead=8))
    hall.put({"ticket": phone_ticket(ahead=3)})
    expect(page.locator(".two")).to_contain_text("3人")
    expect(page.locator(".row .a")).to_have_count(3)
    expect(page.locator(".row .gone")).to_have_count(5)
    expect(page.locator(".note")).to_contain_text("最初前面 8 人")
    assert page.title() == "A056 · 前面 3 人"


def test_without_an_estimate_no_time_is_promised(open_phone, hall) -> None:
    page = open_phone()
    expect(page.locator(".part")).not_to_contain_text("分钟")
    hall.put({"ticket": phone_ticket(estimate={"p10_s": 240, "p50_s": 300, "p90_s": 480})})
    expect(page.locator(".part")).to_contain_text("4–8")


def test_the_call_turns_the_page_yellow_and_names_the_counter(open_phone, hall) -> None:
    page = open_phone()
    hall.put({"ticket": called("3")})
    expect(page.get_by_role("alert")).to_contain_text("请现在前往窗口")
    expect(page.locator(".go .n")).to_have_text("3")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 198, 41)"
    assert page.title() == "▶ A056 请到 3 号窗口"


def test_each_call_shakes_once_after_the_phone_was_touched(open_phone, hall) -> None:
    page = open_phone()
    page.evaluate("window.shaken = 0; navigator.vibrate = (pattern) => { if (pattern?.length) window.shaken += 1; }")
    page.get_by_role("button", name="叫到我时提醒").tap()
    expect(page.locator(".armed")).to_be_visible()
    hall.put({"ticket": called(call_no=1)})
    hall.put({"ticket": called(call_no=1, counters_open=3)})
    hall.put({"ticket": called(call_no=2)})
    expect(page.locator(".foot")).to_contain_text("第 2 次")
    assert page.evaluate("window.shaken") == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": "serving"}, "正在 3 号窗口办理"),
        ({"state": "parked"}, "3 号窗口已挂起"),
        ({"state": "parked", "due_at": "2026-11-24T03:00:00Z"}, "最晚 11:00 自动回到排队"),
        ({"state": "missed"}, "10:58 叫过您"),
        ({"state": "done", "outcome": "served"}, "办理完毕"),
        ({"state": "done", "outcome": "no_show"}, "过号未到，号码已失效"),
        ({"state": "done", "outcome": "something_new"}, "本次办理已结束"),
    ],
)
def test_every_state_is_told_in_words(open_phone, hall, changes, says) -> None:
    page = open_phone(called(**changes))
    expect(page.locator(".part")).to_contain_text(says)
    assert not page.evaluate("document.body.classList.contains('called')")


def test_the_other_language_is_one_touch_away_and_remembered(open_phone) -> None:
    page = open_phone()
    page.get_by_role("button", name="English").tap()
    expect(page.locator(".two")).to_contain_text("Ahead of you")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    expect(page.locator(".two")).to_contain_text("Ahead of you")


def test_a_phone_that_lost_the_link_says_from_when_it_is_and_catches_up(open_phone, hall) -> None:
    page = open_phone()
    hall.cut()
    hall.pass_seconds(page, 7)
    expect(page.get_by_role("alert")).to_contain_text("连接中断，显示到 10:42:07")
    hall.state["ticket"] = called("3")
    hall.is_down = False
    hall.pass_seconds(page, 20)
    expect(page.locator(".go .n")).to_have_text("3")
    expect(page.locator(".stale")).to_have_count(0)


def test_a_link_that_leads_nowhere_says_so(open_phone, hall) -> None:
    page = open_phone(is_known=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这张号票")
    assert hall.asked == []


def test_a_ticket_whose_day_is_over_says_so(open_phone, hall) -> None:
    page = open_phone()
    hall.put(drop=("ticket",))
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这张号票")


@pytest.mark.parametrize("record", [phone_ticket(ahead=300), called("12", number="VIP1056"), missed()])
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_nothing_leaves_a_narrow_phone(open_phone, record, lang) -> None:
    name = {
        "zh-Hans": "国际漫游及港澳台业务办理与咨询服务专区",
        "en": "International roaming and cross-border services",
    }
    page = open_phone({**record, "service_name": name}, lang=lang)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(
        "[...document.querySelectorAll('.part')].every((part) => part.scrollHeight <= part.clientHeight + 1)"
    )


@pytest.mark.parametrize("record", [phone_ticket(), called("3"), missed()])
def test_the_phone_has_no_faults_that_axe_knows(open_phone, complaints_of, record) -> None:
    page = open_phone(record)
    assert complaints_of(page) == []
