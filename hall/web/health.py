"""Is it alive, and is it ready: for whoever starts it and watches it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from hall.edge.auth import anyone
from hall.live.press import as_json
from hall.live.runner import Runner

router = APIRouter(tags=["health"], dependencies=[Depends(anyone)])


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return as_json({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Every hall takes commands; 503 names those that do not."""
    runner: Runner = request.app.state.runner
    waiting = [hall.id for hall in runner.halls.values() if hall.is_stopped or hall.is_rereading]
    is_ready = runner.writer is not None and not waiting
    return as_json({"status": "ready" if is_ready else "not_ready", "not_ready": waiting}, 200 if is_ready else 503)
