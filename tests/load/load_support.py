"""A real `hall serve` that may be killed at any instant, and clients that press until they are answered."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SETUP = """
[hall]
id = "load"
name.en = "Hall under load"
timezone = "UTC"
languages = ["en"]
public_url = "http://hall.test"

[[service]]
id = "a"
name.en = "A"
prefix = "A"

[[service]]
id = "b"
name.en = "B"
prefix = "B"

[[class]]
id = "ordinary"
name.en = "Ordinary"

[[class]]
id = "priority"
name.en = "Priority"
head_start_min = 5

[[staff]]
login = "manager"
name = "Manager"
role = "manager"
password = "load-test-manager"
"""
COUNTERS = [f"c{n}" for n in range(1, 9)]
START_MOST_S = 60.0  # far beyond anything but a server that hangs
HALL = "/api/v1/halls/load"
LEAVES = ("TicketFinished", "TicketMissed", "TicketCallUndone", "TicketParked", "TicketTransferred")


def setup_text() -> str:
    counters = (f'[[counter]]\nid = "{id}"\nname = "{id}"\nservices = ["*"]\n' for id in COUNTERS)
    return SETUP + "\n".join(counters)


class Died(Exception):
    """The server went away before it answered."""


@dataclass(slots=True)
class Server:
    """`hall serve` on a database of this folder; what it writes to stderr is kept in `said`."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    ready_s: list[float] = field(default_factory=list)

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'hall.db'}"

    @property
    def said(self) -> str:
        return (self.folder / "stderr.txt").read_text("utf-8")

    def start(self) -> None:
        """Start it and wait until it says where it listens, which is when it is ready."""
        setup = self.folder / "load.toml"
        setup.write_text(setup_text(), "utf-8")
        began_s = time.monotonic()
        with (self.folder / "stderr.txt").open("a", encoding="utf-8") as errors:
            command = hall("serve", "--setup", str(setup), "--database", self.database, "--port", str(self.port))
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment(), cwd=self.folder
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "http://127.0.0.1:" in line, f"{line}{self.said}"
        self.port = int(line.rpartition(":")[2])
        self.ready_s.append(time.monotonic() - began_s)

    def kill(self) -> None:
        """End it as a power cut would end its process: at once, whatever it is doing."""
        assert self.process is not None
        self.process.kill()
        self.end()

    def stop(self) -> int:
        """End it as an operator does; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        code = self.process.wait(START_MOST_S)
        self.process.stdout.close()
        self.process = None
        return code

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of ours on the same database."""
        return subprocess.run(
            hall(*words, "--database", self.database),
            capture_output=True,
            text=True,
            env=environment(),
            timeout=START_MOST_S,
            check=False,
            cwd=self.folder,
        )


@contextmanager
def server_in(folder: Path) -> Iterator[Server]:
    """A running server that is gone at the end of the block, however that comes."""
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        if server.process is not None:
            server.kill()


def hall(*words: str) -> list[str]:
    return [sys.executable, "-m", "hall.cli", *words]


def environment() -> dict[str, str]:
    """Ours, with the tree in the path, as the server runs in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HALL_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2])}


@dataclass(slots=True)
class Client:
    """One keep-alive connection that asks one thing at a time. As small as can be: it must not be the slow one."""

    port: int
    token: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
        """Status and JSON of the answer. Raises `Died` when there is none."""
        return await self.ask("POST", path, json.dumps({} if body is None else body).encode(), key)

    async def get(self, path: str) -> tuple[int, Any]:
        return await self.ask("GET", path, b"", None)

    async def ask(self, method: str, path: str, content: bytes, key: str | None) -> tuple[int, Any]:
        lines = [f"{method} {path} HTTP/1.1", "Host: hall.test", f"Authorization: Bearer {self.token}"]
        lines += [f"Content-Length: {len(content)}", "Content-Type: application/json"]
        lines += [f"Idempotency-Key: {key}"] if key else []
        try:
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            self.writer.write("\r\n".join([*lines, "", ""]).encode() + content)
            assert self.reader is not None
            return await read_answer(self.reader)
        except (OSError, asyncio.IncompleteReadError) as gone:
            await self.close()
            raise Died(str(gone)) from gone

    async def close(self) -> None:
        """Hang up; the next question opens a new connection."""
        if self.writer is not None:
            self.writer.close()
            with suppress(OSError):
                await self.writer.wait_closed()
        self.reader = self.writer = None


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), json.loads(content) if content else None


async def sign_in(server: Server) -> str:
    """The token of a manager, who may do all that these tests do; it outlives the server."""
    async with client_of(server, "") as client:
        status, answer = await client.post("/api/v1/sign-in", {"login": "manager", "password": "load-test-manager"})
    assert status == 200, answer
    return str(answer["token"])


@asynccontextmanager
async def client_of(server: Server, token: str) -> AsyncIterator[Client]:
    client = Client(server.port, token)
    try:
        yield client
    finally:
        await client.close()


async def all_events(client: Client) -> list[dict[str, Any]]:
    """The whole log, its bodies read, checked for gaps."""
    found: list[dict[str, Any]] = []
    after = 0
    while page := (await client.get(f"{HALL}/events?after={after}&limit=1000"))[1]["events"]:
        found += [{**event, "body": json.loads(event["body"])} for event in page]
        after = page[-1]["seq"]
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
    return found


async def all_tickets(client: Client) -> dict[str, dict[str, Any]]:
    """Every ticket by its id."""
    found: dict[str, dict[str, Any]] = {}
    after: int | None = 0
    while after is not None:
        page = (await client.get(f"{HALL}/tickets?after={after}&limit=1000"))[1]
        found |= {ticket["id"]: ticket for ticket in page["tickets"]}
        after = page["next_after"]
    return found


def require_sound(events: list[dict[str, Any]]) -> None:
    """No number or serial twice, none left out, nobody at two counters, nobody beside another at one."""
    issued = [event["body"] for event in events if event["type"] == "TicketIssued"]
    assert [body["serial"] for body in issued] == list(range(1, len(issued) + 1))
    assert not [number for number, times in Counter(body["number"] for body in issued).items() if times > 1]
    where: dict[str, str] = {}
    for event in events:
        body = event["body"]
        if event["type"] == "TicketCalled":
            assert body["ticket"] not in where, f"{body['number']} is at two counters (seq {event['seq']})"
            assert body["counter"] not in where.values(), f"{body['counter']} has two visitors (seq {event['seq']})"
            where[body["ticket"]] = body["counter"]
        elif event["type"] == "TicketUnparked":
            assert body["counter"] not in where.values(), f"{body['counter']} has two visitors (seq {event['seq']})"
            where[body["ticket"]] = body["counter"]
        elif event["type"] in LEAVES and body["counter"] is not None:
            assert where.pop(body["ticket"]) == body["counter"]
