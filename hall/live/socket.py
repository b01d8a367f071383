"""The websocket of the live feed: a snapshot, then what changed, for every view of DESIGN's list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from hall.day.refusals import Refusal
from hall.edge.auth import Principal, accepted_subprotocol, anyone, token_of
from hall.live.feed import Channel, Subscriber
from hall.live.receipts import Receipts
from hall.live.runner import Hall, Runner
from hall.log.codec import as_text
from hall.log.port import StorageFault

router = APIRouter(prefix="/api/v1")

# What a view asks for; None is public. A ticket's own view is public to whoever knows its secret.
VIEW_PERMISSIONS: dict[str, str | None] = {
    "board": None,
    "ticket": None,
    "kiosk": "kiosk.view",
    "desk": "desk.view",
    "greeter": "greeter.view",
    "manager": "manager.view",
    "printer": "printer.view",
}
NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, TRY_AGAIN, UNREADABLE = 4401, 4403, 4404, 4503, 4422
Heard = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
PARAMS = ("counter", "area", "ticket")
CLIENT_TEXT_MOST = 4096
LOOK_S = 2.0  # how often it is asked whether a reader that takes nothing was cut, and whether it is still welcome
CLOSE_MOST_S = 2.0  # such a reader may not even take the word that closes
EXACT_MOST = 2**53


class Closed(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@router.websocket("/halls/{hall}/live")
async def live(
    socket: WebSocket,
    hall: Annotated[str, Path(max_length=40)],
    who: Annotated[Principal | None, Depends(anyone)],
    view: Annotated[str, Query(max_length=40)] = "board",
    after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    epoch: Annotated[str | None, Query(max_length=80)] = None,
) -> None:
    """Follow a view. The socket is accepted first, so that a browser can tell a refusal from a dead server."""
    await socket.accept(accepted_subprotocol(socket))
    runner: Runner = socket.app.state.runner
    try:
        found = runner.halls.get(hall)
        if found is None:
            raise Closed(NOT_FOUND, "hall_unknown")
        params = await params_of(socket, runner, found, view, who)
        with listening(socket, found, view, params, who) as heard:
            await follow(socket, runner, found, view, params, after, epoch, heard, who)
    except Closed as closed:
        await close(socket, closed.code, closed.reason)
    except Refusal as refusal:
        await close(socket, NOT_FOUND, refusal.code)


async def close(socket: WebSocket, code: int, reason: str) -> None:
    with suppress(TimeoutError, RuntimeError):  # it takes nothing any more, or is closed already
        await asyncio.wait_for(socket.close(code, reason), CLOSE_MOST_S)


async def params_of(socket: WebSocket, runner: Runner, hall: Hall, view: str, who: Principal | None) -> dict[str, str]:
    """The view's parameters, once it is clear that this principal may have them."""
    if view not in VIEW_PERMISSIONS:
        raise Closed(NOT_FOUND, "view_unknown")
    permission = VIEW_PERMISSIONS[view]
    if permission is not None and who is None:
        raise Closed(FORBIDDEN if await is_foreign(socket) else NOT_SIGNED_IN, "not_signed_in")
    if permission is not None and who is not None and not who.may(permission):
        raise Closed(FORBIDDEN, "forbidden")
    asked = {name: socket.query_params.get(name, "")[:80] for name in PARAMS}
    params = {name: value for name, value in asked.items() if value and value.isprintable()}
    if view == "board":
        return board_params(hall, params, who)
    if view == "ticket":
        return {"ticket": await ticket_of(runner, hall, params.get("ticket", ""), who)}
    if view == "desk":
        return {"counter": params.get("counter", "")}
    return {"device": who.device} if view in ("kiosk", "printer") and who is not None and who.device else {}


@contextmanager
def listening(
    socket: WebSocket, hall: Hall, view: str, params: dict[str, str], who: Principal | None
) -> Iterator[Heard | None]:
    """What is done with a client's reports while it is here; None for screens whose word proves nothing.

    A display with an area of its own proves what it shows of that area alone, whatever board it was opened with.
    """
    receipts: Receipts = socket.app.state.receipts
    if view == "ticket" and socket.query_params.get("ticket") == params["ticket"]:
        yield None  # staff look at it by its id; only who has the link is the visitor
    elif view == "ticket":
        with receipts.phone_page(hall, params["ticket"]):
            yield partial(receipts.hear_phone, hall, params["ticket"])
    elif who is None or who.kind != "device" or not who.may_at(hall.id):
        yield None
    else:
        name, area = who.device or who.id, params.get("area")
        is_proof = view == "board" and who.may("display.report") and own_area(hall, who) in (None, area)
        with receipts.present(hall, name, area):
            yield partial(receipts.hear_display, hall, name, area) if is_proof else partial(receipts.hear, hall, name)


async def is_foreign(socket: WebSocket) -> bool:
    """True when a token came that is good, but at another hall."""
    token = token_of(socket)
    return token is not None and await socket.app.state.people.principal(token) is not None


def board_params(hall: Hall, params: dict[str, str], who: Principal | None) -> dict[str, str]:
    """The area asked for, else the one of the display's own place in the set-up, else the whole hall."""
    if params.get("area"):
        return {"area": known_area(hall, params["area"])}
    own = own_area(hall, who)
    return {} if own is None else {"area": own}


def own_area(hall: Hall, who: Principal | None) -> str | None:
    """The area of the display's own place in the set-up; None for the whole hall."""
    device = hall.setup.devices.get(who.device) if who is not None and who.device else None
    return device.area or None if device is not None and device.kind == "display" else None


def known_area(hall: Hall, area: str) -> str:
    """An area of the set-up; anybody may ask for a board, so none is made for any other word."""
    if area in hall.setup.areas or any(plan.area == area for plan in hall.setup.counters.values()):
        return area
    raise Closed(NOT_FOUND, "area_unknown")


async def ticket_of(runner: Runner, hall: Hall, asked: str, who: Principal | None) -> str:
    """The ticket behind a secret, or the ticket named by somebody who may see tickets."""
    if who is not None and who.may("ticket.view") and asked in hall.picture.day.tickets:
        return asked
    try:
        found = await runner.log.followed(asked)
    except StorageFault:
        raise Closed(TRY_AGAIN, "storage_unavailable") from None
    if found is None or found[0] != hall.id:
        raise Closed(NOT_FOUND, "ticket_unknown")
    return found[1]


async def follow(
    socket: WebSocket,
    runner: Runner,
    hall: Hall,
    view: str,
    params: dict[str, str],
    after: int | None,
    epoch: str | None,
    heard: Heard | None,
    who: Principal | None,
) -> None:
    now_s = asyncio.get_running_loop().time()
    at = runner.clock.now()
    channel, subscriber = hall.feed.subscribe(view, params, after=after, epoch=epoch, at=at, now_s=now_s)
    sending = asyncio.create_task(send_all(socket, subscriber))
    hearing = asyncio.create_task(hear_all(socket, runner, subscriber, heard))
    try:
        while not subscriber.is_cut:
            done, _ = await asyncio.wait((sending, hearing), timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            if done:
                break
            if who is not None:
                await require_welcome(socket, hall, view)
    finally:
        leave(channel, subscriber)
        for task in (sending, hearing):
            task.cancel()
        results = await asyncio.gather(sending, hearing, return_exceptions=True)
    for result in results:
        if isinstance(result, Closed):
            raise result
    if subscriber.is_cut:
        raise Closed(TRY_AGAIN, "catch_up")


async def require_welcome(socket: WebSocket, hall: Hall, view: str) -> None:
    """Raises `Closed` when the token that opened the socket was revoked, its session has ended, or it may less now.

    A principal is remembered for half a minute, so hardly any look asks the database. One that cannot be asked now is
    asked at the next look: its trouble must not darken the screens.
    """
    try:
        who: Principal | None = await socket.app.state.people.principal(token_of(socket) or "")
    except SQLAlchemyError:
        return
    permission = VIEW_PERMISSIONS[view]
    if who is None or not who.may_at(hall.id) or not (permission is None or who.may(permission)):
        raise Closed(NOT_SIGNED_IN, "not_signed_in")


def leave(channel: Channel, subscriber: Subscriber) -> None:
    channel.subscribers.discard(subscriber)
    channel.idle_since_s = asyncio.get_running_loop().time()


async def send_all(socket: WebSocket, subscriber: Subscriber) -> None:
    """Send what is queued until the reader is cut or gone."""
    while (text := await subscriber.queue.get()) is not None:
        await socket.send_text(text)
    raise Closed(TRY_AGAIN, "catch_up")


async def hear_all(socket: WebSocket, runner: Runner, subscriber: Subscriber, heard: Heard | None) -> None:
    """Answer pings, pass reports on; what else a client says must at least be readable."""
    while True:
        try:
            said = read_text(await socket.receive_text())
        except WebSocketDisconnect:
            return
        except KeyError:  # bytes
            raise Closed(UNREADABLE, "malformed") from None
        if said.get("kind") == "ping":
            pong = {"kind": "pong", "t": as_number(said.get("t")), "at": as_text(runner.clock.now())}
            subscriber.send(json.dumps(pong))
        elif said.get("kind") == "status" and heard is not None:
            await heard(said)


def as_number(said: object) -> float | None:
    """A client's own time as it was said; None for what is no number that every reader of JSON can hold."""
    return said if isinstance(said, int | float) and abs(said) <= EXACT_MOST else None


def read_text(text: str) -> dict[str, Any]:
    """What a client said, as an object; anything else ends the connection."""
    try:
        said = json.loads(text) if len(text) <= CLIENT_TEXT_MOST else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Closed(UNREADABLE, "malformed")
    return said
