"""What every route of a running hall shares: who presses, for which hall, and its idempotency key."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from hall.day import commands as c
from hall.day.events import Actor, Door
from hall.day.refusals import HallUnknown, TicketIsClosed, TicketUnknown
from hall.edge.auth import Principal
from hall.edge.fields import Body
from hall.live.receipts import Receipts
from hall.live.runner import Done, Hall, Key, Runner, Told

DOORS: dict[str, Door] = {
    "kiosk": "kiosk",
    "display": "display",
    "clerk": "desk",
    "greeter": "greeter",
    "manager": "manager",
    "printer": "printer",
}

HallId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
PathId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,44}$")]
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


class NothingBody(Body):
    """No fields."""


class Press:
    """What every pressed key brings: who, through which door, for which hall, and its idempotency key."""

    def __init__(self, request: Request, hall: str, idempotency_key: str | None) -> None:
        self.runner: Runner = request.app.state.runner
        self.receipts: Receipts = request.app.state.receipts
        self.secret: bytes = request.app.state.key
        self.path: str = request.scope["path"]
        self.hall_id = hall
        self.idempotency_key = idempotency_key

    @property
    def hall(self) -> Hall:
        return hall_of(self.runner, self.hall_id)

    async def submit(self, who: Principal, command: c.Command, body: BaseModel, told: Told | None = None) -> Done:
        """Give the command; a repeat with the same key gets the first one's events."""
        door = DOORS.get(who.role, "api")
        actor = Actor(who.kind, who.id)
        return await self.runner.submit(
            self.hall_id, command, actor=actor, door=door, key=self.key(who, body), told=told
        )

    def key(self, who: Principal, body: BaseModel) -> Key | None:
        """The key with a keyed hash of the request: what a visitor told cannot be guessed back from it."""
        if self.idempotency_key is None:
            return None
        digest = blake2b(self.path.encode() + b"\n" + to_json(body), key=self.secret[:64], digest_size=32)
        return Key(f"{who.kind}:{who.id}", self.idempotency_key, digest.hexdigest())


async def press_of(request: Request, hall: HallId, idempotency_key: IdempotencyKey = None) -> Press:
    """The press of a request. A coroutine, because the framework gives plain functions a thread each."""
    return Press(request, hall, idempotency_key)


def hall_of(runner: Runner, hall: str) -> Hall:
    found = runner.halls.get(hall)
    if found is None:
        raise HallUnknown(hall=hall)
    return found


def as_json(value: Any, status: int = 200) -> Response:
    return Response(to_json(value), status, media_type="application/json")


PressIn = Annotated[Press, Depends(press_of)]


async def require_open(press: Press, ticket: str) -> None:
    """Raises when the ticket is closed or never was; the day alone cannot tell these two apart."""
    if ticket not in press.hall.pending.tickets:
        row = await press.runner.log.ticket(press.hall_id, ticket)
        raise TicketUnknown(ticket=ticket) if row is None else TicketIsClosed(number=row["number"])
