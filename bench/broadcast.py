"""The limit of a broadcast: one POST sends fixed bytes to every socket. `python -m bench.broadcast PORT SIZE`."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect

from bench.server import Server
from hall.live.counters_api import CallNextBody

app = FastAPI()
sockets: set[WebSocket] = set()
PREFIX = '{"kind":"event",'


@app.get("/readyz")
async def ready() -> dict[str, str]:
    return {"status": "ready"}


@app.websocket("/live")
async def live(socket: WebSocket) -> None:
    await socket.accept()
    sockets.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        sockets.discard(socket)


@app.post("/press")
async def press(_: CallNextBody) -> Response:
    text = PREFIX + "x" * (int(sys.argv[2]) - len(PREFIX))
    for socket in list(sockets):
        await socket.send_text(text)
    return Response('{"counter":"1"}', media_type="application/json")


if __name__ == "__main__":
    Server(
        uvicorn.Config(app, port=int(sys.argv[1]), ws="websockets-sansio", access_log=False, log_level="warning")
    ).run()
