"""What tests of the running server share: a clock moved by hand, an application started in this loop, a real port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message

TUESDAY_TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, where all example halls are open


class HandClock:
    """Hall time that stands still until it is moved."""

    rate = 1.0

    def __init__(self, at: datetime = TUESDAY_TEN) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


def fastapi_in(app: ASGIApp) -> FastAPI:
    """The FastAPI application inside its rings of middleware."""
    inner: Any = app
    while not isinstance(inner, FastAPI):
        inner = inner.app if hasattr(inner, "app") else inner._app
    return inner


@asynccontextmanager
async def lifespan_of(app: ASGIApp) -> AsyncIterator[None]:
    """Start the application as a server would, in this loop, and stop it at the end."""
    heard: asyncio.Queue[Message] = asyncio.Queue()
    said: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    running = asyncio.create_task(app(scope, heard.get, said.put))  # type: ignore[arg-type]
    for name in ("startup", "shutdown"):
        await heard.put({"type": f"lifespan.{name}"})
        message = await said.get()
        assert message["type"] == f"lifespan.{name}.complete", message
        if name == "startup":
            try:
                yield
            except BaseException:
                running.cancel()
                raise
    await running


class QuietServer(uvicorn.Server):
    """A server that leaves the signals of the test run alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server_of(app: ASGIApp, *, lifespan: Any = "off") -> QuietServer:
    """A server set up as `hall serve` sets its own up, except for the lifespan."""
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        lifespan=lifespan,
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return QuietServer(config)


def free_port(*, send_buffer: int | None = None) -> socket.socket:
    """A socket that listens on a free port of this machine alone; who connects before the server runs just waits."""
    listening = socket.socket()
    if send_buffer is not None:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    return listening


@asynccontextmanager
async def serving(app: ASGIApp, *, send_buffer: int | None = None) -> AsyncIterator[str]:
    """Serve an application that is already started, over TCP in this loop. Yields `127.0.0.1:PORT`."""
    server = server_of(app)
    with contextlib.closing(free_port(send_buffer=send_buffer)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield address
        finally:
            server.should_exit = True
            await running
