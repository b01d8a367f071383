"""The web application: every router, the pages, the static files, and the headers that keep pages safe."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import hall
from hall.bootstrap import System
from hall.edge.guard import Guard
from hall.edge.problems import install_problems
from hall.files import static_folder
from hall.live import api as live_api
from hall.live import counters_api, floor_api, tickets_api, visitor_api
from hall.live import socket as live_socket
from hall.log.port import StorageFault
from hall.setup.toml import Parsed
from hall.web import control, demo, health, pages, sign_in

# Nothing from elsewhere, no inline code or style, no eval: a name on a ticket can never become a script.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(system: System, files: Sequence[Parsed] = (), *, replace_changes: bool = False) -> ASGIApp:
    """The application around a system; starting it starts the system with these set-up files, unless it runs."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if not system.is_running:
            await system.start(files, replace_changes=replace_changes)
        try:
            yield
        finally:
            await system.stop()

    app = FastAPI(title="Hall", version=hall.__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.system = system
    app.state.engine = system.engine
    app.state.runner = system.runner
    app.state.receipts = system.receipts
    app.state.people = system.people
    app.state.key = system.key
    app.state.demo = system.demo
    install_problems(app, StorageFault)
    doors = (tickets_api, counters_api, floor_api, visitor_api, live_api, live_socket)
    for module in (*doors, sign_in, health, pages, control):
        app.include_router(module.router)
    app.include_router(control.setup_router)
    if system.tray is not None:
        app.state.tray = system.tray
        app.include_router(demo.router)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    return Guard(SafeHeaders(app))


class SafeHeaders:
    """ASGI middleware: the headers above on every answer; what is not under a version is asked for again each time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self.app(scope, receive, send_with_headers)
