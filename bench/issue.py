"""Durable issue: 16 keep-alive clients, about 50 waiting while 8 counters call and finish, no printer.

The limit in the same run is the same route with the log replaced by nothing; a bare FastAPI POST stands beside it, and
the same server on a database with 100,000 closed tickets.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.client import Load, free_port, post, process, repeated, request_bytes, run_load
from bench.fill import fill
from bench.hall import COUNTERS, HALL, SERVICES, TOKEN

CLIENTS, WAITING, ROUNDS, SECONDS = 16, 50, 5, 3.0
CLOSED = 100_000
ISSUE = f"/api/v1/halls/{HALL}/tickets"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        full = Path(folder) / "full.db"
        fill(full, CLOSED)
        ports: dict[str, int] = {}
        for name, variant in (("bare", "bare"), ("null", "null"), ("empty", "sql"), ("full", "sql")):
            ports[name] = free_port()
            database = f"sqlite:///{folder}/{name}.db"
            stack.enter_context(process("-m", "bench.server", variant, str(ports[name]), database, port=ports[name]))
        work = {name: partial(measure, port, is_bare=name == "bare") for name, port in ports.items()}
        for name, port in ports.items():
            prepare(port, is_bare=name == "bare")
        repeated(1, work)  # warm up
        show(repeated(ROUNDS, work))
    return 0


def issues() -> list[bytes]:
    return [request_bytes(ISSUE, {"service": chr(65 + n)}, TOKEN) for n in range(SERVICES)]


def measure(port: int, *, is_bare: bool) -> Load:
    token = "" if is_bare else sign_in(port)
    calls = [] if is_bare else [[call(n, token)] for n in range(1, COUNTERS + 1)]
    return run_load(port, issues(), calls, CLIENTS, SECONDS)


def call(counter: int, token: str) -> bytes:
    return request_bytes(f"/api/v1/halls/{HALL}/counters/{counter}/call-next", {"finish": True}, token)


def sign_in(port: int) -> str:
    token: str = post(port, "/api/v1/sign-in", {"login": "manager", "password": "bench-manager"})["token"]
    return token


def prepare(port: int, *, is_bare: bool) -> None:
    """Open the counters and let some people wait."""
    if is_bare:
        return
    token = sign_in(port)
    for counter in range(1, COUNTERS + 1):
        post(port, f"/api/v1/halls/{HALL}/counters/{counter}/open", {}, token)
    for n in range(WAITING):
        post(port, ISSUE, {"service": chr(65 + n % SERVICES)}, TOKEN)


def show(loads: dict[str, list[Load]]) -> None:
    rate = {name: statistics.median(load.rate("issue") for load in rounds) for name, rounds in loads.items()}
    p99 = {
        name: statistics.median(load.quantile_ms("issue", 0.99) for load in rounds) for name, rounds in loads.items()
    }
    p50 = {name: statistics.median(load.quantile_ms("issue", 0.5) for load in rounds) for name, rounds in loads.items()}
    for name, rounds in loads.items():
        calls = statistics.median(load.rate("call") for load in rounds)
        wrong = sum(n for load in rounds for status, n in load.statuses.items() if status >= 300)
        times = f"p50 {p50[name]:.2f} ms, p99 {p99[name]:.2f} ms"
        print(f"{name:>6}: {rate[name]:6.0f} issues/s, {calls:5.0f} calls/s, {times}, refused {wrong}")
    pairs = [a.rate("issue") / b.rate("issue") for a, b in zip(loads["empty"], loads["null"], strict=True)]
    print(f"durable beside no log: {statistics.median(pairs):.0%} (target: at least 50 %)")
    tails = [
        a.quantile_ms("issue", 0.99) / b.quantile_ms("issue", 0.99)
        for a, b in zip(loads["empty"], loads["null"], strict=True)
    ]
    print(f"p99 durable beside no log: {statistics.median(tails):.2f}x (target: within 3x)")
    print(f"share of a bare FastAPI POST: {rate['empty'] / rate['bare']:.0%}")
    grown = [a.rate("issue") / b.rate("issue") for a, b in zip(loads["full"], loads["empty"], strict=True)]
    print(f"with {CLOSED:,} closed tickets beside empty: {statistics.median(grown):.0%} (target: at least 90 %)")


if __name__ == "__main__":
    sys.exit(main())
