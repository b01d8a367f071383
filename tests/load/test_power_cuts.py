"""The server is killed again and again while it is hard at work: whatever it acknowledged is there afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.load.load_support import (
    COUNTERS,
    HALL,
    Client,
    Died,
    Server,
    all_events,
    all_tickets,
    client_of,
    require_sound,
    server_in,
    sign_in,
)
from tests.load.test_load import bodies, require_verified

KILLS = int(os.environ.get("HALL_KILLS", "3"))  # 20 for the whole proof
SEED = int(os.environ.get("SEED", "1"))
KIOSKS = 24
CLERKS = COUNTERS[:4]
# What each verb writes, and what is asked with it.
NEW_VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "recall": ("TicketRecalled", {}),
    "start": ("TicketStarted", {}),
    "park": ("TicketParked", {"reason": "form"}),
    "unpark": ("TicketUnparked", {}),
    "transfer": ("TicketTransferred", {"service": "b", "note": "has the form", "return": True}),
    "no-show": ("TicketMissed", {"override": "called_aloud"}),
}
WISHES = (
    "call-next",
    "call-next",
    "recall",
    "start",
    "park",
    "call-next",
    "start",
    "transfer",
    "unpark",
    "call-next",
    "no-show",
)
READY_MOST_S = 20.0  # 2 s on a quiet machine; this one may be busy


@dataclass(slots=True)
class Siege:
    """Clients that never give up a press, the file of what was acknowledged, and whether the server is up."""

    server: Server
    token: str
    file: IO[str]
    up: asyncio.Event = field(default_factory=asyncio.Event)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: int = 0
    pressed: Counter[str] = field(default_factory=Counter)
    is_over: bool = False

    async def insist(self, client: Client, path: str, body: Any, key: str) -> tuple[int, Any]:
        """Press until there is an answer, with the same key each time; it is in the file before this returns."""
        while True:
            await self.up.wait()
            try:
                status, answer = await client.post(path, body, key)
            except Died:
                await asyncio.sleep(0)
                continue
            is_refused = status == 409 and path.rpartition("/")[2] in NEW_VERBS  # nobody is there, or set aside
            assert is_refused or status in (200, 201, 204), answer
            if status < 204:
                self.note(path, answer)
            return status, answer

    def note(self, path: str, answer: Any) -> None:
        self.file.write(json.dumps({"path": path, "answer": answer}) + "\n")
        self.file.flush()
        self.acknowledged += 1
        self.more.set()

    async def take_numbers(self, name: str) -> None:
        async with client_of(self.server, self.token) as client:
            while not self.is_over:
                self.pressed["tickets"] += 1
                body = {"service": random.Random(self.pressed["tickets"]).choice("ab")}
                await self.insist(client, f"{HALL}/tickets", body, f"{name}-{self.pressed['tickets']}")

    async def call_visitors(self, counter: str) -> None:
        async with client_of(self.server, self.token) as client:
            await self.insist(client, f"{HALL}/counters/{counter}/open", {}, f"open-{counter}")
            while not self.is_over:
                self.pressed[counter] += 1
                key = f"{counter}-{self.pressed[counter]}"
                verb, body = self.wish(counter)
                await self.insist(client, f"{HALL}/counters/{counter}/{verb}", body, key)

    def wish(self, counter: str) -> tuple[str, dict[str, Any]]:
        """Mostly the next visitor; now and then whoever is there is sent on, set aside, or brought back."""
        verb = WISHES[self.pressed[counter] % len(WISHES)]
        return verb, NEW_VERBS[verb][1] if verb in NEW_VERBS else {"finish": True}

    async def cut_power(self, chance: random.Random) -> None:
        """Kill the server after some more acknowledgements, start it again, and look."""
        until = self.acknowledged + chance.randint(20, 120)
        while self.acknowledged < until:
            self.more.clear()
            await self.more.wait()
        self.up.clear()
        self.server.kill()
        await asyncio.to_thread(self.server.start)
        async with client_of(self.server, self.token) as client:
            await require_acknowledged(client, Path(self.file.name))
        self.up.set()


async def require_acknowledged(client: Client, file: Path) -> None:
    """All that the file holds is in the log and in the rows, as it was told."""
    events = await all_events(client)
    require_sound(events)
    tickets = await all_tickets(client)
    for line in file.read_text("utf-8").splitlines():
        told = json.loads(line)
        answer = told["answer"]
        if told["path"].endswith("/tickets"):
            there = tickets[answer["id"]]
            assert (there["number"], there["serial"]) == (answer["number"], answer["serial"])
        elif (verb := told["path"].rpartition("/")[2]) in NEW_VERBS:
            event = events[answer["seq"] - 1]
            assert event["type"] == NEW_VERBS[verb][0]
            assert event["body"]["counter"] == answer["counter"]
        elif answer["ticket"] is not None:
            event = events[answer["ticket"]["seq"] - 1]
            assert (event["type"], event["body"]["ticket"]) == ("TicketCalled", answer["ticket"]["id"])
            assert event["body"]["counter"] == answer["counter"]
        else:
            assert events[answer["seq"] - 1]["type"] in ("CounterOpened", "TicketFinished")


async def test_what_was_acknowledged_survives_every_power_cut(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    file = tmp_path / "acknowledged.jsonl"
    with server_in(tmp_path) as server, file.open("w", encoding="utf-8") as acknowledged:
        siege = Siege(server, await sign_in(server), acknowledged)
        siege.up.set()
        async with asyncio.TaskGroup() as together:
            for n in range(KIOSKS):
                together.create_task(siege.take_numbers(f"kiosk-{n}"))
            for counter in CLERKS:
                together.create_task(siege.call_visitors(counter))
            for _ in range(KILLS):
                await siege.cut_power(chance)
            siege.is_over = True
        async with client_of(server, siege.token) as client:
            await require_acknowledged(client, file)
            await require_each_press_once(client, siege)
        assert server.stop() == 0
    require_verified(server)
    print(f"ready after a kill in {', '.join(f'{s:.2f} s' for s in server.ready_s[1:])}; {siege.acknowledged} answers")
    assert max(server.ready_s) < READY_MOST_S


async def require_each_press_once(client: Client, siege: Siege) -> None:
    """Every press was answered in the end, so every press for a number gave one, also those sent to a dying server."""
    events = await all_events(client)
    assert len(bodies(events, "TicketIssued")) == siege.pressed["tickets"]
    assert len(bodies(events, "CounterOpened")) == len(CLERKS)


async def test_a_killed_server_lets_the_next_one_in_at_once(tmp_path: Path) -> None:
    """Neither the lock of the database nor its journal keeps a new server out."""
    with server_in(tmp_path) as server:
        server.kill()
        server.start()
        refused = server.command("serve", "--port", "0")
        assert refused.returncode == 1
        assert "served by another process" in refused.stderr
