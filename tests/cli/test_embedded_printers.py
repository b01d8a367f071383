"""Printers of the server itself, from a press at the kiosk to the row that says what became of the paper."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from hall.bootstrap import System, build
from hall.day.events import Event, PaperClaimed, PaperFailed, PaperPrinted, PaperUncertain, PrinterReported, Recorded
from hall.live.papers import HallPapers, follow
from hall.live.views.base import Record
from hall.log.port import Commit, StorageFault
from hall.people.passwords import Passwords
from hall.setup.toml import parse
from hall.web.app import create_app
from printer.fake import FakePrinter, FakePrinterServer
from printer.owner import PapersUnavailable
from tests.cli.cli_support import CORNER
from tests.support import HandClock, lifespan_of

WITHIN_S = 15.0
KIOSK_TOKEN = "corner-kiosk-1-0123456789abcdef"


def with_printer(url: str) -> str:
    """The corner hall with a kiosk that prints on the printer at this address."""
    return f'{CORNER}printer = "printer-1"\n\n[[device]]\nid = "printer-1"\nkind = "printer"\nurl = "{url}"\n'


@dataclass(slots=True)
class Office:
    """A running hall, its clock, and what happened in it."""

    system: System
    client: httpx.AsyncClient
    clock: HandClock
    happened: list[Recorded] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, recorded: Recorded) -> None:
        self.happened.append(recorded)
        self.news.set()

    async def until(self, kind: type[Event], **facts: object) -> Any:
        """The first event of this kind with these facts, as soon as there is one."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                for event in (one.event for one in self.happened if isinstance(one.event, kind)):
                    if all(getattr(event, name) == value for name, value in facts.items()):
                        return event
                self.news.clear()
                await self.news.wait()

    async def take_number(self) -> Record:
        answer = await self.client.post("/api/v1/halls/corner/tickets", json={"service": "permit"})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return dict(answer.json())

    async def paper_row(self, ticket: str) -> Record:
        row = await self.system.runner.log.ticket("corner", ticket)
        assert row is not None
        paper: Record = row["papers"][-1]
        return paper


@asynccontextmanager
async def office(database: Path, setup: str, clock: HandClock | None = None) -> AsyncIterator[Office]:
    clock = clock or HandClock()
    system = build(f"sqlite:///{database}", clock=clock, passwords=Passwords(memory_kib=8, passes=1))
    app = create_app(system, [parse(setup)], replace_changes=True)
    headers = {"Authorization": f"Bearer {KIOSK_TOKEN}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://corner.test", headers=headers
    ) as client:
        running = Office(system, client, clock)
        system.runner.listeners.append(running.hear)
        async with lifespan_of(app):
            yield running


@pytest.fixture
def database(made_database: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "hall.db"
    copy.write_bytes(made_database.read_bytes())
    return copy


@pytest.fixture
async def iron() -> AsyncIterator[FakePrinterServer]:
    """A printer on a port of this machine."""
    server = FakePrinterServer(FakePrinter())
    await server.start()
    yield server
    await server.stop()


async def test_a_number_from_the_kiosk_is_printed_and_known_to_be(database: Path, iron: FakePrinterServer) -> None:
    async with office(database, with_printer(iron.url)) as corner:
        await corner.until(PrinterReported, state="ready")
        ticket = await corner.take_number()
        assert ticket["paper"]["state"] == "requested"
        assert (await corner.until(PaperPrinted, paper=ticket["paper"]["id"])).proof == "acknowledged"
        assert (await corner.paper_row(ticket["id"]))["state"] == "printed"
    (piece,) = iron.printer.pieces
    assert not piece.troubles


async def test_without_a_printer_the_number_comes_at_once_and_no_paper_is_promised(database: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    async with office(database, with_printer(url)) as corner:
        await corner.until(PrinterReported, state="unreachable")
        ticket = await corner.take_number()
        assert (ticket["number"], ticket["paper"]) == ("P001", None)


async def test_a_paper_that_does_not_come_out_in_time_has_failed(database: Path, iron: FakePrinterServer) -> None:
    async with office(database, with_printer(iron.url)) as corner:
        await corner.until(PrinterReported, state="ready")
        iron.printer.open_cover()
        ticket = await corner.take_number()
        assert ticket["number"] == "P001"
        await corner.until(PrinterReported, state="cover_open")
        corner.clock.advance(seconds=91)
        await corner.until(PaperFailed, paper=ticket["paper"]["id"], reason="expired")
        assert (await corner.paper_row(ticket["id"]))["state"] == "failed"
    assert not iron.printer.pieces


async def test_a_paper_in_the_printer_at_a_restart_is_uncertain(database: Path, iron: FakePrinterServer) -> None:
    clock = HandClock()
    iron.printer.trip_after(iron.printer.hang, rows=100)
    async with office(database, with_printer(iron.url), clock) as corner:
        await corner.until(PrinterReported, state="ready")
        ticket = await corner.take_number()
        await corner.until(PaperClaimed, paper=ticket["paper"]["id"])
    async with office(database, with_printer(iron.url), clock) as corner:
        await corner.until(PaperUncertain, paper=ticket["paper"]["id"], reason="restarted")
        assert (await corner.paper_row(ticket["id"]))["state"] == "uncertain"


async def test_a_new_address_in_the_setup_is_where_the_next_paper_comes_out(
    database: Path, iron: FakePrinterServer
) -> None:
    other = FakePrinterServer(FakePrinter())
    await other.start()
    async with office(database, with_printer(iron.url)) as corner:
        await corner.until(PrinterReported, state="ready")
        await corner.system.control.publish(parse(with_printer(other.url)), replace_changes=True)
        ticket = await corner.take_number()
        await corner.until(PaperPrinted, paper=ticket["paper"]["id"])
    assert (len(iron.printer.pieces), len(other.printer.pieces)) == (0, 1)
    await other.stop()


async def test_an_address_that_cannot_work_leaves_the_kiosk_without_paper(database: Path) -> None:
    async with office(database, with_printer("file:not-from-the-root")) as corner:
        await corner.until(PrinterReported, state="unreachable")
        assert (await corner.take_number())["paper"] is None


async def test_what_an_owner_says_too_late_is_no_trouble(database: Path) -> None:
    async with office(database, CORNER) as corner:
        papers = HallPapers(corner.system.runner, "corner", "printer-1", PapersUnavailable)
        assert not await papers.claim("unknown")
        await papers.printed("unknown", "sent")
        await papers.uncertain("unknown", "restarted")
        await papers.failed("unknown", "expired")
        await papers.reprint("unknown")
        await papers.report_state("printer-9", "ready")
        corner.system.runner.halls["corner"].is_rereading = True
        with pytest.raises(PapersUnavailable):
            await papers.claim("unknown")


async def test_a_claim_that_was_stored_unheard_is_still_the_owners(database: Path) -> None:
    remote = with_printer("x").replace('url = "x"', "")
    async with office(database, remote) as corner:
        runner = corner.system.runner
        paper = (await corner.take_number())["paper"]["id"]
        append = runner.log.append

        async def append_and_break(commits: Sequence[Commit]) -> None:
            await append(commits)
            raise StorageFault("no answer from the disk")

        papers = HallPapers(runner, "corner", "printer-1", PapersUnavailable)
        runner.log.append = append_and_break  # type: ignore[method-assign]
        with pytest.raises(PapersUnavailable):
            await papers.claim(paper)
        runner.log.append = append  # type: ignore[method-assign]
        await corner.until(PaperClaimed, paper=paper)
        assert await papers.claim(paper)
        assert not await HallPapers(runner, "corner", "printer-2", PapersUnavailable).claim(paper)


class Reader:
    """An owner that only listens."""

    def __init__(self) -> None:
        self.resets: asyncio.Queue[list[str]] = asyncio.Queue()
        self.puts: asyncio.Queue[str] = asyncio.Queue()

    def reset(self, state: Any) -> None:
        self.resets.put_nowait(list(state))

    def put(self, key: str, record: Record) -> None:
        self.puts.put_nowait(json.dumps([key, record["state"]]))

    def drop(self, key: str) -> None:
        self.puts.put_nowait(key)

    async def run(self) -> None:
        await asyncio.Event().wait()


async def test_an_owner_that_was_cut_off_begins_anew_from_a_snapshot(database: Path) -> None:
    remote = with_printer("x").replace('url = "x"', "")
    async with office(database, remote) as corner:
        hall, reader = corner.system.runner.halls["corner"], Reader()
        following = asyncio.create_task(follow(corner.system.runner, hall, "printer-1", reader))
        async with asyncio.timeout(WITHIN_S):
            assert await reader.resets.get() == []
            paper = (await corner.take_number())["paper"]["id"]
            assert await reader.puts.get() == json.dumps([f"paper:{paper}", "requested"])
            hall.feed.cut_all()
            assert await reader.resets.get() == [f"paper:{paper}"]
        following.cancel()
