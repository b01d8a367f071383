"""Input that no screen of ours sends: a problem answer each time, nothing changed, and never a fault of ours."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.web.web_support import Door, House, done, open_house, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEEP = b"[" * 30_000 + b"]" * 30_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(made_database: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One running application for all of these tests, as none of them changes anything in it."""
    database = tmp_path_factory.mktemp("bad") / "hall.db"
    async with open_house(Path(shutil.copy(made_database, database))) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def api(house: House) -> AsyncIterator[Door]:
    """A program after whose visit the log is as long as before."""
    door = await house.door("api")
    before = house.hall.picture.day.seq
    yield door
    assert house.hall.picture.day.seq == before


UNKNOWN = {
    "service_unknown": {"service": "nothing"},
    "class_unknown": {"service": "general", "class": "nothing"},
    "language_unknown": {"service": "general", "language": "tlh"},
}


@pytest.mark.parametrize("code", UNKNOWN)
async def test_what_the_hall_does_not_have_is_unknown(api: Door, code: str) -> None:
    refused(await api.post("tickets", UNKNOWN[code]), code)


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "white space": b"  \n",
    "no JSON": b"{",
    "no UTF-8": b'{"service": "\xff"}',
    "byte order mark and nothing": b"\xef\xbb\xbf",
    "a number": b"1",
    "a text": b'"general"',
    "a list": b'[{"service": "general"}]',
    "null": b"null",
    "true": b"true",
    "NaN": b"NaN",
    "NaN inside": b'{"service": NaN}',
    "infinity": b'{"service": -Infinity}',
    "a huge number": b'{"service": 1' + b"0" * 5000 + b"}",
    "a huge exponent": b'{"service": 1e999999}',
    "deep": DEEP,
    "deep inside": b'{"service": ' + DEEP + b"}",
    "empty object": b"{}",
    "null service": b'{"service": null}',
    "service as number": b'{"service": 1}',
    "service as list": b'{"service": ["general"]}',
    "empty service": b'{"service": ""}',
    "NUL": b'{"service": "general\\u0000"}',
    "new line": b'{"service": "general\\n"}',
    "surrogate": b'{"service": "\\ud800"}',
    "surrogate key": b'{"service": "general", "\\ud800": 1}',
    "RTL": '{"service": "\u202elareneg"}'.encode(),
    "emoji": '{"service": "😀"}'.encode(),
    "path": b'{"service": "../general"}',
    "sql": b'{"service": "\' OR 1=1 --"}',
    "long service": b'{"service": "' + b"a" * 41 + b'"}',
    "unknown field": b'{"service": "general", "prio": 1}',
    "class by its Python name": b'{"service": "general", "class_": "vip"}',
    "class as number": b'{"service": "general", "class": 1}',
    "language as list": b'{"service": "general", "language": []}',
    "language with NUL": b'{"service": "general", "language": "en\\u0000"}',
    "long language": b'{"service": "general", "language": "' + b"a" * 36 + b'"}',
    "name as object": b'{"service": "general", "name": {}}',
    "empty name": b'{"service": "general", "name": ""}',
    "long name": b'{"service": "general", "name": "' + b"a" * 201 + b'"}',
    "name with NUL": b'{"service": "general", "name": "Ann\\u0000"}',
    "name in two lines": b'{"service": "general", "name": "Ann\\nBob"}',
    "name with a line separator": b'{"service": "general", "name": "Ann\\u2028Bob"}',
    "name with a surrogate": b'{"service": "general", "name": "\\udfff"}',
    "name with half an emoji": b'{"service": "general", "name": "\\ud83d"}',
    "phone with letters": b'{"service": "general", "phone": "call me"}',
    "long phone": b'{"service": "general", "phone": "' + b"1" * 41 + b'"}',
    "long note": b'{"service": "general", "note": "' + b"a" * 1001 + b'"}',
    "note with NUL": b'{"service": "general", "note": "\\u0000"}',
    "note with a surrogate": b'{"service": "general", "note": "\\ud800"}',
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_issue_is_refused(api: Door, content: bytes) -> None:
    problem = refused(await api.raw("tickets", content), "malformed")
    assert "Ann" not in json.dumps(problem), "what was sent is not sent back"


async def test_an_issue_without_a_body_is_refused(api: Door) -> None:
    refused(await api.post("tickets"), "malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_body_that_is_not_json_is_refused(api: Door, kind: str) -> None:
    answer = await api.client.post(api.url("tickets"), content=b"service=general", headers={"Content-Type": kind})
    refused(answer, "malformed")


async def test_a_megabyte_of_name_is_too_large(api: Door) -> None:
    body = {"service": "general", "name": "a" * 1_000_000}
    refused(await api.post("tickets", body), "too_large")


async def test_a_megabyte_that_comes_in_pieces_is_too_large(api: Door) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"service": "general", "name": "'
        for _ in range(1000):
            yield b"a" * 1000

    answer = await api.client.post(api.url("tickets"), content=pieces(), headers={"Content-Type": "application/json"})
    refused(answer, "too_large")


@pytest.mark.parametrize("length", ["-1", "x", "1" * 30, "1e3"])
async def test_a_wrong_length_does_no_harm(api: Door, length: str) -> None:
    answer = await api.raw("tickets", b"{}", **{"Content-Length": length})
    refused(answer, "malformed")


BODIES: dict[str, list[Any]] = {
    "open": [{"services": []}, {"services": "general"}, {"services": [1]}, {"services": ["a"] * 201}, {"staff": "a b"}],
    "pause": [{"reason": ""}, {"reason": "x" * 61}, {"reason": "a\u0000"}, {"reason": 1}],
    "resume": [{"reason": "now"}],
    "close": [{"reason": []}],
    "call-next": [
        {"finish": "perhaps"},
        {"finish": None},
        {"outcome": "won"},
        {"items": [{"item": "a", "quantity": 0}]},
    ],
    "recall": [{"twice": True}],
    "start": [[]],
    "finish": [
        {"outcome": None},
        {"items": {}},
        {"items": [{"item": "a", "quantity": 10_000}]},
        {"items": [{"item": "a", "quantity": 1.5}]},
        {"items": [{"item": ""}]},
        {"items": [{"item": "a"}] * 51},
    ],
    "no-show": [1],
    "undo": ["all"],
}


@pytest.mark.parametrize(("verb", "body"), [(verb, body) for verb, bodies in BODIES.items() for body in bodies])
async def test_a_malformed_press_is_refused(api: Door, verb: str, body: Any) -> None:
    refused(await api.post(f"counters/1/{verb}", body), "malformed")


@pytest.mark.parametrize(
    "params",
    [
        {"state": "sleeping"},
        {"state": ""},
        {"service": "a" * 41},
        {"service": "\x00"},
        {"number": "a" * 21},
        {"number": "\x00"},
        {"business_date": "24 November"},
        {"business_date": "2026-02-30"},
        {"business_date": "20261124"},
        {"after": "-1"},
        {"after": "x"},
        {"after": str(2**53)},
        {"after": "9" * 5000},
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "1.5"},
    ],
    ids=str,
)
async def test_a_malformed_question_is_refused(api: Door, params: dict[str, str]) -> None:
    refused(await api.get("tickets", **params), "malformed")


ODD = ["%00", "%ff", "a%20b", "%F0%9F%98%80", "a" * 45, "%0a", "a%2500", "*", "%E2%80%AE"]


@pytest.mark.parametrize("odd", ODD)
async def test_odd_words_in_a_path_name_nothing(house: House, api: Door, odd: str) -> None:
    everywhere = await house.door("admin", hall="*")
    for path in (f"/api/v1/halls/{odd}/now", f"tickets/{odd}", f"tickets/{odd}/qr.svg"):
        assert (await everywhere.get(path)).status_code in (404, 422)
    for path in (f"counters/{odd}/open", f"tickets/{odd}/cancel", f"papers/{odd}/claim"):
        assert (await everywhere.post(path)).status_code in (404, 422)
    assert (await everywhere.get(f"/kiosk?hall={odd}")).status_code in (404, 422)
    assert (await everywhere.get(f"/t/{odd}")).status_code == 200
    assert (await everywhere.get(f"/i18n/{odd}.json")).status_code in (200, 422)
    assert (await everywhere.get(f"/static/{odd}")).status_code == 404


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer \xff\xfe", b"Bearer " + b"x" * 5000, b"Basic eDp5"])
async def test_an_odd_token_is_no_token(house: House, header: bytes) -> None:
    answer = await house.client().post(
        "/api/v1/halls/jiangwan/tickets", json={"service": "general"}, headers={b"Authorization": header}
    )
    refused(answer, "not_signed_in")


async def test_an_odd_language_does_no_harm(house: House) -> None:
    for language in (b"\xff", b"zh;q=9", b"*" * 5000, b"\x00", b"en-" + b"a" * 600):
        refused(await house.client({"Accept-Language": language}).get("/api/v1/me"), "not_signed_in")  # type: ignore[dict-item]


@pytest.mark.parametrize("name", ["שלום עולם", "\u202eeman", "👩‍👩‍👧", "e\u0301" * 50, "陈" * 200, "a'b\"c<script>"])
async def test_any_name_that_a_person_may_have_is_taken(house: House, name: str) -> None:
    door = await house.door("api")
    ticket = await door.issue(name=name, phone="+86 (21) 555-0100", note="two\nlines\tand a tab")
    kept = await house.system.runner.log.personal("jiangwan", ticket["id"])
    assert kept == {"name": name, "phone": "+86 (21) 555-0100", "notes": ["two\nlines\tand a tab"]}
    assert "number" in done(await door.get(f"tickets/{ticket['id']}"))
