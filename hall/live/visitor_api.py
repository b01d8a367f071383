"""The visitor's own door: what the phone page may do with its ticket. Whoever has the link is the visitor."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from hall.day import commands as c
from hall.day.events import Actor
from hall.day.refusals import TicketIsClosed, TicketUnknown
from hall.edge.auth import anyone
from hall.edge.problems import PROBLEMS
from hall.live.press import IdempotencyKey, NothingBody, as_json, hall_of
from hall.live.reasons import why_not_yet, why_over
from hall.live.runner import Key, Runner
from hall.live.tickets_api import PostponeBody

router = APIRouter(prefix="/api/v1/t", tags=["visitor"], responses=PROBLEMS, dependencies=[Depends(anyone)])

Secret = Annotated[str, Path(max_length=80)]


class Visitor:
    """A visitor with a ticket of a hall."""

    def __init__(self, request: Request, hall: str, ticket: str, idempotency_key: str | None) -> None:
        self.runner: Runner = request.app.state.runner
        self.hall, self.ticket = hall_of(self.runner, hall), ticket
        self.path, self.secret = request.url.path, request.app.state.key
        self.idempotency_key = idempotency_key

    async def press(self, command: c.Command, body: BaseModel) -> Response:
        """Give the command, and answer with where the ticket stands then."""
        actor = Actor("visitor", self.ticket)
        try:
            await self.runner.submit(self.hall.id, command, actor=actor, door="phone", key=self.key(body))
        except TicketUnknown:  # the link is good, so the ticket was there
            raise TicketIsClosed() from None
        return await self.stand()

    def key(self, body: BaseModel) -> Key | None:
        if self.idempotency_key is None:
            return None
        # The path holds the ticket's secret, so it is hashed with a key of ours.
        digest = blake2b(self.path.encode() + b"\n" + to_json(body), key=self.secret[:64], digest_size=32)
        return Key(f"visitor:{self.ticket}", self.idempotency_key, digest.hexdigest())

    async def stand(self) -> Response:
        picture = self.hall.picture
        found, ended = picture.day.tickets.get(self.ticket), picture.ended.get(self.ticket)
        if found is not None:
            return as_json(why_not_yet(picture, found))
        if ended is not None:
            return as_json(why_over(picture, self.ticket, ended.ticket.number, ended.outcome))
        row = await self.runner.log.ticket(self.hall.id, self.ticket)
        assert row is not None, "the link is good, so the ticket was there"
        return as_json(why_over(picture, self.ticket, row["number"], row["outcome"]))


async def visitor_of(request: Request, secret: Secret, idempotency_key: IdempotencyKey = None) -> Visitor:
    runner: Runner = request.app.state.runner
    found = await runner.log.followed(secret) if secret.isprintable() else None
    if found is None:
        raise TicketUnknown()
    return Visitor(request, *found, idempotency_key)


VisitorIn = Annotated[Visitor, Depends(visitor_of)]


@router.get("/{secret}/why")
async def why(visitor: VisitorIn) -> Response:
    """Why not me yet."""
    return await visitor.stand()


@router.post("/{secret}/cancel")
async def cancel(visitor: VisitorIn, body: NothingBody | None = None) -> Response:
    """Leave the line."""
    return await visitor.press(c.CancelTicket(visitor.ticket, by_visitor=True), body or NothingBody())


@router.post("/{secret}/postpone")
async def postpone(visitor: VisitorIn, body: PostponeBody | None = None) -> Response:
    """Let others go first."""
    asked = body or PostponeBody()
    return await visitor.press(c.PostponeTicket(visitor.ticket, asked.places, by_visitor=True), asked)


@router.post("/{secret}/reinstate")
async def reinstate(visitor: VisitorIn, body: NothingBody | None = None) -> Response:
    """Be back after a missed call: the visitor scans the own ticket."""
    return await visitor.press(c.ReinstateTicket(visitor.ticket, by_visitor=True), body or NothingBody())
