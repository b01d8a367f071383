"""The log in memory on a disk that takes its time and fails: before a commit, after it, and when read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from hall.day.events import Recorded
from hall.log.chain import Stored
from hall.log.memory import MemoryLog
from hall.log.port import READ_MOST, Answer, Commit, StorageFault
from hall.log.secrets import follower
from tests.sim.loop import pause

STALL_S = (3.0, 15.0)


class PowerCut(BaseException):
    """The server dies in the middle of a commit; raised inside it, and nobody there lives to catch it."""


@dataclass(slots=True)
class Weather:
    """How likely what fails. All zero: a sound disk."""

    before: float = 0.0
    after: float = 0.0
    power_cut: float = 0.0
    read: float = 0.0
    stall: float = 0.0


class SlowLog(MemoryLog):
    """A `MemoryLog` whose commits take time, with faults from its hooks, that shows each commit to `on_kept`."""

    def __init__(self, lots: Random, on_kept: Callable[[Recorded], None], on_power_cut: Callable[[], None]) -> None:
        super().__init__(follower(b"simulation"), self.fail_before, self.fail_after)
        self.lots, self.on_kept, self.on_power_cut = lots, on_kept, on_power_cut
        self.on_fault: Callable[[], None] = lambda: None
        self.weather = Weather()
        self.answered: dict[tuple[str, str, str], Answer] = {}  # all that were ever kept, for the checks at the end
        self.stalls = self.failed_before = self.failed_after = self.failed_reads = 0

    @property
    def faults(self) -> int:
        return self.failed_before + self.failed_after

    def fail_before(self, commits: Sequence[Commit]) -> None:
        if self.lots.random() < self.weather.before:
            self.failed_before += 1
            self.on_fault()
            raise StorageFault("disk full")

    def fail_after(self, commits: Sequence[Commit]) -> None:
        """All is kept. Whoever waits for it may still be told otherwise, or nothing at all."""
        for commit in commits:
            for recorded in commit.recorded:
                self.on_kept(recorded)
            if commit.answer is not None:
                self.answered[commit.hall, commit.answer.principal, commit.answer.key] = commit.answer
        if self.lots.random() < self.weather.power_cut:
            self.on_power_cut()
            raise PowerCut
        if self.lots.random() < self.weather.after:
            self.failed_after += 1
            self.on_fault()
            raise StorageFault("no answer from the disk")

    async def append(self, commits: Sequence[Commit]) -> None:
        await pause(self.lots.expovariate(200))
        if self.lots.random() < self.weather.stall:
            self.stalls += 1
            await pause(self.lots.uniform(*STALL_S))
        await super().append(commits)
        await pause(self.lots.expovariate(200))

    async def read(self, hall: str, after: int = 0, limit: int = READ_MOST) -> list[Stored]:
        if self.lots.random() < self.weather.read:
            self.failed_reads += 1
            raise StorageFault("disk not ready")
        return await super().read(hall, after, limit)
