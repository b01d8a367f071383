"""How long `hall serve` takes until it is ready on a database with a day of 5,000 tickets.

The limit in the same run: a FastAPI application with SQLModel imported and nothing to load. Best and median of five.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.client import free_port, process
from bench.fill import fill

TICKETS, ROUNDS = 5000, 5


def ready_after_s(*arguments: str, port: int) -> float:
    """Seconds from the start of the process to its first ready answer."""
    start = time.perf_counter()
    with process(*arguments, port=port):
        return time.perf_counter() - start


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ExitStack():
        file = Path(folder) / "day.db"
        fill(file, TICKETS, ends_today=True)
        taken: dict[str, list[float]] = {"hall": [], "bare": []}
        for _ in range(ROUNDS):
            port = free_port()
            serve = ("-m", "hall", "serve", "--database", f"sqlite:///{file}", "--port", str(port))
            taken["hall"].append(ready_after_s(*serve, port=port))
            port = free_port()
            taken["bare"].append(ready_after_s("-m", "bench.server", "bare", str(port), "-", port=port))
    for name, times in taken.items():
        print(f"{name:>5}: ready after {statistics.median(times):.2f} s (best {min(times):.2f} s)")
    hall, bare = (statistics.median(taken[name]) for name in ("hall", "bare"))
    print(
        f"start with a day of {TICKETS:,} tickets: {hall:.2f} s (target: under 1.5 s), {hall / bare:.1f}x a bare server"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
