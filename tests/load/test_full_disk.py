"""A real server whose disk is full: it refuses, keeps what it acknowledged, and goes on when there is room again."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path
from typing import Any

from tests.load.load_support import (
    HALL,
    Client,
    Server,
    all_events,
    all_tickets,
    client_of,
    require_sound,
    server_in,
    sign_in,
)
from tests.load.test_load import require_verified

ROOM = 512 * 1024  # bytes that the journal may still grow by: some ten tickets
TRIES_MOST = 2000
PATIENCE_S = 30.0


def limit_files(server: Server, most: int) -> None:
    """No file of the server may grow beyond this many bytes, from now on."""
    assert server.process is not None
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def largest_file(folder: Path) -> int:
    return max(path.stat().st_size for path in folder.iterdir() if path.is_file())


async def issue_until_refused(client: Client) -> list[dict[str, Any]]:
    """The tickets that were given before one was refused."""
    given: list[dict[str, Any]] = []
    for _ in range(TRIES_MOST):
        status, answer = await client.post(f"{HALL}/tickets", {"service": "a", "note": "n" * 1000})
        if status != 201:
            assert (status, answer["code"]) == (503, "storage_unavailable")
            return given
        given.append(answer)
    raise AssertionError("the disk never became full")


async def issue_until_given(client: Client) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            status, answer = await client.post(f"{HALL}/tickets", {"service": "a"})
            if status == 201:
                return dict(answer)
            assert (status, answer["code"]) == (503, "storage_unavailable")


async def test_a_full_disk_is_refused_and_forgotten(tmp_path: Path) -> None:
    with server_in(tmp_path) as server:
        token = await sign_in(server)
        async with client_of(server, token) as client:
            limit_files(server, largest_file(tmp_path) + ROOM)
            given = await issue_until_refused(client)
            assert given, "there was some room"
            await require_only_reading(client, given)
            limit_files(server, resource.RLIM_INFINITY)
            given.append(await issue_until_given(client))
            await require_only(client, given)
            limit_files(server, largest_file(tmp_path) + ROOM)
            given += await issue_until_refused(client)
        assert "commit of 1 commands failed" in server.said, "the operator is told"
        server.kill()
        server.start()
        async with client_of(server, token) as client:
            await require_only(client, given)
            given.append(await issue_until_given(client))
        assert server.stop() == 0
    require_verified(server)


async def require_only_reading(client: Client, given: list[dict[str, Any]]) -> None:
    """Every press is refused, and whoever looks sees what was acknowledged and nothing else."""
    for service in "abab":
        status, problem = await client.post(f"{HALL}/tickets", {"service": service})
        assert (status, problem["code"]) == (503, "storage_unavailable")
    assert (await client.get(f"{HALL}/now"))[1]["today"]["issued"] == len(given)
    await require_only(client, given)


async def require_only(client: Client, given: list[dict[str, Any]]) -> None:
    """The given tickets are there, in the order they were given, and no other."""
    require_sound(await all_events(client))
    tickets = await all_tickets(client)
    assert [(ticket["id"], ticket["serial"]) for ticket in tickets.values()] == [
        (ticket["id"], ticket["serial"]) for ticket in given
    ]
