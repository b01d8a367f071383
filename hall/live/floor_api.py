"""The HTTP door of the floor: calls for help, visitors without a number, who came in, which devices are alive."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, Field

from hall.day import commands as c
from hall.day.events import Diversion
from hall.edge.auth import Principal, require
from hall.edge.fields import Body, Id
from hall.edge.problems import PROBLEMS
from hall.edge.quick import QuickRoute
from hall.live.press import NothingBody, PathId, PressIn, as_json

router = APIRouter(prefix="/api/v1", tags=["floor"], responses=PROBLEMS, route_class=QuickRoute)

Helper = Annotated[Principal, Depends(require("help.answer"))]
Greeter = Annotated[Principal, Depends(require("visit.divert"))]


def require_some(count: int) -> int:
    if count == 0:
        raise ValueError("nothing is counted")
    return count


class DivertBody(Body):
    """Where the visitor was sent instead of taking a number, and what it was about; -1: counted by mistake."""

    to: Diversion
    service: Id | None = None
    count: Literal[1, -1] = 1


class DoorBody(Body):
    """How many people came in; below zero: so many were counted by mistake."""

    count: Annotated[int, Field(ge=-1000, le=1000), AfterValidator(require_some)] = 1


@router.post("/halls/{hall}/help/{help}/take")
async def take_help(press: PressIn, help: PathId, who: Helper, body: NothingBody | None = None) -> Response:
    """Say that you are on the way."""
    done = await press.submit(who, c.TakeHelp(help, who.login), body or NothingBody())
    return as_json({"help": help, "seq": done.recorded[-1].seq})


@router.post("/halls/{hall}/help/{help}/solve")
async def solve_help(press: PressIn, help: PathId, who: Helper, body: NothingBody | None = None) -> Response:
    """Say that the matter is settled."""
    done = await press.submit(who, c.SolveHelp(help), body or NothingBody())
    return as_json({"help": help, "seq": done.recorded[-1].seq})


@router.post("/halls/{hall}/diversions", status_code=201)
async def divert(press: PressIn, who: Greeter, body: DivertBody) -> Response:
    """Count a visitor who was helped without a number, or take one back that was counted by mistake today."""
    done = await press.submit(who, c.DivertVisit(body.to, body.service, body.count), body)
    return as_json({"to": body.to, "service": body.service, "count": body.count, "seq": done.recorded[-1].seq}, 201)


@router.post("/halls/{hall}/door", status_code=201)
async def door(press: PressIn, who: Greeter, body: DoorBody | None = None) -> Response:
    """Count people who came in, or take back who was counted by mistake today."""
    asked = body or DoorBody()
    done = await press.submit(who, c.CountDoor(asked.count), asked)
    return as_json({"count": asked.count, "seq": done.recorded[-1].seq}, 201)


@router.get("/halls/{hall}/devices")
async def devices(press: PressIn, _: Annotated[Principal, Depends(require("device.view"))]) -> Response:
    """The hall's devices: when each was last heard, and what a display said of its sound and speed."""
    return as_json({"devices": press.receipts.devices(press.hall)})
