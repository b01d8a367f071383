"""Two clerks press for the same ticket in the same instant: one gets it, the other the next one or a clear refusal."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import Any

from tests.load.load_support import (
    HALL,
    Server,
    all_events,
    client_of,
    environment,
    require_sound,
    server_in,
    sign_in,
)
from tests.load.test_load import bodies, require_verified

ROUNDS = 72
LEAD_S = 0.02  # from the word to the instant, so that both have it in time
DESKS = ("c1", "c2")
CLEAR = {"ticket_already_called", "ticket_not_waiting", "ticket_closed", "transfer_nowhere"}
WISHES = tuple(product(("pick", "next", "transfer"), repeat=2))


@dataclass(slots=True)
class Rival:
    """A clerk's process and the counter it presses for."""

    desk: str
    process: subprocess.Popen[str]

    def tell(self, at_s: float, path: str, body: Any, key: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([at_s, path, body, key]) + "\n")
        self.process.stdin.flush()

    def answer(self) -> list[Any]:
        assert self.process.stdout is not None
        answer: list[Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def rival(server: Server, token: str, desk: str) -> Iterator[Rival]:
    command = [sys.executable, "-m", "tests.load.clerk", str(server.port), token]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=Path(__file__).parents[2],
    )
    with process:
        yield Rival(desk, process)
        process.kill()


def press_of(wish: str, desk: str, ticket: str) -> tuple[str, dict[str, Any]]:
    if wish == "pick":
        return f"{HALL}/counters/{desk}/call", {"ticket": ticket, "reason": "complaint", "finish": True}
    if wish == "next":
        return f"{HALL}/counters/{desk}/call-next", {"finish": True}
    return f"{HALL}/tickets/{ticket}/transfer", {"service": "b" if desk == DESKS[0] else "a"}


async def test_two_clerks_who_want_the_same_visitor_in_the_same_instant(tmp_path: Path) -> None:
    with server_in(tmp_path) as server:
        token = await sign_in(server)
        async with client_of(server, token) as client:
            tickets = [(await client.post(f"{HALL}/tickets", {"service": "a"}))[1]["id"] for _ in range(2 * ROUNDS)]
            for desk in DESKS:
                assert (await client.post(f"{HALL}/counters/{desk}/open"))[0] == 200
        with rival(server, token, DESKS[0]) as one, rival(server, token, DESKS[1]) as other:
            said = [fight(one, other, n, tickets) for n in range(ROUNDS)]
        async with client_of(server, token) as client:
            events = await all_events(client)
        assert server.stop() == 0
    require_sound(events)
    require_each_call_told_once(events, said)
    require_verified(server)
    assert Counter(status for answers in said for status, *_ in answers)[409] > 0


WISHES_FOR_ONE = tuple(product(("call-next", "finish", "no-show", "transfer"), repeat=2))


async def test_two_screens_of_one_counter_that_press_for_its_visitor_in_the_same_instant(tmp_path: Path) -> None:
    """One press gets through; the other, which its screen could not know, finishes or calls nobody unseen."""
    with server_in(tmp_path) as server:
        token = await sign_in(server)
        async with client_of(server, token) as client:
            for _ in range(2 * ROUNDS):
                await client.post(f"{HALL}/tickets", {"service": "a"})
            assert (await client.post(f"{HALL}/counters/{DESKS[0]}/open"))[0] == 200
        with rival(server, token, DESKS[0]) as one, rival(server, token, DESKS[0]) as other:
            seen = [""]  # the visitor at the counter before each round
            while len(seen) <= ROUNDS:
                seen.append(press_for_one(one, other, len(seen), seen[-1]))
        async with client_of(server, token) as client:
            events = await all_events(client)
        assert server.stop() == 0
    require_sound(events)
    require_verified(server)
    left = [event["body"]["ticket"] for event in events if event["type"] in LEAVING]
    assert left == [there for there, after in pairwise(seen) if there and there != after]
    called = [body["ticket"] for body in bodies(events, "TicketCalled")]
    assert called == [after for before, after in pairwise(seen) if after and after != before]


LEAVING = ("TicketFinished", "TicketMissed", "TicketTransferred")
BODIES: dict[str, dict[str, Any]] = {
    "call-next": {"finish": True},
    "finish": {},
    "no-show": {"override": "called_aloud"},
    "transfer": {"service": "b"},
}


def press_for_one(one: Rival, other: Rival, n: int, visitor: str) -> str:
    """Both press for whom both screens show; who is at the counter then, by the one press that got through."""
    wishes = WISHES_FOR_ONE[n % len(WISHES_FOR_ONE)] if visitor else ("call-next", "call-next")
    at_s = time.monotonic() + LEAD_S
    for which, (rival, wish) in enumerate(zip((one, other), wishes, strict=True)):
        path = f"{HALL}/counters/{rival.desk}/{wish}"
        rival.tell(at_s, path, {**BODIES[wish], "visitor": visitor}, f"{n}-{which}")
    answers = [one.answer(), other.answer()]
    assert sorted(status for status, *_ in answers) == [200, 409], answers
    for status, said, status_again, again in answers:
        assert status_again == status
        assert again["seq"] == said["seq"] if status == 200 else said["code"] == again["code"] == "visitor_changed"
    (there,) = [said["ticket"] for status, said, *_ in answers if status == 200]
    return "" if there is None else str(there["id"])


def fight(one: Rival, other: Rival, n: int, tickets: list[str]) -> list[list[Any]]:
    """Both press for one ticket at once; what each was told, twice the same."""
    wishes, ticket = WISHES[n % len(WISHES)], tickets[n]
    at_s = time.monotonic() + LEAD_S
    for rival, wish in zip((one, other), wishes, strict=True):
        rival.tell(at_s, *press_of(wish, rival.desk, ticket), f"{rival.desk}-{n}")
    answers = [one.answer(), other.answer()]
    got = [answer["ticket"]["id"] for status, answer, *_ in answers if status == 200 and answer.get("ticket")]
    assert got.count(ticket) <= 1, f"{wishes}: both got {ticket}"
    for status, answer, status_again, again in answers:
        assert status in (200, 204, 409), answer
        assert status != 409 or answer["code"] in CLEAR, answer
        assert status != 200 or (status_again, again["seq"]) == (200, answer["seq"]) or "counter" not in again
    return answers


def in_pairs(answer: list[Any]) -> tuple[tuple[int, Any], tuple[int, Any]]:
    """What a press was told, and what its repeat was."""
    status, said, status_again, again = answer
    return (status, said), (status_again, again)


def require_each_call_told_once(events: list[dict[str, Any]], said: list[list[list[Any]]]) -> None:
    """Whoever was refused first and then was not, since a refusal is decided afresh, was told by the second answer."""
    heard = [(first if first[0] == 200 else second) for answers in said for first, second in map(in_pairs, answers)]
    told = Counter(
        (answer["counter"], answer["ticket"]["id"]) for status, answer in heard if status == 200 and answer.get("why")
    )
    assert told == Counter((body["counter"], body["ticket"]) for body in bodies(events, "TicketCalled"))
