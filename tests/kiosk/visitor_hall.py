"""What visitors' screens are shown in tests: records of the kiosk and of a ticket; answers that may get lost."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import segno
from playwright.sync_api import ConsoleMessage, Page, Route

from tests.screens_support import Json, Post, ScriptedHall, hall_record

SECRET = "0123456789abcdef0123456789abcdef"
FOLLOW_URL = f"http://hall.test/t/{SECRET}"
ISSUED_AT = "2026-11-24T02:42:00Z"
WEEK = [[[540, 1020]]] * 5 + [[], []]  # Monday to Friday from 9 to 17


class VisitorHall(ScriptedHall):
    """A scripted hall that also has phone pages and QR codes, and whose answers can get lost on the way back."""

    loses_answers = False

    def pass_seconds(self, page: Page, seconds: int) -> None:
        """Lets the browser's time pass, second by second so that the link keeps up, while the server keeps beating."""
        for _ in range(seconds):
            page.clock.run_for(1_000)
            self.beat()

    def _hear_console(self, message: ConsoleMessage) -> None:
        """Requests that a test breaks on purpose are no fault of the page."""
        if "net::ERR_FAILED" not in message.text:
            super()._hear_console(message)

    def _answer(self, route: Route, lang: str) -> None:
        path = urlsplit(route.request.url).path
        if path == "/demo/papers":
            route.fulfill(json=self.gets[path])
        else:
            super()._answer(route, lang)

    def _answer_api(self, route: Route, path: str) -> None:
        if path.endswith("/qr.svg"):
            route.fulfill(body=qr_code(), content_type="image/svg+xml")
        elif self.loses_answers and route.request.method == "POST":
            key = route.request.headers.get("idempotency-key")
            self.came.append(Post(path, route.request.post_data_json or {}, key, None))
            route.abort()
        else:
            super()._answer_api(route, path)

    def _shell(self, path: str, lang: str) -> str:
        return super()._shell("/phone" if path.startswith("/t/") else "/start" if path == "/" else path, lang)


def qr_code() -> bytes:
    """The picture that the server draws for a phone link."""
    picture = io.BytesIO()
    segno.make(FOLLOW_URL).save(picture, kind="svg", border=4, xmldecl=False)
    return picture.getvalue()


def service(id: str, zh: str, en: str, **changes: Any) -> Json:
    """One `service` record of the kiosk view, with three people ahead and no estimate."""
    facts = {"id": id, "name": {"zh-Hans": zh, "en": en}, "letter": id.upper(), "parent": None, "order": ord(id[0])}
    line = {"ahead": 3, "counters_open": 2, "estimate": None, "promise_s": None, "full": False, "hours": None}
    return {**facts, **line, "documents": [], **changes}


def usual_services() -> list[Json]:
    """Five services: one with an estimate, one without numbers left, one with nobody ahead."""
    return [
        service("a", "综合业务", "General service", ahead=8, estimate={"p10_s": 600, "p50_s": 700, "p90_s": 900}),
        service("b", "缴费充值", "Payments", ahead=4),
        service("c", "宽带业务", "Broadband", ahead=3),
        service("d", "集团客户", "Business customers", letter="V", full=True),
        service("e", "投诉建议", "Complaints", letter="S", ahead=0),
    ]


def numbered_services(count: int, **changes: Any) -> list[Json]:
    """That many services, in order."""
    return [service(f"n{at:02d}", f"业务{at}", f"Service {at}", order=at, **changes) for at in range(count)]


def kiosk_view(*services: Json, **hall: Any) -> Json:
    """A kiosk's snapshot: the hall, its services, its printer."""
    records = {f"service:{each['id']}": each for each in services}
    facts = {"hours": WEEK, **hall}
    return {"hall": hall_record(**facts), "printer": {"id": "p1", "state": "ok"}, **records}


def ticket(**changes: Any) -> Json:
    """What the server answers when a number is taken: A056, eight ahead, a paper on its way, a phone link."""
    facts = {"id": "t56", "number": "A056", "serial": 56, "service": "a", "class": "ordinary", "language": "zh-Hans"}
    line = {"state": "waiting", "ahead": 8, "estimate": None, "promise_s": None, "counter": None, "called_at": None}
    paper = {"id": "p9", "state": "requested", "printer": "p1", "copy": 1}
    return {**facts, **line, "follow_url": FOLLOW_URL, "paper": paper, "issued_at": ISSUED_AT, "seq": 101, **changes}


def paper(state: str, reason: str | None = None) -> Json:
    """How the paper of A056 stands, as a change of the kiosk's view."""
    record = {"paper": "p9", "ticket": "t56", "number": "A056", "state": state, "reason": reason, "copy": 1}
    return {"paper:p9": record}


def refusal(status: int, code: str) -> tuple[int, Json]:
    """A problem document."""
    return status, {"type": "about:blank", "title": code, "status": status, "code": code, "detail": code}


def phone_ticket(**changes: Any) -> Json:
    """The `ticket` record of a phone: waiting, three ahead."""
    facts = {"number": "A056", "service": "a", "service_name": {"zh-Hans": "综合业务", "en": "General service"}}
    line = {"class": "ordinary", "state": "waiting", "outcome": None, "ahead": 3, "counters_open": 2, "estimate": None}
    call = {"counter": None, "counter_name": None, "area": None, "called_at": None, "last_call_at": None, "call_no": 0}
    times = {"issued_at": ISSUED_AT, "claim_at": ISSUED_AT, "promise_s": 1200, "language": "zh-Hans"}
    moves = {"joined_by": "issue", "overtaken_by": [], "round_used": [], "counter_change": None}
    moves |= {"to_counter": None, "planned": []}
    left = {"returns_left": 2, "postpones_left": 1, "missed_at": None, "expires_at": None, "due_at": None}
    return {**facts, **line, **call, **times, **moves, **left, "deliveries": 0, **changes}


def missed(**changes: Any) -> Json:
    """The `ticket` record after a missed call, ten minutes before it lapses."""
    facts = {"state": "missed", "counter": None, "counter_name": None, "missed_at": "2026-11-24T02:40:00Z"}
    return called(**{**facts, "expires_at": "2026-11-24T02:52:07Z", **changes})


def called(counter: str = "3", **changes: Any) -> Json:
    """The `ticket` record once it is called."""
    at = "2026-11-24T02:58:00Z"
    call = {"counter": "c3", "counter_name": counter, "called_at": at, "last_call_at": at, "call_no": 1}
    return phone_ticket(**{"state": "called", "ahead": 0, **call, **changes})


def phone_view(record: Json | None, **hall: Any) -> Json:
    """A phone's snapshot; without a record the ticket's day is over."""
    view: Json = {"hall": hall_record(**hall)}
    return view if record is None else {**view, "ticket": record}
