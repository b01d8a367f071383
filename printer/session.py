"""One conversation with a printer: asking how it is, printing one job and learning what became of it.

Knows ESC/POS and nothing of tickets or queues. Time passes only through the event loop. What can be known after a job
depends on the model, from best to worst: an id that it sends back when the job is printed (GS ( H), a byte that it
answers in order (GS r), its state afterwards (DLE EOT), or nothing but that the bytes were sent.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

from hall.day.events import PaperProof, PrinterState
from printer import answers
from printer.answers import Answer, Framer
from printer.device import Device, DeviceFault, DeviceLost

CLEAR = bytes([0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08])  # DLE DC4 8
BARRIER = b"\x1dr\x01"  # GS r 1
INBOX = 64
PRINTABLE: frozenset[PrinterState] = frozenset({"ready", "near_end", "unknown"})

Matches: TypeAlias = Callable[[Answer], bool]


class DeviceSilent(DeviceFault):
    """It is connected and does not answer."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take, in seconds of the event loop."""

    answer_s: float = 1.5  # an answer that the printer gives at once
    poll_s: float = 0.3  # between two looks at a printer that is printing
    print_s: float = 10.0  # a whole ticket; after it nobody believes in it any more
    settle_s: float = 2.0  # a ticket on a printer that only tells its state
    idle_s: float = 5.0  # between two looks at a printer with nothing to do
    retry_s: float = 1.0  # between two looks at a printer that is in the way of a ticket
    linger_s: float = 2.5  # a connection is kept open for the next ticket


@dataclass(frozen=True, slots=True)
class Printed:
    """The job came out, as far as `proof` tells."""

    proof: PaperProof


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Bytes were sent and nobody knows what came out. `reason` is a printer state or a word for what was missed."""

    reason: str


Outcome: TypeAlias = Printed | Uncertain


class Session:
    """Speaks with one device. `needs_clear` and `needs_void` tell what an unfinished job has left behind."""

    def __init__(self, device: Device, timing: Timing) -> None:
        self._device = device
        self._timing = timing
        self._framer = Framer()
        self._inbox: deque[Answer] = deque(maxlen=INBOX)
        self._proof: PaperProof | None = None
        self.is_open = False
        self.needs_clear = False
        self.needs_void = False

    @property
    def can_answer(self) -> bool:
        return self._device.can_answer

    async def open(self) -> None:
        """Connects afresh, when it is not connected. Raises DeviceUnreachable."""
        if self.is_open:
            return
        self._framer.reset()
        self._inbox.clear()
        await self._device.open()
        self.is_open = True

    async def close(self) -> None:
        if self.is_open:
            self.is_open = False
            await self._device.close()

    async def state(self) -> PrinterState:
        """How the printer is now. Raises DeviceSilent or DeviceLost."""
        if not self.can_answer:
            return "unknown"
        if await self._ask_status(1) & answers.OFFLINE:
            return _stopped_state(await self._ask_status(2)) or "error"
        return _paper_state(await self._ask_status(4))

    async def clear(self) -> bool:
        """Empties the printer's buffers, offline too; True when it says that it has."""
        if not self.can_answer:
            return False
        await self._device.write(CLEAR)
        return await self._wait(answers.is_cleared, self._timing.answer_s) is not None

    async def fill(self, count: int) -> None:
        """Feeds a half-received command with nothing until it is satisfied, where clearing is unknown."""
        await self._device.write(bytes(count))

    async def prepare(self) -> None:
        """Learns, printing nothing, what the model can tell about a job; kept until something goes wrong."""
        if self._proof is None:
            self._proof = await self._probe() if self.can_answer else "sent"

    async def print(self, job: bytes, name: str) -> Outcome:
        """Sends a job (ESC @ to cut) and finds out what became of it. Never raises a DeviceFault.

        `name` is the job's own, so that a late answer to another is not taken for its.
        """
        self.needs_clear = self.needs_void = True
        try:
            outcome = await self._send(job, _mark_of(name), self._proof or "status")
        except DeviceLost:
            outcome = Uncertain("connection_lost")
        except DeviceSilent:
            outcome = Uncertain("no_answer")
        if isinstance(outcome, Printed):
            self.needs_clear = self.needs_void = False
        else:
            self._proof = None  # whoever comes back may be another printer
        return outcome

    async def _probe(self) -> PaperProof:
        mark = _mark_of("probe")
        await self._device.write(_identify(mark))
        if await self._wait(_is_mark(mark), self._timing.answer_s) is not None:
            return "acknowledged"
        self._forget(_is_barrier)
        await self._device.write(BARRIER)
        if await self._wait(_is_barrier, self._timing.answer_s) is not None:
            return "barrier"
        return "status"

    async def _send(self, job: bytes, mark: bytes, proof: PaperProof) -> Outcome:
        match proof:
            case "acknowledged":
                self._forget(_is_mark(mark))
                await self._device.write(job + _identify(mark))
                return await self._watch(_is_mark(mark), proof)
            case "barrier":
                self._forget(_is_barrier)
                await self._device.write(job + BARRIER)
                return await self._watch(_is_barrier, proof)
            case "status":
                await self._device.write(job)
                return await self._watch(_never, proof)
            case "sent":
                await self._device.write(job)
                return Printed("sent")

    async def _watch(self, is_done: Matches, proof: PaperProof) -> Outcome:
        """Waits for the answer that ends the job, looking meanwhile whether something stopped the printer."""
        limit_s = self._timing.settle_s if proof == "status" else self._timing.print_s
        until = _now() + limit_s
        heard = False
        while _now() < until:
            if await self._wait(is_done, self._timing.poll_s) is not None:
                return Printed(proof)
            try:
                stopped = _stopped_state(await self._ask_status(2))
            except DeviceSilent:
                continue  # some models say nothing while they print
            if stopped is not None:
                return await self._abort(stopped, is_done, proof)
            heard = True
        if proof == "status" and heard:
            return Printed("status")
        return Uncertain("no_answer")

    async def _abort(self, stopped: PrinterState, is_done: Matches, proof: PaperProof) -> Outcome:
        """Clears at once, while the printer is stopped: what is left would come out on the next roll, minutes later."""
        await self._device.write(CLEAR)
        answer = await self._wait(lambda each: is_done(each) or answers.is_cleared(each), self._timing.answer_s)
        if answer is not None and is_done(answer):
            return Printed(proof)
        return Uncertain(stopped)

    async def _ask_status(self, n: int) -> int:
        """DLE EOT n. An older answer still under way must not be taken for this one."""
        self._forget(_is_real_time)
        await self._device.write(bytes([0x10, 0x04, n]))
        answer = await self._wait(_is_real_time, self._timing.answer_s)
        if answer is None:
            raise DeviceSilent(f"no answer to DLE EOT {n}")
        return answer.value

    async def _wait(self, matches: Matches, timeout_s: float) -> Answer | None:
        until = _now() + timeout_s
        while True:
            for answer in self._inbox:
                if matches(answer):
                    self._inbox.remove(answer)
                    return answer
            left = until - _now()
            if left <= 0:
                return None
            self._inbox.extend(self._framer.feed(await self._device.read(left)))

    def _forget(self, matches: Matches) -> None:
        self._inbox = deque((each for each in self._inbox if not matches(each)), maxlen=INBOX)


def _mark_of(name: str) -> bytes:
    """Four printable characters for GS ( H."""
    return b"%04X" % (crc32(name.encode()) & 0xFFFF)


def _identify(mark: bytes) -> bytes:
    """GS ( H fn 48: say these four characters when everything before them is printed."""
    return b"\x1d(H\x06\x0000" + mark


def _is_mark(mark: bytes) -> Matches:
    return lambda answer: answers.process_id(answer) == mark


def _is_barrier(answer: Answer) -> bool:
    return answer.kind == "status"


def _is_real_time(answer: Answer) -> bool:
    return answer.kind == "real_time"


def _never(_: Answer) -> bool:
    return False


def _stopped_state(why: int) -> PrinterState | None:
    """DLE EOT 2: what the printer waits for, if it waits for anybody."""
    if why & answers.COVER_OPEN:
        return "cover_open"
    if why & answers.PAPER_END_STOP:
        return "paper_out"
    return "error" if why & answers.ERROR_STOP else None


def _paper_state(roll: int) -> PrinterState:
    """DLE EOT 4."""
    if roll & answers.PAPER_END:
        return "paper_out"
    return "near_end" if roll & answers.NEAR_END else "ready"


def _now() -> float:
    return asyncio.get_running_loop().time()
