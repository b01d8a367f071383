"""The desk in a real browser: keys become verbs, once each; refusals say the way on; nothing acts on an old picture."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.screens_support import Json, Scripted, ago, at_once
from tests.web.screens_desk_support import (
    COUNTERS,
    OUTSIDE,
    SIGNED_IN,
    counter,
    current,
    desk,
    key,
    missable,
    missed,
    refuse,
    sent,
    shown,
    strip,
    waiting,
)

LINE = waiting("B033", minutes=6, order=0) | waiting("A048", minutes=9, order=1)


CASES: list[tuple[Json, str, str, Json]] = [
    (desk(state="closed"), "Open counter", "open", {}),
    (desk(LINE), "Call next", "call-next", {}),
    (desk(), "Call next", "call-next", {}),
    (desk(LINE, state="paused"), "Resume calling", "resume", {}),
    (desk(LINE, now=current("called")), "Was served: call next", "call-next", {"finish": True}),
    (desk(LINE, now=current("serving")), "Finish and call next", "call-next", {"finish": True}),
    (desk(now=current("called")), "Was served", "finish", {"outcome": "served"}),
    (desk(now=current("serving")), "Finish", "finish", {"outcome": "served"}),
    (desk(LINE, state="paused", now=current("serving")), "Finish", "finish", {"outcome": "served"}),
]


@pytest.mark.parametrize(("state", "label", "verb", "body"), CASES)
def test_f2_is_the_natural_next_step_and_says_which(
    scripted: Scripted, state: Json, label: str, verb: str, body: Json
) -> None:
    hall = scripted(state)
    page = shown(hall)
    expect(key(page, "F2").locator("b")).to_have_text(label)
    page.keyboard.press("F2")
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    assert sent(hall) == [(verb, body)]


@pytest.mark.parametrize(("name", "verb"), [("F3", "start"), ("F4", "no-show"), ("F6", "recall"), ("F8", "finish")])
def test_each_key_sends_its_verb_to_this_counter(scripted: Scripted, name: str, verb: str) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = shown(hall)
    page.keyboard.press(name)
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    assert hall.posts[0].path == f"/halls/jiangwan/counters/3/{verb}"
    assert hall.posts[0].token == "Bearer T"


@pytest.mark.parametrize(
    ("code", "verb"),
    [
        ("NumpadEnter", "call-next"),
        ("NumpadAdd", "start"),
        ("NumpadSubtract", "no-show"),
        ("NumpadMultiply", "recall"),
    ],
)
def test_the_keypad_does_the_same_whatever_num_lock_says(scripted: Scripted, code: str, verb: str) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = shown(hall)
    page.keyboard.press(code)
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    assert [verb for verb, _ in sent(hall)] == [verb]


def test_a_held_key_is_one_press(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    page = shown(hall)
    page.keyboard.down("F2")
    for _ in range(20):
        page.keyboard.down("F2")  # what a held key sends: repeats
        page.clock.fast_forward(600)
    page.keyboard.up("F2")
    assert sent(hall)[0] == ("call-next", {"finish": True})
    assert len({post.key for post in hall.posts}) == 1, "at most the same press, asked again"


def test_a_bouncing_key_is_one_press_and_the_next_press_has_a_key_of_its_own(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = shown(hall)
    with at_once(page):
        page.keyboard.press("F6")
        page.keyboard.press("F6")
    expect(page.locator(".notice.said")).to_contain_text("The same key twice within half a second counts once.")
    assert len(hall.posts) == 1
    expect(key(page, "F6")).to_have_attribute("aria-disabled", "false")
    hall.wait(page, 4)
    expect(page.locator(".notice")).to_have_count(0)
    page.keyboard.press("F6")
    assert [verb for verb, _ in sent(hall)] == ["recall", "recall"]
    assert hall.posts[0].key
    assert hall.posts[0].key != hall.posts[1].key


def test_the_desk_is_locked_until_the_screen_shows_what_the_press_did(scripted: Scripted) -> None:
    hall = scripted(desk(LINE))
    hall.verb = lambda *_: (200, {"counter": "3", "ticket": None, "why": None, "seq": 101})
    hall.verb.__name__ = "slow"
    page = shown(hall)
    page.keyboard.press("F2")
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("F8")
    expect(page.locator(".notice.said")).to_contain_text("The last press was still under way. Press again.")
    assert sent(hall) == [("call-next", {})]
    hall.put({"current": current("called", number="B033", ticket="t-B033")}, ("waiting:t-B033",))
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    expect(page.locator(".now .num")).to_have_text("B033")


@pytest.mark.parametrize("is_lost", [False, True], ids=["late", "lost"])
def test_what_the_feed_has_shown_is_not_waited_for_again(scripted: Scripted, is_lost: bool) -> None:
    unshown = missable(code="call_not_delivered", deliveries=0)
    hall = scripted(desk(LINE, now=current("called", missable=unshown)))
    page = shown(hall)
    held: list[Route] = []
    page.route("**/counters/3/start", lambda route: held.append(route))
    page.keyboard.down("F3")
    for _ in range(5):
        page.keyboard.down("F3")  # held
    page.keyboard.up("F3")
    expect(key(page, "F8")).to_have_attribute("aria-disabled", "true")
    hall.put({"current": current("called", missable=missable(at=ago(seconds=9)))}, kind="CallDelivered")
    expect(page.locator(".policy")).to_contain_text("F3 came, F4 did not come")
    page.keyboard.press("F6")  # what a display reported is not what the press did
    hall.put({"current": current("serving")}, kind="TicketStarted")
    expect(key(page, "F8")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("F3")
    page.keyboard.press("F8")
    expect(key(page, "F8")).to_have_attribute("aria-disabled", "false")
    assert [verb for verb, _ in sent(hall)] == ["finish"]
    held[0].fulfill(status=504) if is_lost else held[0].fulfill(
        json={"counter": "3", "ticket": None, "why": None, "seq": hall.seq}
    )
    hall.wait(page, 4)
    assert len(held) == 1  # what was done is not sent again
    expect(page.locator(".notice.refused")).to_have_count(0)


def test_a_refusal_that_comes_late_is_still_said(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = shown(hall)
    held: list[Route] = []
    page.route("**/counters/3/recall", lambda route: held.append(route))
    page.keyboard.press("F6")
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "true")
    hall.put({}, ("current",), kind="TicketCancelled")
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    held[0].fulfill(status=409, json={"code": "not_called"})
    expect(page.locator(".notice.refused")).to_contain_text("Press F2 to call the next one.")


LAST = {"undo": {"kind": "finish", "number": "A046", "until": ago(seconds=-50)}}
AT_ONCE = [("F2", "call-next"), ("F3", "start"), ("F4", "no-show"), ("F6", "recall")]


@pytest.mark.parametrize(("name", "verb"), AT_ONCE)
@pytest.mark.parametrize("is_strip", [False, True])
def test_each_press_says_whom_the_screen_showed(scripted: Scripted, name: str, verb: str, *, is_strip: bool) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = strip(hall) if is_strip else shown(hall)
    page.keyboard.press(name)
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    assert [(post.path.rsplit("/", 1)[1], post.body["visitor"]) for post in hall.posts] == [(verb, "t47")]


def test_nobody_at_the_counter_is_said_too_but_only_by_what_acts_on_a_visitor(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, LAST))
    page = shown(hall)
    for keys in (["F2"], ["F9"], ["F10", "1"]):
        for one in keys:
            page.keyboard.press(one)
        expect(page.locator("dialog")).to_have_count(0)
        expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    assert [post.body.get("visitor") for post in hall.posts] == ["", "", None]


@pytest.mark.parametrize(("lang", "sentence"), [("en", "The counter has moved on"), ("zh-Hans", "本次操作未执行")])
@pytest.mark.parametrize("is_strip", [False, True])
def test_a_press_that_came_too_late_is_said_quietly_and_not_sent_again(
    scripted: Scripted, lang: str, sentence: str, *, is_strip: bool
) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    hall.verb = refuse("visitor_changed")
    page = strip(hall, lang) if is_strip else shown(hall, lang=lang)
    page.keyboard.press("F2")
    hall.put({"current": current("called", number="B033", ticket="t-B033")}, ("waiting:t-B033",))
    expect(page.locator(".said").last).to_contain_text(sentence)
    expect(page.locator("p.refused")).to_have_count(0)
    room = page.locator("p.said").bounding_box()
    assert room is not None
    assert room["x"] >= 0
    assert room["width"] > 200  # read as a line, not as a sliver
    expect(page.locator(".num").first).to_have_text("B033")
    hall.wait(page, 9)
    expect(page.locator("p.said")).to_have_count(0)
    assert [post.body["visitor"] for post in hall.posts] == ["t47"]


def test_keys_of_an_input_method_or_with_a_modifier_are_not_ours(scripted: Scripted) -> None:
    hall = scripted(desk(LINE))
    page = shown(hall)
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'F2', isComposing: true }))")
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'F2', keyCode: 229 }))")
    page.keyboard.press("Control+F2")
    page.keyboard.press("n")
    hall.wait(page, 1)
    assert hall.posts == []


def test_a_refused_press_says_the_sentence_and_the_way_on(scripted: Scripted) -> None:
    hall = scripted(desk(LINE))
    hall.verb = refuse("counter_paused")
    page = shown(hall)
    page.keyboard.press("F2")
    notice = page.locator("[role=status] .notice.refused")
    expect(notice).to_contain_text("Press F10 to resume.")
    refusal = notice.locator("b").inner_text()
    assert refusal
    assert "_" not in refusal
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")


def test_calling_with_nobody_waiting_says_so(scripted: Scripted) -> None:
    hall = scripted(desk())
    hall.verb = lambda *_: (204, None)
    hall.verb.__name__ = "nobody"
    page = shown(hall)
    expect(page.locator(".void h2")).to_have_text("Nobody is waiting")
    page.keyboard.press("F2")
    expect(page.locator(".notice.said")).to_contain_text("Nobody is waiting.")


def test_a_key_that_can_do_nothing_says_why_and_sends_nothing(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    page = shown(hall)
    page.keyboard.press("F6")
    expect(page.locator(".notice.said")).to_contain_text("A047 is already at the counter. Press F2 or F8 when done.")
    page.keyboard.press("F9")
    expect(page.locator(".notice.said")).to_contain_text("There is nothing left to undo.")
    assert hall.posts == []


def test_undo_says_what_it_takes_back_and_ends_with_its_deadline(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, {"undo": {"kind": "finish", "number": "A046", "until": ago(seconds=-5)}}))
    page = shown(hall)
    expect(key(page, "F9")).to_have_text("F9A046Undo finish")
    hall.wait(page, 6)
    expect(key(page, "F9").locator("b")).to_have_text("Undo")


def test_an_outcome_that_is_not_completed_finishes_without_calling(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    page = shown(hall)
    page.get_by_role("button", name="Papers are missing", exact=True).click()
    expect(key(page, "F2").locator("b")).to_have_text("Finish, not completed")
    page.keyboard.press("F2")
    hall.wait(page, 1)
    assert sent(hall) == [("finish", {"outcome": "not_completed", "reason": "papers_missing"})]


def test_a_lost_link_is_said_stops_the_keys_and_heals_by_itself(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = shown(hall)
    hall.cut()
    hall.wait(page, 8)
    expect(page.locator(".notice.lost")).to_contain_text("Link lost. This is how it stood at 10:42:07.")
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("F2")
    assert hall.posts == []
    hall.is_down = False
    hall.wait(page, 16)
    expect(page.locator(".notice.lost")).to_have_count(0)
    hall.wait(page, 1)
    page.keyboard.press("F6")
    hall.wait(page, 1)
    assert [verb for verb, _ in sent(hall)] == ["recall"]


def test_why_is_said_in_words(scripted: Scripted) -> None:
    passed = [{"line": "A", "number": "A048", "count": 2}, {"line": "B", "number": "B029", "count": 1}]
    why = {"rule": "head_start", "rule_version": 1, "score": 680 + 900, "chosen_by": "rule", "passed_over": passed}
    page = shown(scripted(desk(LINE, now=current("called", why=why))), lang="zh-Hans")
    expect(page.locator(".why")).to_contain_text("为什么叫 A047：")
    expect(page.locator(".why")).to_contain_text("老年优先视同早到 15 分钟。越过 3 人：A048、B029 等。")


def test_the_ticket_shows_who_waited_how_long_and_how_long_it_is_served(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    page = shown(hall)
    expect(page.locator(".now .side .n")).to_have_text(re.compile("^04:3[2-9]$"))
    expect(page.locator(".facts")).to_contain_text("11 min 20 s promise 15 min")
    hall.wait(page, 10)
    expect(page.locator(".now .side .n")).to_have_text(re.compile("^04:4[2-9]$"))
    expect(page.locator(".next .n")).to_have_text("B033")


def test_a_promise_counts_from_when_the_wait_began_and_not_from_the_place_in_line(scripted: Scripted) -> None:
    moved = waiting("B033", minutes=4, claim_at=ago(minutes=40)) | waiting("A048", minutes=16, claim_at=ago(minutes=2))
    now = current("called", since=ago(minutes=6), claim_at=ago(minutes=40), called_at=ago(minutes=4))
    page = shown(scripted(desk(moved, now=now)))
    expect(page.locator(".line li.over")).to_have_text(re.compile("^A048.*16"))
    expect(page.locator(".next b")).to_have_text("4 min")
    expect(page.locator(".facts div").first).to_have_text(re.compile("Waited *2 min 0 s"))
    expect(page.locator(".facts .beyond")).to_have_count(0)


def test_three_hundred_waiting_are_totals_the_eight_worst_and_the_rest_counted(scripted: Scripted) -> None:
    line: Json = {}
    for i in range(300):
        line |= waiting(f"{'ABC'[i % 3]}{100 + i}", minutes=40.05 - i / 10, order=i)
    hall = scripted(desk(line))
    page = shown(hall)
    expect(page.locator(".mini .n")).to_have_text(["100", "100", "100"])
    expect(page.locator(".line ol li.over")).to_have_count(8)
    expect(page.locator(".more")).to_contain_text("292 more, 243 of them beyond the promise")
    page.locator(".more button").click()
    expect(page.locator(".line ol li")).to_have_count(300)
    page.locator(".more button").click()
    page.set_viewport_size({"width": 1024, "height": 640})
    hall.wait(page, 2)  # rows without room are counted with the rest
    expect(page.locator(".more")).not_to_contain_text("292 more")
    seen = page.locator(".line ol").evaluate(ROWS_SEEN)
    expect(page.locator(".more")).to_contain_text(f"{300 - seen} more, {251 - seen} of them beyond the promise")


def test_missed_visitors_are_listed_with_their_minutes_by_the_halls_clock_from_the_first_picture_on(
    scripted: Scripted,
) -> None:
    hall = scripted(desk(missed("A039", minutes=9)))
    hall.at += timedelta(days=1)  # the clerk's PC stands a day behind
    assert shown(hall).locator(".gone li").inner_text().split() == ["A039", str(24 * 60 + 9), "min", "Reinstate"]


def test_the_language_turns_with_one_press_and_stays(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("called")))
    page = shown(hall)
    page.get_by_role("button", name="中文").click()
    expect(key(page, "F2").locator("b")).to_have_text("已到并办结，叫下一位")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.reload()
    expect(key(page, "F2").locator("b")).to_have_text("已到并办结，叫下一位")


def test_signing_in_sends_the_pin_and_the_pc_remembers_its_counter(scripted: Scripted) -> None:
    hall = scripted(desk(state="closed"))
    hall.gets["/halls/jiangwan/staff-sign-in"] = COUNTERS
    signed_in = {"token": "T9", "role": "clerk", "login": "wang", "name": "王敏", "hall": "jiangwan", "expires_at": ""}
    hall.verb = lambda _path, body: (200, signed_in) if body.get("pin") == "2468" else (401, {"code": "sign_in_failed"})
    hall.verb.__name__ = "door"
    page = hall.open("/desk", width=1366, height=768, lang="en", ready="form")
    page.locator("select").select_option("3")
    page.locator("[name=login]").fill("wang")
    page.locator("[name=secret]").fill("1111")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.locator("[name=secret]").fill("2468")
    page.keyboard.press("Enter")
    expect(page.locator(".desk")).to_be_visible()
    assert hall.posts[-1].body == {"login": "wang", "pin": "2468", "hall": "jiangwan", "counter": "3"}
    assert hall.asked[-1] | {"view": "desk", "counter": "3"} == hall.asked[-1]
    page.evaluate("sessionStorage.clear()")
    page.reload()
    expect(page.locator("select")).to_have_value("3")


@pytest.mark.parametrize(("lang", "wait"), [("en", "in 5 min"), ("zh-Hans", "5 分钟")])
@pytest.mark.parametrize(("path", "ready"), [("/desk", "option[value='3']"), ("/manager", "form")])
def test_too_many_attempts_say_how_long_to_wait(
    scripted: Scripted, path: str, ready: str, lang: str, wait: str
) -> None:
    hall = scripted(desk(state="closed"))
    hall.gets["/halls/jiangwan/staff-sign-in"] = COUNTERS
    hall.verb = lambda _path, _body: (429, {"code": "too_many_attempts", "retry_after_s": 299, "retry_after_min": 5})
    hall.verb.__name__ = "door"
    page = hall.open(path, width=1366, height=768, lang=lang, ready="form")
    expect(page.locator(ready)).to_have_count(1)
    page.locator("[name=login]").fill("wang")
    page.locator("[name=secret]").fill("1111")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(wait)


def test_closing_the_counter_is_asked_first_and_signing_out_closes_it_on_wish(scripted: Scripted) -> None:
    hall = scripted(desk())
    hall.gets["/halls/jiangwan/staff-sign-in"] = COUNTERS
    page = shown(hall)
    page.get_by_role("button", name="Close counter").click()
    page.keyboard.press("F2")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("dialog")).to_have_count(0)
    assert hall.posts == []
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Close counter and sign out")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("form")).to_be_visible()
    assert [post.path for post in hall.posts] == ["/halls/jiangwan/counters/3/close", "/sign-out"]


def test_a_sign_in_that_ended_leads_back_to_the_door(scripted: Scripted) -> None:
    hall = scripted(desk())
    hall.gets["/halls/jiangwan/staff-sign-in"] = COUNTERS
    page = shown(hall)
    hall.sockets.pop().close(code=4401, reason="not signed in")
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert page.evaluate("sessionStorage.getItem('hall.token')") is None


def test_a_busy_services_outcomes_work_and_language_are_all_in_sight(scripted: Scripted) -> None:
    state = desk(LINE, now=current("serving", language="en"))
    items = ("New number", "SIM replaced", "Registration", "Change of owner")
    state["service:A"] |= {
        "name": {"en": "Numbers and SIM cards"},
        "items": [{"id": one, "name": {"en": one}} for one in items],
    }
    state["class:elder"] |= {"name": {"en": "Elderly and disabled visitors"}}
    page = shown(scripted(state))
    expect(page.locator(".outcome .item")).to_have_text(items)
    assert page.evaluate(OUTSIDE) == []
    expect(page.locator(".now .tongue")).to_have_text("English")
    assert page.locator(".now .tongue").evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)])
def test_long_names_stay_inside_their_boxes(scripted: Scripted, lang: str, size: tuple[int, int]) -> None:
    name = {"zh-Hans": "企业开办变更与注销综合登记业务", "en": "Business registration, changes and closures"}
    state = desk(LINE, now=current("called", number="VIP1047", call_no=3))
    state["service:A"] |= {"name": name}
    state["class:elder"] |= {"name": {"zh-Hans": "现役军人及家属优先", "en": "Service members and families"}}
    state["counter"] = counter(name="企业服务专席", staff_name="欧阳振华诺布仁青")
    hall = scripted(state)
    hall.context.add_init_script(SIGNED_IN)
    page = hall.open("/desk", width=size[0], height=size[1], lang=lang, ready=".desk")
    assert page.evaluate(OUTSIDE) == []
    assert page.locator(".next .n").evaluate("node => node.scrollWidth <= node.clientWidth")


ROWS_SEEN = """list => [...list.children].filter((row) => row.offsetLeft === list.children[0].offsetLeft).length"""
