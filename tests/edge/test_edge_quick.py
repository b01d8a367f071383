"""A quick route answers what the framework would, whatever it is asked."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import Field
from pydantic_core import to_json

from hall.edge.fields import Body
from hall.edge.problems import Problem, install_problems
from hall.edge.quick import QuickRoute, plan_of
from tests.edge.edge_support import Client


class Order(Body):
    """Something to read."""

    dish: Annotated[str, Field(max_length=5)]
    count: int = 1
    sauces: tuple[str, ...] = ()


class Guest:
    """What a coroutine makes of the request."""

    def __init__(self, table: str, key: str | None) -> None:
        self.table, self.key = table, key


async def guest_of(
    request: Request,
    table: Annotated[str, Path(pattern="^[a-z]+$")],
    key: Annotated[str | None, Header(alias="Order-Key", min_length=2)] = None,
) -> Guest:
    if request.headers.get("authorization") is None:
        raise Problem("not_signed_in")
    return Guest(table, key)


def plain_guest(table: str) -> Guest:
    return Guest(table, None)


GuestIn = Annotated[Guest, Depends(guest_of)]


def as_json(*values: Any) -> Response:
    return Response(to_json(values), media_type="application/json")


def router_of(route_class: type[APIRoute]) -> APIRouter:
    router = APIRouter(route_class=route_class)

    @router.post("/{table}/order")
    async def order(guest: GuestIn, body: Order) -> Response:
        return as_json(guest.table, guest.key, body)

    @router.post("/{table}/water")
    async def water(guest: GuestIn, table: str, body: Order | None = None) -> Response:
        return as_json(guest.table, table, body)

    @router.get("/{table}/bill", dependencies=[Depends(guest_of)])
    async def bill(table: str) -> Response:
        return as_json(table)

    @router.get("/{table}/menu")
    async def menu(guest: GuestIn, page: Annotated[int, Query(ge=1)] = 1) -> Response:
        return as_json(guest.table, page)

    @router.get("/{table}/wine")
    async def wine(guest: Annotated[Guest, Depends(plain_guest)]) -> Response:
        return as_json(guest.table)

    @router.get("/{table}/{course}")
    async def course(guest: GuestIn, course: int) -> Response:
        return as_json(guest.table, course)

    return router


def client_of(route_class: type[APIRoute]) -> Client:
    app = FastAPI()
    install_problems(app)
    app.include_router(router_of(route_class))
    return Client(app)


KNOWN = {"Authorization": "x"}
JSON = {**KNOWN, "Content-Type": "application/json"}
FOOD = b'{"dish": "soup", "count": 2, "sauces": ["hot"]}'

REQUESTS: list[tuple[str, str, dict[str, str], bytes | None]] = [
    ("POST", "/a/order", JSON, FOOD),
    ("POST", "/a/order", {**JSON, "Order-Key": "k1"}, FOOD),
    ("POST", "/a/order", {**JSON, "Order-Key": "k"}, FOOD),
    ("POST", "/a/order", {**JSON, "Order-Key": ""}, FOOD),
    ("POST", "/A/order", JSON, FOOD),
    ("POST", "/a/order", {"Content-Type": "application/json"}, FOOD),
    ("POST", "/A/order", {"Content-Type": "application/json"}, b"{}"),
    ("POST", "/a/order", {**KNOWN, "Content-Type": "application/problem+json; charset=utf-8"}, FOOD),
    ("POST", "/a/order", {**KNOWN, "Content-Type": "text/plain"}, FOOD),
    ("POST", "/a/order", KNOWN, FOOD),
    ("POST", "/a/order", JSON, None),
    ("POST", "/a/order", JSON, b""),
    ("POST", "/a/order", JSON, b"null"),
    ("POST", "/a/order", JSON, b"[]"),
    ("POST", "/a/order", JSON, b"{"),
    ("POST", "/a/order", JSON, b"\xff"),
    ("POST", "/a/order", JSON, b"[" * 50_000),
    ("POST", "/a/order", JSON, b'{"dish": "\\ud800"}'),
    ("POST", "/a/order", JSON, b'{"dish": "soup", "count": "3"}'),
    ("POST", "/a/order", JSON, b'{"dish": "soup", "count": 1.5}'),
    ("POST", "/a/order", JSON, b'{"dish": "soup", "count": NaN}'),
    ("POST", "/a/order", JSON, b'{"dish": "a long dish"}'),
    ("POST", "/a/order", JSON, b'{"dish": "soup", "spoon": 1}'),
    ("POST", "/a/water", JSON, None),
    ("POST", "/a/water", JSON, b"null"),
    ("POST", "/a/water", JSON, FOOD),
    ("POST", "/a/water", JSON, b"{}"),
    ("GET", "/a/bill", KNOWN, None),
    ("GET", "/a/bill", {}, None),
    ("GET", "/A/bill", KNOWN, None),
    ("GET", "/a/menu?page=2", KNOWN, None),
    ("GET", "/a/menu?page=0", KNOWN, None),
    ("GET", "/a/wine", {}, None),
    ("GET", "/a/2", KNOWN, None),
    ("GET", "/a/two", KNOWN, None),
    ("PUT", "/a/order", JSON, FOOD),
]


@pytest.mark.parametrize(("method", "path", "headers", "body"), REQUESTS)
def test_a_quick_route_answers_as_any_other(
    method: str, path: str, headers: dict[str, str], body: bytes | None
) -> None:
    quick, thorough = (
        client_of(kind).request(method, path, headers=headers, content=body) for kind in (QuickRoute, APIRoute)
    )
    assert (quick.status_code, quick.content) == (thorough.status_code, thorough.content)


def test_only_what_a_plan_knows_is_planned() -> None:
    routes = [route for route in router_of(QuickRoute).routes if isinstance(route, APIRoute)]
    planned = {route.path.rsplit("/", 1)[1] for route in routes if plan_of(route.dependant) is not None}
    assert planned == {"order", "water", "bill"}
