"""A server as a process: what it says, who may be second, commands that go through it, and how it ends."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from hall.cli.server import CLIENT_BYTES_MOST
from tests.cli.cli_support import CORNER, STARTS_WITHIN_S, TWO, Served, Shell, served, setup_file


def test_a_second_server_on_one_file_is_refused(server: Served, beside: Shell) -> None:
    assert "is served by another process" in beside.failed("serve", "--port", "0")
    assert server.get("/readyz").is_success


def test_the_way_to_the_server_is_for_its_user_alone(server: Served) -> None:
    assert stat.S_IMODE(server.lock.stat().st_mode) == 0o600
    word = json.loads(server.lock.read_text("utf-8"))
    assert word["url"] == server.url
    me = server.get("/api/v1/me", word["token"]).json()
    assert (me["role"], me["hall"]) == ("admin", "*")


async def test_nobody_makes_the_server_hold_a_long_message(server: Served) -> None:
    async with connect(f"{server.url.replace('http', 'ws')}/api/v1/halls/corner/live") as socket:
        await socket.send("x" * (CLIENT_BYTES_MOST + 1))
        await socket.wait_closed()
    assert socket.close_code == 1009


def test_a_token_made_beside_the_server_works_and_ends_at_once(server: Served, beside: Shell) -> None:
    id, token = beside.done("token", "create", "--role", "api").out.split()
    assert server.get("/api/v1/me", token).json()["role"] == "api"
    beside.done("token", "revoke", id)
    assert server.get("/api/v1/me", token).status_code == httpx.codes.UNAUTHORIZED
    assert id in beside.failed("token", "revoke", id)
    assert "there is corner" in beside.failed("token", "create", "--role", "api", "--hall", "elsewhere")


def test_a_person_added_beside_the_server_signs_in(server: Served, beside: Shell) -> None:
    beside.done("user", "add", "wang", "--role", "clerk", stdin="4711\n")
    assert server.post("/api/v1/sign-in", {"login": "wang", "pin": "4711"}).is_success
    beside.done("user", "passwd", "wang", stdin="4712\n")
    assert server.post("/api/v1/sign-in", {"login": "wang", "pin": "4711"}).status_code == httpx.codes.UNAUTHORIZED
    assert server.post("/api/v1/sign-in", {"login": "wang", "pin": "4712"}).is_success


def test_a_setup_published_beside_the_server_is_in_force(server: Served, beside: Shell, tmp_path: Path) -> None:
    renamed = setup_file(tmp_path, CORNER.replace("Corner Office", "Corner House"))
    assert "version 2 and in force" in beside.done("setup", "load", renamed).out
    assert server.get("/api/v1/halls").json()["halls"][0]["name"] == {"en": "Corner House"}
    assert "nothing new" in beside.done("setup", "load", renamed).out


def test_visitors_are_moved_when_their_service_goes(server: Served, beside: Shell, tmp_path: Path) -> None:
    beside.done("setup", "load", setup_file(tmp_path, TWO))
    token = beside.done("token", "create", "--role", "api", "--hall", "corner").last_word
    waiting = server.post("/api/v1/halls/corner/tickets", {"service": "licence"}, token).json()
    without = setup_file(tmp_path)
    assert "services: licence" in beside("setup", "load", without).err
    beside.done("setup", "load", without, "--move", "licence=permit")
    moved = server.get(f"/api/v1/halls/corner/tickets/{waiting['id']}", token).json()
    assert (moved["service"], moved["state"], moved["number"]) == ("permit", "waiting", waiting["number"])


def test_a_second_hall_opens_without_a_restart(server: Served, beside: Shell, tmp_path: Path) -> None:
    other = CORNER.replace('"corner"', '"square"').replace("corner-kiosk", "square-kiosk")
    assert "square: corner.toml is version 1" in beside.done("setup", "load", setup_file(tmp_path, other)).out
    assert [one["id"] for one in server.get("/api/v1/halls").json()["halls"]] == ["corner", "square"]
    id, token = beside.done("token", "create", "--role", "api", "--hall", "square").out.split()
    assert server.post("/api/v1/halls/square/tickets", {"service": "permit"}, token).json()["number"] == "P001"
    beside.done("token", "revoke", id)
    assert "--hall is one of: corner, square" in beside.failed("token", "create", "--role", "api")


def test_the_log_is_verified_and_rows_are_rebuilt_while_it_serves(beside: Shell) -> None:
    assert "corner: nothing is wrong" in beside.done("verify").out
    assert "rows made anew" in beside.done("rebuild", "--hall", "corner").out


def test_the_routes_of_the_command_line_are_closed_to_others(server: Served, beside: Shell) -> None:
    token = beside.done("token", "create", "--role", "manager", "--hall", "corner").last_word
    for path in ("setup", "tokens", "tokens/abc/revoke", "accounts/wang", "accounts/wang/secret", "rebuild"):
        url = f"/api/v1/halls/corner/{path}"
        assert server.post(url, {}).status_code == httpx.codes.UNAUTHORIZED
        assert server.post(url, {}, token).status_code == httpx.codes.FORBIDDEN


def test_it_ends_well_at_once_with_a_screen_connected(made_database: Path, tmp_path: Path) -> None:
    database = tmp_path / "hall.db"
    database.write_bytes(made_database.read_bytes())
    with served(database) as server:
        asyncio.run(end_while_watched(server))
        assert server.process.returncode == 0
        assert server.lock.read_text("utf-8") == ""


async def end_while_watched(server: Served) -> None:
    url = server.url.replace("http", "ws")
    async with connect(f"{url}/api/v1/halls/corner/live?view=board", proxy=None) as screen:
        assert json.loads(await screen.recv())["kind"] == "snapshot"
        await asyncio.to_thread(server.end)


HANGING = """
import asyncio, threading
from sqlalchemy import create_engine
from hall.cli.server import leave_hanging_threads
from hall.log import sql

async def main():
    sql.CLOSE_S = 0.05
    log = sql.SqlLog(create_engine("sqlite://"), lambda hall, ticket: "")
    log.writer.submit(threading.Event().wait)
    await log.close()
    leave_hanging_threads(log)

asyncio.run(main())
"""


def test_it_ends_though_the_disk_hangs() -> None:
    ran = subprocess.run([sys.executable, "-c", HANGING], timeout=STARTS_WITHIN_S, check=False)
    assert ran.returncode == 1


def test_the_demonstration_says_where_to_look_and_how_to_sign_in(tmp_path: Path) -> None:
    with served(tmp_path / "demo.db", "--speed", "20", command="demo") as demo:
        assert "1001" in demo.get("/").text
        assert "papers" in demo.get("/demo/papers").json()
        demo.end()
    out, err = demo.said()
    assert (demo.process.returncode, err) == (0, "")
    for word in ("/kiosk", "/display", "/desk", "/manager", "chen", "1001", "counter 1", "manager"):
        assert word in out


def test_what_was_acknowledged_is_there_after_a_power_cut(made_database: Path, tmp_path: Path) -> None:
    database = tmp_path / "hall.db"
    database.write_bytes(made_database.read_bytes())
    kiosk = "corner-kiosk-1-0123456789abcdef"
    with served(database, "--setup", setup_file(tmp_path)) as first:
        ticket = first.post("/api/v1/halls/corner/tickets", {"service": "permit"}, kiosk).json()
        first.kill()
    with served(database) as second:
        token = json.loads(second.lock.read_text("utf-8"))["token"]
        assert second.get(f"/api/v1/halls/corner/tickets/{ticket['id']}", token).json()["number"] == "P001"
