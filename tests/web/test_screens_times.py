"""The manager corrects when a visit began or ended: listed or found by number, both times shown, refusals said."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.screens_support import Json, Scripted, ScriptedHall, ago
from tests.web.screens_desk_support import policy
from tests.web.test_screens_manager import TODAY, WAITS, counter, floor, shown


@pytest.fixture
def scripted(scripted: Scripted) -> Scripted:
    def answering(state: Json) -> ScriptedHall:
        hall = scripted(state)
        hall.verb = lambda path, _: (200, {"id": path.split("/")[-2], "number": "", "timeline": {"turns": []}})
        return hall

    return answering


def visit(number: str, *, start: float, end: float, **changes: Any) -> Json:
    """A visit that is over: called a minute before it started, so many minutes ago."""
    times = {"called_at": ago(minutes=start + 1), "started_at": ago(minutes=start), "ended_at": ago(minutes=end)}
    never = {"corrected_started_at": None, "corrected_ended_at": None, "correction_reason": None}
    where = {"turn": f"{number}-1", "ticket": number, "number": number, "counter_name": "3", "service": "A"}
    return {f"long_turn:{number}-1": where | times | never | changes}


def corrected(number: str, *, start: float, end: float, right_end: float) -> Json:
    changes = {"corrected_ended_at": ago(minutes=right_end), "correction_reason": "forgot_to_finish"}
    return visit(number, start=start, end=end, **changes)


def turns(*visits: Json) -> list[Json]:
    """The same as a ticket's timeline has it."""
    records = [record for one in visits for record in one.values()]
    return [{**one, "id": one["turn"], "state": "done", "counter": "3"} for one in records]


def forgotten(seconds: float) -> Json:
    """Counter 1, still serving after so long."""
    serving = counter("1", "open", services="A", number="A044", served_s=seconds)
    serving["counter:1"]["current"]["long_service_s"] = 1440
    return serving


def opened(hall: ScriptedHall, *, lang: str = "en", width: int = 1366, height: int = 768) -> Page:
    page = shown(hall, lang=lang, width=width, height=height)
    page.locator(".correct").click()
    expect(page.locator("dialog.times")).to_be_visible()
    return page


def choose(page: Page, number: str) -> None:
    page.locator("button.row", has_text=number).click()


LONG = visit("A012", start=72, end=8)  # 09:30 to 10:34
RIGHT = corrected("B007", start=120, end=20, right_end=110)


def test_visits_that_look_wrong_are_listed_and_the_key_says_how_many(scripted: Scripted) -> None:
    hall = scripted(floor(policy(), LONG, RIGHT, forgotten(1410)))
    page = opened(hall)
    expect(page.locator(".correct .count")).to_have_text("1 1 visit to look at")
    rows = page.locator("button.row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_have_text("A01209:30–10:34Counter 3 · General64 min")
    expect(rows.nth(1)).to_have_text("B00708:42–08:52Counter 3 · General10 mincorrected")
    expect(page.locator("li.row")).to_have_count(0)
    hall.wait(page, 31)
    expect(page.locator("li.row")).to_have_text("A044Counter 1General24 min")
    expect(page.locator(".correct .count")).to_contain_text("2")
    expect(page.locator(".al")).to_contain_text(
        "A044 has been at the counter for 24 minCounter 1. Perhaps nobody pressed"
    )


def test_a_time_is_corrected_with_a_reason_and_both_times_are_shown(scripted: Scripted) -> None:
    hall = scripted(floor(policy(), LONG))
    page = opened(hall, lang="zh-Hans")
    choose(page, "A012")
    save = page.get_by_role("button", name="保存更正")
    expect(save).to_be_disabled()
    page.get_by_label("更正后的结束时间").fill("0945")
    expect(page.locator(".correction tbody tr").last).to_have_text("时长64 分15 分")
    expect(save).to_be_disabled()  # without a reason
    page.get_by_text("忘记结束").click()
    save.click()
    expect(page.locator(".said")).to_have_text("A012 已更正，统计按新时间计算。")
    assert hall.posts[-1].path == "/halls/jiangwan/tickets/A012/correct-time"
    sent = {"turn": "A012-1", "ended_at": "2026-11-24T01:45:00.000Z", "reason": "forgot_to_finish"}
    assert hall.posts[-1].body == sent  # the start was right
    hall.put(corrected("A012", start=72, end=8, right_end=57.1), kind="TimeCorrected")
    cells = page.locator(".correction tbody tr").nth(2)
    expect(cells.locator("td").first).to_have_text("10:34")
    expect(cells.locator("input")).to_have_value("09:45")
    expect(page.locator("button.row")).to_contain_text("已更正")


def test_a_visit_that_really_took_so_long_is_confirmed_once_and_asked_about_no_more(scripted: Scripted) -> None:
    hall = scripted(floor(policy(), LONG))
    page = opened(hall, lang="zh-Hans")
    choose(page, "A012")
    page.get_by_role("button", name="确实用了这么久").click()
    expect(page.locator(".said")).to_have_text("A012 已确认属实，时间不变。")
    end = LONG["long_turn:A012-1"]["ended_at"]
    assert hall.posts[-1].body == {"turn": "A012-1", "ended_at": end, "reason": "confirmed"}
    confirmed = {"corrected_ended_at": end, "correction_reason": "confirmed"}
    hall.put(visit("A012", start=72, end=8, **confirmed), kind="TimeCorrected")
    expect(page.locator("button.row")).to_contain_text("已确认")
    expect(page.get_by_role("button", name="确实用了这么久")).to_have_count(0)
    expect(page.locator(".correct .count")).to_have_count(0)
    expect(page.get_by_role("button", name="保存更正")).to_be_visible()


def test_a_correction_is_corrected_again(scripted: Scripted) -> None:
    hall = scripted(floor(policy(), RIGHT))
    page = opened(hall)
    choose(page, "B007")
    expect(page.get_by_label("Corrected end")).to_have_value("08:52")
    page.get_by_label("Corrected start").fill("8:45")
    page.get_by_text("Wrong key").click()
    page.get_by_role("button", name="Save the corrected time").click()
    expect(page.locator(".said")).not_to_be_empty()
    body = hall.posts[-1].body
    assert body == {"turn": "B007-1", "started_at": "2026-11-24T00:45:00.000Z", "reason": "mistake"}


@pytest.mark.parametrize(
    ("typed", "sent"), [("10:50", "2026-11-24T02:50:00.000Z"), ("09:20", "2026-11-24T01:20:00.000Z")]
)
def test_what_the_server_refuses_is_said_in_words(scripted: Scripted, typed: str, sent: str) -> None:
    """An end that is to come, and one before the start."""
    hall = scripted(floor(policy(), LONG))
    hall.verb = lambda *_: (409, {"code": "time_impossible"})
    page = opened(hall, lang="zh-Hans")
    choose(page, "A012")
    page.get_by_label("更正后的结束时间").fill(typed)
    page.get_by_text("忘记结束").click()
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator(".times .fault")).to_have_text("时间顺序应为：叫号、开始、结束，且不晚于现在。")
    expect(page.get_by_label("更正后的结束时间")).to_have_value(typed)
    assert hall.posts[-1].body["ended_at"] == sent


@pytest.mark.parametrize("typed", ["", "9", "24:00", "09:60", "early"])
def test_what_is_no_time_of_day_cannot_be_saved(scripted: Scripted, typed: str) -> None:
    page = opened(scripted(floor(policy(), LONG)))
    choose(page, "A012")
    page.get_by_text("Forgot to finish").click()
    page.get_by_label("Corrected end").fill(typed)
    expect(page.get_by_label("Corrected end")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Save the corrected time")).to_be_disabled()


def test_any_visit_is_found_by_its_number_by_keyboard_alone(scripted: Scripted) -> None:
    """Over midnight: the end meant is that of the evening before, not the one to come."""
    hall = scripted(floor(policy()))
    over_night = visit("A047", start=18 * 60, end=60)  # 16:42 yesterday to 09:42 today
    hall.gets["/halls/jiangwan/tickets"] = {
        "tickets": [{"id": "A047", "number": "A047", "state": "done", "issued_at": ago(minutes=1200)}]
    }
    hall.gets["/halls/jiangwan/tickets/A047"] = {
        "id": "A047",
        "number": "A047",
        "timeline": {"turns": turns(over_night)},
    }
    page = opened(hall)
    page.locator("[name=number]").focus()
    page.keyboard.insert_text("ａ４７")  # an input method may write in full width
    page.keyboard.press("Enter")
    expect(page.locator("button.row")).to_contain_text("Mon 23 Nov 16:42–09:42")
    end = page.get_by_label("Corrected end")
    while not end.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("1712")  # what stood there is chosen, and written over
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).not_to_be_empty()
    sent = {"turn": "A047-1", "ended_at": "2026-11-23T09:12:00.000Z", "reason": "forgot_to_finish"}
    assert hall.posts[-1].body == sent
    page.keyboard.press("Escape")
    expect(page.locator(".times")).to_have_count(0)


def test_a_number_that_nobody_was_served_under_says_so(scripted: Scripted) -> None:
    hall = scripted(floor(policy()))
    hall.gets["/halls/jiangwan/tickets"] = {"tickets": []}
    page = opened(hall)
    page.locator("[name=number]").fill("Z999")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".visits .nil").first).to_have_text("No visit under that number is over.")


def test_a_minute_is_meant_whole_where_the_call_fell_into_it(scripted: Scripted) -> None:
    """Called at 09:29:07; a start at 09:29 is no start before the call."""
    hall = scripted(floor(policy(), LONG))
    page = opened(hall)
    choose(page, "A012")
    page.get_by_label("Corrected start").fill("09:29")
    page.get_by_text("Wrong key").click()
    page.get_by_role("button", name="Save the corrected time").click()
    expect(page.locator(".said")).not_to_be_empty()
    assert hall.posts[-1].body["started_at"] == "2026-11-24T01:29:07.000Z"


def test_without_a_link_nothing_is_saved(scripted: Scripted) -> None:
    hall = scripted(floor(policy(), LONG))
    page = opened(hall)
    choose(page, "A012")
    page.get_by_label("Corrected end").fill("09:45")
    page.get_by_text("Forgot to finish").click()
    expect(page.get_by_role("button", name="Save the corrected time")).to_be_enabled()
    page.clock.fast_forward(7_000)
    expect(page.get_by_role("button", name="Save the corrected time")).to_be_disabled()
    expect(page.get_by_role("alert")).to_have_text("Link lost. Nothing is saved until it is back.")


def test_the_median_service_time_says_of_how_many_visits_it_is(scripted: Scripted) -> None:
    hall = scripted(floor({"today": TODAY | WAITS | {"services_n": 172, "service_s_p50": 402}}))
    page = shown(hall, lang="zh-Hans")
    expect(page.locator(".median")).to_have_text("办理时长中位数 7 分（172 次）")
    hall.put({"today": TODAY | WAITS | {"services_n": 172, "service_s_p50": 402, "work": 182.5}})
    expect(page.locator(".median")).to_have_text("办理时长中位数 7 分（172 次） · 折算 182.5")
    expect(page.locator(".ctr").first).to_have_attribute("title", "今日已办 14，折算业务量 17.5")
    hall.put({"today": TODAY | WAITS | {"services_n": 0, "service_s_p50": None}})
    expect(page.locator(".median")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (820, 1180), (600, 900)])
def test_it_has_no_barrier_and_fits(scripted: Scripted, lang: str, size: tuple[int, int]) -> None:
    many = [visit(f"A{n}", start=n, end=1) for n in range(120, 160)]
    page = opened(scripted(floor(policy(), forgotten(4000), *many)), lang=lang, width=size[0], height=size[1])
    choose(page, "A121")
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []
    wide = ".times, .times .visits, .times .one"
    assert page.locator(wide).evaluate_all("nodes => nodes.every(n => n.scrollWidth <= n.clientWidth)")
    keys = page.locator(".times button, .times label:has([type=radio]), .times input:not([type=radio])")
    assert min(keys.evaluate_all("nodes => nodes.map(n => n.getBoundingClientRect().height)")) >= 44
