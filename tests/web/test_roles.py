"""Who may call what. `matrix.csv` is the reviewed answer; the routes and the running application must agree with it."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import websockets
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from starlette.routing import BaseRoute, Mount

from hall.edge.auth import permissions_asked
from hall.live.socket import FORBIDDEN, NOT_SIGNED_IN, VIEW_PERMISSIONS
from hall.people.permissions import PERMISSIONS, ROLES, Role, permissions_of
from tests.support import fastapi_in, serving
from tests.web.live_support import closed_with
from tests.web.web_support import JIANGWAN, House

MATRIX = Path(__file__).with_name("matrix.csv")
COLUMNS = ("method", "path", "permission", *ROLES, "anonymous")
LIVE = "/api/v1/halls/{hall}/live"
REPORTS = {"display.report"}  # asked of whoever reports what it shows, inside a socket that is open
NOT_OURS = {"/openapi.json", "/static"}  # the framework's own, which know no principals
WORDS = {"hall": JIANGWAN, "counter": "1", "printer": "printer-1", "lang": "en", "login": "nobody"}
BODIES: dict[str, Any] = {
    "tickets": {"service": "general"},
    "sign-in": {"login": "nobody", "pin": "1"},
    "uncertain": {"reason": "jam"},
    "failed": {"reason": "jam"},
    "state": {"state": "ready"},
    "call": {"ticket": "nothing"},
    "walk-in": {"service": "general"},
    "park": {"reason": "form"},
    "help": {"kind": "device"},
    "transfer": {"service": "payment"},
    "reprioritise": {"class": "priority", "reason": "elder"},
    "add-service": {"service": "payment"},
    "correct-time": {"ended_at": "2026-11-24T02:00:00Z", "reason": "mistake"},
    "diversions": {"to": "app"},
}


def rows() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def routes_of(app: FastAPI) -> Iterator[BaseRoute]:
    """Every route of the application, those of included routers too."""
    for route in app.routes:
        router = getattr(route, "original_router", None)
        yield from router.routes if router is not None else (route,)


def route_rows(app: FastAPI) -> dict[tuple[str, str], str]:
    """The permission of every route by method and path, `anyone` for those that are for everybody."""
    found: dict[tuple[str, str], str] = {}
    for route in routes_of(app):
        path = str(getattr(route, "path", ""))
        methods = getattr(route, "methods", None) or ({"MOUNT"} if isinstance(route, Mount) else {"WS"})
        for method in methods:
            found[method, path] = permission_of(route)
    views = {("WS", f"{LIVE}?view={view}"): asked or "anyone" for view, asked in VIEW_PERMISSIONS.items()}
    assert found.pop(("WS", LIVE)) == "anyone"
    return {key: asked for key, asked in {**found, **views}.items() if key[1] not in NOT_OURS}


def permission_of(route: BaseRoute) -> str:
    dependant: Dependant | None = getattr(route, "dependant", None)
    if dependant is None:
        dependant = get_dependant(path=str(getattr(route, "path", "")), call=getattr(route, "endpoint", None) or len)
    asked = list(permissions_asked(dependant))
    assert len(asked) <= 1, f"{route} asks for {asked}"
    return "undeclared" if not asked else asked[0] or "anyone"


def test_the_matrix_has_a_column_for_each_role_and_says_only_allow_or_deny() -> None:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == COLUMNS
    assert get_args(Role) == ROLES
    for row in rows():
        assert {row[role] for role in (*ROLES, "anonymous")} <= {"allow", "deny"}, row
        if row["permission"] == "anyone":
            assert "deny" not in row.values(), row


async def test_every_route_stands_in_the_matrix_and_the_matrix_names_no_other(house: House) -> None:
    listed = {(row["method"], row["path"]): row["permission"] for row in rows()}
    assert len(listed) == len(rows()), "a route stands in the matrix twice"
    assert listed == route_rows(fastapi_in(house.app))


@pytest.mark.parametrize("role", [*ROLES, "anonymous"])
async def test_each_role_gets_in_exactly_where_the_matrix_says(house: House, role: Any) -> None:
    door = await house.door(None if role == "anonymous" else role)
    ticket = (await (await house.door("api")).issue())["id"]
    allowed = {}
    for row in rows():
        if row["method"] != "WS":
            path = row["path"].format_map(Filled(WORDS, ticket=ticket))
            body = BODIES.get(path.rpartition("/")[2], {}) if row["method"] == "POST" else None
            answer = await door.client.request(row["method"], path, json=body)
            refusal = 401 if role == "anonymous" else 403
            denied = answer.status_code in (401, 403) and answer.json()["code"] != "sign_in_failed"
            assert not denied or answer.status_code == refusal, (row, answer.text)
            allowed[row["method"], row["path"]] = "deny" if denied else "allow"
    assert allowed == {(row["method"], row["path"]): row[role] for row in rows() if row["method"] != "WS"}


class Filled(dict[str, str]):
    """The words of a path; one that is not known names nothing."""

    def __init__(self, words: dict[str, str], **more: str) -> None:
        super().__init__({**words, **more})

    def __missing__(self, name: str) -> str:
        return "nothing"


async def test_each_role_may_follow_exactly_the_views_that_the_matrix_says(house: House) -> None:
    views = [row for row in rows() if row["method"] == "WS"]
    tokens = {role: await house.token(role) for role in ROLES}
    async with serving(house.app) as address:
        for row in views:
            url = f"ws://{address}{row['path'].format(hall=JIANGWAN)}&counter=1&ticket=no-such-secret"
            found = {role: await may_follow(url, tokens.get(role)) for role in (*ROLES, "anonymous")}
            assert found == {role: row[role] for role in found}, row["path"]


async def may_follow(url: str, token: str | None) -> str:
    """Whether the server goes on beyond asking who it is; an unknown ticket is found only after that."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with websockets.connect(url, additional_headers=headers) as socket:
        code, _ = (1000, "") if await says_something(socket) else await closed_with(socket)
    assert code != (FORBIDDEN if token is None else NOT_SIGNED_IN)
    return "deny" if code in (FORBIDDEN, NOT_SIGNED_IN) else "allow"


async def says_something(socket: websockets.ClientConnection) -> bool:
    with contextlib.suppress(websockets.ConnectionClosed):
        return bool(await socket.recv())
    return False


def test_every_permission_is_asked_for_somewhere() -> None:
    """One that no route asks for promises what nobody keeps."""
    assert set(PERMISSIONS) - REPORTS == {row["permission"] for row in rows()} - {"anyone"}


def test_the_matrix_agrees_with_the_table_of_permissions() -> None:
    """Two places say it; a change of one is seen by whoever reviews the other."""
    for row in rows():
        if row["permission"] != "anyone":
            may = {role: "allow" if row["permission"] in permissions_of(role) else "deny" for role in ROLES}
            assert {role: row[role] for role in ROLES} == may, row
            assert row["anonymous"] == "deny", row
