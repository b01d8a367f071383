"""The port that turns facts into bytes, so that an owner need not know where the drawing is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias

Record: TypeAlias = Mapping[str, Any]

QUIET_S = 30.0


class Draw(Protocol):
    """Makes the bytes of a ticket from the `facts` of a record; `void` those of the slip after half a ticket."""

    async def ticket(self, facts: Record, width_dots: int) -> bytes: ...
    async def void(self, width_dots: int) -> bytes: ...
    async def warm(self, width_dots: int) -> None:
        """Gets ready, so that the first visitor of a morning does not wait a second for fonts to open."""


class DrawHere:
    """Draws in the event loop, some 30 ms a ticket: for simulations, and where nothing else waits for the loop."""

    async def ticket(self, facts: Record, width_dots: int) -> bytes:
        from printer.render import ticket_bytes_from_record

        return ticket_bytes_from_record(facts, width_dots)

    async def void(self, width_dots: int) -> bytes:
        from printer.render import void_bytes

        return void_bytes(width_dots)

    async def warm(self, width_dots: int) -> None:
        """Leaves it to the first ticket."""


class DrawInThread:
    """Draws in one thread for all printers of a server (fonts are not for two), so that calls are not held up.

    After half a minute without a ticket the fonts are closed, so that a quiet server is a small one.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="draw")
        self._closing: asyncio.TimerHandle | None = None

    async def ticket(self, facts: Record, width_dots: int) -> bytes:
        from printer.render import ticket_bytes_from_record

        return await self._draw(ticket_bytes_from_record, facts, width_dots)

    async def void(self, width_dots: int) -> bytes:
        from printer.render import void_bytes

        return await self._draw(void_bytes, width_dots)

    async def warm(self, width_dots: int) -> None:
        from printer.render import specimen_bytes

        await self._draw(specimen_bytes, width_dots)

    async def _draw(self, work: Callable[..., bytes], *arguments: Any) -> bytes:
        loop = asyncio.get_running_loop()
        if self._closing is not None:
            self._closing.cancel()
        try:
            return await loop.run_in_executor(self._thread, work, *arguments)
        finally:
            self._closing = loop.call_later(QUIET_S, self._close_fonts)

    def _close_fonts(self) -> None:
        from printer.faces import close_fonts

        self._thread.submit(close_fonts)

    def close(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
        self._thread.shutdown(wait=False)
