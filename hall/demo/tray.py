"""The demo's printers: simulated, each paper kept as a picture for a while."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from hall.live.ports import Clock
from hall.log.codec import as_text
from printer.fake import FakeDevice, FakePrinter, Piece

PAPERS_KEPT = 40
ROW_S = 0.0006  # some 200 mm a second
LEISURELY = 30.0  # at higher speeds there is no time to move paper: it would be too old before it is out


@dataclass(frozen=True, slots=True)
class Slip:
    """A piece of paper and the instant at which it was cut off."""

    id: str
    at: str
    piece: Piece


class PaperTray:
    """Everything that the demo's printers put out, the newest 40."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.slips: deque[Slip] = deque(maxlen=PAPERS_KEPT)
        self.count = 0

    def open_line(self, _: str) -> FakeDevice:
        """The line to one more simulated printer."""
        return TrayLine(self, ROW_S if self.clock.rate <= LEISURELY else 0.0)

    def take(self, piece: Piece) -> None:
        self.count += 1
        self.slips.appendleft(Slip(str(self.count), as_text(self.clock.now()), piece))

    def papers(self) -> list[dict[str, str]]:
        return [{"id": slip.id, "at": slip.at} for slip in self.slips]

    def png(self, id: str) -> bytes | None:
        return next((slip.piece.png() for slip in self.slips if slip.id == id), None)


class TrayLine(FakeDevice):
    """A line to a simulated printer that puts what it cuts off into the tray."""

    def __init__(self, tray: PaperTray, row_s: float) -> None:
        super().__init__(FakePrinter(), row_s=row_s)
        self.tray = tray
        self.taken = 0

    async def write(self, data: bytes) -> None:
        await super().write(data)
        for piece in self.printer.pieces:
            if piece.no > self.taken:
                self.taken = piece.no
                self.tray.take(piece)
