"""A call that nobody answers: when the visitor may count as missed, why not yet, and the ways on; a guessed start."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.screens_support import Scripted, ago
from tests.web.screens_desk_support import (
    answered,
    current,
    desk,
    key,
    missable,
    policy,
    press,
    sent,
    shown,
    waiting,
)

LINE = waiting("B033", minutes=6, order=0) | waiting("A048", minutes=9, order=1) | waiting("B048", minutes=2, order=2)
UNSHOWN = missable(code="call_not_delivered", deliveries=0)


def test_the_missed_key_lights_up_when_the_policy_lets_it(scripted: Scripted) -> None:
    called = current("called", missable=UNSHOWN, recall_at=ago(seconds=-4), last_call_at=ago(seconds=1))
    hall = scripted(desk(LINE, now=called))
    page = shown(hall)
    f4 = key(page, "F4")
    expect(f4).to_have_attribute("aria-disabled", "true")
    expect(f4).to_contain_text("not yet")
    expect(key(page, "F6")).to_contain_text(re.compile(r"\d s"))
    expect(page.locator(".unshown")).to_have_count(0)
    expect(page.locator(".policy")).to_contain_text("Missed after 1 call without an answer.")
    press(page, "F6")
    expect(page.locator(".notice.said")).to_contain_text("The call can be repeated in")
    hall.wait(page, 4)
    expect(page.locator(".unshown")).to_be_visible()
    expect(key(page, "F6")).to_have_attribute("aria-disabled", "false")

    hall.put({"current": {**called, "missable": missable(at=ago(seconds=-10))}})  # 10:42:17, it is 10:42:11
    expect(f4).to_contain_text(re.compile(r"\d s"))
    expect(page.locator(".unshown")).to_have_count(0)
    press(page, "F4")
    expect(page.locator("dialog h2")).to_have_text("A047 does not count as missed yet")
    hall.wait(page, 7)
    expect(page.locator("dialog h2")).to_have_text("A047 may count as missed now")
    press(page, "Escape")
    expect(f4).to_have_attribute("aria-disabled", "false")
    press(page, "F4")
    answered(page)
    assert sent(hall) == [("no-show", {})]


def test_a_call_that_was_not_delivered_has_three_ways_on(scripted: Scripted) -> None:
    called = current("called", missable=UNSHOWN)
    hall = scripted(desk(now=called))
    page = shown(hall)
    press(page, "NumpadSubtract")
    expect(page.locator("dialog")).to_contain_text("has not reached the hall yet")
    assert page.locator("dialog li span.nm").all_inner_texts() == ["Recall", "Ask the greeter", "Go on with a reason…"]
    press(page, "Numpad3", "Numpad2")
    answered(page)
    press(page, "F4", "2")
    answered(page)
    press(page, "F4", "1")
    answered(page)
    assert sent(hall) == [("no-show", {"override": "called_aloud"}), ("help", {"kind": "device"}), ("recall", {})]

    few = missable(code="too_few_calls", deliveries=1, needed=2)
    hall.put(
        {**policy(), "calling": {**policy()["calling"], "override": False}, "current": {**called, "missable": few}}
    )
    expect(key(page, "F4")).to_contain_text("1 of 2 calls")
    press(page, "F4", "3")
    expect(page.locator("dialog [role=alert]")).to_have_text(
        "In this hall nobody is missed before the call was delivered."
    )


def test_a_refused_no_show_says_why_the_call_did_not_arrive_and_the_ways_on(scripted: Scripted) -> None:
    hall = scripted(desk(now=current("serving", is_inferred=True)))
    hall.verb = lambda *_: (
        409,
        {"code": "call_not_delivered", "cause": "no_display", "phone": "open", "ways": ["recall"]},
    )
    hall.verb.__name__ = "undelivered"
    page = shown(hall, lang="zh-Hans")
    press(page, "F4")
    expect(page.locator("dialog")).to_contain_text("本区没有叫号屏在线。客户的手机页面已打开，但没有在看。")
    hall.verb = lambda *_: (200, {"counter": "3", "ticket": None, "why": None, "seq": hall.seq})
    press(page, "3", "1")
    answered(page)
    assert sent(hall)[1:] == [("no-show", {"override": "device_fault"})]


def test_who_seems_to_have_come_is_called_again_or_missed(scripted: Scripted) -> None:
    hall = scripted(
        desk(now=current("serving", is_inferred=True, missable=UNSHOWN | {"code": "too_few_calls", "needed": 2}))
    )
    page = shown(hall)
    expect(page.locator(".now .side")).to_contain_text("Counted as here. F4: did not come")
    expect(key(page, "F4")).to_contain_text("0 of 2 calls")
    press(page, "F4", "1")
    answered(page)
    press(page, "F6")
    answered(page)
    assert sent(hall) == [("recall", {}), ("recall", {})]
    press(page, "F3")
    expect(page.locator(".notice")).to_contain_text("A047 is already at the counter. Press F2 or F8 when done.")


def test_why_a_call_did_not_arrive_is_said_before_the_key_is_pressed(scripted: Scripted) -> None:
    hall = scripted(desk(now=current("called", missable=UNSHOWN)))
    path = "/halls/jiangwan/counters/3/delivery"
    hall.gets[path] = {"counter": "3", "ticket": "t47", "cause": "no_display"}
    page = shown(hall)
    expect(page.locator(".policy")).to_contain_text("F4 not yet: No display of this area is alive.")
    hall.gets[path] = {"counter": "3", "ticket": "t47", "cause": "muted", "phone": "not_open"}
    hall.wait(page, 5)
    expect(page.locator(".policy")).to_contain_text("F4 not yet: The displays of this area cannot be heard.")
    press(page, "F4")
    expect(page.locator("dialog")).to_contain_text(
        "The displays of this area cannot be heard.The visitor's phone page is"
    )
    press(page, "Escape")
    hall.put({"current": current("called", missable=missable(at=ago(seconds=1)))}, kind="CallDelivered")
    expect(page.locator(".policy")).to_contain_text("F3 came, F4 did not come")


def test_a_question_on_the_screen_says_that_the_link_is_lost_and_sends_nothing(scripted: Scripted) -> None:
    hall = scripted(desk(LINE))
    page = shown(hall)
    press(page, "F10")
    hall.cut()
    hall.wait(page, 8)
    expect(page.locator("dialog [role=alert]")).to_have_text("Link lost. Nothing is sent.")
    press(page, "1", "Escape", "F7")
    expect(page.locator("dialog")).to_have_count(0)
    assert hall.posts == []
