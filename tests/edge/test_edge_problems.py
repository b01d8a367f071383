"""Every error answer is a problem with a code, in the reader's language, and echoes nothing."""

import json
import logging
import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from babel.messages.pofile import read_po
from fastapi import FastAPI, Request, WebSocket
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from hall.day import refusals
from hall.day.refusals import Refusal
from hall.edge.fields import Body, Id, Line
from hall.edge.guard import MAX_BODY_BYTES, Guard
from hall.edge.paging import PageQuery
from hall.edge.problems import MEDIA_TYPE, Problem, install_problems, render_json
from hall.edge.status import CODE_OF_STATUS, STATUS, code_of, status_of
from hall.i18n import LOCALE_FOLDER, PLACEHOLDER
from tests.edge.edge_support import Client, open_socket, pieces


class Press(Body):
    """What the test routes take."""

    service: Id
    count: float = 1
    note: Line | None = None


def make_app() -> FastAPI:
    app = bare_app()
    app.add_middleware(Guard)
    return app


def bare_app() -> FastAPI:
    app = FastAPI()
    install_problems(app)

    @app.post("/press")
    def press(body: Press) -> dict[str, Any]:
        return {"service": body.service}

    @app.get("/refuse")
    def refuse() -> None:
        raise refusals.CounterIsBusy(counter="3", since=datetime(2026, 11, 24, 2, 30, tzinfo=UTC), code="x", status=1)

    @app.get("/busy")
    def busy() -> None:
        raise refusals.StorageUnavailable

    @app.get("/problem")
    def problem() -> None:
        raise Problem("too_many_attempts", headers={"Retry-After": "7"}, retry_after_s=7, retry_after_min=1)

    @app.get("/break")
    def break_() -> None:
        raise RuntimeError("the secret is 1001")

    @app.get("/storage")
    def storage() -> None:
        raise OperationalError("select 1", {}, Exception("disk"))

    @app.get("/http/{status}")
    def http(status: int) -> None:
        raise HTTPException(status)

    @app.get("/page")
    def page(page: PageQuery) -> list[int]:
        return [page.after, page.limit]

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        raise Problem("not_signed_in")

    return app


app = make_app()
client = Client(app)


def test_a_refusal_is_a_problem_with_its_facts() -> None:
    answer = client.get("/refuse", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "counter_busy",
        "detail": "窗口正在办理，请先完成当前客户。",
        "language": "zh-Hans",
        "counter": "3",
        "since": "2026-11-24T02:30:00.000Z",
    }


def test_a_problem_brings_its_headers() -> None:
    answer = client.get("/problem")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json()["retry_after_s"] == 7
    assert answer.json()["detail"] == "Too many attempts. Try again in 1 min."


def test_what_may_pass_soon_says_when_to_try_again() -> None:
    answer = client.get("/busy")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/press", 405, "method_not_allowed"),
        ("GET", "/http/400", 422, "malformed"),
        ("GET", "/http/403", 403, "forbidden"),
        ("GET", "/http/418", 418, "malformed"),
        ("GET", "/http/502", 502, "unexpected"),
        ("GET", "/page?limit=0", 422, "malformed"),
        ("GET", "/page?after=x", 422, "malformed"),
        ("GET", "/page?after=99999999999999999999", 422, "malformed"),
    ],
)
def test_the_answers_of_the_framework_are_problems(method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, status, code)
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_a_wrong_method_says_which_are_right() -> None:
    assert client.request("PUT", "/press").headers["allow"] == "POST"


def test_a_page_has_defaults() -> None:
    assert client.get("/page").json() == [0, 100]
    assert client.get("/page?after=5&limit=1000").json() == [5, 1000]


MALFORMED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b'{"service": 1}',
    b'{"service": null}',
    b'{"service": "SENT"}extra',
    b'{"service": "SENT\\u0000"}',
    b'{"service": "SENT\\ud800"}',
    b'{"service": "SENT", "count": "SENT"}',
    b'{"service": "SENT", "note": "a\\u0000b"}',
    b'{"service": "SENT", "note": "a\\nb"}',
    b'{"service": "SENT", "note": "\\ud800"}',
    b'{"service": "SENT", "note": ""}',
    b'{"service": "SENT", "\\ud800": 1}',
    b"\xff\xfe",
    b"[" * 60_000,
    b'{"service": ' + b"9" * 5000 + b"}",
    b'{"count": NaN}',
]


@pytest.mark.parametrize("content", MALFORMED, ids=lambda content: repr(content[:40]))
def test_a_malformed_body_is_refused_and_not_echoed(content: bytes) -> None:
    answer = client.post("/press", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert "SENT" not in answer.text
    assert len(answer.content) < 5000


def test_a_malformed_body_says_where() -> None:
    answer = client.post("/press", json={"service": "a b", "more": 1})
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", "service"], ["body", "more"]]
    assert all(set(error) == {"loc", "msg"} for error in answer.json()["errors"])


def test_errors_are_listed_up_to_a_limit() -> None:
    answer = client.post("/press", json={f"field{n}": n for n in range(500)} | {"x" * 5000: 1})
    assert len(answer.json()["errors"]) == 20
    assert len(answer.content) < 5000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries({}, optional={"service": json_values, "count": json_values, "note": json_values})
    | json_values
)
def test_no_body_breaks_the_server(body: object) -> None:
    content = json.dumps(body).encode()
    answer = client.post("/press", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("path", ["/press", "/raw"])
def test_a_body_that_is_announced_too_large_is_refused(path: str) -> None:
    answer = client.post(path, content=b"x" * (MAX_BODY_BYTES + 1), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("path", ["/press", "/raw"])
def test_a_body_that_grows_too_large_is_refused(path: str) -> None:
    answer = client.post(
        path, content=pieces(b"x" * 40_000, b"x" * 40_000), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_of_just_the_limit_passes() -> None:
    assert client.post("/raw", content=b"x" * MAX_BODY_BYTES).json() == MAX_BODY_BYTES


@pytest.mark.parametrize("guarded", [app, Guard(app), Guard(bare_app())], ids=["inside", "twice", "outside"])
def test_a_fault_of_ours_is_logged_with_the_id_that_the_client_gets(
    caplog: pytest.LogCaptureFixture, guarded: ASGIApp
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = Client(guarded, raises=True).get("/break")
    assert len(caplog.records) == 1
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "1001" not in answer.text
    assert answer.json()["incident"] in caplog.records[0].getMessage()
    assert caplog.records[0].exc_info is not None


def test_a_fault_of_the_database_is_temporary(caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/storage")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert answer.json()["incident"] in caplog.text


def test_a_socket_is_refused_with_a_problem_too() -> None:
    assert open_socket(app, "/live").status == 401


async def test_an_answer_that_broke_off_is_not_hidden() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("half way")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(RuntimeError):
        await Guard(app)(scope, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_anything_can_be_rendered() -> None:
    value = {
        "a": math.nan,
        "b": [math.inf, 1.5],
        "c": date(2026, 11, 24),
        "d": {
            1,
        },
        "e": "\ud800",
        "f": object,
        7: None,
    }
    rendered = json.loads(render_json(value))
    assert (rendered["a"], rendered["b"], rendered["c"], rendered["d"], rendered["e"]) == (
        None,
        [None, 1.5],
        "2026-11-24",
        [1],
        "?",
    )


def test_every_refusal_has_a_status_of_its_own() -> None:
    codes = {refusal.code for refusal in Refusal.__subclasses__()} | {Refusal.code}
    assert codes <= set(STATUS)


def test_every_status_that_comes_without_a_code_gets_one() -> None:
    assert all(code in STATUS for code in CODE_OF_STATUS.values())
    assert (code_of(404), code_of(415), code_of(599)) == ("not_found", "malformed", "unexpected")
    assert status_of("something_new") == 409


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_code_has_a_sentence(language: str) -> None:
    with (LOCALE_FOLDER / language / "problems.po").open("rb") as file:
        sentences = {message.id: message.string for message in read_po(file) if message.id}
    assert set(sentences) == set(STATUS)
    told = {code: {hit["name"] for hit in PLACEHOLDER.finditer(text)} for code, text in sentences.items()}
    assert all(sentences.values())
    assert {code: facts for code, facts in told.items() if facts} == {"too_many_attempts": {"retry_after_min"}}
