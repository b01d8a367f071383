"""The demonstration's own display: reports calls as shown and spoken, though perhaps no real display is open.

Without it nobody in the demonstration could be missed: a call counts only when a display has shown it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from hall.day.events import Recorded, TicketCalled, TicketRecalled
from hall.live.receipts import SHOWN_MOST, Receipts
from hall.live.runner import Hall

DEVICE = "demo-display"
REPORT_S = 5.0  # how often a display that shows nothing new says that it is alive


class LobbyDisplay:
    """Stands for a display of the whole hall."""

    def __init__(self, hall: Hall, receipts: Receipts) -> None:
        self.hall, self.receipts = hall, receipts
        self.news = asyncio.Event()

    def hear(self, recorded: Recorded) -> None:
        if recorded.hall == self.hall.id and isinstance(recorded.event, TicketCalled | TicketRecalled):
            self.news.set()

    async def report_forever(self) -> None:
        """Report what is called now, at once when somebody is."""
        listeners = self.receipts.runner.listeners
        listeners.append(self.hear)
        try:
            while True:
                await self.report()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), REPORT_S)
                self.news.clear()
        finally:
            listeners.remove(self.hear)

    async def report(self) -> None:
        picture = self.hall.picture
        shown = [call.seq for call in picture.calls.values() if call.state == "called"][-SHOWN_MOST:]
        said = {"seq": picture.day.seq, "shown": shown, "sounding": shown, "audio": "running"}
        await self.receipts.hear_display(self.hall, DEVICE, None, said)
