"""A screen's end of the live feed: it connects for real, checks the chain, and folds what it hears."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import websockets
from websockets.asyncio.client import ClientConnection

from tests.web.web_support import JIANGWAN, bearer

PATIENCE_S = 10.0


@dataclass(slots=True)
class Screen:
    """One connection to a view: what it has folded so far, and every message since the last `hear`."""

    socket: ClientConnection
    state: dict[str, Any] = field(default_factory=dict)
    epoch: str | None = None
    seq: int = -1
    chain: int = -1

    async def next(self, *kinds: str) -> dict[str, Any]:
        """The next message of these kinds (of any, without), the chain checked and the change folded."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                self.fold(message)
                if not kinds or message["kind"] in kinds:
                    return message

    def fold(self, message: dict[str, Any]) -> None:
        kind = message["kind"]
        if kind == "snapshot":
            self.state, self.epoch = dict(message["state"]), message["epoch"]
            self.chain = self.seq = message["seq"]
        elif kind == "event":
            assert message["prev"] == self.chain, message
            self.chain = self.seq = message["seq"]
            self.state.update(message["put"])
            for key in message["drop"]:
                del self.state[key]
        elif kind == "beat":
            assert message["seq"] == message["prev"] == self.chain, message

    async def until_same(self, state: dict[str, Any]) -> None:
        """Read on until this state is what was folded."""
        while self.state != state:
            await self.next("event")

    async def say(self, message: Any) -> None:
        await self.socket.send(json.dumps(message))


def url_of(address: str, view: str, *, hall: str = JIANGWAN, **params: str | int | None) -> str:
    given = {name: value for name, value in params.items() if value is not None}
    return f"ws://{address}/api/v1/halls/{hall}/live?{urlencode({'view': view, **given})}"


@asynccontextmanager
async def screen_at(
    address: str, view: str, *, token: str | None = None, hall: str = JIANGWAN, **params: str | int | None
) -> AsyncIterator[Screen]:
    """A screen that has connected and heard nothing yet. `after` is where its chain begins."""
    headers = bearer(token) if token else {}
    async with websockets.connect(url_of(address, view, hall=hall, **params), additional_headers=headers) as socket:
        after = params.get("after")
        yield Screen(socket, chain=-1 if after is None else int(after))


async def snapshot_of(address: str, view: str, **options: Any) -> Screen:
    """What somebody sees who looks at this view now for the first time."""
    async with screen_at(address, view, **options) as screen:
        await screen.next("snapshot")
    return screen


async def closed_with(socket: ClientConnection) -> tuple[int, str]:
    """The code and reason that the server closes a socket with, whatever it says before."""
    async with asyncio.timeout(PATIENCE_S):
        try:
            while True:
                await socket.recv()
        except websockets.ConnectionClosed as closed:
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
