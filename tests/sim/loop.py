"""An event loop whose time is a number: when nobody has anything to do, it jumps to the next timer.

There are no sockets, threads or files here. A loop with nothing left to wait for is a deadlock and an error, and so is
one that turns more often than anybody should need.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

STEPS_MOST = 3_000_000


class Stuck(Exception):
    """The simulation does not come to an end: everybody waits for everybody, or somebody never waits."""


class VirtualSelector:
    """Stands where a loop waits for sockets, and lets time pass instead."""

    def __init__(self, steps_most: int) -> None:
        self.time_s = 0.0
        self.steps = 0
        self.steps_most = steps_most

    def select(self, timeout_s: float | None) -> list[Any]:
        self.steps += 1
        if self.steps > self.steps_most:
            self.steps = 0  # who tidies up afterwards has turns of its own
            raise Stuck(f"{self.steps_most} turns of the loop, and no end at {self.time_s:.1f} s")
        if timeout_s is None:
            raise Stuck(f"everybody waits, and nothing is due after {self.time_s:.1f} s")
        self.time_s += timeout_s
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's own loop on a `VirtualSelector`."""

    def __init__(self, steps_most: int = STEPS_MOST) -> None:
        super().__init__()
        self._selector = VirtualSelector(steps_most)

    def time(self) -> float:
        return self._selector.time_s

    @property
    def steps(self) -> int:
        return self._selector.steps

    def run_in_executor(self, *_: object) -> NoReturn:
        raise AssertionError("a thread in the simulation: whatever waits for it is not reproducible")

    def _process_events(self, event_list: list[Any]) -> None:
        """No sockets, no events."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""


async def pause(seconds: float) -> None:
    """Let virtual time pass."""
    loop = asyncio.get_running_loop()
    woken: asyncio.Future[None] = loop.create_future()
    timer = loop.call_later(seconds, _wake, woken)
    try:
        await woken
    finally:
        timer.cancel()


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def run_virtually(main: Callable[[], Coroutine[Any, Any, T]], steps_most: int = STEPS_MOST) -> T:
    """The result of `main` in a virtual loop of its own."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(steps_most)) as runner:
        return runner.run(main())
