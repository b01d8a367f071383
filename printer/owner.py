"""The owner of one printer: takes papers in strict order, claims, prints, reports. One job at a time.

It runs inside the server and knows nothing of it: what lies outside is the port `Papers`, and what lies below is a
`Device`. It keeps no queue of its own: the records of the `printer` view are the queue. A paper is claimed before its
first byte, so one that was claimed and never reported became uncertain when the owner died, and is never printed again
unasked. Nothing old comes out later: expired papers are refused, and an unfinished ticket is cleared out of the
printer's buffers and pushed out with a slip that says VOID.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from hall.day.events import PaperProof, PrinterState
from printer.device import Device, DeviceFault
from printer.drawing import Draw, DrawHere, Record
from printer.session import PRINTABLE, DeviceSilent, Printed, Session, Timing, Uncertain

__all__ = ["Clock", "Owner", "Papers", "PapersUnavailable", "Timing"]

T = TypeVar("T")
Clock: TypeAlias = Callable[[], datetime]
log = logging.getLogger(__name__)

FILL_ROWS = 256  # the tallest picture we send; see render.STRIP_ROWS
PREFIX = "paper:"


class PapersUnavailable(Exception):
    """The hall cannot be reached or cannot store anything now; the same call will do later."""


class Papers(Protocol):
    """What an owner tells the hall. Every method may raise PapersUnavailable: the same call will do later.

    That a paper was finished meanwhile by somebody else (it expired, it was dropped) is no error and raises nothing.
    """

    async def claim(self, paper: str) -> bool:
        """True when the paper is now this owner's; False when it is not to be printed."""

    async def printed(self, paper: str, proof: PaperProof) -> None: ...
    async def uncertain(self, paper: str, reason: str) -> None: ...
    async def failed(self, paper: str, reason: str) -> None: ...
    async def report_state(self, printer: str, state: PrinterState) -> None: ...
    async def reprint(self, ticket: str) -> None:
        """Asks for one more paper of the ticket, marked as a copy."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A record of the view, as far as the owner needs it."""

    id: str
    ticket: str
    copy: int
    state: str
    requested_at: datetime
    expires_at: datetime
    facts: Record

    @classmethod
    def from_record(cls, record: Record) -> Paper:
        return cls(
            id=record["paper"],
            ticket=record["ticket"],
            copy=record["copy"],
            state=record["state"],
            requested_at=datetime.fromisoformat(record["requested_at"]),
            expires_at=datetime.fromisoformat(record["expires_at"]),
            facts=record["facts"],
        )


class Owner:
    """Prints what the `printer` view asks of one printer. Feed it with `reset`, `put`, `drop`; keep `run` running."""

    def __init__(
        self,
        printer: str,
        device: Device,
        papers: Papers,
        *,
        now: Clock,
        width_dots: int,
        draw: Draw | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._printer = printer
        self._papers_port = papers
        self._now = now
        self._width_dots = width_dots
        self._draw = draw or DrawHere()
        self._timing = timing or Timing()
        self._session = Session(device, self._timing)
        self._papers: dict[str, Paper] = {}
        self._touched: set[str] = set()  # claimed or reported in this life
        self._orphans: dict[str, Paper] = {}
        self._owed: Paper | None = None  # uncertain, to be printed again as a copy once the printer is emptied
        self._state: PrinterState | None = None
        self._news = asyncio.Event()

    @property
    def state(self) -> PrinterState:
        """How the printer was when it was last asked."""
        return self._state or "unknown"

    def reset(self, state: Mapping[str, Record]) -> None:
        """Begins anew from a snapshot. What is claimed in it and not by us was left behind by an owner that died."""
        papers = [Paper.from_record(record) for key, record in state.items() if self._is_ours(key, record)]
        self._papers = {PREFIX + paper.id: paper for paper in sorted(papers, key=lambda paper: paper.requested_at)}
        self._touched &= {paper.id for paper in papers}
        self._orphans = {
            paper.id: paper for paper in papers if paper.state == "claimed" and paper.id not in self._touched
        }
        self._news.set()

    def put(self, key: str, record: Record) -> None:
        """A record of the view is new or has changed."""
        if self._is_ours(key, record):
            self._papers[key] = Paper.from_record(record)
            self._news.set()

    def drop(self, key: str) -> None:
        """A record has left the view: its paper is finished."""
        paper = self._papers.pop(key, None)
        if paper is not None:
            self._touched.discard(paper.id)

    async def run(self) -> None:
        """Owns the printer until cancelled."""
        await self._draw.warm(self._width_dots)
        try:
            while True:
                self._news.clear()
                await self._report_lost_papers()
                paper = self._next()
                if await self._is_ready(wanted=paper is not None) and paper is not None:
                    await self._print(paper)
                else:
                    await self._rest()
        finally:
            await self._session.close()

    def _is_ours(self, key: str, record: Record) -> bool:
        return key.startswith(PREFIX) and record["printer"] == self._printer

    def _next(self) -> Paper | None:
        return next((paper for paper in self._papers.values() if self._is_open(paper)), None)

    def _is_open(self, paper: Paper) -> bool:
        return paper.state == "requested" and paper.id not in self._touched

    async def _report_lost_papers(self) -> None:
        """Papers that can only be reported: left behind by an owner that died, or too old to come out."""
        for paper in tuple(self._orphans.values()):
            self._session.needs_clear = self._session.needs_void = True
            await self._tell(partial(self._papers_port.uncertain, paper.id, "restarted"))
            self._touched.add(paper.id)
            self._orphans.pop(paper.id, None)
        for paper in [paper for paper in self._papers.values() if self._is_open(paper) and self._is_expired(paper)]:
            await self._fail(paper, "expired")

    def _is_expired(self, paper: Paper) -> bool:
        return self._now() >= paper.expires_at

    async def _is_ready(self, *, wanted: bool) -> bool:
        """Connects, clears what an unfinished job left, asks the state and reports a change. True when it may print.

        A line without answers is opened for a ticket only: there is nothing to ask, and a spooler would start a job.
        """
        session = self._session
        if not (session.can_answer or wanted):
            await self._report_state("unknown")
            return True
        try:
            await session.open()
            state = await self._ask_state()
            cleared = await self._clear() if session.needs_clear else True
            await self._report_state(state)
            if state not in PRINTABLE:
                return False
            await session.prepare()
            if session.needs_void and not await self._push_out():
                return False
        except DeviceFault as fault:
            if self._state != "unreachable":
                log.warning("printer %s: %s", self._printer, fault)
            await session.close()
            await self._report_state("unreachable")
            return False
        await self._repay(cleared=cleared)
        return True

    async def _ask_state(self) -> PrinterState:
        """The printer's state; a simple model takes the question for the rest of a picture that broke off."""
        try:
            return await self._session.state()
        except DeviceSilent:
            if not self._session.needs_clear:
                raise
        await self._fill()
        return await self._session.state()

    async def _clear(self) -> bool:
        """Empties the printer. One that cannot be told to gets blanks, and a person has to look what came out."""
        cleared = await self._session.clear()
        if not cleared:
            self._owed = None
            await self._fill()
        self._session.needs_clear = False
        return cleared

    async def _fill(self) -> None:
        """Enough blanks to end any picture that was cut short; where none was, they mean nothing."""
        await self._session.fill(FILL_ROWS * self._width_dots // 8)

    async def _push_out(self) -> bool:
        """Cuts off half a ticket, marked VOID."""
        slip = await self._draw.void(self._width_dots)
        return isinstance(await self._session.print(slip, "void"), Printed)

    async def _repay(self, *, cleared: bool) -> None:
        """One automatic copy of a ticket that nobody knows about, while its visitor may still be there."""
        owed, self._owed = self._owed, None
        if owed is not None and cleared and not self._is_expired(owed):
            await self._tell(lambda: self._papers_port.reprint(owed.ticket))

    async def _print(self, paper: Paper) -> None:
        job = await self._drawn(paper)
        if job is None:
            await self._fail(paper, "unprintable")
            return
        self._touched.add(paper.id)
        if not await self._tell(lambda: self._papers_port.claim(paper.id)):
            return
        if self._is_expired(paper):
            await self._fail(paper, "expired")
            return
        await self._report(paper, await self._session.print(job, paper.id))

    async def _drawn(self, paper: Paper) -> bytes | None:
        try:
            return await self._draw.ticket(paper.facts, self._width_dots)
        except (KeyError, ValueError, TypeError, OSError):
            log.exception("printer %s: paper %s cannot be drawn", self._printer, paper.id)
            return None

    async def _report(self, paper: Paper, outcome: Printed | Uncertain) -> None:
        if isinstance(outcome, Printed):
            await self._tell(lambda: self._papers_port.printed(paper.id, outcome.proof))
            return
        log.warning("printer %s: paper %s is uncertain: %s", self._printer, paper.id, outcome.reason)
        # A broken connection is of no use any more, and a stalled one may hold back what we send.
        await self._session.close()
        if paper.copy == 1 and self._session.can_answer:
            self._owed = paper
        await self._tell(lambda: self._papers_port.uncertain(paper.id, outcome.reason))

    async def _fail(self, paper: Paper, reason: str) -> None:
        self._touched.add(paper.id)
        await self._tell(lambda: self._papers_port.failed(paper.id, reason))

    async def _report_state(self, state: PrinterState) -> None:
        if state != self._state:
            self._state = state
            await self._tell(lambda: self._papers_port.report_state(self._printer, state))

    async def _tell(self, call: Callable[[], Awaitable[T]]) -> T:
        """Says it until it is heard: a report that got lost would leave a paper in doubt."""
        while True:
            try:
                return await call()
            except PapersUnavailable as unavailable:
                log.warning("printer %s: not heard: %s", self._printer, unavailable)
                await asyncio.sleep(self._timing.retry_s)

    async def _rest(self) -> None:
        """Waits for news. The connection stays a little for the next ticket, then gives way to others."""
        timing = self._timing
        if self._next() is not None or self._owed is not None:
            await self._hear_news(timing.retry_s)
        elif not await self._hear_news(timing.linger_s):
            await self._session.close()
            await self._hear_news(max(0.0, timing.idle_s - timing.linger_s))

    async def _hear_news(self, timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):  # wait_for may swallow the cancellation that ends an owner
                await self._news.wait()
        except TimeoutError:
            return False
        return True
