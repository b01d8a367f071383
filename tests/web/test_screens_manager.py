"""The manager's view in a real browser: figures with their denominators, alarms as sentences, everything live."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.screens_support import Json, Scripted, ScriptedHall, ago, hall_record
from tests.web.screens_desk_support import call_for_help, policy, waiting

TODAY = {"issued": 203, "called": 187, "served": 172, "missed": 9, "cancelled": 3, "expired": 0, "work": 0}
WAITS = {"waits_n": 187, "wait_s_p50": 431, "promised_n": 180, "in_promise_n": 163}
NOBODY = dict.fromkeys(TODAY, 0) | {"waits_n": 0, "wait_s_p50": None, "promised_n": 0, "in_promise_n": 0}


def shown(hall: ScriptedHall, *, lang: str = "en", width: int = 1440, height: int = 900) -> Page:
    hall.context.add_init_script("sessionStorage.setItem('hall.token', 'T')")
    return hall.open("/manager", width=width, height=height, lang=lang, ready=".manager")


def counter(name: str, state: str, *, services: str, number: str | None = None, served_s: float = 60) -> Json:
    visit = {
        "number": number,
        "state": "serving",
        "service": services[0],
        "called_at": ago(seconds=served_s + 20),
        "started_at": ago(seconds=served_s),
        "expected_service_s": 480,
    }
    record: dict[str, Any] = {"id": name, "name": name, "area": "1", "state": state, "staff": None, "reason": None}
    more = {"staff_name": "王敏", "services": list(services), "since": ago(minutes=30), "served": 14, "work": 17.5}
    return {f"counter:{name}": record | more | {"current": visit if number else None}}


def service(letter: str, name: str, *, promise_s: int | None, order: int) -> Json:
    names = {"zh-Hans": name, "en": name}
    record = {"id": letter, "name": names, "letter": letter, "order": order, "promise_s": promise_s}
    return {f"service:{letter}": record | {"waiting": 0, "served": 0}}


def floor(*records: Json) -> Json:
    merged: Json = {
        "hall": hall_record(),
        "area:1": {"id": "1", "name": {"zh-Hans": "1 区", "en": "Area 1"}, "arrow": "left", "counters": []},
        "today": TODAY | WAITS,
    }
    for more in (
        service("A", "General", promise_s=900, order=0),
        service("B", "Payments", promise_s=600, order=1),
        counter("1", "open", services="A", number="A044", served_s=370),
        counter("2", "open", services="AB", number="B029", served_s=720),
        counter("3", "closed", services="B"),
        counter("4", "paused", services="A"),
        *records,
    ):
        merged |= more
    return merged


def test_the_one_figure_is_a_share_with_its_denominator(scripted: Scripted) -> None:
    page = shown(scripted(floor(waiting("A050", minutes=3))))
    expect(page.locator(".big")).to_contain_text("90%")
    expect(page.locator(".big")).to_contain_text("163 of 180 called")
    figures = page.locator(".rest > div")
    expect(figures.nth(0)).to_have_text("1Waiting")
    expect(figures.nth(1)).to_have_text("2/ 4Counters serving, 3 open")
    expect(figures.nth(2)).to_have_text("7minMedian wait of 187 visitors")


@pytest.mark.parametrize(
    ("lang", "waits_n", "said"),
    [
        ("en", 1, "Median wait of 1 visitor"),
        ("en", 0, "Median wait"),
        ("zh-Hans", 217, "等候中位数（217 人）"),
        ("zh-Hans", 0, "等候中位数"),
    ],
)
def test_the_median_says_of_how_many_visitors_it_is(scripted: Scripted, lang: str, waits_n: int, said: str) -> None:
    page = shown(scripted(floor({"today": TODAY | WAITS | {"waits_n": waits_n}})), lang=lang)
    expect(page.locator(".rest > div").nth(2).locator("p")).to_have_text(said)


def test_before_the_first_call_there_is_no_percentage(scripted: Scripted) -> None:
    page = shown(scripted(floor({"today": NOBODY})))
    expect(page.locator(".big")).to_contain_text("–")
    expect(page.locator(".big")).to_contain_text("Nobody was called yet today")
    expect(page.locator(".fine")).to_be_visible()


def test_counters_stand_by_area_and_a_long_visit_is_red(scripted: Scripted) -> None:
    page = shown(scripted(floor()))
    expect(page.locator(".map .area")).to_have_text("Area 1")
    expect(page.locator(".ctr .chip")).to_have_text(["Serving", "Serving", "Closed", "Paused"])
    expect(page.locator(".ctr .ov")).to_have_text(re.compile("^12:0[0-9]$"))


def test_everything_is_live(scripted: Scripted) -> None:
    hall = scripted(floor(waiting("A050", minutes=3)))
    page = shown(hall)
    hall.put({**waiting("A051", minutes=0), "today": TODAY | WAITS | {"in_promise_n": 180}})
    expect(page.locator(".rest > div").first).to_have_text("2Waiting")
    expect(page.locator(".big")).to_contain_text("100%")
    expect(page.locator(".strip").first.locator("i")).to_have_count(2)
    hall.wait(page, 60)
    expect(page.locator(".ctr b.ov")).to_have_text(re.compile("^13:0[0-9]$"))


def test_alarms_are_sentences_with_the_way_out(scripted: Scripted) -> None:
    trouble = {"number": "A046", "printer": "p1", "state": "uncertain", "reason": None, "at": ago(minutes=3)}
    printer = {"id": "p1", "kind": "printer", "state": "paper_out", "last_seen": ago(seconds=3)}
    back = waiting("A008", minutes=3, claim_at=ago(minutes=50))  # a place further on is no longer wait
    late = floor(waiting("B007", minutes=11), back, {"paper_trouble:x": trouble, "device:p1": printer})
    page = shown(scripted(late))
    expect(page.locator(".al li").nth(0)).to_have_text(
        "B007 is 1 min beyond the promisePayments, waited 11 min. Open for it: counter 2."
    )
    expect(page.locator(".al li").nth(1)).to_contain_text("Printer p1 is out of paper")
    expect(page.locator(".al li").nth(2)).to_contain_text("Nobody knows whether the paper of A046 came out")
    expect(page.locator(".dev .ill")).to_have_text("Printer p1")


def test_a_line_that_no_open_counter_serves_is_an_alarm(scripted: Scripted) -> None:
    state = floor(waiting("B007", minutes=2), counter("2", "closed", services="AB"))
    page = shown(scripted(state))
    expect(page.locator(".al")).to_contain_text("No open counter serves Payments")


def test_a_device_that_was_never_heard_is_neither_well_nor_an_alarm(scripted: Scripted) -> None:
    kiosk = {"id": "k1", "kind": "kiosk", "state": None, "last_seen": None}
    page = shown(scripted(floor({"device:k1": kiosk})))
    expect(page.locator(".dev .unheard")).to_have_text("Kiosk k1")
    expect(page.locator(".fine")).to_be_visible()


def test_a_display_that_fell_silent_is_an_alarm(scripted: Scripted) -> None:
    display = {"id": "d1", "kind": "display", "state": "offline", "last_seen": ago(minutes=6)}
    page = shown(scripted(floor({"device:d1": display})))
    expect(page.locator(".al")).to_contain_text("Display d1 has gone silent")
    expect(page.locator(".al")).to_contain_text("Last heard at 10:36")


def test_each_waiting_visitor_is_one_tick_on_the_way_to_the_promise(scripted: Scripted) -> None:
    page = shown(scripted(floor(waiting("A050", minutes=7.5), waiting("A051", minutes=30))))
    line = page.locator(".ln li").first
    expect(line.locator(".strip i")).to_have_count(2)
    expect(line.locator(".strip i.l")).to_have_count(1)
    expect(line.locator(".w")).to_have_text("30 / 15")
    expect(page.locator(".long li").first).to_contain_text("A051")


def test_recent_calls_say_why(scripted: Scripted) -> None:
    why = {"rule": "head_start", "rule_version": 1, "score": 1500, "passed_over": []}
    over = why | {"passed_over": [{"line": "A", "number": "A040", "count": 2}]}
    plain = {"number": "A047", "counter_name": "3", "at": ago(minutes=1), "why": why, "service": "A", "wait_s": 600}
    jumped = plain | {"number": "A046", "at": ago(minutes=2), "why": over, "wait_s": 1000}
    state = floor({"recent:1": plain | {"promise_s": 900}, "recent:2": jumped | {"promise_s": 900}})
    page = shown(scripted(state), lang="zh-Hans")
    expect(page.locator(".calls li").nth(0)).to_contain_text("先到先叫")
    expect(page.locator(".calls li").nth(1)).to_contain_text("视同早到 8 分钟，越过 2 人")
    expect(page.locator(".calls li .ov")).to_contain_text("16")


def test_a_view_that_hears_nothing_says_until_when_it_is_right(scripted: Scripted) -> None:
    hall = scripted(floor())
    page = shown(hall)
    page.clock.fast_forward(7_000)
    expect(page.locator(".lost")).to_contain_text("Everything below is how it stood at 10:42:07.")
    hall.wait(page, 4)
    expect(page.locator(".lost")).to_have_count(0)


def test_signing_in_takes_a_login_and_a_password(scripted: Scripted) -> None:
    hall = scripted(floor())
    signed_in = {"token": "T9", "role": "manager", "login": "chen", "name": "陈", "hall": "jiangwan", "expires_at": ""}
    hall.verb = lambda *_: (200, signed_in)
    page = hall.open("/manager", width=1440, height=900, lang="en", ready="form")
    page.locator("[name=login]").fill("chen")
    page.locator("[name=secret]").fill("correct horse")
    page.keyboard.press("Enter")
    expect(page.locator(".manager")).to_be_visible()
    assert hall.posts[0].body == {"login": "chen", "password": "correct horse", "hall": "jiangwan"}
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("form")).to_be_visible()
    assert hall.posts[-1].path == "/sign-out"


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)])
def test_the_view_needs_no_scrolling(scripted: Scripted, lang: str, size: tuple[int, int]) -> None:
    line: Json = {}
    for i in range(300):
        line |= waiting(f"{'AB'[i % 2]}{100 + i}", minutes=i / 8)
    page = shown(scripted(floor(line)), lang=lang, width=size[0], height=size[1])
    page_size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(page_size) == list(size)
    expect(page.locator(".strip i")).to_have_count(300)


def test_calls_for_help_are_taken_and_settled(scripted: Scripted) -> None:
    hall = scripted(floor(call_for_help("security"), call_for_help("device", taken_by="赵经理")))
    hall.verb = lambda *_: (409, {"code": "help_taken"}) if len(hall.came) == 2 else (200, {"seq": 1})
    page = shown(hall, lang="zh-Hans")
    rows = page.locator(".helps li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("3 号窗口求助：安全A047 · 3 分前")
    expect(rows.nth(1)).to_contain_text("赵经理 正在过来")
    rows.nth(0).get_by_role("button", name="我去处理").click()
    expect(rows.nth(0).get_by_role("button", name="我去处理")).to_be_enabled()
    rows.nth(0).get_by_role("button", name="我去处理").click()
    expect(page.locator(".fault")).to_have_text("已有人前往处理。")
    rows.nth(1).get_by_role("button", name="已解决").click()
    expect(page.locator(".fault")).to_have_count(0)
    verbs = ["h-security/take", "h-security/take", "h-device/solve"]
    assert [post.path.removeprefix("/halls/jiangwan/help/") for post in hall.posts] == verbs


def test_devices_are_asked_for_every_five_seconds(scripted: Scripted) -> None:
    seen = {"area": "1", "printer_state": None, "last_seen": ago(seconds=2), "frame_ms": 16.7}
    display = {"id": "display-1", "kind": "display", "alive": True, "audio": "blocked", **seen}
    hall = scripted(
        floor({"device:display-1": {"id": "display-1", "kind": "display", "state": None, "last_seen": None}})
    )
    hall.gets["/halls/jiangwan/devices"] = {"devices": [display]}
    page = shown(hall)
    expect(page.locator(".dev .well")).to_contain_text("Display 1 mute")
    hall.gets["/halls/jiangwan/devices"] = {"devices": [{**display, "alive": False}]}
    hall.wait(page, 6)
    expect(page.locator(".dev .ill")).to_have_text("Display 1")
    expect(page.locator(".al")).to_contain_text(["Display 1 has gone silent"])
    paused = counter("7", "paused", services="A") | policy()
    paused["counter:7"] |= {"reason": "meal"}
    hall.put(paused)
    expect(page.locator(".ctr", has_text="Meal")).to_contain_text("Paused")
