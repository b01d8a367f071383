"""The demonstration itself, in a great hurry: people come, are called and served, and paper lies in the tray."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from hall.day.events import Recorded
from hall.demo.crowd import Crowd
from hall.demo.stage import Stage, set_stage
from hall.demo.visits import Visit
from hall.web.app import create_app
from tests.support import lifespan_of

WITHIN_S = 25.0
PUBLIC_URL = "http://demo.test:8000"
HALL = "jiangwan"


@dataclass(slots=True)
class Show:
    """A demonstration that runs, and what has happened in it."""

    stage: Stage
    app: ASGIApp
    client: httpx.AsyncClient
    counts: Counter[str] = field(default_factory=Counter)
    instants: list[datetime] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, recorded: Recorded) -> None:
        self.counts[recorded.event.TYPE] += 1
        self.instants.append(recorded.at)
        self.news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not condition():
                self.news.clear()
                await self.news.wait()

    def crowd(self) -> Crowd:
        assert self.stage.crowd is not None
        return self.stage.crowd


@asynccontextmanager
async def show(folder: Path, speed: float) -> AsyncIterator[Show]:
    stage = set_stage(f"sqlite:///{folder}/demo.db", speed=speed, public_url=PUBLIC_URL)
    app = create_app(stage.system, [stage.setup])
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client,
        lifespan_of(app),
    ):
        running = Show(stage, app, client)
        stage.system.runner.listeners.append(running.hear)
        yield running


@asynccontextmanager
async def playing(running: Show) -> AsyncIterator[None]:
    task = asyncio.create_task(running.stage.play(running.app))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_hurried_hall_issues_calls_and_prints(tmp_path: Path) -> None:
    async with show(tmp_path, speed=600) as running, playing(running):
        await running.until(lambda: running.counts["TicketIssued"] >= 60 and running.counts["TicketFinished"] >= 25)
        await running.until(lambda: bool(running.stage.tray.papers()))
        counts, door = running.counts, running.crowd().door
        assert counts["TicketCalled"] >= counts["TicketFinished"]
        assert counts["CounterOpened"] >= 9
        assert door.pressed.total() > 100
        assert door.refused.total() <= 0.02 * door.pressed.total(), door.refused
        await look_at_papers(running.client)


async def test_the_crowd_presses_every_key_and_nobody_is_missed_unseen(tmp_path: Path) -> None:
    """The demonstration's own display proves the calls, so that no-shows are allowed though no real one is open."""
    wanted = ("TicketParked", "TicketTransferred", "TicketRecalled", "TicketMissed", "DoorCounted", "CallDelivered")
    async with show(tmp_path, speed=600) as running, playing(running):
        await running.until(lambda: all(running.counts[kind] for kind in wanted))
        door = running.crowd().door
        assert door.refused.total() <= 0.02 * door.pressed.total(), door.refused
        now = running.stage.system.receipts.heard[HALL, "demo-display"]
        assert now.audio == "running"


async def look_at_papers(client: httpx.AsyncClient) -> None:
    papers = (await client.get("/demo/papers")).json()["papers"]
    assert papers == sorted(papers, key=lambda paper: -int(paper["id"]))
    picture = await client.get(papers[0]["url"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert (await client.get("/demo/papers/999999.png")).status_code == httpx.codes.NOT_FOUND


async def test_a_counter_and_a_kiosk_are_left_for_who_tries_it(tmp_path: Path) -> None:
    async with show(tmp_path, speed=600) as running, playing(running):
        await running.until(lambda: running.counts["CounterOpened"] >= 9)
        demo = running.stage.system.demo
        assert demo is not None
        you = demo.sign_ins[0]
        assert you["counter"] not in running.stage.system.runner.halls[HALL].picture.day.counters
        body = {"login": you["login"], "pin": you["secret"], "hall": HALL, "counter": you["counter"]}
        token = (await running.client.post("/api/v1/sign-in", json=body)).json()["token"]
        opened = await post(running, f"counters/{you['counter']}/open", {}, token)
        assert opened.is_success, opened.text
        ticket = (await post(running, "tickets", {"service": "payment"}, demo.tokens[f"{HALL}/kiosk"])).json()
        assert ticket["follow_url"].startswith(f"{PUBLIC_URL}/t/")
        assert ticket["paper"]["printer"] == "printer-1"


async def post(running: Show, path: str, body: dict[str, str], token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await running.client.post(f"/api/v1/halls/{HALL}/{path}", json=body, headers=headers)


async def test_after_the_last_visitor_comes_the_next_morning(tmp_path: Path) -> None:
    async with show(tmp_path, speed=1000) as running:
        stage = running.stage
        crowd = stage.gather(running.app)
        crowd.visits = [Visit(0.0, 60.0, "payment"), Visit(5.0, 90.0, "general"), Visit(7200.0, 7230.0, "payment")]
        playing_days = asyncio.create_task(crowd.play())
        await running.until(lambda: running.counts["DayOpened"] >= 2 and running.counts["TicketIssued"] >= 4)
        playing_days.cancel()
        await asyncio.gather(playing_days, return_exceptions=True)
        assert running.counts["TicketExpired"] <= running.counts["TicketMissed"]
        assert running.instants == sorted(running.instants)
        opening = crowd.opening
        assert opening is not None
        assert (opening.hour, opening.minute) == (8, 0)


async def test_a_kept_demonstration_goes_on_in_the_middle_of_its_day(tmp_path: Path) -> None:
    """Nobody is sent home, and nobody comes a second time."""
    missed = 0
    for _ in range(2):
        async with show(tmp_path, speed=600) as running, playing(running):
            await running.until(lambda now=running.counts: now["TicketIssued"] >= 30)  # type: ignore[misc]
            crowd = running.crowd()
            come = [visit for visit in crowd.visits if visit.at_s <= crowd.now_s()]
            assert crowd.day.next_serial - 1 <= len(come)
        missed += running.counts["TicketMissed"]
    assert crowd.opening is not None
    assert crowd.opening.date().isoformat() == "2026-11-18"
    assert running.counts["DayOpened"] == 0
    assert running.counts["TicketExpired"] <= missed  # nobody but who was missed and did not return
    assert running.instants == sorted(running.instants)


@pytest.mark.parametrize("path", ["/demo/papers", "/demo/papers/1.png"])
async def test_the_tray_exists_in_a_demonstration_only(path: str, tmp_path: Path) -> None:
    stage = set_stage(f"sqlite:///{tmp_path}/hall.db", speed=1, public_url=PUBLIC_URL)
    stage.system.tray = None
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(stage.system)), base_url=PUBLIC_URL
    ) as client:
        assert (await client.get(path)).status_code == httpx.codes.NOT_FOUND
    await stage.system.stop()
