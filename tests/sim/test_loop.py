"""The virtual loop: time jumps, and nobody can hang it."""

from __future__ import annotations

import asyncio

import pytest

from tests.sim.loop import Stuck, pause, run_virtually


def test_a_day_passes_at_once() -> None:
    async def main() -> float:
        await pause(86_400)
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == pytest.approx(86_400)


def test_timers_go_off_in_their_order() -> None:
    heard: list[str] = []

    async def say(word: str, after_s: float) -> None:
        await pause(after_s)
        heard.append(word)

    async def main() -> None:
        await asyncio.gather(say("third", 3), say("first", 1), say("second", 2))

    run_virtually(main)
    assert heard == ["first", "second", "third"]


def test_waiting_for_nothing_is_an_error() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match="everybody waits"):
        run_virtually(main)


def test_turning_for_ever_is_an_error() -> None:
    async def main() -> None:
        while True:
            await asyncio.sleep(0)

    with pytest.raises(Stuck, match="no end"):
        run_virtually(main, steps_most=1000)


def test_threads_are_refused() -> None:
    async def main() -> None:
        await asyncio.to_thread(print)

    with pytest.raises(AssertionError, match="thread"):
        run_virtually(main)
