"""A printer without iron, beside the driver: for tests, the simulation and the demo.

`FakePrinter` takes the byte stream as strictly as paper does (an unknown or half-sent command is trouble that the
piece of paper remembers), keeps its last pieces as pictures, answers as Epson's manuals say, and breaks on demand.
`FakeDevice` is the `Device` to it within the process, `FakePrinterServer` a real socket on the loopback address. The
gap of 15 mm between head and blade is kept only for cuts without feed, which go through the last lines.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal, TypeAlias

from printer.device import DeviceLost, DeviceUnreachable

if TYPE_CHECKING:
    from PIL.Image import Image

Skill: TypeAlias = Literal["GS ( H", "GS r", "DLE DC4", "DLE EOT"]
ALL_SKILLS: frozenset[Skill] = frozenset({"GS ( H", "GS r", "DLE DC4", "DLE EOT"})
PIECES_KEPT = 20
BLADE_ROWS = 120
LONGEST_PIECE_ROWS = 8000  # a metre
LINE_ROWS = 30
CLEAR = bytes([0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08])  # DLE DC4 8


@dataclass(frozen=True, slots=True)
class Piece:
    """What lies in the tray after a cut. `rows` are the dots, black 1, eight to a byte."""

    no: int
    width_dots: int
    rows: tuple[bytes, ...]
    troubles: tuple[str, ...]

    def picture(self) -> Image:
        from PIL import Image, ImageChops

        size = (self.width_dots, len(self.rows))
        return ImageChops.invert(Image.frombytes("1", size, b"".join(self.rows)).convert("L")).convert("1")

    def png(self) -> bytes:
        out = BytesIO()
        self.picture().save(out, "PNG")
        return out.getvalue()


@dataclass
class Trip:
    """What breaks, and when: after so many rows on paper, or so many bytes from the next ESC @ on."""

    what: Callable[[], None]
    rows: int | None = None
    job_bytes: int | None = None
    counting: bool = False


class FakePrinter:
    """Paper, head, blade and the little computer that obeys ESC/POS."""

    def __init__(self, width_dots: int = 576, skills: frozenset[Skill] = ALL_SKILLS) -> None:
        self.width_dots = width_dots
        self.skills = skills
        self.obeys_within_data = True  # simple models take a real-time command inside a picture for dots
        self.pieces: deque[Piece] = deque(maxlen=PIECES_KEPT)
        self.pieces_cut = 0
        self.on_answer: Callable[[], None] = lambda: None
        self.powered = self.linked = True
        self.is_hung = self.is_silent = False
        self.is_cover_open = self.is_jammed = self.is_near_end = False
        self.paper_rows: int | None = None
        self._answers = bytearray()
        self._trip: Trip | None = None
        self._paper: list[bytes] = []
        self._troubles: list[str] = []
        self._forget()

    # The stream.

    def feed(self, data: bytes) -> None:
        """Takes bytes off the line; answers wait in `take_answers`."""
        for part in self._until_trip(data):
            if self.powered and self.linked and not self.is_hung:
                self._receive(part)

    def take_answers(self) -> bytes:
        """What it has said since the last time."""
        said = bytes(self._answers)
        self._answers.clear()
        return said

    @property
    def rows_on_paper(self) -> int:
        """Rows printed and not yet cut off."""
        return len(self._paper)

    @property
    def is_offline(self) -> bool:
        return self.is_cover_open or self.is_jammed or self.paper_rows == 0

    # What people and bad luck do to it.

    def open_cover(self) -> None:
        self.is_cover_open = True

    def close_cover(self) -> None:
        self.is_cover_open = False
        self._work()

    def end_paper(self) -> None:
        self.paper_rows = 0

    def load_paper(self, rows: int | None = None) -> None:
        self.paper_rows = rows
        self._work()

    def jam(self) -> None:
        self.is_jammed = True

    def clear_jam(self) -> None:
        self.is_jammed = False
        self._work()

    def hang(self) -> None:
        self.is_hung = True

    def drop_link(self) -> None:
        """The connection is reset; what has arrived stays in the printer."""
        self.linked = False
        self._answers.clear()
        self.on_answer()

    def power_off(self) -> None:
        self.powered = self.is_hung = False
        self._forget()
        self.drop_link()

    def power_on(self) -> None:
        self.powered = True

    def trip_after(self, what: Callable[[], None], *, rows: int | None = None, job_bytes: int | None = None) -> None:
        """Does `what` once, in the middle of the next ticket."""
        self._trip = Trip(what, rows, job_bytes)

    # Inside.

    def _forget(self) -> None:
        self._buffer = b""
        self._searched = 0
        self._commands: deque[bytes] = deque()
        self._rows: deque[bytes] = deque()

    def _until_trip(self, data: bytes) -> Iterator[bytes]:
        trip = self._trip
        if trip is None or trip.job_bytes is None:
            yield data
            return
        start = 0 if trip.counting else data.find(b"\x1b@")
        if start < 0:
            yield data
            return
        trip.counting = True
        if len(data) - start < trip.job_bytes:
            trip.job_bytes -= len(data) - start
            yield data
            return
        yield data[: start + trip.job_bytes]
        rest = data[start + trip.job_bytes :]
        self._trip = None
        trip.what()
        yield rest

    def _receive(self, data: bytes) -> None:
        self._buffer += data
        if self.obeys_within_data:
            self._obey_all_real_time()
        while self._buffer:
            length = command_length(self._buffer)
            if length > len(self._buffer):
                break
            if not self.obeys_within_data and self._obey_real_time(0, length) is None:
                continue
            self._commands.append(self._buffer[:length])
            self._buffer = self._buffer[length:]
            self._searched = max(0, self._searched - length)
        self._work()

    def _obey_all_real_time(self) -> None:
        """These are obeyed where they stand, offline too, and even inside the data of another command."""
        place = self._buffer.find(0x10, self._searched)
        while place >= 0:
            length = real_time_length(self._buffer[place : place + len(CLEAR)])
            if length > len(self._buffer) - place:
                self._searched = place
                return
            after = self._obey_real_time(place, length)
            place = self._buffer.find(0x10, 0 if after is None else after)
        self._searched = len(self._buffer)

    def _obey_real_time(self, place: int, length: int) -> int | None:
        """Obeys the command at `place`, if it is one; where to look on, or None when the buffer was cleared."""
        if self._is_clear(place):
            self._forget_but(self._buffer[place + length :])
            return None
        if real_time_length(self._buffer[place : place + len(CLEAR)]):
            self._tell_status(self._buffer[place + 1 : place + length])
        return place + max(1, length)

    def _is_clear(self, place: int) -> bool:
        return "DLE DC4" in self.skills and self._buffer.startswith(CLEAR, place)

    def _forget_but(self, rest: bytes) -> None:
        self._forget()
        self._buffer = rest
        self._say(b"\x37\x25\x00")

    def _tell_status(self, command: bytes) -> None:
        if "DLE EOT" not in self.skills or command[0] != 0x04:
            return
        paper_out = self.paper_rows == 0
        bits = {
            1: 0x08 * self.is_offline,
            2: 0x04 * self.is_cover_open | 0x20 * paper_out | 0x40 * self.is_jammed,
            3: 0x08 * self.is_jammed,
            4: 0x0C * (self.is_near_end or paper_out) | 0x60 * paper_out,
        }
        self._say(bytes([0x12 | bits.get(command[1], 0)]))

    def _say(self, answer: bytes) -> None:
        if not self.is_silent:
            self._answers += answer
            self.on_answer()

    def _work(self) -> None:
        """Prints until there is nothing left or something is in the way."""
        while not (self.is_offline or self.is_hung) and self.powered:
            if self._rows:
                self._print_row(self._rows.popleft())
            elif self._commands:
                self._obey(self._commands.popleft())
            else:
                return

    def _print_row(self, row: bytes) -> None:
        if len(self._paper) < LONGEST_PIECE_ROWS:
            self._paper.append(row)
        if self.paper_rows is not None:
            self.paper_rows -= 1
        trip = self._trip
        if trip is not None and trip.rows is not None:
            trip.rows -= 1
            if trip.rows <= 0:
                self._trip = None
                trip.what()

    def _obey(self, command: bytes) -> None:
        match command[0], command[1:2]:
            case 0x1B, b"@":
                pass
            case 0x1D, b"v":
                self._take_picture(command)
            case 0x1D, b"V":
                self._cut(command)
            case 0x1D, b"(" if command[2:3] == b"H" and "GS ( H" in self.skills:
                self._say(b"\x37\x22" + command[7:11] + b"\x00")
            case 0x1D, b"r" if "GS r" in self.skills:
                self._say(bytes([0x03 * self.is_near_end]))
            case 0x1D, b"(" | b"r":
                pass  # a model that does not know it skips it
            case 0x0A, _:
                self._rows.extend([bytes(self.width_dots // 8)] * LINE_ROWS)
            case (0x10, _) | (0x00, _):
                pass  # real-time commands were obeyed when they came; NUL means nothing
            case _:
                self._troubles.append(f"unknown command {command[:4].hex(' ')}")

    def _take_picture(self, command: bytes) -> None:
        row_bytes = command[4] | command[5] << 8
        if row_bytes * 8 > self.width_dots:
            self._troubles.append(f"picture of {row_bytes * 8} dots on a head of {self.width_dots}")
        data, wide = command[8:], self.width_dots // 8
        if any(real_time_length(data[at : at + 10]) for at in places_of(data, 0x10)):
            self._troubles.append("real-time command inside a picture")
        for start in range(0, len(data), max(1, row_bytes)):
            self._rows.append(data[start : start + row_bytes][:wide].ljust(wide, b"\0"))

    def _cut(self, command: bytes) -> None:
        kept = 0 if command[2] in (65, 66) else min(BLADE_ROWS, len(self._paper))
        if kept:
            self._troubles.append("cut through the last lines")
        at = len(self._paper) - kept
        self.pieces_cut += 1
        self.pieces.append(Piece(self.pieces_cut, self.width_dots, tuple(self._paper[:at]), tuple(self._troubles)))
        self._paper, self._troubles = self._paper[at:], []


def command_length(data: bytes) -> int:
    """Bytes of the command that `data` begins with; more than there are while it is unfinished."""
    unfinished = len(data) + 1
    match data[0]:
        case 0x10:
            return max(1, real_time_length(data[: len(CLEAR)]))
        case 0x1B:
            return 2 if data[1:2] == b"@" else 3
        case 0x1D if len(data) < 2:
            return unfinished
        case 0x1D:
            return _group_length(data, unfinished)
        case _:
            return 1


def _group_length(data: bytes, unfinished: int) -> int:
    match data[1]:
        case 0x76:  # GS v 0
            return unfinished if len(data) < 8 else 8 + (data[4] | data[5] << 8) * (data[6] | data[7] << 8)
        case 0x28:  # GS (
            return unfinished if len(data) < 5 else 5 + (data[3] | data[4] << 8)
        case 0x56:  # GS V
            return unfinished if len(data) < 3 else (4 if data[2] in (65, 66) else 3)
        case _:
            return 3


def real_time_length(data: bytes) -> int:
    """Bytes of the real-time command that `data` begins with, more than there are while unfinished; 0 if it is none."""
    if data[:1] != b"\x10":
        return 0
    match data[1:2]:
        case b"":
            return 2
        case b"\x04" | b"\x05":
            return 3
        case b"\x14":
            return len(CLEAR) if data[2:3] in (b"", b"\x08") else 5
        case _:
            return 0


def places_of(data: bytes, byte: int) -> Iterator[int]:
    place = data.find(byte)
    while place >= 0:
        yield place
        place = data.find(byte, place + 1)


class FakeDevice:
    """The line to a `FakePrinter` in the same process. `row_s` is what one row takes on paper, in the loop's time."""

    def __init__(self, printer: FakePrinter, *, can_answer: bool = True, row_s: float = 0.0) -> None:
        self.printer = printer
        self.opened = 0
        self._can_answer = can_answer
        self._row_s = row_s
        self._said = asyncio.Event()

    @property
    def can_answer(self) -> bool:
        return self._can_answer

    async def open(self) -> None:
        if not self.printer.powered:
            raise DeviceUnreachable("switched off")
        self.opened += 1
        self.printer.linked = True
        self.printer.on_answer = self._said.set

    async def write(self, data: bytes) -> None:
        self._require_link()
        before = self.printer.rows_on_paper
        self.printer.feed(data)
        printed = max(0, self.printer.rows_on_paper - before)
        if self._row_s and printed:
            await asyncio.sleep(printed * self._row_s)
        self._require_link()

    async def read(self, timeout_s: float) -> bytes:
        self._require_link()
        said = self.printer.take_answers()
        if said or not self._can_answer:
            return said
        self._said.clear()
        try:
            async with asyncio.timeout(timeout_s):
                await self._said.wait()
        except TimeoutError:
            return b""
        self._require_link()
        return self.printer.take_answers()

    async def close(self) -> None:
        self.printer.take_answers()

    def _require_link(self) -> None:
        if not self.printer.linked:
            raise DeviceLost("connection reset by the printer")


class FakePrinterServer:
    """A `FakePrinter` behind a port of 127.0.0.1, one connection at a time as real ones have it."""

    def __init__(self, printer: FakePrinter) -> None:
        self.printer = printer
        self._server: asyncio.Server | None = None
        self._one = asyncio.Lock()
        self._links: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the fake printer is not started")
        return f"tcp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for link in tuple(self._links):
                link.transport.abort()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._links.add(writer)
        try:
            async with self._one:
                await self._talk(reader, writer)
        except OSError:
            pass  # the owner hung up first
        finally:
            self._links.discard(writer)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.printer.linked = self.printer.powered
        self.printer.on_answer = lambda: self._answer(writer)
        while self.printer.linked:
            data = await reader.read(4096)
            if not data:
                return
            self.printer.feed(data)
        reset(writer)

    def _answer(self, writer: asyncio.StreamWriter) -> None:
        said = self.printer.take_answers()
        if said and not writer.is_closing():
            writer.write(said)
        if not self.printer.linked:
            reset(writer)


def reset(writer: asyncio.StreamWriter) -> None:
    """Hangs up with RST, as a printer does that has lost its nerve."""
    link = writer.get_extra_info("socket")
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
