"""From the clerk's key to the last of 300 displays, beside a bare broadcast of the same bytes.

Both are one POST that makes a server send one message to 300 sockets; the product decides, commits to disk, folds and
makes the difference on the way. The clients are one process that reads all sockets.
"""

from __future__ import annotations

import base64
import os
import selectors
import socket
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass

from bench.client import Client, connect, free_port, post, process, request_bytes
from bench.hall import HALL, SERVICES, TOKEN
from bench.issue import sign_in

DISPLAYS, CALLS, BLOCK = 300, 1000, 100
LIVE = f"/api/v1/halls/{HALL}/live?view=board"
ISSUE = f"/api/v1/halls/{HALL}/tickets"


@dataclass(eq=False, slots=True)
class Display:
    """One socket; `events` counts the event messages that arrived whole."""

    socket: socket.socket
    buffer: bytes = b""
    events: int = 0
    size: int = 0

    def receive(self) -> None:
        self.buffer += self.socket.recv(1 << 16)
        while (frame := self.frame()) is not None:
            if b'"kind":"event"' in frame[:20]:
                self.events += 1
                self.size = len(frame)

    def frame(self) -> bytes | None:
        """The next whole text frame of a server, which is never masked."""
        if len(self.buffer) < 2:
            return None
        length, start = self.buffer[1], 2
        if length == 126:
            length, start = int.from_bytes(self.buffer[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(self.buffer[2:10], "big"), 10
        if len(self.buffer) < start + length:
            return None
        frame, self.buffer = self.buffer[start : start + length], self.buffer[start + length :]
        return frame


def open_display(port: int, path: str, token: str = "") -> Display:
    connection = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    sign_in = f"Authorization: Bearer {token}\r\n" if token else ""
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: bench\r\n{sign_in}Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096)
    if b" 101 " not in head[:20]:
        raise ConnectionError(head.decode("latin-1"))
    return Display(connection, head.partition(b"\r\n\r\n")[2])


class Lobby:
    """300 displays and the clerk's connection."""

    def __init__(self, port: int, path: str, presses: list[bytes]) -> None:
        self.displays = [open_display(port, path) for _ in range(DISPLAYS)]
        self.clerk: Client = connect(port, "clerk", presses)
        self.chooser = selectors.DefaultSelector()
        for display in self.displays:
            self.chooser.register(display.socket, selectors.EVENT_READ, display)
        self.settle()

    def settle(self) -> None:
        while events := self.chooser.select(0.3):
            for key, _ in events:
                key.data.receive()

    def press(self) -> float:
        """Seconds from the key to the last display."""
        wanted = {display: display.events + 1 for display in self.displays}
        missing = len(wanted)
        start = time.perf_counter()
        self.clerk.send()
        while missing:
            for key, _ in self.chooser.select(5):
                before = key.data.events
                key.data.receive()
                if before < wanted[key.data] <= key.data.events:
                    missing -= 1
        taken = time.perf_counter() - start
        while self.clerk.receive() is None:
            pass
        return taken

    def close(self) -> None:
        for display in self.displays:
            display.socket.close()
        self.clerk.socket.close()
        self.chooser.close()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        hall_port, bare_port = free_port(), free_port()
        database = f"sqlite:///{folder}/hall.db"
        stack.enter_context(process("-m", "bench.server", "sql", str(hall_port), database, port=hall_port))
        token = sign_in(hall_port)
        post(hall_port, f"/api/v1/halls/{HALL}/counters/1/open", {}, token)
        for n in range(CALLS + BLOCK + 10):
            post(hall_port, ISSUE, {"service": chr(65 + n % SERVICES)}, TOKEN)
        press = request_bytes(f"/api/v1/halls/{HALL}/counters/1/call-next", {"finish": True}, token)
        lobby = Lobby(hall_port, LIVE, [press])
        lobby.press()
        size = lobby.displays[0].size
        stack.enter_context(process("-m", "bench.broadcast", str(bare_port), str(size), port=bare_port))
        bare = Lobby(bare_port, "/live", [request_bytes("/press", {"finish": True}, "")])
        measure(lobby, bare, size)
        lobby.close()
        bare.close()
    return 0


def measure(lobby: Lobby, bare: Lobby, size: int) -> None:
    taken: dict[str, list[float]] = {"hall": [], "bare": []}
    for _ in range(CALLS // BLOCK):
        taken["hall"] += [lobby.press() for _ in range(BLOCK)]
        taken["bare"] += [bare.press() for _ in range(BLOCK)]
    for name, times in taken.items():
        ordered = sorted(times)
        p50, p95 = statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000
        what = f"{len(times)} calls of {size} bytes to the last of {DISPLAYS} displays"
        print(f"{name:>5}: p50 {p50:.2f} ms, p95 {p95:.2f} ms over {what}")
    hall, limit = sorted(taken["hall"]), sorted(taken["bare"])
    p95 = int(len(hall) * 0.95)
    print(
        f"call to the last display beside a bare broadcast: p50 {hall[len(hall) // 2] / limit[len(limit) // 2]:.2f}x, "
        f"p95 {hall[p95] / limit[p95]:.2f}x (target: within 2.5x)"
    )


if __name__ == "__main__":
    sys.exit(main())
