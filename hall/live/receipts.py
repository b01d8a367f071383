"""Delivered, or it does not count: what displays and phones report becomes the first proof of a call.

A display of the counter's area proves a call by showing it, and where the area speaks by having begun to speak it; a
visitor's phone proves it by being looked at. Only the first proof is a command; every other report costs a look-up.
What a device said last is remembered here and nowhere else: it is about now, and not worth a log.
"""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hall.day.commands import ReportDelivery
from hall.day.events import Actor, DeliveredVia, Door
from hall.day.refusals import Refusal
from hall.live.picture import Call
from hall.live.runner import Hall, Runner
from hall.live.views.base import Record, area_of
from hall.log.codec import as_text

logger = logging.getLogger("hall.live")

ALIVE_FOR = timedelta(seconds=15)
HALF_PROOFS_MOST = 2000
SHOWN_MOST = 64
FRAME_MS_MOST = 60_000
AUDIO_STATES = ("running", "off", "blocked")

Proof = tuple[str, int, int]  # hall, seq of the call, number of the call


@dataclass(slots=True)
class Reported:
    """What a device said last; `is_gone` when it was connected and is not any more."""

    at: datetime
    audio: str | None = None
    frame_ms: float | None = None
    is_gone: bool = False


class Receipts:
    """The receipts of all halls of this process."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.heard: dict[tuple[str, str], Reported] = {}
        # One token may stand on several displays, each of its own area.
        self.boards: dict[tuple[str, str, str | None], Reported] = {}
        self.sockets: Tally[tuple[str, str, str | None]] = Tally()
        self.phones: Tally[tuple[str, str]] = Tally()
        self.shown: OrderedDict[Proof, None] = OrderedDict()
        self.sounded: OrderedDict[Proof, None] = OrderedDict()
        self.reporting: set[Proof] = set()

    def hear_device(self, hall: Hall, device: str, *, said: dict[str, Any] | None = None) -> Reported:
        """Note that a device is alive, and what it said of itself."""
        known = self.heard.setdefault((hall.id, device), Reported(self.runner.clock.now()))
        known.at, known.is_gone = self.runner.clock.now(), False
        if said is not None:
            audio = said.get("audio")
            known.audio = audio if audio in AUDIO_STATES else None
            known.frame_ms = as_frame_ms(said.get("frame_ms"))
        return known

    @contextmanager
    def present(self, hall: Hall, device: str, area: str | None) -> Iterator[None]:
        """While a socket of a device is open. With its last one a board is gone at once, and so is the device."""
        place = (hall.id, device, area)
        self.sockets[place] += 1
        self.hear_device(hall, device)
        try:
            yield
        finally:
            self.sockets[place] -= 1
            if not self.sockets[place]:
                del self.sockets[place]
                self.boards.pop(place, None)
            self.heard[hall.id, device].is_gone = all(one[:2] != place[:2] for one in self.sockets)

    @contextmanager
    def phone_page(self, hall: Hall, ticket: str) -> Iterator[None]:
        """While a visitor's own page is open."""
        self.phones[hall.id, ticket] += 1
        try:
            yield
        finally:
            self.phones[hall.id, ticket] -= 1
            if not self.phones[hall.id, ticket]:
                del self.phones[hall.id, ticket]

    async def hear(self, hall: Hall, device: str, said: dict[str, Any]) -> None:
        """The report of a screen that proves nothing: it is alive."""
        self.hear_device(hall, device, said=said)

    async def hear_display(self, hall: Hall, device: str, area: str | None, said: dict[str, Any]) -> None:
        """A display's report: the calls it shows now and those it has begun to speak since its last report."""
        self.boards[hall.id, device, area] = replace(self.hear_device(hall, device, said=said))
        seen_seq = as_count(said.get("seq"))
        for seq in as_counts(said.get("sounding")):
            self.note(self.sounded, hall, seq, area, seen_seq)
        for seq in as_counts(said.get("shown")):
            self.note(self.shown, hall, seq, area, seen_seq)
        for seq in {*as_counts(said.get("shown")), *as_counts(said.get("sounding"))}:
            call = self.awaited(hall, seq, area, seen_seq)
            if call is not None and self.is_proved(hall, call):
                await self.report(hall, call, "display", device)

    async def hear_phone(self, hall: Hall, ticket: str, said: dict[str, Any]) -> None:
        """A phone's report: its page is being looked at."""
        found = hall.picture.day.tickets.get(ticket)
        if found is None or not as_counts(said.get("shown")):
            return
        seen_seq = as_count(said.get("seq"))
        call = self.awaited(hall, found.turn.called_seq, None, seen_seq)
        if call is not None and call.back_seq <= seen_seq:
            await self.report(hall, call, "phone", None)

    def awaited(self, hall: Hall, seq: int, area: str | None, seen_seq: int) -> Call | None:
        """The call, if its visitor is awaited and the newest of it, which the reporter has seen, is not proved."""
        call = self.seen(hall, seq, area, seen_seq)
        if call is None or call.state != "called":
            return None
        turn = hall.picture.day.tickets[call.ticket].turn
        return None if turn.delivered_call >= turn.call_no else call

    def seen(self, hall: Hall, seq: int, area: str | None, seen_seq: int) -> Call | None:
        """The call, if it is of the reporter's area and the newest of it is what the reporter has seen."""
        call = hall.picture.calls.get(seq)
        if call is None or call.last_seq > seen_seq:
            return None
        return call if area in (None, area_of(hall.picture.setup, call.counter)) else None

    def note(self, kept: OrderedDict[Proof, None], hall: Hall, seq: int, area: str | None, seen_seq: int) -> None:
        """Remember half a proof, also of a call whose visitor has come or was missed: that may be taken back."""
        call = self.seen(hall, seq, area, seen_seq)
        if call is not None:
            kept[hall.id, call.seq, call.call_no] = None
            if len(kept) > HALF_PROOFS_MOST:
                kept.popitem(last=False)

    def is_proved(self, hall: Hall, call: Call) -> bool:
        proof = (hall.id, call.seq, call.call_no)
        area = hall.picture.setup.areas.get(area_of(hall.picture.setup, call.counter))
        return proof in self.shown and (area is None or not area.speaks or proof in self.sounded)

    async def report(self, hall: Hall, call: Call, via: DeliveredVia, device: str | None) -> None:
        """Give the command once, however many screens report the same call at once."""
        proof = (hall.id, call.seq, call.call_no)
        if proof in self.reporting:
            return
        self.reporting.add(proof)
        actor = Actor("visitor", call.ticket) if device is None else Actor("device", device)
        door: Door = "phone" if via == "phone" else "display"
        command = ReportDelivery(call.ticket, call.call_no, via, device, proof in self.sounded, call.seq)
        try:
            await self.runner.submit(hall.id, command, actor=actor, door=door)
        except Refusal as refusal:  # the screen reports again in a few seconds
            logger.info("hall %s: receipt of call %s: %s", hall.id, call.seq, refusal.code)
        finally:
            self.reporting.discard(proof)

    def cause(self, hall: Hall, counter: str) -> str:
        """Why a call is not delivered: no display of the area is alive, none can be heard, or it is on its way."""
        setup, now = hall.setup, self.runner.clock.now()
        area = area_of(setup, counter)
        alive = [
            one
            for (hall_id, _, shown), one in self.boards.items()
            if hall_id == hall.id and shown in (None, area)
            if now - one.at <= ALIVE_FOR * self.runner.clock.rate
        ]
        if not alive:
            return "no_display"
        speaks = area in setup.areas and setup.areas[area].speaks
        return "muted" if speaks and all(one.audio != "running" for one in alive) else "not_yet"

    def phone(self, hall: Hall, counter: str) -> str | None:
        """Whether the page of whom the counter awaits is open, if only out of sight; None where it can have none."""
        there = hall.picture.day.counters.get(counter)
        ticket = None if there is None else there.ticket
        if ticket is None or self.runner.sources.links.follow_url(hall.setup, ticket) is None:
            return None
        return "open" if (hall.id, ticket) in self.phones else "not_open"

    def devices(self, hall: Hall) -> list[Record]:
        """Every device of the set-up with what is known of it now."""
        now, limit = self.runner.clock.now(), ALIVE_FOR * self.runner.clock.rate
        records = []
        for device in hall.setup.devices.values():
            heard = self.heard.get((hall.id, device.id))
            records.append(
                {
                    "id": device.id,
                    "kind": device.kind,
                    "area": device.area or None,
                    "printer_state": hall.picture.day.printers.get(device.id, "unknown") if device.url else None,
                    "last_seen": None if heard is None else as_text(heard.at),
                    "alive": heard is not None and not heard.is_gone and now - heard.at <= limit,
                    "audio": None if heard is None else heard.audio,
                    "frame_ms": None if heard is None else heard.frame_ms,
                }
            )
        return records


def as_frame_ms(said: object) -> float | None:
    """The time a frame took, if it is one that a screen may have measured."""
    is_number = isinstance(said, int | float) and not isinstance(said, bool)
    return said if is_number and 0 <= said <= FRAME_MS_MOST else None  # type: ignore[operator, return-value]


def as_count(said: object) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) and said >= 0 else -1


def as_counts(said: object) -> list[int]:
    """A list of seqs as a client said it; whatever else it holds is passed over."""
    return [one for one in said[:SHOWN_MOST] if as_count(one) >= 0] if isinstance(said, list) else []
