"""Who gets in: by which token, with which permission, at which hall."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, WebSocket
from fastapi.routing import APIRoute

from hall.edge.auth import Require, accepted_subprotocol, anyone, permissions_asked, require
from hall.edge.guard import Guard
from hall.edge.problems import install_problems
from hall.people.permissions import PERMISSIONS, ROLES, Role, permissions_of
from hall.people.principals import Principal
from hall.people.service import People
from hall.web import sign_in
from tests.edge.edge_support import Client, open_socket
from tests.people.people_support import HandClock, people_at


def make_app() -> FastAPI:
    app = FastAPI()
    install_problems(app)
    app.add_middleware(Guard)
    app.include_router(sign_in.router)

    @app.post("/halls/{hall}/tickets")
    async def issue(hall: str, who: Annotated[Principal, Depends(require("ticket.issue"))]) -> str:
        return who.id

    @app.get("/halls/{hall}/board")
    async def board(hall: str, who: Annotated[Principal | None, Depends(anyone)]) -> str | None:
        return who.id if who else None

    @app.websocket("/halls/{hall}/live")
    async def live(hall: str, socket: WebSocket, who: Annotated[Principal, Depends(require("desk.view"))]) -> None:
        await socket.accept(accepted_subprotocol(socket))
        await socket.send_text(who.id)
        await socket.close()

    for permission in PERMISSIONS:
        app.get(f"/may/{permission}", dependencies=[Depends(require(permission))])(lambda: "yes")
    return app


app = make_app()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def people(clock: HandClock) -> Iterator[People]:
    with people_at(clock) as people:
        asyncio.run(people.set_account(hall="h", login="chen", name="陈静", role="clerk", secret="1001"))
        asyncio.run(people.set_account(hall="*", login="root", name="Root", role="admin", secret="demo-admin"))
        app.state.people = people
        yield people


@pytest.fixture
def client(people: People) -> Client:
    return Client(app)


def token_for(people: People, role: Role, hall: str = "h", device: str | None = None) -> str:
    return asyncio.run(people.create_token(hall=hall, role=role, device=device))[0]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sign_in_as_chen(client: Client) -> str:
    answer = client.post("/api/v1/sign-in", json={"login": "chen", "pin": "1001", "hall": "h", "counter": "3"})
    assert answer.status_code == 200
    return str(answer.json()["token"])


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_without_a_token_one_is_asked_to_sign_in(client: Client) -> None:
    answer = client.post("/halls/h/tickets")
    assert code_of(answer) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer " + "x" * 300, "Bearer a b", "Bearer \xff\xfe"]
)
def test_a_header_without_a_good_token_does_not_help(client: Client, header: str) -> None:
    answer = client.post("/halls/h/tickets", headers={"Authorization": header.encode("latin-1")})
    assert code_of(answer) == (401, "not_signed_in")


def test_a_kiosk_issues_at_its_own_hall_only(client: Client, people: People) -> None:
    token = token_for(people, "kiosk", device="k")
    assert client.post("/halls/h/tickets", headers=bearer(token)).json() == "k"
    assert code_of(client.post("/halls/g/tickets", headers=bearer(token))) == (403, "forbidden")


def test_a_token_of_every_hall_is_good_at_each(client: Client, people: People) -> None:
    token = token_for(people, "api", hall="*")
    assert client.post("/halls/g/tickets", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_what_the_table_says_and_no_more(client: Client, people: People, role: Role) -> None:
    token = token_for(people, role)
    allowed = {name for name in PERMISSIONS if client.get(f"/may/{name}", headers=bearer(token)).status_code == 200}
    assert allowed == permissions_of(role)


def test_a_public_route_knows_its_own_and_takes_everybody(client: Client, people: People) -> None:
    display = token_for(people, "display", device="d")
    assert client.get("/halls/h/board").json() is None
    assert client.get("/halls/h/board", headers=bearer("worthless")).json() is None
    assert client.get("/halls/h/board", headers=bearer(display)).json() == "d"
    assert client.get("/halls/g/board", headers=bearer(display)).json() is None


def test_a_socket_takes_a_header_or_a_subprotocol(client: Client) -> None:
    token = sign_in_as_chen(client)
    assert open_socket(app, "/halls/h/live", bearer(token)).texts == ["chen"]
    socket = open_socket(app, "/halls/h/live", {"Sec-WebSocket-Protocol": f"other, hall.{token}"})
    assert (socket.subprotocol, socket.texts) == (f"hall.{token}", ["chen"])


@pytest.mark.parametrize("cookie_of", ["http://testserver", "http://testserver:8080"])
def test_a_socket_takes_the_cookie_from_our_own_pages(client: Client, cookie_of: str) -> None:
    headers = {"Cookie": f"hall={sign_in_as_chen(client)}", "Origin": cookie_of, "Host": "testserver"}
    socket = open_socket(app, "/halls/h/live", headers)
    assert socket.texts == (["chen"] if cookie_of == "http://testserver" else [])


def test_a_socket_is_refused_before_it_opens(client: Client) -> None:
    token = sign_in_as_chen(client)
    assert open_socket(app, "/halls/h/live").status == 401
    assert open_socket(app, "/halls/h/live", {"Sec-WebSocket-Protocol": "hall.x"}).status == 401
    assert open_socket(app, "/halls/g/live", {"Sec-WebSocket-Protocol": f"hall.{token}"}).status == 403


def test_signing_in_gives_a_token_and_a_cookie(client: Client) -> None:
    answer = client.post("/api/v1/sign-in", json={"login": "chen", "pin": "1001", "hall": "h"})
    assert answer.json() == {
        "token": answer.cookies["hall"],
        "role": "clerk",
        "login": "chen",
        "name": "陈静",
        "hall": "h",
        "expires_at": "2026-11-25T00:00:00.000Z",
    }
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age=43200" in cookie
    assert "secure" not in cookie


def test_the_cookie_is_secure_where_the_connection_is(people: People) -> None:
    client = Client(app, "https://testserver")
    answer = client.post("/api/v1/sign-in", json={"login": "root", "password": "demo-admin"})
    assert "; secure" in answer.headers["set-cookie"].lower()
    assert answer.json()["hall"] == "*"


def test_me_says_who_one_is(client: Client, people: People) -> None:
    token = sign_in_as_chen(client)
    client.cookies.clear()
    assert client.get("/api/v1/me", headers=bearer(token)).json() == {
        "role": "clerk",
        "login": "chen",
        "name": "陈静",
        "hall": "h",
        "device": None,
        "counter": "3",
        "permissions": sorted(permissions_of("clerk")),
    }
    device = client.get("/api/v1/me", headers=bearer(token_for(people, "kiosk", device="k"))).json()
    assert (device["role"], device["device"], device["login"], device["name"]) == ("kiosk", "k", None, None)
    assert code_of(client.get("/api/v1/me")) == (401, "not_signed_in")


def test_the_cookie_serves_where_no_header_comes(client: Client) -> None:
    sign_in_as_chen(client)
    assert client.get("/api/v1/me").json()["login"] == "chen"
    assert code_of(client.get("/api/v1/me", headers=bearer("worthless"))) == (401, "not_signed_in")


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "null"},
]
OURS: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://outside.example"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://testserver"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_the_cookie_is_no_good_on_a_page_of_others(client: Client, people: People, headers: dict[str, str]) -> None:
    client.post("/api/v1/sign-in", json={"login": "root", "password": "demo-admin"})
    assert code_of(client.post("/halls/h/tickets", headers=headers)) == (401, "not_signed_in")


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_the_cookie_is_good_on_our_own_pages(client: Client, headers: dict[str, str]) -> None:
    client.post("/api/v1/sign-in", json={"login": "root", "password": "demo-admin"})
    assert client.post("/halls/h/tickets", headers=headers).json() == "root"


def test_signing_out_ends_the_session_and_takes_the_cookie_back(client: Client) -> None:
    token = sign_in_as_chen(client)
    answer = client.post("/api/v1/sign-out")
    assert answer.status_code == 204
    assert 'hall=""' in answer.headers["set-cookie"]
    assert code_of(client.get("/api/v1/me", headers=bearer(token))) == (401, "not_signed_in")
    assert client.post("/api/v1/sign-out").status_code == 204


def test_signing_out_does_not_touch_a_device(client: Client, people: People) -> None:
    token = token_for(people, "kiosk")
    assert client.post("/api/v1/sign-out", headers=bearer(token)).status_code == 204
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 200


def test_a_failed_sign_in_does_not_say_what_was_wrong(client: Client) -> None:
    tries = [
        {"login": "chen", "pin": "1"},
        {"login": "nobody", "pin": "1"},
        {"login": "chen", "pin": "1001", "hall": "g"},
    ]
    answers = [client.post("/api/v1/sign-in", json=body) for body in tries]
    assert [code_of(answer) for answer in answers] == [(401, "sign_in_failed")] * 3
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "chen"},
        {"login": "chen", "pin": "1", "password": "1"},
        {"login": "chen", "pin": ""},
        {"login": "chen", "pin": 1001},
        {"login": "chen", "pin": "x" * 129},
        {"login": "chen", "pin": "\x00"},
        {"login": "a b", "pin": "1"},
        {"login": "chen\x00", "pin": "1"},
        {"login": "chen", "pin": "1", "hall": "*"},
        {"login": "chen", "pin": "1", "extra": True},
    ],
    ids=str,
)
def test_a_malformed_sign_in_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert code_of(client.post("/api/v1/sign-in", json=body)) == (422, "malformed")


def test_a_lone_surrogate_is_no_secret(client: Client) -> None:
    content = b'{"login": "chen", "pin": "\\ud800"}'
    answer = client.post("/api/v1/sign-in", content=content, headers={"Content-Type": "application/json"})
    assert code_of(answer) == (422, "malformed")


def test_too_many_attempts_say_when_to_come_back(client: Client, clock: HandClock) -> None:
    for _ in range(10):
        client.post("/api/v1/sign-in", json={"login": "chen", "pin": "1"})
    answer = client.post("/api/v1/sign-in", json={"login": "chen", "pin": "1001"})
    assert code_of(answer) == (429, "too_many_attempts")
    assert (answer.json()["retry_after_s"], answer.json()["retry_after_min"]) == (300, 5)
    assert answer.json()["detail"] == "Too many attempts. Try again in 5 min."
    assert answer.headers["retry-after"] == "300"
    clock.advance(minutes=5)
    assert client.post("/api/v1/sign-in", json={"login": "chen", "pin": "1001"}).status_code == 200


def test_a_route_says_which_permission_it_asks_for(people: People) -> None:
    asked = {
        route.path: list(permissions_asked(route.dependant)) for route in app.routes if isinstance(route, APIRoute)
    }
    assert asked["/halls/{hall}/tickets"] == ["ticket.issue"]
    assert asked["/halls/{hall}/board"] == [None]
    assert Require("ticket.issue").permission == "ticket.issue"


def test_an_unknown_permission_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="no such permission"):
        require("ticket.isue")
