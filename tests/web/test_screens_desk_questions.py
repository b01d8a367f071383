"""What lies behind the desk's keys: numbered questions, the missed policy, scripts, the strip; all by the keypad."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.screens_support import Json, Scripted, ScriptedHall, ago
from tests.web.screens_desk_support import (
    COUNTERS,
    OUTSIDE,
    SIGNED_IN,
    answered,
    call_for_help,
    counter,
    current,
    desk,
    key,
    missable,
    missed,
    parked,
    policy,
    press,
    refuse,
    sent,
    shown,
    waiting,
    without_visitor,
)

LINE = waiting("B033", minutes=6, order=0) | waiting("A048", minutes=9, order=1) | waiting("B048", minutes=2, order=2)
ASIDE = parked("C009", due_in_min=6) | missed("A039", minutes=9)
UNSHOWN = missable(code="call_not_delivered", deliveries=0)


def paths(hall: ScriptedHall) -> list[tuple[str, Json]]:
    return [(post.path.removeprefix("/halls/jiangwan/"), without_visitor(post.body)) for post in hall.posts]


HERE = "counters/3/"
CHOICES: list[tuple[Json, tuple[str, ...], tuple[str, Json]]] = [
    (desk(now=current("serving")), ("1", "2", "1"), (f"{HERE}park", {"reason": "photo"})),
    (desk(now=current("serving")), ("1", "1", "3"), (f"{HERE}park", {"reason": "form", "minutes": 15})),
    (desk(ASIDE), ("2", "1"), (f"{HERE}unpark", {"ticket": "t-C009"})),
    (desk(ASIDE), ("2", "2"), ("tickets/t-A039/reinstate", {})),
    (desk(now=current("serving")), ("3", "1", "1", "Enter"), (f"{HERE}transfer", {"service": "B"})),
    (desk(now=current("called")), ("3", "2", "2", "Enter"), (f"{HERE}transfer", {"counter": "5"})),
    (desk(now=current("serving")), ("3", "3", "1", "Enter"), (f"{HERE}transfer", {"staff": "clerk2"})),
    (desk(LINE), ("4", "3", "3", "Enter", "1"), (f"{HERE}call", {"ticket": "t-B033", "reason": "supplement"})),
    (
        desk(now=current("serving")),
        ("3", "4", "2", "1", "Enter"),
        (f"{HERE}transfer", {"service": "C", "counter": "5"}),
    ),
    (
        desk(now=current("serving")),
        ("3", "5", "2", "1", "Enter"),
        (f"{HERE}transfer", {"service": "C", "staff": "clerk2"}),
    ),
    (desk(LINE), ("5", "2", "1"), (f"{HERE}walk-in", {"service": "B"})),
    (desk(LINE), ("5", "2", "4"), (f"{HERE}walk-in", {"service": "B", "class": "elder", "language": "en"})),
    (desk(ASIDE), ("2", "3", "1"), ("tickets/t-C009/cancel", {})),
    (desk(ASIDE), ("2", "3", "2"), ("tickets/t-A039/cancel", {})),
    (desk(now=current("serving")), ("6", "2"), ("tickets/t47/add-service", {"service": "C"})),
    (
        desk(now=current("serving")),
        ("7", "1", "1", "3", "F8"),
        (
            f"{HERE}finish",
            {"outcome": "served", "items": [{"item": "plan", "quantity": 2}, {"item": "contract", "quantity": 1}]},
        ),
    ),
    (
        desk(policy(comeback_credit_s=900), now=current("serving", ticket="t48")),
        ("7", "4", "1", "1"),
        (f"{HERE}finish", {"outcome": "not_completed", "reason": "papers_missing", "credit": True}),
    ),
    (desk(), ("8", "4"), (f"{HERE}help", {"kind": "security"})),
    (desk(now=current("called")), ("9", "1"), ("tickets/t47/cancel", {})),
]


def test_every_rare_verb_is_a_few_presses_on_the_keypad(scripted: Scripted) -> None:
    """One page for all of them: each state is told by the feed, each question opened by the same key."""
    hall = scripted(desk())
    page = shown(hall)
    for n, (state, keys, wanted) in enumerate(CHOICES):
        hall.posts.clear()
        hall.put({**state, "today": {"served": 100 + n, "waiting": 0}}, tuple(hall.state.keys() - state.keys()))
        expect(page.locator(".bar .soft b")).to_have_text(str(100 + n))
        press(page, "NumpadDivide", *(f"Numpad{one}" if one.isdigit() else one for one in keys))
        answered(page)
        expect(page.locator(".notice")).to_have_count(0)
        assert paths(hall) == [wanted]


def test_a_transfer_carries_a_note_written_with_an_input_method_and_comes_back(scripted: Scripted) -> None:
    hall = scripted(desk(now=current("serving")))
    page = shown(hall)
    press(page, "F7", "3", "2", "1")
    note = page.get_by_label("Note")
    expect(note).to_be_focused()
    page.keyboard.insert_text("缺营业执照")
    note.dispatch_event("keydown", {"key": "Enter", "code": "Enter", "isComposing": True, "keyCode": 229})
    press(page, "7", "0")  # digits are text here, and 0 is not the way back
    assert hall.posts == []
    page.get_by_label("And back to this counter afterwards").check()
    note.press("Enter")
    answered(page)
    assert paths(hall) == [(f"{HERE}transfer", {"counter": "2", "note": "缺营业执照70", "return": True})]


def test_a_key_that_is_held_down_answers_no_question(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    page = shown(hall)
    page.keyboard.press("F7")
    for _ in range(5):
        page.keyboard.down("1")
    expect(page.locator("dialog h2")).to_have_text("Park A047: why?")
    page.keyboard.up("1")
    page.keyboard.down("NumpadEnter")
    for _ in range(5):
        page.keyboard.down("NumpadEnter")
    expect(page.locator("dialog h2")).to_have_text("Park A047: for how long?")
    page.keyboard.up("NumpadEnter")
    press(page, "0", "Backspace")
    expect(page.locator("dialog h2")).to_have_text("More")
    press(page, "F2")
    expect(page.locator("dialog [role=alert]")).to_have_text("Choose from the list, or press Esc first.")
    press(page, "5")
    expect(page.locator("dialog [role=alert]")).to_have_text("Finish with A047 first.")
    press(page, "Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert hall.posts == []


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "The last press was still under way. Choose again."), ("zh-Hans", "上一步还在处理中，请再选一次。")],
)
def test_what_is_chosen_while_a_press_is_under_way_is_not_dropped_in_silence(
    scripted: Scripted, lang: str, sentence: str
) -> None:
    hall = scripted(desk(LINE, ASIDE, now=current("called")))
    page = shown(hall, lang=lang)
    held: list[Route] = []
    page.route("**/counters/3/recall", lambda route: held.append(route))
    press(page, "F6")
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "true")
    page.locator(".gone li button").last.click()
    expect(page.locator(".notice.said")).to_contain_text(sentence)
    press(page, "F10", "1")
    expect(page.locator("dialog [role=alert]")).to_have_text(sentence)
    press(page, "Escape", "F7", "7", "F8")
    expect(page.locator("dialog [role=alert]")).to_have_text(sentence)
    press(page, "Escape", "F10")
    expect(page.locator("dialog [role=alert]")).to_be_empty()
    held[0].fulfill(json={"counter": "3", "ticket": None, "why": None, "seq": hall.seq})
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
    press(page, "1")
    answered(page)
    assert [path for path, _ in paths(hall)] == [f"{HERE}pause"]


def test_pausing_asks_why_and_says_it(scripted: Scripted) -> None:
    hall = scripted(desk(LINE))
    page = shown(hall)
    press(page, "F10", "2")
    answered(page)
    assert sent(hall) == [("pause", {"reason": "meal"})]
    hall.put({"counter": counter("paused", reason="meal")})
    expect(page.locator(".void h2")).to_have_text("Calling is paused: Meal")
    press(page, "F10")
    answered(page)
    assert sent(hall)[1:] == [("resume", {})]
    hall.put({"counter": counter()})
    expect(key(page, "F10").locator("b")).to_have_text("Pause")
    press(page, "F10", "6", "1")
    answered(page)
    assert sent(hall)[2:] == [("close", {})]


def test_a_script_has_steps_a_clock_and_the_verb_that_follows(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving")))
    page = shown(hall, lang="zh-Hans")
    press(page, "F1")
    assert page.locator("dialog li span.nm").all_inner_texts() == [
        "无证件",
        "插队",
        "不取号强行办理",
        "过号",
        "硬件故障",
        "单据重填",
    ]
    press(page, "6")
    script = page.locator(".script")
    expect(script.locator("li")).to_have_count(4)
    expect(key(page, "F1").locator("b")).to_have_text("挂起")
    hall.wait(page, 301)
    expect(script.locator(".over .n")).to_have_text(re.compile(r"05:0\d"))
    press(page, "F1")
    expect(page.locator("dialog h2")).to_have_text("挂起 A047，多久？")
    press(page, "1")
    answered(page)
    assert sent(hall) == [("park", {"reason": "form"})]
    hall.put({}, ("current",), kind="TicketParked")
    expect(page.locator(".now")).to_have_count(0)
    press(page, "F1")
    expect(page.locator(".notice.said")).to_contain_text("当前没有叫号")
    press(page, "Escape")
    expect(page.locator(".notice")).to_have_count(0)
    expect(script).to_have_count(1)
    press(page, "Escape")
    expect(script).to_have_count(0)


def test_what_lasts_far_longer_than_usual_is_asked_about_once(scripted: Scripted) -> None:
    """By what the server says is long, whatever the set-up expects."""
    hall = scripted(desk(LINE, now=current("serving", started_at=ago(minutes=20.9), long_service_s=1260)))
    page = shown(hall)
    expect(page.locator(".query")).to_have_count(0)
    hall.wait(page, 8)
    expect(page.locator(".query")).to_contain_text("A047 is at the counter for 21 min; usual are 7. Still serving?")
    page.get_by_role("button", name="Still serving").click()
    hall.wait(page, 60)
    expect(page.locator(".query")).to_have_count(0)
    hall.put({"current": current("serving", ticket="t48", number="A048", started_at=ago(minutes=30))})
    page.locator(".query").get_by_role("button", name="F8 Finish").click()
    answered(page)
    assert sent(hall) == [("finish", {"outcome": "served"})]


def test_notes_are_asked_for_once_a_turn_and_are_text(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, {"counter": counter(sent=2)}, now=current("called")))
    asked: list[str] = []
    hall.gets["/halls/jiangwan/tickets/t47/notes"] = {"ticket": "t47", "notes": ["<b>缺执照</b>"]}
    hall.context.on("request", lambda request: asked.append(request.url) if request.url.endswith("/notes") else None)
    page = shown(hall)
    expect(page.locator(".note")).to_contain_text("<b>缺执照</b>")
    expect(page.locator(".bar .to")).to_have_text("2 sent to you")
    hall.put({"current": current("serving")})
    expect(page.locator(".chip.serving")).to_be_visible()
    hall.put({"current": current("called", ticket="t9", number="B009")})
    expect(page.locator(".note")).to_have_count(0)
    hall.gets["/halls/jiangwan/tickets/t47/notes"] = {"ticket": "t47", "notes": ["two", "notes"]}
    hall.put({"current": current("called", called_at=ago(seconds=1))})
    expect(page.locator(".note")).to_have_text([re.compile("two"), re.compile("notes")])
    assert [url.rsplit("/", 2)[1] for url in asked] == ["t47", "t9", "t47"]


WHYS: list[tuple[Json, str]] = [
    ({"chosen_by": "cap", "rule": "head_start"}, "已等 11 分钟，超过本厅上限，先于所有人。"),
    ({"chosen_by": "sent", "rule": "head_start"}, "由其他窗口转来，在本窗口优先。"),
    ({"chosen_by": "picked", "reason": "complaint", "rule": "arrival"}, "由窗口选呼，原因：投诉处理。"),
    ({"chosen_by": "walk_in", "rule": "arrival"}, "现场无号，发新号直接办理。"),
    (
        {"chosen_by": "rule", "rule": "share_of_promise", "score": 0.763},
        "已用掉承诺时间的 76%，在可叫的人中最高。",
    ),
    ({"chosen_by": "rule", "rule": "strict"}, "老年优先先于其他客户。"),
    ({"chosen_by": "rule", "rule": "ratio"}, "各类客户轮流叫号，这次轮到老年优先。"),
]


def test_why_is_one_sentence_for_whatever_chose(scripted: Scripted) -> None:
    passed = [{"line": "B", "number": "B029", "count": 1}]
    hall = scripted(desk(now=current("called")))
    page = shown(hall, lang="zh-Hans")
    for why, sentence in WHYS:
        hall.put({"current": current("called", why={"rule_version": 1, "score": 1, "passed_over": passed, **why})})
        expect(page.locator(".why span")).to_have_text(f"为什么叫 A047：{sentence}越过 1 人：B029。")


def test_the_hall_chooses_what_of_the_line_a_desk_shows(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, ASIDE, policy(line_shown="next", pick="free")))
    page = shown(hall)
    for seen in ("next", "none"):
        hall.put(policy(line_shown=seen, pick="free"))
        expect(page.locator(".next .n")).to_have_count(1 if seen == "next" else 0)
        expect(page.locator(".gone li")).to_have_count(2)
        expect(page.locator(".line, .after")).to_have_count(0)
        assert ("B033" in page.locator(".desk").inner_text()) == (seen == "next")
    press(page, "F7", "4")
    expect(page.locator("dialog li")).to_have_count(0)
    press(page, "Numpad4", "Numpad8")  # A048 and B048, whatever Num Lock says
    expect(page.locator("dialog li")).to_have_count(2)
    press(page, "Enter", "2")
    answered(page)
    assert sent(hall) == [("call", {"ticket": "t-B048"})]


def test_parked_and_missed_have_their_button_and_behind_the_number_all_that_can_be_done(scripted: Scripted) -> None:
    hall = scripted(desk(ASIDE, parked("A001", due_in_min=-1), now=current("serving")))
    page = shown(hall)
    expect(page.locator(".gone").first.locator("li")).to_have_text(["A001dueGo on", "C0096 minGo on"])
    page.get_by_role("button", name="Go on with C009").click()
    expect(page.locator(".notice.said")).to_contain_text("Finish with A047 first.")
    page.get_by_role("button", name="Reinstate A039").click()
    answered(page)
    page.get_by_role("button", name="A039", exact=True).click()
    expect(page.locator("dialog li")).to_have_text(["1Reinstate A0399 min ago", "2Cancel the number"])
    press(page, "2", "1")
    answered(page)
    assert paths(hall) == [("tickets/t-A039/reinstate", {}), ("tickets/t-A039/cancel", {})]


KINDS = ("call", "start", "finish", "miss", "park", "transfer")
UNDONE = ("撤销叫号", "撤销到窗", "撤销完成", "撤销过号", "撤销挂起", "撤销转移")


def test_undo_says_which_of_six_steps_it_takes_back(scripted: Scripted) -> None:
    hall = scripted(desk())
    page = shown(hall, lang="zh-Hans")
    for kind, label in zip(KINDS, UNDONE, strict=True):
        hall.put({"undo": {"kind": kind, "number": "A046", "until": None}})
        expect(key(page, "F9").locator("b")).to_have_text(label)


def test_help_is_a_quiet_mark_until_somebody_comes(scripted: Scripted) -> None:
    hall = scripted(desk(call_for_help("security")))
    page = shown(hall)
    expect(page.locator(".helps")).to_have_text("Asked")
    hall.put(call_for_help("security", taken_by="赵经理"))
    expect(page.locator(".helps")).to_have_text("赵经理 is on the way")


def test_what_was_counted_at_a_finish_that_is_taken_back_is_counted_again(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, now=current("serving", items=[{"item": "advice", "quantity": 3}])))
    page = shown(hall)
    expect(page.locator(".items b")).to_have_text(["× 3"])
    page.keyboard.press("F2")
    hall.wait(page, 1)
    assert sent(hall) == [("call-next", {"finish": True, "items": [{"item": "advice", "quantity": 3}]})]


def test_touch_counts_items_and_chooses_an_outcome(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, policy(comeback_credit_s=900), now=current("serving")))
    page = shown(hall)
    advice = page.locator(".item .nm", has_text="Advice")
    for _ in range(3):
        advice.click()
    page.get_by_role("button", name="One less: Advice").click()
    press(page, "F2")
    answered(page)
    assert sent(hall) == [("call-next", {"finish": True, "items": [{"item": "advice", "quantity": 2}]})]
    hall.put({"current": current("serving", ticket="t48", number="A048")})
    expect(page.locator(".items b")).to_have_count(0)
    page.get_by_role("button", name="Papers are missing").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    press(page, "F8")
    answered(page)
    assert sent(hall)[1:] == [("finish", {"outcome": "not_completed", "reason": "papers_missing", "credit": True})]


def strip(hall: ScriptedHall, lang: str = "zh-Hans") -> Page:
    hall.context.add_init_script(SIGNED_IN)
    return hall.open("/desk?strip", width=480, height=96, lang=lang, ready=".strip-desk")


def test_the_strip_has_number_timer_next_and_the_four_keys(scripted: Scripted) -> None:
    called = current("called", missable=UNSHOWN, number="VIP1047")
    hall = scripted(desk(LINE, now=called))
    hall.verb = refuse("recall_too_soon")
    page = strip(hall)
    expect(page.locator(".num")).to_have_text("VIP1047")
    expect(page.locator(".side .n").first).to_have_text(re.compile("00:3[89]"))
    expect(page.locator(".side p")).to_have_text("3 人等候下一位 B033")
    expect(page.locator(".unshown")).to_have_text("未送达")
    assert (
        page.evaluate(
            OUTSIDE.replace(".now, .box, .facts, .bar, .keys", ".who, .side, .keys").replace(".desk", ".strip-desk")
        )
        == []
    )
    press(page, "F4")
    expect(page.locator("dialog")).to_contain_text("VIP1047 的呼叫还没有送达")
    press(page, "Escape", "F7")
    expect(page.locator(".said p.said")).to_contain_text("小窗只有 F2、F3、F4、F6")
    press(page, "F9", "NumpadMultiply")
    expect(page.locator(".said .refused")).to_be_visible()
    press(page, "F3")
    answered(page)
    assert [verb for verb, _ in sent(hall)] == ["recall", "start"]
    hall.cut()
    hall.wait(page, 8)
    expect(page.locator(".said .lost")).to_contain_text("已断开")
    yellow = "rgb(255, 198, 41)"
    assert yellow != page.locator(".who").evaluate("node => getComputedStyle(node).backgroundColor")


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_strip_has_the_ways_on_from_a_call_that_was_not_delivered(scripted: Scripted, lang: str) -> None:
    hall = scripted(desk(LINE, now=current("called", missable=UNSHOWN, number="VIP1047")))
    hall.gets["/halls/jiangwan/counters/3/delivery"] = {"counter": "3", "ticket": "t47", "cause": "muted"}
    page = strip(hall, lang)
    press(page, "NumpadSubtract")
    choices = page.locator("dialog .choices button")
    expect(choices).to_have_count(3)
    assert page.evaluate(OUT_OF_STRIP) == []
    press(page, "Numpad3")
    assert page.evaluate(OUT_OF_STRIP) == []
    press(page, "Numpad2")
    for way in ("2", "1"):
        answered(page)
        press(page, "F4", way)
    answered(page)
    assert sent(hall) == [("no-show", {"override": "called_aloud"}), ("help", {"kind": "device"}), ("recall", {})]


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_strip_signs_in_within_itself(scripted: Scripted, lang: str) -> None:
    hall = scripted(desk(state="closed"))
    hall.gets["/halls/jiangwan/staff-sign-in"] = COUNTERS
    signed_in = {"token": "T9", "role": "clerk", "login": "wang", "name": "王敏", "hall": "jiangwan", "expires_at": ""}
    hall.verb = lambda _path, body: (200, signed_in) if body.get("pin") == "2468" else (401, {"code": "sign_in_failed"})
    page = hall.open("/desk?strip", width=480, height=96, lang=lang, ready="form")
    page.locator("select").select_option("3")
    page.locator("select").focus()
    press(page, "Tab")
    page.keyboard.type("wang")
    press(page, "Tab", "1", "Enter")
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert page.evaluate(OUT_OF_STRIP) == []
    page.locator("[name=secret]").fill("2468")
    press(page, "Enter")
    expect(page.locator(".strip-desk")).to_be_visible()


OUT_OF_STRIP = """(() => {
  const isOut = (box) => box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
  const isCut = (node) => node.matches("p, button") && node.scrollHeight > node.clientHeight + 1;
  const all = document.querySelectorAll("dialog :is(h2, p, button), form :is(label, input, select, button, .fault)");
  return [...all].filter((node) => node.checkVisibility())
    .filter((node) => isOut(node.getBoundingClientRect()) || isCut(node)).map((node) => node.outerHTML.slice(0, 90));
})()"""

QUESTIONS: list[tuple[str, tuple[tuple[str, ...], ...]]] = [
    ("zh-Hans", (("F7",), ("Escape", "F4"))),
    ("en", (("F7", "4"), ("Escape", "F1", "5"))),
]


@pytest.mark.parametrize(("lang", "asked"), QUESTIONS, ids=["zh-Hans", "en"])
def test_questions_scripts_and_strip_have_no_barrier_that_axe_can_see(
    scripted: Scripted, lang: str, asked: tuple[tuple[str, ...], ...]
) -> None:
    hall = scripted(desk(LINE, ASIDE, now=current("called", missable=UNSHOWN)))
    page = shown(hall, lang=lang)
    faults = []
    for keys in asked:
        press(page, *keys)
        faults += Axe().run(page).response["violations"]
    if lang == "en":
        hall = scripted(desk(LINE, now=current("called", missable=UNSHOWN)))
        faults += Axe().run(strip(hall, lang)).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults] == []


def test_no_main_part_scrolls_at_1366_by_768(scripted: Scripted) -> None:
    hall = scripted(desk(LINE, ASIDE, now=current("called", planned=["B"], call_no=2)))
    page = shown(hall, lang="zh-Hans")
    assert page.evaluate(OVERFLOWING) == []
    page.get_by_role("button", name="English").click()
    expect(key(page, "F3").locator("b")).to_have_text("Came")
    for state in ("called", "serving"):
        hall.put({"current": current(state, planned=["B"])})
        expect(page.locator(".now.called" if state == "called" else ".now.torn")).to_be_visible()
        assert page.evaluate(OVERFLOWING) == []


OVERFLOWING = """[...document.querySelectorAll(".desk main, .desk aside, .now .side, .box")]
  .filter((node) => node.scrollHeight > node.clientHeight + 1).map((node) => node.className)"""
