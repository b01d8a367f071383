"""Every trouble becomes one form of answer: RFC 9457 problem JSON with a stable code.

Refusals of the core, mistakes in a request, missing routes and faults of our own all pass here, and nowhere else is an
error answer made. What a client sent is never echoed.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from sqlalchemy import exc as database
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from hall.day.refusals import Refusal
from hall.edge.language import preferred_language
from hall.edge.status import STATUS, code_of, status_of
from hall.i18n import languages_available, translate
from hall.people.tokens import new_id

MEDIA_TYPE = "application/problem+json"
# How the OpenAPI describes every refusal: a router takes it as its `responses`.
PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. Programs act on `code`; some codes come with facts of their own.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "language"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "enum": sorted(STATUS)},
        "detail": {"type": "string", "description": "The code's sentence in the language of the reader."},
        "language": {"type": "string"},
    },
}
PROBLEM_CONTENT: dict[str, Any] = {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "Refused; nothing changed.", "content": PROBLEM_CONTENT},
    503: {"description": "Try again later; nothing changed.", "content": PROBLEM_CONTENT},
}
MAX_ERRORS = 20
MAX_TEXT = 200
# Where a request's scope says that a fault was answered; Starlette raises it again all the same.
ANSWERED = "hall.answered"
# Words that this form of answer uses itself: facts of a refusal cannot overwrite them.
RESERVED = frozenset({"type", "title", "status", "code", "detail", "language"})

logger = logging.getLogger(__name__)


class Problem(Exception):
    """A request that ends here. `data` are facts for the client; `headers` go with the answer."""

    def __init__(self, code: str, *, headers: Mapping[str, str] | None = None, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data
        self.headers = dict(headers or {})


def install_problems(app: FastAPI, *storage_faults: type[Exception]) -> None:
    """Makes every error answer of the app a problem.

    `storage_faults` are exceptions that mean the same as the database's own: try again later.
    """
    app.add_exception_handler(Exception, on_unexpected)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(WebSocketRequestValidationError, _on_malformed)
    app.add_exception_handler(HTTPException, _on_http_exception)
    for fault in (database.OperationalError, database.InterfaceError, database.TimeoutError, *storage_faults):
        app.add_exception_handler(fault, _on_storage_fault)


def problem_response(
    connection: HTTPConnection,
    code: str,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, object] | None = None,
) -> Response:
    """The answer for a code, its sentence in the reader's language."""
    language = preferred_language(connection.headers.get("accept-language"), languages_available())
    status = status or status_of(code)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": translate(language, code, **(data or {})),
        "language": language,
        **{key: value for key, value in (data or {}).items() if key not in RESERVED},
    }
    return Response(render_json(body), status, dict(headers or {}), MEDIA_TYPE)


def render_json(value: object) -> bytes:
    """JSON of anything: instants as UTC with `Z`, what JSON cannot hold as null or text, never an exception."""
    return json.dumps(_as_json(value), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def as_errors(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Where the request is wrong and why, without what was sent."""
    listed: list[dict[str, object]] = []
    for error in list(errors)[:MAX_ERRORS]:
        loc = [part if isinstance(part, int) else str(part)[:MAX_TEXT] for part in error.get("loc", ())]
        listed.append({"loc": loc, "msg": str(error.get("msg", ""))[:MAX_TEXT]})
    return listed


async def on_unexpected(connection: HTTPConnection, exception: Exception) -> Response:
    """The answer to what nobody handled: logged once, with an id that the client gets; the scope says so."""
    incident = new_id()
    connection.scope[ANSWERED] = incident
    logger.error("unexpected %s on %s", incident, _where(connection), exc_info=exception)
    return problem_response(connection, "unexpected", data={"incident": incident})


# Starlette calls a handler for requests and for sockets that are not accepted yet; either way the answer is HTTP. The
# parameter is as wide as its signature asks.


async def _on_problem(connection: HTTPConnection, exception: Exception) -> Response:
    assert isinstance(exception, Problem)
    return problem_response(connection, exception.code, headers=exception.headers, data=exception.data)


async def _on_refusal(connection: HTTPConnection, exception: Exception) -> Response:
    assert isinstance(exception, Refusal)
    headers = {"Retry-After": "1"} if status_of(exception.code) == HTTPStatus.SERVICE_UNAVAILABLE else {}
    data = {name.rstrip("_"): value for name, value in exception.data.items()}  # `class_` is Python's word
    return problem_response(connection, exception.code, headers=headers, data=data)


async def _on_malformed(connection: HTTPConnection, exception: Exception) -> Response:
    assert isinstance(exception, RequestValidationError | WebSocketRequestValidationError)
    return problem_response(connection, "malformed", data={"errors": as_errors(exception.errors())})


async def _on_http_exception(connection: HTTPConnection, exception: Exception) -> Response:
    assert isinstance(exception, HTTPException)
    code = code_of(exception.status_code)
    # A body that is no JSON text is 400 to the framework; to our clients it is malformed like any other.
    status = None if exception.status_code == HTTPStatus.BAD_REQUEST else exception.status_code
    return problem_response(connection, code, status=status, headers=exception.headers)


async def _on_storage_fault(connection: HTTPConnection, exception: Exception) -> Response:
    incident = new_id()
    logger.error("storage fault %s on %s", incident, _where(connection), exc_info=exception)
    return problem_response(
        connection, "storage_unavailable", headers={"Retry-After": "1"}, data={"incident": incident}
    )


def _where(connection: HTTPConnection) -> str:
    """The route's pattern, for the log: the path itself may hold a ticket's secret."""
    return str(getattr(connection.scope.get("route"), "path", "no route"))


def _as_json(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _as_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_json(entry) for entry in value]
    return str(value)
