"""A client for an app in this process: HTTP through httpx, sockets spoken to in plain ASGI."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp


class Client:
    """Sends requests to an app one by one and keeps its cookies, as a browser does."""

    def __init__(self, app: ASGIApp, base_url: str = "http://testserver", *, raises: bool = False) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=raises)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)
        self.cookies = self._client.cookies

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._client.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    """A body whose length is not announced."""
    for part in parts:
        yield part


@dataclass(slots=True)
class Socket:
    """What became of a socket: the status it was refused with, or what it said."""

    status: int | None = None
    subprotocol: str | None = None
    texts: list[str] = field(default_factory=list)


def open_socket(app: FastAPI, path: str, headers: dict[str, str] | None = None) -> Socket:
    """Connects, and listens until the app closes."""
    return asyncio.run(_converse(app, path, headers or {}))


async def _converse(app: FastAPI, path: str, headers: dict[str, str]) -> Socket:
    socket = Socket()

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        if message["type"] == "websocket.http.response.start":
            socket.status = message["status"]
        elif message["type"] == "websocket.accept":
            socket.subprotocol = message.get("subprotocol")
        elif message["type"] == "websocket.send":
            socket.texts.append(message["text"])

    offered = headers.get("Sec-WebSocket-Protocol", "")
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [part.strip() for part in offered.split(",") if part],
        "extensions": {"websocket.http.response": {}},
    }
    await app(scope, receive, send)
    return socket
