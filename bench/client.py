"""Keep-alive HTTP clients on raw sockets in one process, so that the clients cost little beside the server."""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def process(*arguments: str, port: int, path: str = "/readyz") -> Iterator[subprocess.Popen[bytes]]:
    """A server process that answers at `path`; ended with the block."""
    started = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(port, path)
        yield started
    finally:
        started.terminate()
        started.wait(20)


def wait_until_ready(port: int, path: str, limit_s: float = 60) -> None:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing answers at port {port}")


def post(port: int, path: str, body: dict[str, Any], token: str = "") -> Any:
    """One POST, for preparations."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def request_bytes(path: str, body: dict[str, Any], token: str) -> bytes:
    text = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


@dataclass(eq=False, slots=True)
class Client:
    """One connection with one request under way at most."""

    socket: socket.socket
    kind: str
    requests: list[bytes]
    sent: int = 0
    sent_at: float = 0.0
    buffer: bytes = b""

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.requests[self.sent % len(self.requests)])
        self.sent += 1

    def receive(self) -> int | None:
        """The status of a whole answer, None while it is still coming."""
        self.buffer += self.socket.recv(65536)
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line[15:])
        if len(rest) < length:
            return None
        self.buffer = rest[length:]
        return int(head[9:12])


@dataclass(slots=True)
class Load:
    """What a round of load measured: latencies in seconds by kind, and answers by status."""

    seconds: float
    latencies_s: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)

    def rate(self, kind: str) -> float:
        return len(self.latencies_s.get(kind, ())) / self.seconds

    def quantile_ms(self, kind: str, q: float) -> float:
        ordered = sorted(self.latencies_s[kind])
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))] * 1000


def run_load(port: int, issues: list[bytes], calls: list[list[bytes]], clients: int, seconds: float) -> Load:
    """Issue from `clients` connections as fast as they are answered; each number issued lets one counter call."""
    load = Load(seconds)
    chooser = selectors.DefaultSelector()
    issuers = [connect(port, "issue", issues) for _ in range(clients)]
    counters = [connect(port, "call", requests) for requests in calls]
    for client in (*issuers, *counters):
        chooser.register(client.socket, selectors.EVENT_READ, client)
    for client in issuers:
        client.send()
    idle, credit = list(counters), 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in chooser.select(0.1):
            client = key.data
            status = client.receive()
            if status is None:
                continue
            load.statuses[status] = load.statuses.get(status, 0) + 1
            load.latencies_s.setdefault(client.kind, []).append(time.perf_counter() - client.sent_at)
            if client.kind == "issue":
                credit += 1
                client.send()
            else:
                idle.append(client)
        while idle and credit:
            credit -= 1
            idle.pop().send()
    for client in (*issuers, *counters):
        client.socket.close()
    chooser.close()
    return load


def connect(port: int, kind: str, requests: list[bytes]) -> Client:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Client(connection, kind, requests)


def repeated(rounds: int, work: dict[str, Callable[[], Load]]) -> dict[str, list[Load]]:
    """Each kind of work `rounds` times, interleaved, so that what else the machine does hits all alike."""
    loads: dict[str, list[Load]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, one in work.items():
            loads[name].append(one())
    return loads
