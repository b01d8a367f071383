"""Who may use a route. A route names a permission, `require("ticket.issue")`, or says that it is for everyone.

A token comes as `Authorization: Bearer`, as a socket's subprotocol `hall.TOKEN`, or as the cookie `hall`. The cookie is
`SameSite=Strict`; since other ports of one machine are the same site, it also has to come from our own pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi.dependencies.models import Dependant
from starlette.requests import HTTPConnection

from hall.edge.problems import Problem
from hall.people.permissions import PERMISSIONS
from hall.people.principals import Principal as Principal
from hall.people.service import People

COOKIE: Final = "hall"
SUBPROTOCOL: Final = "hall."
MAX_TOKEN_LENGTH: Final = 256
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Require:
    """A dependency that lets in whoever has `permission` at the hall of the path, and gives the route the principal."""

    permission: str

    async def __call__(self, connection: HTTPConnection) -> Principal:
        principal = await _principal(connection)
        if principal is None:
            raise Problem("not_signed_in", headers={"WWW-Authenticate": "Bearer"})
        require_at(connection, principal, self.permission)
        return principal


@dataclass(frozen=True, slots=True)
class Anyone:
    """A dependency for public routes: gives the principal where there is one of this hall, else None."""

    permission: None = None

    async def __call__(self, connection: HTTPConnection) -> Principal | None:
        principal = await _principal(connection)
        hall = connection.path_params.get("hall")
        return principal if principal is None or hall is None or principal.may_at(hall) else None


anyone: Final = Anyone()


def require(permission: str) -> Require:
    """The dependency for a permission: `who: Annotated[Principal, Depends(require("ticket.issue"))]`."""
    assert permission in PERMISSIONS, f"no such permission: {permission}"
    return Require(permission)


def require_at(connection: HTTPConnection, principal: Principal, permission: str) -> None:
    """Refuses with 403 who lacks the permission, or belongs to another hall than the path names."""
    hall = connection.path_params.get("hall")
    if not principal.may(permission) or (hall is not None and not principal.may_at(hall)):
        raise Problem("forbidden", permission=permission)


def token_of(connection: HTTPConnection) -> str | None:
    """The token that came with a request or socket, None when none did."""
    token = _bearer(connection) or _from_subprotocol(connection) or _from_cookie(connection)
    return token if token and len(token) <= MAX_TOKEN_LENGTH else None


def accepted_subprotocol(connection: HTTPConnection) -> str | None:
    """The subprotocol to accept a socket with: browsers insist that the one they offered is taken."""
    offered = connection.headers.get("sec-websocket-protocol", "").split(",")
    return next((protocol.strip() for protocol in offered if protocol.strip().startswith(SUBPROTOCOL)), None)


def permissions_asked(dependant: Dependant) -> Iterator[str | None]:
    """Every permission that a route asks for, None for `anyone`: what the test of roles by routes reads."""
    if isinstance(dependant.call, Require | Anyone):
        yield dependant.call.permission
    for inner in dependant.dependencies:
        yield from permissions_asked(inner)


async def _principal(connection: HTTPConnection) -> Principal | None:
    token = token_of(connection)
    people: People = connection.app.state.people
    return None if token is None else await people.principal(token)


def _bearer(connection: HTTPConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _from_subprotocol(connection: HTTPConnection) -> str | None:
    protocol = accepted_subprotocol(connection) if connection.scope["type"] == "websocket" else None
    return protocol.removeprefix(SUBPROTOCOL) if protocol else None


def _from_cookie(connection: HTTPConnection) -> str | None:
    token = connection.cookies.get(COOKIE)
    return token if token and _is_from_our_pages(connection) else None


def _is_from_our_pages(connection: HTTPConnection) -> bool:
    """True for reads, and for what a page of ours sent, as far as the browser tells."""
    if connection.scope.get("method") in SAFE_METHODS:
        return True
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")
