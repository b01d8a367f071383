"""The process that serves: one socket, one loop, one system, until a signal ends it."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from hall.bootstrap import System
from hall.cli.failures import FAILED, Failed
from hall.log.meta import tell_address
from hall.log.port import Log
from hall.log.sql import SqlLog
from hall.people.tokens import new_token
from hall.setup.toml import Parsed
from hall.web.app import create_app

BACKLOG = 2048
CLIENT_BYTES_MOST = 64 * 1024  # of one message on a socket; anybody may open one
GRACE_S = 3  # what is being answered may finish; an open websocket does not hold the end up
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}

# glibc's malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MEBIBYTE = 1 << 20

# Runs beside the server, given the application; cancelled when the server ends.
Beside = Callable[[ASGIApp], Coroutine[Any, Any, None]]


class Server(uvicorn.Server):
    """uvicorn's server that takes SIGTERM as an order to end well, not as its death: the exit code is 0.

    What runs beside it ends first, while there is still something to run beside.
    """

    beside: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.beside is not None:
            self.beside.cancel()
            with suppress(asyncio.CancelledError):
                await self.beside
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts already, so that nobody who is told the address comes too early."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        raise Failed(f"cannot listen on {host}:{port}: {fault.strerror or fault}") from fault


def url_of(host: str, listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    shown = EVERY_ADDRESS.get(host, host)
    port: int = listener.getsockname()[1]
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run to the end on the fastest loop that is installed."""
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(main)


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # it does not exist for Windows
        return None
    return uvloop.new_event_loop


async def serve(
    system: System,
    listener: socket.socket,
    *,
    url: str,
    files: Sequence[Parsed] = (),
    replace_changes: bool = False,
    lock: Path | None = None,
    announce: Callable[[], None] = lambda: None,
    beside: Beside | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `lock` gets the address and the token for the command line of this machine."""
    if lock is not None:
        system.people.control = new_token()
        leave_word(lock, url, system.people.control)
    await system.start(files, replace_changes=replace_changes)
    if system.engine.dialect.name == "postgresql":
        await asyncio.to_thread(tell_address, system.engine, url)
    app = create_app(system)
    server = Server(config_of(app))
    spare_the_collector()
    announce()
    server.beside = asyncio.create_task(beside(app)) if beside is not None else None
    await server.serve(sockets=[listener])
    leave_hanging_threads(system.runner.log)


def leave_hanging_threads(log: Log) -> None:
    """End this process at once when threads of it wait for a disk that hangs: the interpreter would wait for them."""
    if isinstance(log, SqlLog) and log.is_hanging:
        os._exit(FAILED)


def config_of(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=CLIENT_BYTES_MOST,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )


def leave_word(lock: Path, url: str, token: str) -> None:
    """Say in the lock file how to reach this server; only this user can read it, and the token ends with us."""
    os.chmod(lock, 0o600)
    lock.write_text(json.dumps({"url": url, "token": token}) + "\n", "utf-8")


def spare_the_collector() -> None:
    """Take all that exists now out of the garbage collector's sight, unseen, and let it look less often.

    A full collection walks every object there is. With the frameworks and a day's tickets in memory that takes tens of
    milliseconds, in which no call is answered: the slowest answers of a server are its collector. Almost nothing here
    is cyclic, so little is lost by looking less often, and by not looking before: a start leaves less than a thousand
    objects that nobody needs.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def prepare_process() -> None:
    """What a server needs before it loads anything."""
    log_to_stderr()
    give_memory_back()


def give_memory_back() -> None:
    """Tell glibc to return what is freed. Elsewhere this does nothing.

    A sign-in takes 19 MiB for a moment. After the first one glibc would serve such sizes from the heap and keep them,
    and a heap for every thread: a third of an idle server's memory would be air.
    """
    with suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        for option, value in ((M_MMAP_THRESHOLD, MEBIBYTE), (M_TRIM_THRESHOLD, MEBIBYTE), (M_ARENA_MAX, 2)):
            libc.mallopt(option, value)


def log_to_stderr() -> None:
    """One line for each thing that an operator should know; stdout is for results."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("uvicorn", "httpx", "alembic", "hall.printers", "hall.live"):
        logging.getLogger(name).setLevel(logging.WARNING)
