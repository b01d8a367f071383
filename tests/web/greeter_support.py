"""A running hall for the greeter's page: the real application at a real port, in a thread, its clock moved by hand."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from hall.files import examples_folder
from hall.people.permissions import Role
from hall.setup.toml import Parsed, parse
from tests.screens_support import is_complaint
from tests.support import HandClock, serving
from tests.web.web_support import JIANGWAN, OWN_PRINTER, House, open_house

BUZZ = """
Object.defineProperty(Navigator.prototype, "vibrate", { value() {
  document.documentElement.dataset.buzzed = Number(document.documentElement.dataset.buzzed ?? 0) + 1;
  return true;
} });
"""
START_S = 20


def hall_setup(*, long_names: bool = False) -> list[Parsed]:
    """The telecom shop: a voice proves a call, F3 says who came, two green lanes an hour, one complaint a day."""
    text = (examples_folder() / "telecom-hall.toml").read_text("utf-8").replace(OWN_PRINTER, "")
    text = text.replace("[hall]\n", '[hall]\npublic_url = "http://hall.example"\n', 1)
    text = text.replace("[missed]\n", '[missed]\ndelivered_by = "voice"\n', 1)
    text = text.replace("priority_per_hour = 12", "priority_per_hour = 2\ninfer_start_s = 0")
    text = text.replace('prefix = "F"', 'series = "one"').replace("[[series]]", ONE_NUMBER, 1)
    if long_names:
        text = text.replace('"综合业务"', '"企业开办、变更与注销综合登记业务"').replace('"General services"', LONG)
        text = text.replace('"老年、残障优先"', '"现役军人、退役军人及随行家属优先"')
        text = text.replace('"Elderly and disabled"', '"Service members, veterans and their families"')
        text = text.replace('"有效身份证件"', '"法定代表人及全体股东的有效身份证件原件与复印件"')
    return [parse(text, "telecom-hall.toml")]


ONE_NUMBER = '[[series]]\nid = "one"\nprefix = "F"\nfirst = 1\nlast = 1\n\n[[series]]'
LONG = '"Business registration, changes and closures of companies"'


@dataclass
class RealHall:
    """What a test does to the hall besides looking at the page: programs' presses, and time."""

    url: str
    house: House
    loop: asyncio.AbstractEventLoop
    clients: dict[Role, httpx.Client] = field(default_factory=dict)

    def client(self, role: Role) -> httpx.Client:
        if role not in self.clients:
            headers = {"Authorization": f"Bearer {self.token(role)}"}
            self.clients[role] = httpx.Client(base_url=f"{self.url}/api/v1/halls/{JIANGWAN}/", headers=headers)
        return self.clients[role]

    def token(self, role: Role) -> str:
        return asyncio.run_coroutine_threadsafe(self.house.token(role), self.loop).result(START_S)

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client("api").post(path, json=body)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json() if answer.content else None

    def get(self, path: str, **params: str) -> Any:
        answer = self.client("api").get(path, params=params)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def issue(self, service: str = "general", **facts: str) -> dict[str, Any]:
        found: dict[str, Any] = self.post("tickets", service=service, **facts)
        return found

    def issue_many(self, services: list[str]) -> None:
        """A number for each, all at once."""

        async def issue() -> None:
            door = await self.house.door("api")
            await asyncio.gather(*(door.issue(service) for service in services))

        asyncio.run_coroutine_threadsafe(issue(), self.loop).result(START_S)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What the log says of one kind of thing that happened."""
        found = self.get("events", limit="1000")["events"]
        return [json.loads(one["body"]) for one in found if one["type"] == kind]

    def tickets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("tickets")["tickets"]
        return found

    def call(self, counter: str = "1") -> str:
        """Counter `counter` calls the next; its number."""
        if self.house.hall.picture.day.counters.get(counter) is None:
            self.post(f"counters/{counter}/open")
        number: str = self.post(f"counters/{counter}/call-next")["ticket"]["number"]
        return number

    def hunt(self, counter: str = "1") -> str:
        """Called twice, and nobody came."""
        number = self.call(counter)
        self.advance(20)
        self.post(f"counters/{counter}/recall")
        return number

    def report_paper(self, result: str, **facts: str) -> None:
        """The owner of its printer takes the newest paper on and says what became of it."""
        paper = list(self.house.hall.picture.papers)[-1]
        for verb, body in (("claim", {}), (result, facts)):
            assert self.client("printer").post(f"papers/{paper}/{verb}", json=body).status_code == 200

    def miss(self, counter: str = "1") -> str:
        number = self.hunt(counter)
        self.advance(90)
        self.post(f"counters/{counter}/no-show")
        return number

    def advance(self, seconds: float) -> None:
        self.house.clock.advance(seconds=seconds)


@contextmanager
def real_hall(database: Path, files: list[Parsed] | None = None) -> Iterator[RealHall]:
    """The hall while the block runs. Its loop has a thread, since the browser's calls wait in this one."""
    ready: threading.Event = threading.Event()
    halls: list[RealHall] = []
    faults: list[BaseException] = []
    over: list[asyncio.Event] = []

    async def live() -> None:
        async with open_house(database, HandClock(), files or hall_setup()) as house, serving(house.app) as address:
            over.append(asyncio.Event())
            halls.append(RealHall(f"http://{address}", house, asyncio.get_running_loop()))
            ready.set()
            await over[0].wait()

    def run() -> None:
        running = asyncio.new_event_loop()
        task = running.create_task(live())
        task.add_done_callback(lambda _: ready.set())
        running.run_until_complete(asyncio.wait([task]))
        running.run_until_complete(running.shutdown_default_executor())
        running.close()
        if (fault := task.exception()) is not None:  # told to the test: a thread's fault would only be printed
            faults.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(START_S), "the hall did not start"
    if not halls:
        thread.join(START_S)
        raise faults[0]
    hall = halls[0]
    try:
        yield hall
    finally:
        for client in hall.clients.values():
            client.close()
        hall.loop.call_soon_threadsafe(over[0].set)
        thread.join(START_S)
    assert faults == []


@dataclass
class Greeters:
    """Greeters' phones and tablets in one hall; none of their pages may complain."""

    browser: Browser
    hall: RealHall
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def context(self, *, lang: str, width: int, height: int, **options: Any) -> BrowserContext:
        size = {"width": width, "height": height}
        context = self.browser.new_context(viewport=size, locale=lang, has_touch=True, **options)  # type: ignore[arg-type]
        context.set_default_timeout(8_000)
        context.add_init_script(BUZZ)
        self.contexts.append(context)
        return context

    def page(self, *, lang: str = "en", width: int = 360, height: int = 740, **options: Any) -> Page:
        """The page of a greeter who is signed in."""
        context = self.context(lang=lang, width=width, height=height, **options)
        context.add_init_script(f"sessionStorage.setItem('hall.token', '{self.hall.token('greeter')}')")
        page = self.watched(context)
        page.goto(f"{self.hall.url}/greeter")
        page.wait_for_selector(".greeter")
        return page

    def watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def hear(self, message: ConsoleMessage) -> None:
        if is_complaint(message) and "ERR_" not in message.text:
            self.faults.append(message.text)

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.faults == [], self.faults


def goto(page: Page, tab: str) -> None:
    page.locator(f".tabs [data-goto={tab}]").click()
