"""What delivery receipts cost: durable issue with 60 displays and 500 phones that report, beside the same in silence.

All 560 screens are connected all the time on real websockets and are sent every call; they live in a process of their
own. Clerks call five times a second, many times what such a hall does; whoever takes a number gives it back, so that
some 500 wait all the time. In a round with reports every display says at once which calls it shows, and again every
five seconds, and every phone says every five seconds that it is looked at, as the shipped screens do. Rounds with and
without reports, and on a server without screens, are interleaved in one run.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from bench.calls import Display, open_display
from bench.client import Client, Load, connect, free_port, post, process, repeated, request_bytes
from bench.hall import COUNTERS, DISPLAY_TOKEN, HALL, SERVICES, TOKEN
from bench.issue import CLIENTS, ISSUE, issues, prepare, sign_in

DISPLAYS, PHONES = 60, 500
ROUNDS, SECONDS = 5, 2.5
CALLS_PER_S = 5.0
REPORT_S = 5.0
TARGET = 0.9
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TEXT, PING, PONG = b"\x81", b"\x89", b"\x8a"
LIVE = f"/api/v1/halls/{HALL}/live"


def main() -> int:
    if sys.argv[1:2] == ["screens"]:
        be_screens(int(sys.argv[2]), json.loads(sys.stdin.readline()))
        return 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ports = {name: free_port() for name in ("screens", "none")}
        servers = {}
        for name, port in ports.items():
            database = f"sqlite:///{folder}/{name}.db"
            command = ("-m", "bench.server", "sql", str(port), database)
            servers[name] = stack.enter_context(process(*command, port=port)).pid
            prepare(port, is_bare=False)
        screens = stack.enter_context(lobby(ports["screens"]))
        tokens = {port: sign_in(port) for port in ports.values()}

        def measure(on: str, word: str, clients: int = CLIENTS) -> Load:
            tell(screens, word)
            return run(ports[on], tokens[ports[on]], clients, servers[on])

        work = {
            "reports": partial(measure, "screens", "report"),
            "silence": partial(measure, "screens", "hush"),
            "no screens": partial(measure, "none", "hush"),
            "reports alone": partial(measure, "screens", "report", 0),
            "silence alone": partial(measure, "screens", "hush", 0),
        }
        repeated(1, work)  # warm up
        loads = repeated(ROUNDS, work)
        tell(screens, "hush")
        show(loads, reports_of(screens), deliveries(ports["screens"], tokens[ports["screens"]]))
    return 0


# --- the load -----------------------------------------------------------------------------------------------------


class Visitor(Client):
    """Takes a number and gives it back, so that the line stays as long as it is."""

    __slots__ = ("token",)
    token: str

    def receive(self) -> int | None:
        """As for any client; what is asked next depends on the answer."""
        self.buffer += self.socket.recv(65536)
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        length = int(LENGTH.search(head)[1]) if found else 0  # type: ignore[index]
        if not found or len(body) < length:
            return None
        self.buffer = b""
        status = int(head[9:12])
        if self.kind == "issue" and status < 300:
            path = f"{ISSUE}/{json.loads(body)['id']}/cancel"
            self.kind, self.requests = "cancel", [request_bytes(path, {}, self.token)]
        else:
            self.kind, self.requests = "issue", issues()
        return status


def visitor(port: int, token: str) -> Visitor:
    plain = connect(port, "issue", issues())
    found = Visitor(plain.socket, plain.kind, plain.requests)
    found.token = token
    return found


@dataclass(slots=True)
class Round(Load):
    """A round with the processor time that the server took."""

    cpu_s: float = 0.0


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far (proc(5): fields 14 and 15 of stat are ticks)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(port: int, token: str, clients: int, pid: int) -> Round:
    """Issue and cancel as fast as it is answered; call at a steady pace, counter after counter."""
    load, seconds = Round(SECONDS), SECONDS
    before_s = cpu_s(pid)
    chooser = selectors.DefaultSelector()
    issuers = [visitor(port, token) for _ in range(clients)]
    presses = [
        request_bytes(f"/api/v1/halls/{HALL}/counters/{n}/call-next", {"finish": True}, token)
        for n in range(1, COUNTERS + 1)
    ]
    clerk = connect(port, "call", presses)
    for client in (*issuers, clerk):
        chooser.register(client.socket, selectors.EVENT_READ, client)
    for client in issuers:
        client.send()
    began = time.perf_counter()
    due, is_free = began, True
    while (now := time.perf_counter()) < began + seconds:
        if is_free and now >= due:
            clerk.send()
            due, is_free = due + 1 / CALLS_PER_S, False
        for key, _ in chooser.select(min(0.05, max(0.0, due - now)) if is_free else 0.05):
            is_free = take(load, key.data) or is_free
    load.cpu_s = cpu_s(pid) - before_s
    for client in (*issuers, clerk):
        client.socket.close()
    chooser.close()
    return load


def take(load: Load, client: Client) -> bool:
    """Count an answer; True when the clerk is free again."""
    asked = client.kind
    status = client.receive()
    if status is None:
        return False
    load.statuses[status] = load.statuses.get(status, 0) + 1
    load.latencies_s.setdefault(asked, []).append(time.perf_counter() - client.sent_at)
    if asked != "call":
        client.send()
    return asked == "call"


def deliveries(port: int, token: str) -> tuple[int, int]:
    """How many calls were made and how many of them were proved, by the hall's own log."""
    kinds: dict[str, int] = {}
    after = 0
    while events := page(port, token, after):
        for event in events:
            kinds[event["type"]] = kinds.get(event["type"], 0) + 1
        after = events[-1]["seq"]
    return kinds.get("TicketCalled", 0), kinds.get("CallDelivered", 0)


def page(port: int, token: str, after: int) -> list[dict[str, object]]:
    url = f"http://127.0.0.1:{port}/api/v1/halls/{HALL}/events?after={after}&limit=1000"
    request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, object]] = json.loads(answer.read())["events"]
        return found


# --- the screens, in a process of their own -----------------------------------------------------------------------


@contextmanager
def lobby(port: int) -> Iterator[subprocess.Popen[str]]:
    """The screens, connected; what they are told to do comes as lines."""
    tickets = [post(port, ISSUE, {"service": chr(65 + n % SERVICES)}, TOKEN) for n in range(PHONES)]
    command = [sys.executable, "-m", "bench.receipts", "screens", str(port)]
    started = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    )
    try:
        tell(started, json.dumps([ticket["follow_url"].rpartition("/")[2] for ticket in tickets]))
        assert started.stdout is not None
        assert started.stdout.readline() == "connected\n"
        yield started
    finally:
        started.terminate()
        started.wait(20)


def tell(screens: subprocess.Popen[str], word: str) -> None:
    assert screens.stdin is not None
    screens.stdin.write(word + "\n")
    screens.stdin.flush()


def reports_of(screens: subprocess.Popen[str]) -> int:
    tell(screens, "count")
    assert screens.stdout is not None
    return int(screens.stdout.readline())


class Screen:
    """A display or a phone: reads what it is sent, and reports."""

    def __init__(self, display: Display, *, is_phone: bool, due: float) -> None:
        self.display, self.is_phone, self.due = display, is_phone, due
        self.seq = 0
        self.shown: list[int] = []

    def receive(self) -> bool:
        """Read; True when something new is shown."""
        display, news = self.display, False
        display.buffer += display.socket.recv(1 << 16)
        while (opcode := display.buffer[:1]) and (frame := display.frame()) is not None:
            if opcode == PING:
                display.socket.sendall(masked(PONG, frame))
                continue
            message = json.loads(frame)
            self.seq = message.get("seq", self.seq)
            records = message.get("put") or message.get("state") or {}
            for key, record in records.items():
                if key.startswith("call:") and record["state"] == "called":
                    self.shown = [*self.shown[-7:], int(key[5:])]
                    news = not self.is_phone
        return news

    def report(self) -> None:
        shown = [1] if self.is_phone else self.shown
        said = {"kind": "status", "seq": self.seq, "shown": shown, "sounding": [], "audio": "running", "frame_ms": 16}
        self.display.socket.sendall(masked(TEXT, json.dumps(said).encode()))


def masked(opcode: bytes, content: bytes) -> bytes:
    """A client's frame; its mask is all zeros, which is one too."""
    length = len(content)
    size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126, length >> 8, length & 255])
    return opcode + size + b"\x00\x00\x00\x00" + content


def be_screens(port: int, secrets: list[str]) -> None:
    """Connect all, then report or be silent as the lines on stdin say."""
    lots, chooser = Random(1), selectors.DefaultSelector()
    boards = [open_display(port, f"{LIVE}?view=board", DISPLAY_TOKEN) for _ in range(DISPLAYS)]
    phones = [open_display(port, f"{LIVE}?view=ticket&ticket={secret}") for secret in secrets]
    screens = [Screen(one, is_phone=False, due=0.0) for one in boards]
    screens += [Screen(one, is_phone=True, due=0.0) for one in phones]
    for screen in screens:
        chooser.register(screen.display.socket, selectors.EVENT_READ, screen)
    chooser.register(sys.stdin.fileno(), selectors.EVENT_READ)
    print("connected", flush=True)
    is_reporting, reports = False, 0
    while True:
        for key, _ in chooser.select(0.02):
            if key.data is None:
                for word in os.read(key.fd, 4096).decode().split():
                    if word == "count":
                        print(reports, flush=True)
                    elif is_reporting != (word == "report"):
                        is_reporting = word == "report"
                        now = time.monotonic()
                        for screen in screens:
                            screen.due = now + lots.uniform(0, REPORT_S)
            elif key.data.receive() and is_reporting:
                key.data.report()
                reports += 1
        now = time.monotonic()
        for screen in screens if is_reporting else ():
            if now >= screen.due:
                screen.report()
                screen.due += REPORT_S
                reports += 1


def show(loads: dict[str, list[Load]], reports: int, delivered: tuple[int, int]) -> None:
    for name, rounds in loads.items():
        rate = statistics.median(load.rate("issue") for load in rounds)
        calls = statistics.median(load.rate("call") for load in rounds)
        wrong = sum(n for load in rounds for status, n in load.statuses.items() if status >= 300)
        print(f"{name:>13}: {rate:6.0f} issues/s, {calls:4.1f} calls/s, {core(rounds):4.0%} of a core, refused {wrong}")
    seconds = 2 * (ROUNDS + 1) * SECONDS
    print(f"{reports} reports of {DISPLAYS} displays and {PHONES} phones, {reports / seconds:.0f}/s")
    print(f"{delivered[1]} of {delivered[0]} calls proved")
    pairs = [a.rate("issue") / b.rate("issue") for a, b in zip(loads["reports"], loads["silence"], strict=True)]
    print(f"issue with reports beside silence: {statistics.median(pairs):.0%} (target: at least {TARGET:.0%})")
    taken = core(loads["reports alone"]) - core(loads["silence alone"])
    print(f"reports take {taken:.1%} of the server's core, whatever else this machine does (target: under 10%)")
    alone = [a.rate("issue") / b.rate("issue") for a, b in zip(loads["silence"], loads["no screens"], strict=True)]
    print(f"silence beside no screens at all: {statistics.median(alone):.0%}")


def core(rounds: Sequence[Load]) -> float:
    """The share of one processor core that the server took."""
    return statistics.median(load.cpu_s / load.seconds for load in rounds if isinstance(load, Round))


if __name__ == "__main__":
    sys.exit(main())
