"""Many at once on a real server: nobody's number twice, nobody at two counters, every press answered once."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets

from tests.load.load_support import (
    COUNTERS,
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

CLIENTS = 64
NUMBERS = int(os.environ.get("HALL_NUMBERS", "500"))  # 2000 for the whole proof
REPEATED = 10  # every tenth press is sent a second time


@dataclass(slots=True)
class Rush:
    """What all clients share: how many numbers are still wanted, and every answer that came."""

    wanted: int = NUMBERS
    issued: list[dict[str, Any]] = field(default_factory=list)
    called: list[dict[str, Any]] = field(default_factory=list)

    async def take_numbers(self, client: Client, name: str) -> None:
        """One of the kiosks and phones: number after number until enough are given."""
        press = 0
        while self.wanted > 0:
            self.wanted -= 1
            press += 1
            body = {"service": "ab"[press % 2], "class": "priority" if press % 7 == 0 else "ordinary"}
            answer = await answered(client, f"{HALL}/tickets", body, f"{name}-{press}", twice=press % REPEATED == 0)
            assert answer is not None
            self.issued.append(answer)

    async def call_visitors(self, client: Client, counter: str) -> None:
        """One of the clerks: finish and call until all numbers are given and nobody waits."""
        assert (await client.post(f"{HALL}/counters/{counter}/open"))[0] == 200
        press = 0
        while True:
            press += 1
            was_last = len(self.issued) == NUMBERS
            body, key = {"finish": True}, f"{counter}-{press}"
            answer = await answered(
                client, f"{HALL}/counters/{counter}/call-next", body, key, twice=press % REPEATED == 0
            )
            if answer is not None and answer["ticket"] is not None:
                self.called.append(answer)
            elif was_last:
                return


async def answered(client: Client, path: str, body: Any, key: str, *, twice: bool) -> Any:
    """The answer to a press; sent twice, the same again (an empty one may have found somebody meanwhile)."""
    status, answer = await client.post(path, body, key)
    assert status in (200, 201, 204), answer
    if twice and status != 204:
        assert await client.post(path, body, key) == (status, answer)
    return answer


async def test_sixty_four_clients_and_eight_counters(tmp_path: Path) -> None:
    with server_in(tmp_path) as server:
        token = await sign_in(server)
        clients = [Client(server.port, token) for _ in range(CLIENTS + len(COUNTERS))]
        rush = Rush()
        async with asyncio.TaskGroup() as together:
            for n, client in enumerate(clients[: -len(COUNTERS)]):
                together.create_task(rush.take_numbers(client, f"client-{n}"))
            for client, counter in zip(clients[-len(COUNTERS) :], COUNTERS, strict=True):
                together.create_task(rush.call_visitors(client, counter))
        async with client_of(server, token) as client:
            await require_all_told(client, rush)
        for client in clients:
            await client.close()
        assert server.stop() == 0
    require_verified(server)


async def require_all_told(client: Client, rush: Rush) -> None:
    """The log holds exactly what the clients were told, each of it once."""
    events = await all_events(client)
    require_sound(events)
    issued = {body["ticket"]: body["number"] for body in bodies(events, "TicketIssued")}
    assert len(rush.issued) == len(issued) == NUMBERS
    assert {answer["id"]: answer["number"] for answer in rush.issued} == issued
    told = Counter((answer["counter"], answer["ticket"]["id"]) for answer in rush.called)
    assert told == Counter((body["counter"], body["ticket"]) for body in bodies(events, "TicketCalled"))
    assert len(told) == NUMBERS
    assert {ticket["state"] for ticket in (await all_tickets(client)).values()} == {"done"}


def bodies(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event["body"] for event in events if event["type"] == kind]


def require_verified(server: Server) -> None:
    verified = server.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def test_the_server_writes_nothing_personal_to_its_log(tmp_path: Path) -> None:
    told = {"name": "Philippa Oduya", "phone": "+44 7700 900461", "note": "needs the lift"}
    with server_in(tmp_path) as server:
        async with client_of(server, await sign_in(server)) as client:
            status, ticket = await client.post(f"{HALL}/tickets", {"service": "a", **told}, "k")
            assert status == 201
            secret = ticket["follow_url"].rpartition("/")[2]
            assert (await client.post(f"{HALL}/tickets", {"service": "a", **told, "x": 1}))[0] == 422
        url = f"ws://127.0.0.1:{server.port}{HALL}/live?view=ticket&ticket={secret}"
        async with websockets.connect(url) as phone:
            assert secret not in str(await phone.recv())
        assert server.stop() == 0
    assert not [word for word in (*told.values(), secret) if word in server.said]
