"""The ticket on the visitor's phone: the line, the call, the end; catching up; links that lead nowhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.kiosk.visitor_hall import SECRET, called, missed, phone_ticket, refusal
from tests.screens_support import MISSED


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
        ({"state": "parked"}, "已在 3 号窗口挂起"),
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


# --- who got ahead, and what the visitor may do ----------------------------------------------------------------------

OVERTAKEN = [
    {"cause": "class", "count": 2, "name": {"zh-Hans": "预约", "en": "Appointment"}},
    {"cause": "reprioritise", "count": 1, "name": None},
    {"cause": "transfer", "count": 1, "name": None},
    {"cause": "cap", "count": 1, "name": None},
]


@pytest.mark.parametrize(
    ("lang", "two", "many"),
    [
        ("zh-Hans", "前面增加 3 位：预约2、绿色通道1", "前面增加 5 位：预约2、绿色通道1、其他 2"),
        ("en", "3 more ahead: Appointment 2, green lane 1", "5 more ahead: Appointment 2, green lane 1, others 2"),
    ],
)
def test_who_got_ahead_is_said_with_the_reason(open_phone, hall, lang, two, many) -> None:
    page = open_phone(phone_ticket(ahead=6, overtaken_by=OVERTAKEN[:2]), lang=lang)
    expect(page.locator(".reasons")).to_have_text(two)
    hall.put({"ticket": phone_ticket(ahead=8, overtaken_by=OVERTAKEN)})
    expect(page.locator(".reasons")).to_have_text(many)


def test_a_rising_number_is_never_left_without_a_reason(open_phone, hall) -> None:
    page = open_phone(phone_ticket(ahead=2))
    reasons = page.locator(".reasons")
    expect(reasons).to_be_hidden()
    hall.put({"ticket": phone_ticket(ahead=5)})
    expect(reasons).to_have_text("开放的窗口有变动，叫号顺序随之变化。")
    hall.put({"ticket": phone_ticket(ahead=5, counter_change={"kind": "paused", "counter_name": "3"})})
    expect(reasons).to_have_text("3 号窗口暂停，等候会变长。")
    hall.put({"ticket": phone_ticket(ahead=2)})
    expect(reasons).to_be_hidden()


MOVES: list[tuple[dict[str, object], str]] = [
    ({"joined_by": "transfer"}, "您已转到这项业务，号码不变。"),
    ({"joined_by": "next"}, "接着办理下一项业务，号码不变。"),
    ({"joined_by": "undo"}, "叫号已撤回，您仍在排队。"),
    ({"joined_by": "reinstate"}, "您已恢复排队。"),
    ({"planned": [{"zh-Hans": "缴费充值"}, {"zh-Hans": "宽带业务"}]}, "接着办理：缴费充值、宽带业务"),
    ({"counter_change": {"kind": "closed", "counter_name": "2"}}, "2 号窗口已关闭，等候会变长。"),
    ({"counter_change": {"kind": "changed", "counter_name": "2"}}, "2 号窗口另办其他业务"),
    ({"round_used": [{"cause": "reinstate", "count": 1}]}, "同类已先叫：过号返回1"),
]


def test_what_was_done_with_the_ticket_is_said(open_phone, hall) -> None:
    page = open_phone()
    for changes, says in MOVES:
        hall.put({"ticket": phone_ticket(**changes)})
        expect(page.locator(".reasons")).to_have_text(says)
    hall.put({"ticket": phone_ticket(to_counter="3")})
    expect(page.locator(".note")).to_have_text("等 3 号窗口叫号")


def test_two_are_let_go_first_after_a_question(open_phone, hall) -> None:
    page = open_phone()
    page.get_by_role("button", name="让两位先办").tap()
    sure = page.get_by_role("alertdialog")
    expect(sure).to_contain_text("还可让 1 次")
    assert hall.posts == []
    sure.get_by_role("button", name="保留位置").tap()
    page.get_by_role("button", name="让两位先办").tap()
    sure.get_by_role("button", name="让两位先办").tap()
    expect(sure).to_have_count(0)
    assert [(post.path, post.body) for post in hall.posts] == [(f"/t/{SECRET}/postpone", {"places": 2})]
    hall.put({"ticket": phone_ticket(ahead=5, postpones_left=0, joined_by="postpone")})
    expect(page.get_by_role("button", name="让两位先办")).to_have_count(0)
    expect(page.locator(".reasons")).to_have_text("您已让别人先办。")


def test_leaving_the_line_is_asked_twice_and_done_once(open_phone, hall) -> None:
    page = open_phone()
    page.get_by_role("button", name="取消排队").tap()
    expect(page.get_by_role("alertdialog")).to_contain_text("号码作废，再来需要重新取号。")
    page.get_by_role("button", name="取消排队").dblclick()
    hall.put({"ticket": phone_ticket(state="done", outcome="cancelled_by_visitor")})
    expect(page.locator(".part")).to_contain_text("您已取消排队")
    assert [post.path for post in hall.posts] == [f"/t/{SECRET}/cancel"]


def test_a_refusal_is_said_in_the_visitors_language(open_phone, hall) -> None:
    page = open_phone()
    said = {"nobody_behind": "后面没有人等候", "postponements_spent": "让号次数已用完", "something_new": "没有成功"}
    for code, says in said.items():
        hall.verb = lambda _path, _body, code=code: refusal(409, code)
        page.get_by_role("button", name="让两位先办").tap()
        page.get_by_role("alertdialog").get_by_role("button", name="让两位先办").tap()
        expect(page.locator(".refusal")).to_contain_text(says)
        expect(page.locator(".refusal")).not_to_contain_text(code)


def test_a_cut_phone_presses_nothing(open_phone, hall) -> None:
    page = open_phone()
    hall.cut()
    hall.pass_seconds(page, 7)
    expect(page.get_by_role("button", name="让两位先办")).to_be_disabled()
    expect(page.get_by_role("button", name="取消排队")).to_be_disabled()


def test_who_missed_the_call_comes_back_while_there_is_time(open_phone, hall) -> None:
    page = open_phone(missed())
    expect(page.locator(".left")).to_have_text(re.compile("剩余时间(10:00|9:5[0-9])"))
    expect(page.locator(".after")).to_have_text(MISSED["zh-Hans"])
    page.get_by_role("button", name="过号后回来了").tap()
    expect(page.locator(".refusal")).to_be_empty()
    assert [post.path for post in hall.posts] == [f"/t/{SECRET}/reinstate"]
    hall.put({"ticket": missed(expires_at="2026-11-24T02:42:00Z")})
    expect(page.get_by_role("button", name="过号后回来了")).to_have_count(0)
    expect(page.locator(".acts")).to_have_text("请联系工作人员。")


def test_who_may_not_come_back_is_sent_to_the_staff(open_phone, hall) -> None:
    page = open_phone(missed(returns_left=0))
    expect(page.locator(".acts")).to_have_text("请联系工作人员。")
    hall.put({"ticket": missed()})
    expect(page.locator(".acts button")).to_be_visible()
    hall.put({"ticket": missed(expires_at=None)})
    expect(page.locator(".acts")).to_have_text("请联系工作人员。")


def test_a_call_on_a_page_that_is_seen_is_reported_and_each_repeat_too(open_phone, hall) -> None:
    hall.context.add_init_script(
        "Object.defineProperty(document, 'visibilityState', { get: () => window.isHidden ? 'hidden' : 'visible' })"
    )
    page = open_phone()
    hall.pass_seconds(page, 6)
    assert hall.heard == []
    page.evaluate("window.isHidden = true")
    hall.put({"ticket": called()})
    expect(page.locator(".go .n")).to_be_visible()
    hall.pass_seconds(page, 6)
    assert hall.heard == []
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert [(said["shown"], said["seq"]) for said in hall.heard] == [([1], 101)]
    hall.put({"ticket": called(call_no=2)})
    page.clock.run_for(100)
    assert hall.heard[-1]["seq"] == 102
    told = len(hall.heard)
    hall.put({"ticket": called(state="serving")})
    hall.pass_seconds(page, 6)
    assert len(hall.heard) == told


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


@pytest.mark.parametrize(
    "record", [phone_ticket(overtaken_by=OVERTAKEN), called("3"), missed(), called(state="parked")]
)
def test_the_phone_has_no_faults_that_axe_knows(open_phone, complaints_of, record) -> None:
    page = open_phone(record)
    assert complaints_of(page) == []


def test_the_question_has_no_faults_that_axe_knows(open_phone, hall, complaints_of) -> None:
    hall.verb = lambda _path, _body: refusal(409, "nobody_behind")
    page = open_phone()
    page.get_by_role("button", name="让两位先办").tap()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert complaints_of(page) == []
    page.get_by_role("alertdialog").get_by_role("button", name="让两位先办").tap()
    expect(page.locator(".refusal span")).to_be_visible()
    assert complaints_of(page) == []
