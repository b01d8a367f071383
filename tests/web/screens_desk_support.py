"""A counter in the states a desk can find it in, and a clerk who presses keys there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from hall.day.setup import Calling, Missed, Setup, VisitorClass
from hall.live.policy import missed_sentences
from hall.live.views.base import reason_records
from hall.live.views.desk import calling_record
from hall.setup.defaults import with_defaults
from tests.screens_support import Json, ScriptedHall, ago, hall_record

SERVICES = {"A": ("综合业务", "General service"), "B": ("缴费充值", "Payments"), "C": ("宽带业务", "Broadband")}
ITEMS = [("plan", "套餐变更", "Change of plan"), ("advice", "业务咨询", "Advice"), ("contract", "合约办理", "Contract")]
SIGNED_IN = "sessionStorage.setItem('hall.token', 'T'); localStorage.setItem('hall.desk.counter.jiangwan', '3')"
COUNTERS = {"counters": [{"id": str(n), "name": str(n), "area": "1"} for n in range(1, 5)]}
PROMISES_S = {"A": 900, "B": 600, "C": 1200, "S": 300}
OUTSIDE = """(() => {
  const homes = ".now, .box, .facts, .bar, .keys";
  const isInside = (node) => {
    const [box, home] = [node.getBoundingClientRect(), node.closest(homes).getBoundingClientRect()];
    return box.right <= home.right + 1 && box.bottom <= home.bottom + 1;
  };
  const page = document.documentElement;
  const all = [...document.querySelectorAll(".desk :is(b, .n, dd, .hint, button)")];
  const nodes = all.filter((node) => node.closest(homes));
  const lost = nodes.filter((node) => !isInside(node)).map((node) => node.textContent);
  return [...lost, ...(page.scrollWidth > innerWidth || page.scrollHeight > innerHeight ? ["page"] : [])];
})()"""


def names(chinese: str, english: str) -> Json:
    return {"zh-Hans": chinese, "en": english}


def counter(state: str = "open", **changes: Any) -> Json:
    return {
        "id": "3",
        "name": "3",
        "area": "1",
        "state": state,
        "staff": "wang",
        "staff_name": "王敏",
        "services": list(SERVICES),
        "reason": None,
        "since": ago(minutes=12.5),
        "sent": 0,
        **changes,
    }


def current(state: str, **changes: Any) -> Json:
    return {
        "ticket": "t47",
        "number": "A047",
        "serial": 1047,
        "service": "A",
        "class": "elder",
        "language": "zh-Hans",
        "state": state,
        "issued_at": ago(minutes=16),
        "since": ago(minutes=16),
        "claim_at": ago(minutes=16),
        "called_at": ago(minutes=4, seconds=40),
        "last_call_at": ago(seconds=38),
        "started_at": ago(seconds=272) if state == "serving" else None,
        "call_no": 1,
        "promise_s": 900,
        "expected_service_s": 480,
        "long_service_s": 1440,
        "device": "kiosk-1",
        "why": {
            "rule": "head_start",
            "rule_version": 1,
            "score": 680,
            "chosen_by": "rule",
            "reason": None,
            "passed_over": [],
        },
        "is_inferred": False,
        "joined_by": "issue",
        "planned": [],
        "missable": missable(at=ago(seconds=8)) if state == "called" else None,
        "recall_at": ago(seconds=33) if state == "called" else None,
        **changes,
    }


def missable(*, at: str | None = None, code: str | None = None, deliveries: int = 1, needed: int = 1) -> Json:
    return {"deliveries": deliveries, "needed": needed, "at": at, "code": code}


def waiting(number: str, *, minutes: float, order: int = 0, **changes: Any) -> Json:
    """A record of the line, under its key."""
    turn = {
        "ticket": f"t-{number}",
        "number": number,
        "service": number[0],
        "class": "ordinary",
        "since": ago(minutes=minutes),
        "claim_at": ago(minutes=minutes),
        "promise_s": PROMISES_S[number[0]],
        "language": "zh-Hans",
        "to": "",
        "joined_by": "issue",
        "order": order,
        **changes,
    }
    return {f"waiting:t-{number}": turn}


def parked(number: str, *, due_in_min: float) -> Json:
    where = {"service": number[0], "class": "ordinary", "counter": "3", "counter_name": "3", "reason": "form"}
    times = {"parked_at": ago(minutes=4), "due_at": ago(minutes=-due_in_min)}
    return {f"parked:t-{number}": {"ticket": f"t-{number}", "number": number, **where, **times}}


def missed(number: str, *, minutes: float) -> Json:
    turn = {"service": number[0], "class": "ordinary", "missed_at": ago(minutes=minutes), "misses": 1}
    return {f"missed:t-{number}": {"ticket": f"t-{number}", "number": number, **turn, "expires_at": ago(minutes=-11)}}


def call_for_help(kind: str = "authorise", *, taken_by: str | None = None, counter: str = "3") -> Json:
    about = {"counter": counter, "counter_name": counter, "kind": kind, "number": "A047", "at": ago(minutes=3)}
    taken = {"taken_by": taken_by, "taken_at": ago(minutes=1) if taken_by else None}
    return {f"help:h-{kind}": {"help": f"h-{kind}", **about, **taken}}


def policy(*, missed: Missed = Missed(), **calling: Any) -> Json:  # noqa: B008 - immutable
    """What a hall with the usual reasons and scripts lets its desks do, as its own code says it."""
    classes = {"ordinary": VisitorClass("ordinary", names("普通", "Ordinary"))}
    hall = ("jiangwan", names("江湾路营业厅", "Jiangwan Road Hall"), "Asia/Shanghai", ("zh-Hans", "en"))
    setup = with_defaults(Setup(*hall, {}, {}, classes, {}, calling=Calling(**calling), missed=missed))
    services = [{"id": letter, "name": names(*both)} for letter, both in SERVICES.items()]
    others = [other_counter("2", "刘洋"), other_counter("5", "陈静"), other_counter("7", None, "paused")]
    return {
        "hall": hall_record(missed_sentence=missed_sentences(setup)),
        "calling": {**calling_record(setup), "delivered_by": "displays"},
        "elsewhere": {"services": services, "counters": others},
        **reason_records(setup),
    }


def other_counter(name: str, clerk: str | None, state: str = "open") -> Json:
    staff = f"clerk{name}" if clerk else None
    services = ["A", "B"] if name == "2" else ["C"]
    return {"id": name, "name": name, "state": state, "staff": staff, "staff_name": clerk, "services": services}


def desk(*records: Json, state: str = "open", now: Json | None = None) -> Json:
    """The desk view: the counter, perhaps its visitor, and whatever else is given."""
    merged: Json = {
        **policy(missed=Missed(return_min=20, gap_s=5, grace_s=30)),
        "counter": counter(state),
        "today": {"served": 14, "work": 0, "waiting": 0},
        "class:ordinary": {"id": "ordinary", "name": names("普通", "Ordinary"), "order": 0},
        "class:elder": {"id": "elder", "name": names("老年优先", "Seniors"), "order": 1},
    }
    for letter, both in SERVICES.items():
        items = [{"id": id, "name": names(*item)} for id, *item in ITEMS] if letter == "A" else []
        service = {"id": letter, "name": names(*both), "letter": letter, "waiting": 0, "expected_service_s": 480}
        merged[f"service:{letter}"] = {**service, "items": items, "documents": []}
    for more in records:
        merged |= more
    return merged | ({"current": now} if now else {})


def shown(hall: ScriptedHall, *, lang: str = "en") -> Page:
    """The desk of counter 3, signed in. Its answers carry the seq that the screen already shows."""
    hall.context.add_init_script(SIGNED_IN)
    if hall.verb.__name__ == "<lambda>":
        hall.verb = lambda _path, _body: (200, {"counter": "3", "ticket": None, "why": None, "seq": hall.seq})
    return hall.open("/desk", width=1366, height=768, lang=lang, ready=".desk")


def refuse(code: str, status: int = 409) -> Callable[[str, Json], tuple[int, Json]]:
    def verb(_path: str, _body: Json) -> tuple[int, Json]:
        return status, {"type": "about:blank", "title": code, "status": status, "code": code, "detail": code}

    return verb


def sent(hall: ScriptedHall) -> list[tuple[str, Json]]:
    return [(post.path.rsplit("/", 1)[1], without_visitor(post.body)) for post in hall.posts]


def without_visitor(body: Json) -> Json:
    """What a press says besides whom it means, which has its own test."""
    return {name: value for name, value in body.items() if name != "visitor"}


def strip(hall: ScriptedHall, lang: str = "en") -> Page:
    hall.context.add_init_script(SIGNED_IN)
    return hall.open("/desk?strip", width=480, height=96, lang=lang, ready=".strip-desk")


def key(page: Page, name: str) -> Any:
    return page.locator(f".keys [aria-keyshortcuts='{name}']")


def press(page: Page, *keys: str) -> None:
    for one in keys:
        page.keyboard.press(one)


def answered(page: Page) -> None:
    """The press was sent, the answer is there, and the screen shows it."""
    expect(page.locator("dialog")).to_have_count(0)
    expect(key(page, "F2")).to_have_attribute("aria-disabled", "false")
