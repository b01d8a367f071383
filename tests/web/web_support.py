"""A running application for tests of its HTTP contract: real routes, real people, a real SQLite file, no port."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from hall.bootstrap import System, build
from hall.day.commands import ReportDelivery
from hall.edge.status import STATUS
from hall.files import examples_folder
from hall.live.runner import Hall
from hall.people.accounts import EVERY_HALL
from hall.people.passwords import Passwords
from hall.people.permissions import DEVICE_ROLES, Role
from hall.setup.toml import Parsed, parse
from hall.web.app import create_app
from tests.support import HandClock, fastapi_in, lifespan_of

JIANGWAN = "jiangwan"
CORNER = "corner"
GAP_S, GRACE_S = 15, 20  # of the telecom shop
OWN_PRINTER = 'url = "file:/dev/usb/lp0"\n'
CORNER_SETUP = """
[hall]
id = "corner"
name.en = "Corner Office"
timezone = "Asia/Shanghai"
languages = ["en"]
public_url = "http://corner.test"

[[series]]
id = "one"
prefix = "X"
first = 1
last = 1

[[service]]
id = "papers"
name.en = "Papers"

[[service]]
id = "passport"
name.en = "Passport"
parent = "papers"
series = "one"

[[service]]
id = "permit"
name.en = "Permit"
parent = "papers"
prefix = "P"

[[class]]
id = "ordinary"
name.en = "Ordinary"

[[counter]]
id = "1"
name = "1"
services = ["passport", "permit"]

[calling]
pick = "never"
walk_in = false
postpone_most = 1

[missed]
return_min = 10
returns_most = 1
override = false

[[staff]]
login = "chen"
name = "Chen at the corner"
role = "clerk"
pin = "7001"

[[device]]
id = "kiosk-1"
kind = "kiosk"
"""


# A printer of the server's own, at an address that nothing is reached at here.
SECOND_PRINTER = """
[[device]]
id = "printer-9"
kind = "printer"
url = "tcp://192.0.2.10:9100"
"""


def set_ups() -> list[Parsed]:
    """The telecom shop of the examples, and a small strict hall with a heading and a series of a single number.

    The kiosk's printer is not the server's own, so that nobody but the test claims its papers.
    """
    text = (examples_folder() / "telecom-hall.toml").read_text("utf-8")
    assert text.count(OWN_PRINTER) == 1
    shop = text.replace(OWN_PRINTER, "") + SECOND_PRINTER
    return [parse(shop, "telecom-hall.toml"), parse(CORNER_SETUP, "corner.toml")]


def build_on(database: Path, clock: HandClock) -> System:
    passwords = Passwords(memory_kib=8, passes=1)
    return build(f"sqlite:///{database}", clock=clock, passwords=passwords, open_line=no_line)


def no_line(url: str) -> Any:
    raise ValueError(f"{url}: no printer is reached from a test")


class EmptyTray:
    """A demonstration's tray without papers: with one, the application has the demonstration's routes too."""

    def papers(self) -> list[dict[str, str]]:
        return []

    def png(self, id: str) -> bytes | None:
        return None


@dataclass(frozen=True, slots=True)
class Door:
    """One principal's way into one hall."""

    client: httpx.AsyncClient
    hall: str = JIANGWAN

    async def get(self, path: str, **params: str | int) -> httpx.Response:
        return await self.client.get(self.url(path), params=params or None)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        if body is None:
            return await self.client.post(self.url(path), headers=headers)
        return await self.client.post(self.url(path), headers=headers, json=body)

    async def raw(self, path: str, content: bytes, **headers: str) -> httpx.Response:
        """Post these very bytes as JSON."""
        return await self.client.post(
            self.url(path), content=content, headers={"Content-Type": "application/json", **headers}
        )

    async def issue(self, service: str = "general", *, key: str | None = None, **facts: Any) -> dict[str, Any]:
        """A ticket that was really issued."""
        return done(await self.post("tickets", {"service": service, **facts}, key=key), 201)

    async def press(self, verb: str, *, counter: str = "1", key: str | None = None, **body: Any) -> httpx.Response:
        return await self.post(f"counters/{counter}/{verb}", body, key=key)

    async def pressed(self, verb: str, *, counter: str = "1", key: str | None = None, **body: Any) -> dict[str, Any]:
        """The answer to a counter's verb that worked."""
        return done(await self.press(verb, counter=counter, key=key, **body))

    async def events(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = done(await self.get("events", after=after, limit=1000))["events"]
        return found

    def url(self, path: str) -> str:
        return path if path.startswith("/") else f"/api/v1/halls/{self.hall}/{path}"

    def at(self, hall: str) -> Door:
        """The same principal before another hall."""
        return Door(self.client, hall)


@dataclass(slots=True)
class House:
    """One running application, whoever comes to it, and the clock on its wall."""

    app: ASGIApp
    system: System
    clock: HandClock
    database: Path
    clients: list[httpx.AsyncClient]

    @property
    def hall(self) -> Hall:
        return self.system.runner.halls[JIANGWAN]

    async def door(self, role: Role | None, *, hall: str = JIANGWAN, device: str | None = None) -> Door:
        """The door for somebody with a fresh token of this role; None is somebody without any."""
        headers = {} if role is None else bearer(await self.token(role, hall=hall, device=device))
        return Door(self.client(headers), JIANGWAN if hall == EVERY_HALL else hall)

    async def token(self, role: Role, *, hall: str = JIANGWAN, device: str | None = None) -> str:
        device = device or (f"{role}-1" if role in DEVICE_ROLES else None)
        return (await self.system.people.create_token(hall=hall, role=role, device=device))[0]

    async def deliver(self, counter: str = "1", *, hall: str = JIANGWAN) -> None:
        """A display shows the call at this counter."""
        day = self.system.runner.halls[hall].picture.day
        turn = day.tickets[day.counters[counter].ticket or ""].turn
        command = ReportDelivery(day.counters[counter].ticket or "", turn.call_no, "display", "display-1")
        await self.system.runner.submit(hall, command, door="display")

    async def call_in_vain(self, api: Door, counter: str = "1") -> None:
        """Deliver the call, call again, and give the visitor the time to come."""
        await self.deliver(counter)
        self.clock.advance(seconds=GAP_S)
        await api.pressed("recall", counter=counter)
        await self.deliver(counter)
        self.clock.advance(seconds=GRACE_S)

    def client(self, headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://hall.test",
            headers=headers,
            event_hooks={"request": [self.note_seq], "response": [never_our_fault]},
        )
        self.clients.append(client)
        return client

    async def note_seq(self, request: httpx.Request) -> None:
        """Where the log stood before this request."""
        request.extensions["seq"] = self.hall.pending.seq


async def never_our_fault(answer: httpx.Response) -> None:
    assert answer.status_code != 500, f"{answer.request.method} {answer.request.url}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def open_house(
    database: Path, clock: HandClock | None = None, files: Sequence[Parsed] | None = None
) -> AsyncIterator[House]:
    """Start the application on this database, as `hall serve` would; entering twice in a row is a restart."""
    clock = clock or HandClock()
    system = await asyncio.to_thread(build_on, database, clock)
    system.tray = EmptyTray()
    app = create_app(system, set_ups() if files is None else files)
    share_routes(fastapi_in(app))
    house = House(app, system, clock, database, [])
    async with lifespan_of(app):
        try:
            yield house
        finally:
            for client in house.clients:
                await client.aclose()


ROUTES: list[BaseRoute] = []


def share_routes(app: FastAPI) -> None:
    """Give this application the routes of the first one, which are the same: working out a table of them takes long."""
    if ROUTES:
        app.router.routes[:] = ROUTES
    else:
        ROUTES.extend(app.router.routes)


def done(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The body of an answer that is as it should be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    return body


def refused(answer: httpx.Response, code: str) -> dict[str, Any]:
    """The problem that a refused request is answered with, whole in form."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (STATUS[code], code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"] != code, "the code has no sentence"
    return problem


@contextmanager
def gone(house: House, table: str) -> Iterator[None]:
    """The table is not to be found while the block runs."""
    for old, new in ((table, "hidden"), ("hidden", table)):
        with sqlite3.connect(house.database, timeout=15) as connection:
            connection.execute("PRAGMA legacy_alter_table=ON")
            connection.execute(f'ALTER TABLE "{old}" RENAME TO "{new}"')
        connection.close()
        if new == "hidden":
            yield
