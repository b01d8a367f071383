"""What the printer tests share: facts, a hall that listens, an owner at a fake printer, and the judge of a piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import zxingcpp
from PIL import Image

from hall.day.events import PaperProof, PrinterState
from printer.device import Device
from printer.fake import FakeDevice, FakePrinter, Piece
from printer.layout import TicketFacts, layout
from printer.owner import Owner, PapersUnavailable
from printer.render import draw, ticket_bytes_from_record, void_bytes, without_real_time
from printer.session import Timing

NOW = datetime(2026, 11, 24, 2, 42, tzinfo=UTC)
FAST = Timing(answer_s=0.03, poll_s=0.005, print_s=0.15, settle_s=0.02, idle_s=0.02, retry_s=0.01, linger_s=0.01)
URL = "https://hall.example.org/t/abcdefghijklmnopqrstuv"
MISSED = {
    "zh-Hans": "叫号 2 次未到即过号。15 分钟内回来，前面办完 3 位后办理。",
    "en": "Missed after 2 calls without an answer. Back within 15 minutes: 3 others go first.",
}
FACTS: dict[str, Any] = {
    "hall_name": {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall", "ar": "قاعة طريق جيانغوان"},
    "service_name": {"zh-Hans": "综合业务", "en": "General service", "ar": "الخدمات العامة"},
    "class_name": {"zh-Hans": "普通", "en": "Ordinary"},
    "class_default": True,
    "number": "A056",
    "ahead": 8,
    "estimate": {"p10_s": 600, "p50_s": 700, "p90_s": 880},
    "issued_at": "2026-11-24T02:42:00.123Z",
    "timezone": "Asia/Shanghai",
    "language": "zh-Hans",
    "languages": ["zh-Hans", "en"],
    "area": {"zh-Hans": "1 区", "en": "Area 1"},
    "follow_url": URL,
    "missed_sentence": MISSED,
    "copy": 1,
}
LONG: dict[str, Any] = {
    "hall_name": {
        "zh-Hans": "上海市杨浦区江湾路中国电信综合服务营业大厅",
        "en": "Shanghai Yangpu District Jiangwan Road Comprehensive Telecommunications Service Hall",
    },
    "service_name": {
        "zh-Hans": "企业宽带及固定电话新装移机过户综合办理业务",
        "en": "Business broadband and fixed line: new installation, relocation and transfer of ownership",
    },
    "class_name": {"zh-Hans": "老年人、残疾人及军人优先", "en": "Elderly, disabled and military priority"},
    "class_default": False,
    "number": "AB1234",
    "ahead": 123,
    "estimate": {"p10_s": 5700, "p50_s": 7000, "p90_s": 7800},
    "area": {"zh-Hans": "二楼东侧综合业务等候区", "en": "Second floor east general waiting area"},
}


def facts(**changed: Any) -> dict[str, Any]:
    return {**FACTS, **changed}


def ticket_facts(**changed: Any) -> TicketFacts:
    return TicketFacts.from_record(facts(**changed))


def record(
    paper: str, *, ticket: str = "t1", copy: int = 1, state: str = "requested", **changed: Any
) -> dict[str, Any]:
    """A record of the `printer` view; `requested_s`, `expires_s` count from NOW."""
    requested = NOW + timedelta(seconds=changed.pop("requested_s", 0))
    expires = NOW + timedelta(seconds=changed.pop("expires_s", 90))
    return {
        "paper": paper,
        "ticket": ticket,
        "printer": "p1",
        "copy": copy,
        "state": state,
        "requested_at": requested.isoformat().replace("+00:00", "Z"),
        "expires_at": expires.isoformat().replace("+00:00", "Z"),
        "facts": facts(copy=copy, **changed),
    }


@cache
def drawn(copy: int = 1, number: str = "A056", width: int = 576) -> bytes:
    """The dots of a ticket as they should lie on paper."""
    return picture_bytes(without_real_time(draw(layout(ticket_facts(copy=copy, number=number), width), width)))


def picture_bytes(picture: Image.Image) -> bytes:
    return picture.convert("1").tobytes()


def is_ticket(piece: Piece, copy: int = 1, number: str = "A056") -> bool:
    """True for one whole ticket and nothing else on the piece."""
    return not piece.troubles and picture_bytes(piece.picture()) == drawn(copy, number)


def codes_on(picture: Image.Image) -> list[str]:
    """What a phone's scanner reads on a picture, with the white of the paper around it."""
    return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


class CannedDraw:
    """Draws each kind of ticket once; owners' tests are not about drawing."""

    async def ticket(self, given: Mapping[str, Any], width_dots: int) -> bytes:
        return _canned(given["copy"], given["number"], width_dots)

    async def void(self, width_dots: int) -> bytes:
        return _canned_void(width_dots)

    async def warm(self, width_dots: int) -> None:
        _canned_void(width_dots)


@cache
def _canned(copy: int, number: str, width_dots: int) -> bytes:
    return ticket_bytes_from_record(facts(copy=copy, number=number), width_dots)


@cache
def _canned_void(width_dots: int) -> bytes:
    return void_bytes(width_dots)


@dataclass
class HallSide:
    """The `Papers` of one hall, as short as can be: it keeps the records and feeds them to its owner."""

    expires_s: float = 90
    said: list[tuple[str, ...]] = field(default_factory=list)
    states: list[PrinterState] = field(default_factory=list)
    refuse_claims: bool = False
    unavailable_times: int = 0
    owner: Owner | None = None
    bytes_seen_at_claim: list[int] = field(default_factory=list)
    on_claim: Callable[[], None] = lambda: None
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self, paper: str) -> bool:
        self._maybe_unavailable()
        self.on_claim()
        self.said.append(("claim", paper))
        if self.refuse_claims:
            return False
        self.put({**self.records[f"paper:{paper}"], "state": "claimed"})
        return True

    async def printed(self, paper: str, proof: PaperProof) -> None:
        self._finish("printed", paper, proof)

    async def uncertain(self, paper: str, reason: str) -> None:
        self._finish("uncertain", paper, reason)

    async def failed(self, paper: str, reason: str) -> None:
        self._finish("failed", paper, reason)

    async def report_state(self, printer: str, state: PrinterState) -> None:
        self.states.append(state)
        self.heard.set()

    async def reprint(self, ticket: str) -> None:
        self.said.append(("reprint", ticket))
        copy = 1 + sum(1 for said in self.said if said == ("reprint", ticket))
        self.put(record(f"{ticket}-copy{copy}", ticket=ticket, copy=copy, expires_s=self.expires_s))

    def put(self, given: dict[str, Any]) -> None:
        key = f"paper:{given['paper']}"
        self.records[key] = given
        if self.owner is not None:
            self.owner.put(key, given)

    def _finish(self, *said: str) -> None:
        self._maybe_unavailable()
        self.said.append(said)
        self.heard.set()
        key = f"paper:{said[1]}"
        self.records.pop(key, None)
        if self.owner is not None:
            self.owner.drop(key)

    def _maybe_unavailable(self) -> None:
        if self.unavailable_times:
            self.unavailable_times -= 1
            raise PapersUnavailable("storage_unavailable")


@dataclass
class Clock:
    """The hall's time, moved by hand."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Bench:
    """A printer, its owner at work and the hall it reports to."""

    printer: FakePrinter
    hall: HallSide
    clock: Clock
    owner: Owner

    def ask(self, *papers: dict[str, Any]) -> None:
        for paper in papers:
            self.hall.put(paper)

    async def until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Lets the owner work until the condition holds; fails with what was said when it does not in time."""
        deadline = asyncio.get_running_loop().time() + within_s
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, (self.hall.said, self.hall.states)
            self.hall.heard.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.005):
                    await self.hall.heard.wait()

    async def until_said(self, *said: str) -> None:
        await self.until(lambda: said in self.hall.said)

    @property
    def whole_tickets(self) -> list[int]:
        """Which copies came out whole, in order."""
        return [copy for piece in self.printer.pieces for copy in (1, 2, 3) if is_ticket(piece, copy)]


@asynccontextmanager
async def bench(
    printer: FakePrinter | None = None,
    *,
    hall: HallSide | None = None,
    device: Device | None = None,
    timing: Timing = FAST,
    start: Mapping[str, dict[str, Any]] | None = None,
) -> AsyncIterator[Bench]:
    fake = printer or FakePrinter()
    side, clock = hall or HallSide(), Clock()
    line = device or FakeDevice(fake)
    owner = Owner("p1", line, side, now=clock, width_dots=fake.width_dots, draw=CannedDraw(), timing=timing)
    side.owner = owner
    side.records.update(start or {})
    owner.reset(side.records)
    working = asyncio.create_task(owner.run())
    try:
        yield Bench(fake, side, clock, owner)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    # An owner that fell over by itself must not pass for one that was stopped.
    assert working.cancelled(), working.exception()
