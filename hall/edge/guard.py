"""The outermost ring: no body larger than allowed, no exception without an answer."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hall.edge.problems import ANSWERED, on_unexpected, problem_response

MAX_BODY_BYTES = 64 * 1024


class Guard:
    """ASGI middleware around the app. Refuses a body over `max_body_bytes` with 413 as soon as that is known.

    What the app does not handle is logged with an id, and the client gets that id in a 500 problem. May stand around
    the app or among its middleware.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared_bytes(scope) > self._max_body_bytes:
            response = problem_response(HTTPConnection(scope), "too_large", headers={"Connection": "close"})
            await response(scope, receive, send)
        else:
            await self._answer(scope, self._counting(receive), send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watching_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watching_send)
        except Exception as fault:  # the edge: answer and go on
            if ANSWERED in scope:
                return
            if started:
                raise  # the server cuts the connection, so that half an answer is not taken for a whole one
            response = await on_unexpected(HTTPConnection(scope), fault)
            await response(scope, receive, send)

    def _counting(self, receive: Receive) -> Receive:
        received = 0

        async def counting_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body_bytes:
                # The one exception that the framework lets through while it reads a body.
                raise HTTPException(413)
            return message

        return counting_receive


def _declared_bytes(scope: Scope) -> int:
    declared = HTTPConnection(scope).headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 20 else 0
