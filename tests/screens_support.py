"""A scripted hall for tests of single screens: real pages, a real browser, and a server that says what a test tells it.

No port is opened: the browser's requests are answered from the templates, the static folder and the catalogues, under
the same content security policy as the real server's. The live feed and the verbs are scripted, so every state can be
shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    Route,
    WebSocketRoute,
    sync_playwright,
)

from hall.i18n import catalogue_json
from tests.browser.chromium import MISSING, find_chromium

ROOT = Path(__file__).parent.parent
ORIGIN = "http://hall.test"
NOW = datetime(2026, 11, 24, 2, 42, 7, tzinfo=UTC)  # 10:42:07 in Shanghai
MISSED = {
    "zh-Hans": "叫号 2 次未到即过号。15 分钟内回来，前面办完 3 位后办理。",
    "en": "Missed after 2 calls without an answer. Back within 15 minutes: 3 others go first.",
}
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws://hall.test; require-trusted-types-for 'script'"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TYPES = {".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}

Json = dict[str, Any]
Verb = Callable[[str, Json], tuple[int, Json | None]]


def ago(*, minutes: float = 0, seconds: float = 0) -> str:
    """The instant that long before the scripted now, as the feed writes it."""
    return (NOW - timedelta(minutes=minutes, seconds=seconds)).isoformat().replace("+00:00", "Z")


@contextmanager
def browser_running() -> Iterator[Browser]:
    """A browser for one module; its event loop ends with it, so asyncio tests elsewhere are left alone."""
    with sync_playwright() as playwright, launched(playwright.chromium, may_sound=True) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType, *, may_sound: bool) -> Iterator[Browser]:
    """A browser that lets pages sound at once, or only after a touch as browsers usually do."""
    executable = find_chromium()
    assert executable, MISSING
    sound = ["--autoplay-policy=no-user-gesture-required"] if may_sound else []
    browser = kind.launch(executable_path=executable, args=[*FLAGS, *sound])
    yield browser
    browser.close()


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether a page complains of itself: not of the network, nor of a machine that is slow to use what it preloads."""
    known = ("status of", "WebSocket", "was preloaded using link preload but not used")
    return message.type in ("error", "warning") and not any(one in message.text for one in known)


@contextmanager
def at_once(page: Page) -> Iterator[None]:
    """The browser's clock stands while keys are pressed, however busy this machine is."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 2"))
    yield
    page.clock.resume()


@dataclass
class Post:
    """One press as the server would see it."""

    path: str
    body: Json
    key: str | None
    token: str | None


@dataclass
class ScriptedHall:
    """A hall that answers one screen. `state` is the view; `put` and `drop` change it and tell the screen."""

    context: BrowserContext
    state: Json
    rate: float = 1
    seq: int = 100
    verb: Verb = lambda _path, _body: (200, {})
    gets: Json = field(default_factory=dict)
    page_facts: Json = field(default_factory=dict)
    came: list[Post] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)
    sockets: list[WebSocketRoute] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    is_down: bool = False
    at: datetime = NOW

    @property
    def posts(self) -> list[Post]:
        """Every press that the pages have sent until now, also one that is still on its way."""
        self.settle()
        return self.came

    @property
    def heard(self) -> list[Json]:
        """Every report that the pages have sent until now."""
        self.settle()
        return self.told

    def settle(self) -> None:
        """Returns when what the pages have sent has come: a request sent after theirs comes after theirs."""
        for page in self.context.pages:
            page.evaluate("fetch('/settled').then(() => null)")

    def open(
        self,
        path: str,
        *,
        width: int,
        height: int,
        lang: str = "zh-Hans",
        clock: bool = True,
        ready: str = "#screen > *",
    ) -> Page:
        """The page at its real size, when its snapshot has come. `clock`: the browser's time is moved by the test."""
        self.context.route("**/*", lambda route: self._answer(route, lang))
        self.context.route_web_socket("**/live?*", self._connect)
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.on("console", self._hear_console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if clock:
            page.clock.install(time=NOW)
        page.goto(ORIGIN + path)
        page.wait_for_selector(ready)
        return page

    def put(self, records: Json | None = None, drop: tuple[str, ...] = (), kind: str = "TicketCalled") -> None:
        """Changes the view by one event."""
        self.state = {key: record for key, record in {**self.state, **(records or {})}.items() if key not in drop}
        prev, self.seq = self.seq, self.seq + 1
        self.tell(
            {"kind": "event", "prev": prev, "seq": self.seq, "type": kind, "put": records or {}, "drop": list(drop)}
        )

    def wait(self, page: Page, seconds: float) -> None:
        """Time goes by in the hall and in the browser, with a beat at least every two seconds."""
        while seconds > 0:
            step = min(2.0, seconds)
            page.clock.fast_forward(round(step * 1000))
            self.at += timedelta(seconds=step)
            self.beat()
            seconds -= step

    def beat(self) -> None:
        self.tell({"kind": "beat", "prev": self.seq, "seq": self.seq})

    def tell(self, message: Json) -> None:
        for socket in self.sockets:
            socket.send(json.dumps({"at": self.instant(), **message}))

    def cut(self) -> None:
        """The network goes away, and stays so until `is_down` is put back."""
        self.is_down = True
        for socket in self.sockets:
            socket.close()
        self.sockets.clear()

    def instant(self) -> str:
        return self.at.isoformat().replace("+00:00", "Z")

    def _connect(self, socket: WebSocketRoute) -> None:
        self.asked.append({key: values[0] for key, values in parse_qs(urlsplit(socket.url).query).items()})
        if self.is_down:
            socket.close()
            return
        self.sockets.append(socket)
        socket.on_message(lambda text: self._hear(socket, json.loads(text)))
        snapshot = {"kind": "snapshot", "epoch": "e1", "seq": self.seq, "version": "test", "at": self.instant()}
        socket.send(json.dumps({**snapshot, "rate": self.rate, "state": self.state}))

    def _hear(self, socket: WebSocketRoute, message: Json) -> None:
        if message["kind"] == "status":
            self.told.append(message)

    def _hear_console(self, message: ConsoleMessage) -> None:
        is_cut = self.is_down and "net::ERR_FAILED" in message.text
        if is_complaint(message) and not is_cut:
            self.faults.append(message.text)

    def _answer(self, route: Route, lang: str) -> None:
        path = urlsplit(route.request.url).path
        if path == "/settled":
            route.fulfill(status=204)
        elif path.startswith("/static/"):
            file = ROOT / path.removeprefix("/")
            route.fulfill(
                path=file, content_type=TYPES.get(file.suffix, "application/octet-stream")
            ) if file.is_file() else route.fulfill(status=404)
        elif path.startswith("/i18n/"):
            route.fulfill(json=catalogue_json(path.removeprefix("/i18n/").removesuffix(".json")))
        elif path.startswith("/api/v1/"):
            self._answer_api(route, path.removeprefix("/api/v1"))
        else:
            route.fulfill(
                body=self._shell(path, lang),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )

    def _answer_api(self, route: Route, path: str) -> None:
        if self.is_down:
            route.abort()
        elif route.request.method == "GET":
            route.fulfill(json=self.gets[path]) if path in self.gets else route.fulfill(
                status=404, json={"code": "not_found"}
            )
        else:
            headers = route.request.headers
            post = Post(
                path, route.request.post_data_json or {}, headers.get("idempotency-key"), headers.get("authorization")
            )
            self.came.append(post)
            status, answer = self.verb(path, post.body)
            route.fulfill(status=status, json=answer) if answer is not None else route.fulfill(status=status)

    def _shell(self, path: str, lang: str) -> str:
        folders = [ROOT / "hall/web/templates", ROOT / "display/templates", ROOT / "kiosk/templates"]
        templates = Environment(loader=FileSystemLoader(folders), autoescape=select_autoescape())
        facts = {
            "hall": "jiangwan",
            "version": "test",
            "languages": ["zh-Hans", "en"],
            "names": {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall"},
            "timezone": "Asia/Shanghai",
            **self.page_facts,
        }
        return templates.get_template(f"{path.strip('/')}.html").render(
            page=facts, lang=lang, title="Hall", version="test"
        )


Scripted = Callable[[Json], ScriptedHall]


@contextmanager
def halls_in(browser: Browser) -> Iterator[Scripted]:
    """Makes halls; afterwards none of their pages may have complained, not even about the security policy."""
    halls: list[ScriptedHall] = []

    def make(state: Json) -> ScriptedHall:
        halls.append(ScriptedHall(browser.new_context(), state))
        return halls[-1]

    yield make
    for hall in halls:
        hall.context.close()
    assert [fault for hall in halls for fault in hall.faults] == []


def hall_record(**changes: object) -> Json:
    """The record that every view carries."""
    return {
        "id": "jiangwan",
        "name": {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall"},
        "languages": ["zh-Hans", "en"],
        "timezone": "Asia/Shanghai",
        "business_date": "2026-11-24",
        "day_open": True,
        "hours": None,
        "missed_return_min": 15,
        "missed_sentence": MISSED,
        **changes,
    }
