"""A call counts when a display proved it: the real page in a real browser, at a real server, as the desk sees it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect
from websockets.sync.client import connect

from tests.browser.hall_support import RunningHall
from tests.display.display_support import board, call, old_calls
from tests.screens_support import Json, ScriptedHall, launched

HALL = "jiangwan"
KIOSK, DISPLAY = "demo-kiosk-1-not-a-secret", "demo-display-1-not-a-secret"
PATIENCE_S = 15.0
HIDDEN = "Object.defineProperty(document, 'visibilityState', { get: () => window.isHidden ? 'hidden' : 'visible' })"


@dataclass
class Desk:
    """A counter of the running hall, driven over HTTP and watched over its own feed."""

    hall: RunningHall
    counter: str
    token: str
    state: Json = field(default_factory=dict)

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.hall.port}"

    def post(self, path: str, body: Json | None = None, token: str | None = None) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"http://{self.server}/api/v1{path}", json.dumps(body or {}).encode(), headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())

    def press(self, verb: str, body: Json | None = None) -> Json:
        status, answer = self.post(f"/halls/{HALL}/counters/{self.counter}/{verb}", body)
        return {"status": status, **answer}

    def take(self, service: str) -> Json:
        status, ticket = self.post(f"/halls/{HALL}/tickets", {"service": service}, KIOSK)
        assert status == 201, ticket
        return ticket

    def call_next(self) -> None:
        called = self.press("call-next")
        assert called["status"] == 200, called

    def call(self, service: str) -> Json:
        """A visitor takes a number and is called here; the ticket."""
        ticket = self.take(service)
        self.call_next()
        return ticket

    def serve(self) -> None:
        """The visitor came, and is gone."""
        assert [self.press(verb)["status"] for verb in ("start", "finish")] == [200, 200]

    def deliveries(self, at_least: int = 0) -> int:
        """How many calls of the visitor here are proved, as soon as it is this many."""
        url = f"ws://{self.server}/api/v1/halls/{HALL}/live?view=desk&counter={self.counter}"
        with connect(url, additional_headers={"Authorization": f"Bearer {self.token}"}) as feed:
            state: Json = json.loads(feed.recv(PATIENCE_S))["state"]
            while (found := state["current"]["missable"]["deliveries"]) < at_least:
                message = json.loads(feed.recv(PATIENCE_S))
                state.update(message.get("put", {}))
        return int(found)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHall]:
    """The example hall: area 1 speaks, calls may be repeated at once, and no printer is asked."""
    folder = tmp_path_factory.mktemp("hall")
    running = RunningHall(folder, f"file:{folder}/paper")
    text = (
        running.setup.read_text("utf-8").replace("speaks = false", "speaks = true").replace("gap_s = 15", "gap_s = 0")
    )
    running.setup.write_text(text, "utf-8")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def desk_at(hall: RunningHall) -> Callable[[str], Desk]:
    """Counters with clerks of their own, opened when first asked for."""
    desks: dict[str, Desk] = {}
    clerks = {"1": ("chen", "1001"), "8": ("liu", "1002")}

    def open_it(counter: str) -> Desk:
        if counter not in desks:
            desk, (login, pin) = Desk(hall, counter, ""), clerks[counter]
            status, signed_in = desk.post("/sign-in", {"login": login, "pin": pin, "hall": HALL, "counter": counter})
            assert status == 200, signed_in
            desk.token = signed_in["token"]
            assert desk.press("open")["status"] == 200
            desks[counter] = desk
        return desks[counter]

    return open_it


class Watched:
    """A page with all that it reports."""

    def __init__(self, browser: Browser, hall: RunningHall, path: str, ready: str = ".stage:not(.stale)") -> None:
        self.reports: list[Json] = []
        self.sockets: list[WebSocket] = []
        self.page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        self.page.on("websocket", self.watch)
        self.page.goto(f"http://127.0.0.1:{hall.port}{path}")
        self.page.wait_for_selector(ready)

    def watch(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framesent", lambda sent: self.note(json.loads(sent)))

    def note(self, said: Json) -> None:
        if said["kind"] == "status":
            self.reports.append(said)

    def has_shown(self) -> bool:
        return any(report["shown"] for report in self.reports)

    def wait_until_shown(self) -> None:
        if not self.has_shown():
            self.sockets[-1].wait_for_event("framesent", lambda _: self.has_shown(), timeout=PATIENCE_S * 1000)

    def close(self) -> None:
        self.page.context.close()


def hero(page: Page) -> Locator:
    return page.locator(".call .who .n")


def test_a_silent_display_of_an_area_that_speaks_proves_nothing_until_it_sounds(
    browser: Browser, hall: RunningHall, desk_at
) -> None:
    desk = desk_at("1")
    with launched(browser.browser_type, may_sound=False) as silent:
        display = Watched(silent, hall, f"/display?area=1#token={DISPLAY}")
        desk.call("payment")
        display.wait_until_shown()
        assert desk.deliveries() == 0
        refused = desk.press("no-show")
        assert (refused["code"], refused["cause"]) == ("call_not_delivered", "muted")
        display.page.mouse.click(400, 400)
        expect(display.page.locator("footer.mute")).to_have_count(0)
        assert desk.press("recall")["status"] == 200
        assert desk.deliveries(1) == 1
        display.close()
    desk.serve()


def test_a_display_with_its_token_proves_a_call_and_each_repeat(browser: Browser, hall: RunningHall, desk_at) -> None:
    desk = desk_at("1")
    display = Watched(browser, hall, f"/display#token={DISPLAY}")
    ticket = desk.call("payment")
    expect(hero(display.page)).to_have_text(ticket["number"])
    assert desk.deliveries(1) == 1
    assert desk.press("recall")["status"] == 200
    assert desk.deliveries(2) == 2
    assert {report["audio"] for report in display.reports} == {"running"}
    display.close()
    desk.serve()


def test_a_board_without_a_token_and_one_of_another_area_prove_nothing(
    browser: Browser, hall: RunningHall, desk_at
) -> None:
    desk = desk_at("8")
    public = Watched(browser, hall, "/display")
    elsewhere = Watched(browser, hall, f"/display?area=1#token={DISPLAY}")
    ticket = desk.call("complaints")
    expect(hero(public.page)).to_have_text(ticket["number"])
    public.wait_until_shown()
    expect(elsewhere.page.get_by_text(ticket["number"])).to_have_count(0)
    assert desk.deliveries() == 0
    refused = desk.press("no-show")
    assert (refused["status"], refused["code"]) == (409, "call_not_delivered")
    public.close()
    elsewhere.close()
    desk.serve()


def test_the_visitors_own_phone_proves_a_call_where_no_display_is(browser: Browser, hall: RunningHall, desk_at) -> None:
    desk = desk_at("8")
    ticket = desk.take("complaints")
    path = urlsplit(ticket["follow_url"]).path
    phone = Watched(browser, hall, path, ready=".num")
    desk.call_next()
    expect(phone.page.locator(".page.called")).to_be_visible()
    assert desk.deliveries(1) == 1
    assert desk.press("recall")["status"] == 200
    assert desk.deliveries(2) == 2
    phone.close()
    desk.serve()


# --- what the page says, and when: a scripted hall --------------------------------------------------------------------


def test_a_new_call_and_its_repeat_are_reported_at_once_and_then_every_five_seconds(
    scripted: Callable[[Json], ScriptedHall],
) -> None:
    hall = scripted(board(**old_calls(2)))
    page = hall.open("/display", width=1920, height=1080)
    hall.put({"call:90": call("A047", "3", at=hall.instant())})
    expect(hero(page)).to_have_text("A047")
    page.clock.run_for(100)
    hall.put({"call:90": call("A047", "3", at=hall.instant(), call_no=2)})
    page.clock.run_for(100)
    about = [report for report in hall.heard if 90 in report["shown"]]
    assert [report["seq"] for report in about if report["seq"] == 101][:1] == [101]
    assert about[-1]["seq"] == 102, "the repeat was reported before it stood large again"
    before = len(hall.heard)
    hall.wait(page, 10)
    assert 2 <= len(hall.heard) - before <= 5


def test_a_hidden_page_reports_nothing_and_says_it_all_when_it_is_seen(
    scripted: Callable[[Json], ScriptedHall],
) -> None:
    hall = scripted(board())
    hall.context.add_init_script(HIDDEN)
    page = hall.open("/display", width=1920, height=1080)
    page.evaluate("window.isHidden = true")
    before = len(hall.heard)
    hall.put({"call:90": call("A047", "3", at=hall.instant())})
    expect(hero(page)).to_have_text("A047")
    hall.wait(page, 12)
    assert len(hall.heard) == before
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(100)
    assert hall.heard[-1]["shown"] == [90]


def test_a_board_that_may_be_wrong_reports_nothing(scripted: Callable[[Json], ScriptedHall]) -> None:
    hall = scripted(board(s90=call("A047", "3", at="2026-11-24T02:42:05Z")))
    page = hall.open("/display", width=1920, height=1080)
    page.clock.fast_forward(7_000)
    expect(page.locator("footer.lost")).to_be_visible()
    before = len(hall.heard)
    page.clock.fast_forward(11_000)
    assert len(hall.heard) == before
