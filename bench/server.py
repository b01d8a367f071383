"""A server to be measured, in a process of its own: `python -m bench.server VARIANT PORT DATABASE`.

`sql` is the product, `null` the same with the log replaced by nothing, `bare` a FastAPI application with one POST route
that reads and writes the same JSON and does nothing.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Sequence
from typing import Any

import uvicorn
from fastapi import FastAPI, Response
from pydantic_core import to_json

from bench.hall import a_parsed
from hall.bootstrap import build
from hall.live.tickets_api import IssueBody
from hall.log.memory import MemoryLog
from hall.log.port import Commit
from hall.people.passwords import Passwords
from hall.web.app import create_app


class NullLog(MemoryLog):
    """Keeps nothing: what is left is everything but durability."""

    async def append(self, commits: Sequence[Commit]) -> None:
        await asyncio.sleep(0)


def product(variant: str, database: str) -> Any:
    system = build(database, passwords=Passwords(memory_kib=64, passes=1), public_url="http://127.0.0.1:1")
    if variant == "null":
        system.runner.log = NullLog(lambda hall, ticket: f"{hall}{ticket}")
    return create_app(system, [a_parsed()])


def bare() -> Any:
    app = FastAPI()
    answer = {"id": "x" * 24, "number": "A001", "serial": 1, "state": "waiting", "ahead": 3, "estimate": None}

    @app.post("/api/v1/halls/{hall}/tickets", status_code=201)
    async def issue(hall: str, body: IssueBody) -> Response:
        return Response(to_json({**answer, "hall": hall, "service": body.service}), 201, media_type="application/json")

    return app


class Server(uvicorn.Server):
    """Freezes what was made at the start, as the product does, before it takes requests."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        tune_collector()


def tune_collector() -> None:
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def main() -> None:
    variant, port, database = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    app = bare() if variant == "bare" else product(variant, database)
    config = uvicorn.Config(app, port=port, ws="websockets-sansio", access_log=False, log_level="warning")
    Server(config).run()


if __name__ == "__main__":
    main()
