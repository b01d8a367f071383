"""Routes that exist in a demonstration only: what its printers have put out."""

from __future__ import annotations

import asyncio
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Path, Request, Response

from hall.edge.auth import anyone
from hall.edge.problems import Problem
from hall.live.press import as_json

router = APIRouter(tags=["demo"], include_in_schema=False, dependencies=[Depends(anyone)])


class Tray(Protocol):
    """The papers that a demonstration's printers have put out."""

    def papers(self) -> list[dict[str, str]]:
        """Id and instant of each, newest first."""

    def png(self, id: str) -> bytes | None:
        """The picture of one; None when it is not there any more."""


def tray_of(request: Request) -> Tray:
    tray: Tray = request.app.state.tray
    return tray


@router.get("/demo/papers")
async def papers(request: Request) -> Response:
    """The papers that came out of the printers, newest first."""
    listed = [{**paper, "url": f"/demo/papers/{paper['id']}.png"} for paper in tray_of(request).papers()]
    return as_json({"papers": listed})


@router.get("/demo/papers/{id}.png")
async def picture(request: Request, id: Annotated[str, Path(pattern=r"^[0-9]{1,12}$")]) -> Response:
    """One paper as a picture."""
    png = await asyncio.to_thread(tray_of(request).png, id)
    if png is None:
        raise Problem("not_found")
    return Response(png, media_type="image/png")
