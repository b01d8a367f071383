"""The live feed over real websockets: a snapshot, then exactly what changed, also after a break."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets

from hall.live import socket as live_socket
from hall.people.passwords import Passwords
from hall.people.permissions import Role
from hall.people.service import People
from tests.support import HandClock, fastapi_in, serving
from tests.web.live_support import PATIENCE_S, Screen, closed_with, screen_at, snapshot_of, url_of
from tests.web.web_support import CORNER, GAP_S, JIANGWAN, Door, House, done, gone, open_house

VIEWS: dict[str, tuple[Role | None, dict[str, str]]] = {
    "board": (None, {}),
    "kiosk": ("kiosk", {}),
    "desk": ("clerk", {"counter": "1"}),
    "manager": ("manager", {}),
    "printer": ("printer", {}),
}


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    async with serving(house.app) as served:
        yield served


async def play(house: House, api: Door, kiosk: Door) -> None:
    """A piece of a day that touches every view."""
    for service in ("general", "payment", "general"):
        await kiosk.issue(service)
    for verb in ("open", "call-next", "recall", "start", "finish", "undo", "finish", "call-next", "no-show"):
        house.clock.advance(seconds=GAP_S)
        if verb == "no-show":
            await house.call_in_vain(api)
        await api.pressed(verb)
    await api.pressed("call-next")
    await api.pressed("pause", reason="lunch")


async def options_of(house: House, view: str) -> dict[str, Any]:
    role, params = VIEWS[view]
    return {"token": await house.token(role) if role else None, **params}


async def test_a_view_begins_with_a_snapshot(house: House, address: str) -> None:
    async with screen_at(address, "board") as screen:
        first = await screen.next()
    assert set(first) == {"kind", "epoch", "seq", "version", "at", "rate", "state"}
    assert (first["kind"], first["at"], first["rate"]) == ("snapshot", "2026-11-24T02:00:00.000Z", 1.0)
    assert (first["epoch"], first["seq"]) == (house.system.runner.epoch, house.hall.picture.day.seq)
    assert first["state"]["hall"]["business_date"] == "2026-11-24"
    assert [counter["id"] for counter in first["state"]["area:1"]["counters"]] == ["1", "2", "3", "4"]


async def test_an_event_says_what_changed_and_what_was_before(api: Door, address: str) -> None:
    await api.pressed("open")
    ticket = await api.issue()
    async with screen_at(address, "board") as screen:
        first = await screen.next("snapshot")
        called = await api.pressed("call-next")
        event = await screen.next("event")
    assert set(event) == {"kind", "prev", "seq", "at", "type", "put", "drop"}
    assert (event["prev"], event["seq"], event["type"]) == (first["seq"], called["seq"], "TicketCalled")
    assert event["drop"] == []
    (call,) = event["put"].values()
    assert (call["number"], call["counter"], call["state"]) == (ticket["number"], "1", "called")


@pytest.mark.parametrize("view", VIEWS)
async def test_the_old_snapshot_and_the_events_make_the_fresh_snapshot(
    house: House, api: Door, address: str, view: str
) -> None:
    options = await options_of(house, view)
    async with screen_at(address, view, **options) as screen:
        await screen.next("snapshot")
        await play(house, api, await house.door("kiosk"))
        fresh = await snapshot_of(address, view, **options)
        await screen.until_same(fresh.state)
    assert screen.seq <= fresh.seq
    assert len(screen.state) > 1


@pytest.mark.parametrize("view", VIEWS)
async def test_who_was_cut_off_gets_what_was_missed_and_no_more(
    house: House, api: Door, address: str, view: str
) -> None:
    options = await options_of(house, view)
    old = await snapshot_of(address, view, **options)
    await play(house, api, await house.door("kiosk"))
    async with screen_at(address, view, **options, after=old.seq, epoch=old.epoch) as screen:
        screen.state = dict(old.state)
        assert (await screen.next())["kind"] == "event"
        await screen.until_same((await snapshot_of(address, view, **options)).state)


async def test_who_missed_nothing_is_sent_nothing(api: Door, address: str) -> None:
    old = await snapshot_of(address, "board")
    async with screen_at(address, "board", after=old.seq, epoch=old.epoch) as screen:
        await api.issue()
        await api.pressed("open")
        await api.pressed("call-next")
        event = await screen.next()
    assert (event["kind"], event["prev"]) == ("event", old.seq)


@pytest.mark.parametrize("view", VIEWS)
async def test_a_restart_of_the_server_is_just_another_break(database: Path, view: str) -> None:
    async with open_house(database) as house, serving(house.app) as address:
        options = await options_of(house, view)
        old = await snapshot_of(address, view, **options)
        await play(house, await house.door("api"), await house.door("kiosk"))
    async with (
        open_house(database, house.clock) as house,
        serving(house.app) as address,
        screen_at(address, view, **options, after=old.seq, epoch=old.epoch) as screen,
    ):
        screen.state = dict(old.state)
        assert (await screen.next())["kind"] == "event"
        await screen.until_same((await snapshot_of(address, view, **options)).state)


async def test_what_cannot_be_resumed_begins_anew(api: Door, address: str) -> None:
    await api.issue()
    known = await snapshot_of(address, "board")
    claims: list[dict[str, Any]] = [{"epoch": "another"}, {"epoch": None}]
    for claim in (*claims, {"after": 10**9}, {"after": 1}, {"after": None}):
        async with screen_at(address, "board", **{"after": known.seq, "epoch": known.epoch, **claim}) as screen:
            assert (await screen.next())["kind"] == "snapshot", claim


async def test_a_beat_comes_every_two_seconds_and_repeats_the_seq(api: Door, address: str) -> None:
    loop = asyncio.get_running_loop()
    async with screen_at(address, "board") as screen:
        await screen.next("snapshot")
        await screen.next("beat")
        began_s = loop.time()
        await api.issue()  # not on the board: the beat does not go on
        beat = await screen.next("beat")
        assert loop.time() - began_s < 4
    assert set(beat) == {"kind", "seq", "prev", "at"}
    assert beat["seq"] == beat["prev"] == screen.chain


async def test_a_token_may_come_as_subprotocol_header_or_cookie(house: House, address: str) -> None:
    token = await house.token("manager")
    url = url_of(address, "manager")
    async with websockets.connect(url, subprotocols=["other", f"hall.{token}"]) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == f"hall.{token}"
        assert json.loads(await socket.recv())["kind"] == "snapshot"
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"hall={token}"}):
        async with websockets.connect(url, additional_headers=headers) as socket:
            assert json.loads(await socket.recv())["kind"] == "snapshot"


async def test_the_cookie_is_no_good_on_a_page_of_others(house: House, address: str) -> None:
    headers = {"Cookie": f"hall={await house.token('manager')}", "Origin": "http://elsewhere.example"}
    async with websockets.connect(url_of(address, "manager"), additional_headers=headers) as socket:
        assert await closed_with(socket) == (4401, "not_signed_in")


REFUSED: dict[str, tuple[str, Role | None, dict[str, str], tuple[int, str]]] = {
    "no token": ("manager", None, {}, (4401, "not_signed_in")),
    "wrong role": ("manager", "kiosk", {}, (4403, "forbidden")),
    "unknown view": ("ceiling", "admin", {}, (4404, "view_unknown")),
    "unknown counter": ("desk", "clerk", {"counter": "99"}, (4404, "counter_unknown")),
    "no counter": ("desk", "clerk", {}, (4404, "counter_unknown")),
    "unknown area": ("board", None, {"area": "9"}, (4404, "area_unknown")),
    "unknown ticket": ("ticket", None, {"ticket": "x" * 24}, (4404, "ticket_unknown")),
    "no ticket": ("ticket", None, {}, (4404, "ticket_unknown")),
    "a ticket with NUL": ("ticket", None, {"ticket": "\x00"}, (4404, "ticket_unknown")),
    "a long ticket": ("ticket", None, {"ticket": "x" * 5000}, (4404, "ticket_unknown")),
}


async def test_a_refused_socket_says_why(house: House, address: str) -> None:
    for case, (view, role, params, expected) in REFUSED.items():
        token = await house.token(role) if role else None
        async with screen_at(address, view, token=token, **params) as screen:
            assert await closed_with(screen.socket) == expected, case


async def test_an_unknown_hall_and_a_foreign_token_are_refused(house: House, address: str) -> None:
    token = await house.token("manager", hall=CORNER)
    async with screen_at(address, "manager", token=token) as screen:
        assert (await closed_with(screen.socket))[0] == 4403
    async with screen_at(address, "board", hall="nowhere") as screen:
        assert await closed_with(screen.socket) == (4404, "hall_unknown")
    async with screen_at(address, "board", token=token) as screen:
        assert (await screen.next())["kind"] == "snapshot"


async def test_a_token_that_was_taken_back_opens_no_view(house: House, address: str) -> None:
    token, made = await house.system.people.create_token(hall=JIANGWAN, role="manager")
    await snapshot_of(address, "manager", token=token)
    await house.system.people.revoke_token(made.id)
    async with screen_at(address, "manager", token=token) as screen:
        assert (await closed_with(screen.socket))[0] == 4401


@pytest.fixture
def hurried_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_socket, "LOOK_S", 0.01)


@pytest.mark.usefixtures("hurried_looks")
@pytest.mark.parametrize("how", ["revoked", "signed out", "new secret", "twelve hours later"])
async def test_an_open_socket_ends_with_the_token_that_opened_it(house: House, address: str, how: str) -> None:
    """Those beside it stay: whoever has another token, and whoever needs none."""
    clock = HandClock()
    people = People(house.system.engine, clock, Passwords(memory_kib=8, passes=1))
    fastapi_in(house.app).state.people = people
    await people.set_account(hall=JIANGWAN, login="wu", name="Wu", role="manager", secret="1234")
    token = (await people.sign_in("wu", "1234", hall=JIANGWAN)).token
    program, made = await people.create_token(hall=JIANGWAN, role="manager")
    async with (
        screen_at(address, "manager", token=program if how == "revoked" else token) as ending,
        screen_at(address, "manager", token=await house.token("manager")) as staying,
        screen_at(address, "board") as public,
    ):
        for screen in (ending, staying, public):
            await screen.next("snapshot")
        if how == "revoked":
            await people.revoke_token(made.id)
        elif how == "signed out":
            await people.sign_out(token)
        elif how == "new secret":
            await people.set_secret(JIANGWAN, "wu", "4321")
        else:
            clock.advance(hours=12)
        assert await closed_with(ending.socket) == (4401, "not_signed_in")
        for screen in (staying, public):
            await screen.say({"kind": "ping", "t": 1})
            await screen.next("pong")


@pytest.mark.usefixtures("hurried_looks")
async def test_a_display_whose_token_was_revoked_loses_its_board(house: House, address: str) -> None:
    people = house.system.people
    token, made = await people.create_token(hall=JIANGWAN, role="display", device="display-2")
    async with screen_at(address, "board", token=token) as screen:
        await screen.next("snapshot")
        await people.revoke_token(made.id)
        assert await closed_with(screen.socket) == (4401, "not_signed_in")


@pytest.mark.usefixtures("hurried_looks")
async def test_people_that_cannot_be_looked_up_do_not_darken_the_screens(house: House, address: str) -> None:
    async with screen_at(address, "manager", token=await house.token("manager")) as screen:
        await screen.next("snapshot")
        await house.system.people.revoke_token("none")  # everybody is looked up anew
        with gone(house, "session"):
            await screen.next("beat")  # many looks later
        await screen.say({"kind": "ping", "t": 1})
        await screen.next("pong")


async def test_a_malformed_question_is_refused_before_the_socket_opens(address: str) -> None:
    questions: list[dict[str, Any]] = [{"after": -1}, {"after": "x"}, {"after": 2**60}, {"epoch": "x" * 81}]
    for params in questions:
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await websockets.connect(url_of(address, "board", **params))
        assert refusal.value.response.status_code == 422
        assert json.loads(refusal.value.response.body or b"")["code"] == "malformed"


async def test_a_ping_is_answered_with_its_own_time(address: str) -> None:
    async with screen_at(address, "board") as screen:
        for t in (0, 17, 1.5, -(2**53)):
            await screen.say({"kind": "ping", "t": t})
            assert await screen.next("pong") == {"kind": "pong", "t": t, "at": "2026-11-24T02:00:00.000Z"}


async def test_a_ping_with_an_odd_time_is_answered_without_it(address: str) -> None:
    async with screen_at(address, "board") as screen:
        for t in ("NaN", "1e999", "9" * 4000, '"x"', "null", "[[1]]"):
            await screen.socket.send(f'{{"kind": "ping", "t": {t}}}')
            assert (await screen.next("pong"))["t"] is None, t


async def test_what_a_display_reports_is_taken_and_goes_on(address: str) -> None:
    async with screen_at(address, "board") as screen:
        for message in ({"kind": "status", "seq": 1, "shown": [], "sounding": [], "audio": True, "frame_ms": 16}, {}):
            await screen.say(message)
        await screen.say({"kind": "ping", "t": 1})
        await screen.next("pong")


NO_MESSAGES = ["", "x", "1", "null", "[]", '"ping"', "{", "[" * 4000, " " * 4097, "\x00", b"\x00\xff", b"{}"]


async def test_what_is_no_message_ends_the_connection_with_a_word(address: str) -> None:
    for text in NO_MESSAGES:
        async with screen_at(address, "board") as screen:
            await screen.next("snapshot")
            await screen.socket.send(text)
            assert await closed_with(screen.socket) == (4422, "malformed"), text


async def test_a_deep_message_is_a_message(address: str) -> None:
    async with screen_at(address, "board") as screen:
        await screen.socket.send('{"a":' * 600 + "1" + "}" * 600)
        await screen.say({"kind": "ping", "t": 1})
        assert (await screen.next("pong"))["t"] == 1


PUBLIC_KEYS = {
    "hall": {
        "id",
        "name",
        "languages",
        "timezone",
        "business_date",
        "day_open",
        "hours",
        "missed_return_min",
        "missed_sentence",
    },
    "area": {"id", "name", "arrow", "speaks", "counters"},
    "call": {"number", "counter", "counter_name", "area", "called_at", "at", "call_no", "state", "order"},
    "ticket": {
        "number",
        "service",
        "service_name",
        "class",
        "state",
        "outcome",
        "ahead",
        "counters_open",
        "counter",
        "counter_name",
        "area",
        "area_name",
        "called_at",
        "last_call_at",
        "call_no",
        "deliveries",
        "joined_by",
        "rules_changed",
        "overtaken_by",
        "round_used",
        "counter_change",
        "to_counter",
        "planned",
        "missed_at",
        "expires_at",
        "returns_left",
        "postpones_left",
        "due_at",
        "issued_at",
        "claim_at",
        "promise_s",
        "estimate",
        "language",
    },
}


async def test_public_views_carry_numbers_and_counters_only(house: House, address: str) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await corner.issue("permit", name="Ann Smith", phone="555-0100", note="wheelchair")
    await corner.pressed("open", staff="chen")
    await corner.pressed("call-next")
    secret = ticket["follow_url"].rpartition("/")[2]
    board = await snapshot_of(address, "board", hall=CORNER)
    phone = await snapshot_of(address, "ticket", hall=CORNER, ticket=secret)
    for key, record in [*board.state.items(), *phone.state.items()]:
        assert set(record) <= PUBLIC_KEYS[key.partition(":")[0]], key
    said = set(leaves(board.state)) | set(leaves(phone.state))
    assert not said & {ticket["id"], f"{ticket['id']}-1", "chen", "Chen at the corner", "Ann Smith", "555-0100", secret}
    assert not said & {"wheelchair"}
    assert {"P001", "1"} <= said


def leaves(value: Any) -> Iterator[Any]:
    """Every text and number anywhere inside, keys included."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


async def test_a_display_shows_its_own_area(house: House, api: Door, address: str) -> None:
    for counter in ("1", "7"):
        await api.pressed("open", counter=counter)
        await api.issue("general" if counter == "1" else "business")
        await api.pressed("call-next", counter=counter)
    area_two = await house.token("display", device="display-2")
    for options, areas in (
        ({}, {"1", "2"}),
        ({"area": "1"}, {"1"}),
        ({"token": area_two}, {"2"}),
        ({"token": await house.token("display", device="display-1")}, {"1", "2"}),
    ):
        screen = await snapshot_of(address, "board", **options)
        assert {record["area"] for key, record in screen.state.items() if key.startswith("call:")} == areas
        assert {key for key in screen.state if key.startswith("area:")} == {f"area:{area}" for area in areas}


async def test_a_display_proves_nothing_of_an_area_that_is_not_its_own(house: House, api: Door, address: str) -> None:
    await api.pressed("open")  # counter 1, in area 1
    ticket = await api.issue()
    call = (await api.pressed("call-next"))["seq"]
    turn = house.hall.picture.day.tickets[ticket["id"]].turn
    report = {"kind": "status", "seq": call, "shown": [call], "sounding": [call], "audio": "running"}
    for token, deliveries in (
        (await house.token("display", device="display-2"), 0),  # stands in area 2
        (await house.token("display", device="display-1"), 1),  # of the whole hall
    ):
        async with screen_at(address, "board", area="1", token=token) as screen:
            await screen.next("snapshot")
            await screen.say(report)
            await screen.say({"kind": "ping", "t": 1})
            await screen.next("pong")
            assert turn.deliveries == deliveries


async def test_a_display_that_has_left_is_not_alive(house: House, api: Door, address: str) -> None:
    async def is_alive() -> bool:
        devices = done(await api.get("devices"))["devices"]
        return next(bool(one["alive"]) for one in devices if one["id"] == "display-2")

    async with screen_at(address, "board", token=await house.token("display", device="display-2")) as screen:
        await screen.next("snapshot")
        assert await is_alive()
    async with asyncio.timeout(PATIENCE_S):
        while await is_alive():
            await asyncio.sleep(0)


async def test_only_the_page_behind_the_link_proves_a_call_and_is_known_to_be_open(house: House, address: str) -> None:
    corner, hall, receipts = (
        await house.door("api", hall=CORNER),
        house.system.runner.halls[CORNER],
        house.system.receipts,
    )
    ticket = await corner.issue("permit")
    await corner.pressed("open")
    report = {"kind": "status", "seq": (await corner.pressed("call-next"))["seq"], "shown": [1]}
    turn = hall.picture.day.tickets[ticket["id"]].turn
    by_id = {"token": await house.token("clerk", hall=CORNER), "ticket": ticket["id"]}
    by_link = {"ticket": ticket["follow_url"].rpartition("/")[2]}
    for options, page, deliveries in ((by_id, "not_open", 0), (by_link, "open", 1)):
        async with screen_at(address, "ticket", hall=CORNER, **options) as screen:
            await screen.next("snapshot")
            assert receipts.phone(hall, "1") == page
            await screen.say(report)
            await screen.say({"kind": "ping", "t": 1})
            await screen.next("pong")
            assert turn.deliveries == deliveries
    async with asyncio.timeout(PATIENCE_S):
        while receipts.phone(hall, "1") == "open":
            await asyncio.sleep(0)


async def test_odd_areas_make_no_channels(house: House, address: str) -> None:
    """Anybody may ask for a board; what is remembered for them must not grow with the words they ask with."""
    await snapshot_of(address, "board")
    before = len(house.hall.feed.channels)
    for n in range(20):
        async with screen_at(address, "board", area=f"odd-{n}") as screen:
            await closed_with(screen.socket)
    assert len(house.hall.feed.channels) == before


async def test_a_reader_that_takes_nothing_is_cut_and_catches_up(house: House, api: Door) -> None:
    async with serving(house.app, send_buffer=4096) as address, screen_at(address, "board") as healthy:
        first = await healthy.next("snapshot")
        host, _, port = address.partition(":")
        narrow = sockets.socket()
        narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        narrow.connect((host, int(port)))
        async with websockets.connect(url_of(address, "board"), sock=narrow, max_queue=1, compression=None) as slow:
            await ping_without_reading(slow)
            await only_one_left(house, healthy)
            assert (await closed_with(slow))[0] in (4503, 1006)
        await api.pressed("open")
        await api.issue()
        await api.pressed("call-next")
        async with screen_at(address, "board", after=first["seq"], epoch=first["epoch"]) as again:
            again.state = dict(first["state"])
            await again.until_same((await snapshot_of(address, "board")).state)


def subscribers(house: House, view: str) -> list[Any]:
    channels = house.hall.feed.channels.items()
    return [subscriber for key, channel in channels if key[0] == view for subscriber in channel.subscribers]


async def only_one_left(house: House, healthy: Screen) -> None:
    """Wait, a few beats at most, until nobody but this screen is remembered."""
    for _ in range(5):
        if len(subscribers(house, "board")) == 1:
            return
        await healthy.next("beat")
    raise AssertionError("who is gone is still remembered")


async def ping_without_reading(socket: Any) -> None:
    """More questions than the answers that are kept for a reader that takes none."""
    async with asyncio.timeout(PATIENCE_S):
        for n in range(4000):
            await socket.send(f'{{"kind":"ping","t":{n}}}')
            await asyncio.sleep(0)  # the server answers while it can


async def test_who_leaves_is_forgotten(house: House, address: str) -> None:
    async with screen_at(address, "board") as other:
        await other.next("snapshot")
        async with screen_at(address, "board") as screen:
            await screen.next("snapshot")
            assert len(subscribers(house, "board")) == 2
        await other.say({"kind": "ping", "t": 1})
        await other.next("pong")
        await only_one_left(house, other)


async def test_a_server_that_ends_lets_its_screens_go(database: Path) -> None:
    async with open_house(database) as house, serving(house.app) as address, screen_at(address, "board") as screen:
        await screen.next("snapshot")
        house.hall.feed.cut_all()
        assert await closed_with(screen.socket) == (4503, "catch_up")


async def test_two_halls_do_not_hear_each_other(house: House, api: Door, address: str) -> None:
    corner = await house.door("api", hall=CORNER)
    async with screen_at(address, "board", hall=CORNER) as screen:
        await screen.next("snapshot")
        for door, service in ((api, "general"), (corner, "permit")):
            await door.pressed("open")
            await door.issue(service)
            await door.pressed("call-next")
        while not (calls := [record for key, record in screen.state.items() if key.startswith("call:")]):
            await screen.next("event")
    assert [call["number"] for call in calls] == ["P001"]
    assert done(await corner.get("now"))["today"]["called"] == 1
