"""A printer with its owner: the shipped owner, a fake printer that breaks, and a drawing that can be read back.

A ticket is drawn as its own facts in ASCII, row by row, between `{` and `}`; so each piece that falls into the tray
tells which numbers came out whole, and which only in part.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

from hall.day import commands as c
from hall.day.events import Actor, PaperProof, PrinterState
from hall.day.refusals import HallStopped, Refusal, StorageUnavailable
from hall.live.runner import Done, Key
from printer.fake import ALL_SKILLS, FakeDevice, FakePrinter, Piece, Skill
from printer.owner import Owner, Papers, PapersUnavailable
from tests.sim.loop import pause
from tests.sim.process import Lost, ask
from tests.sim.screens import Screen

if TYPE_CHECKING:
    from tests.sim.world import World

WIDTH_DOTS = 64
ROW_S = 0.01
CUT = b"\x1dV\x42\x00"
WHOLE = re.compile(r"\{([^{}]*)\}")


class DrawFacts:
    """Draws the facts themselves."""

    async def ticket(self, facts: Mapping[str, Any], width_dots: int) -> bytes:
        told = [facts["number"], facts["issued_at"], facts["copy"], facts["kind"]]
        return job("{" + json.dumps(told)[1:-1] + "}", width_dots)

    async def void(self, width_dots: int) -> bytes:
        return job("VOID", width_dots)

    async def warm(self, width_dots: int) -> None:
        """Has no fonts to open."""


def job(text: str, width_dots: int) -> bytes:
    """ESC @, a picture whose dots are the text, cut."""
    row_bytes = width_dots // 8
    data = text.encode("ascii")
    rows = -(-len(data) // row_bytes)
    picture = b"\x1dv0\x00" + bytes([row_bytes, 0, rows & 255, rows >> 8]) + data.ljust(rows * row_bytes, b" ")
    return b"\x1b@" + picture + CUT


def read_piece(piece: Piece) -> list[tuple[str, str, int, str]]:
    """The (number, issued_at, copy, kind) of everything that is whole on this piece of paper."""
    text = b"".join(piece.rows).decode("ascii", "replace")
    return [tuple(json.loads(f"[{found}]")) for found in WHOLE.findall(text)]


class AgentPapers:
    """What an owner tells the hall, over the network. One key for each thing said, so that it can be said again."""

    def __init__(self, world: World, hall: str, printer: str, life: int) -> None:
        self.world, self.hall, self.printer, self.life = world, hall, printer, life
        self.lots: Random = world.fork()
        self.actor = Actor("device", printer)
        self.said: dict[tuple[str, str], int] = {}
        self.numbers = count(1)

    async def claim(self, paper: str) -> bool:
        return await self.say("claim", paper, c.ClaimPaper(paper)) is not None

    async def printed(self, paper: str, proof: PaperProof) -> None:
        await self.say("report", paper, c.ReportPaper(paper, "printed", proof))

    async def uncertain(self, paper: str, reason: str) -> None:
        await self.say("report", paper, c.ReportPaper(paper, "uncertain", reason=reason))

    async def failed(self, paper: str, reason: str) -> None:
        await self.say("report", paper, c.ReportPaper(paper, "failed", reason=reason))

    async def report_state(self, printer: str, state: PrinterState) -> None:
        await self.say("state", state, c.ReportPrinter(printer, state))

    async def reprint(self, ticket: str) -> None:
        await self.say("reprint", ticket, c.ReprintTicket(ticket, self.printer))

    async def say(self, what: str, about: str, command: c.Command) -> Done | None:
        """None when it is refused. The key stays the same until an answer came."""
        number = self.said.setdefault((what, about), next(self.numbers))
        key = Key(self.printer, f"{self.hall}-{self.printer}-{self.life}-{number}", repr(command))
        asked = ask(self.world, self.lots, self.hall, command, actor=self.actor, door="printer", key=key)
        try:
            done = await asked
        except (Lost, StorageUnavailable, HallStopped) as unheard:
            raise PapersUnavailable(repr(unheard)) from unheard
        except Refusal as refusal:
            self.world.refused(refusal)
            done = None
        self.said.pop((what, about))
        return done


class Station:
    """A printer of a hall with the owner that works for it, both of which break."""

    def __init__(self, world: World, hall: str, printer: str) -> None:
        self.world, self.hall, self.printer = world, hall, printer
        self.lots: Random = world.fork()
        self.iron = FakePrinter(WIDTH_DOTS, self.skills())
        self.iron.pieces = deque()  # the tray is never emptied
        self.can_answer = self.lots.random() < 0.85
        self.lives = count(1)
        self.running: list[asyncio.Task[None]] = []

    def skills(self) -> frozenset[Skill]:
        some: tuple[Skill, ...] = ("DLE EOT", "GS r", "DLE DC4")
        return ALL_SKILLS if self.lots.random() < 0.6 else frozenset(some[: self.lots.randint(1, 3)])

    async def live(self) -> None:
        """Its owner works inside the server, or on a computer of its own; the printer breaks either way."""
        if self.world.temper.is_embedded:
            await self.break_down()
        else:
            await self.live_apart()

    async def live_apart(self) -> None:
        """An owner works; now and then its computer is restarted, now and then the printer has something."""
        self.start()
        breaking = self.world.spawn(self.break_down())
        try:
            while True:
                await pause(self.lots.expovariate(self.world.temper.owner_restarts_per_s))
                if self.world.is_rough:
                    await self.restart()
        finally:
            breaking.cancel()

    def start(self) -> None:
        """A new owner on a new connection, with a screen of the printer's papers."""
        owner = self.new_owner(self.world.plant.papers(self.world, self.hall, self.printer, next(self.lives)))
        screen = Screen(self.world, self.hall, "printer", {"device": self.printer})
        screen.on_snapshot, screen.on_put, screen.on_drop = owner.reset, owner.put, owner.drop
        self.running = [self.world.spawn(owner.run()), self.world.spawn(screen.live())]

    def new_owner(self, papers: Papers) -> Owner:
        device = FakeDevice(self.iron, can_answer=self.can_answer, row_s=ROW_S)
        now = self.world.clock.now
        return Owner(self.printer, device, papers, now=now, width_dots=WIDTH_DOTS, draw=DrawFacts())

    async def restart(self) -> None:
        self.world.count["owner restarts"] += 1
        for task in self.running:
            task.cancel()
        for task in self.running:
            with suppress(asyncio.CancelledError):
                await task
        await pause(self.lots.uniform(0.1, 2.0))
        self.start()

    async def break_down(self) -> None:
        while True:
            await pause(self.lots.expovariate(self.world.temper.printer_troubles_per_s))
            if self.world.is_rough:
                self.world.count["printer troubles"] += 1
                trouble, repair = self.trouble()
                if self.lots.random() < 0.6:
                    where = {"rows": self.lots.randint(1, 6)} if self.lots.random() < 0.5 else {}
                    self.iron.trip_after(trouble, **(where or {"job_bytes": self.lots.randint(1, 70)}))
                else:
                    trouble()
                await pause(self.lots.uniform(0.5, 12.0))
                repair()

    def trouble(self) -> Any:
        iron = self.iron

        def end_hang() -> None:
            iron.is_hung = False

        def speak_again() -> None:
            iron.is_silent = False

        def fall_silent() -> None:
            iron.is_silent = True

        return self.lots.choice(
            [
                (iron.jam, iron.clear_jam),
                (iron.end_paper, iron.load_paper),
                (iron.open_cover, iron.close_cover),
                (iron.hang, end_hang),
                (fall_silent, speak_again),
                (iron.drop_link, lambda: None),
                (iron.power_off, iron.power_on),
            ]
        )

    def heal(self) -> None:
        """Paper, power and cables are back."""
        self.iron._trip = None
        self.iron.power_on()
        self.iron.is_hung = self.iron.is_silent = False
        self.iron.close_cover()
        self.iron.clear_jam()
        self.iron.load_paper()
