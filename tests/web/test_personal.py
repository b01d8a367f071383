"""What a visitor tells about himself stays in rows of its own, which can be erased without breaking the log."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hall.log.verify import verify
from tests.support import serving
from tests.web.live_support import screen_at, snapshot_of
from tests.web.web_support import CORNER, Door, House, done, gone, refused

TOLD = {"name": "Philippa Oduya-Ørsted", "phone": "+44 7700 900461", "note": "needs the lift; speaks Yoruba"}
NOTE = "her brother Tunde will sign"
PERSONAL_TABLES = {"contact", "note"}
PUBLIC = ("board", "kiosk", "manager", "greeter", "printer")
OF_THE_TEST = ("httpx", "httpcore", "websockets.client", "asyncio")  # what our own clients say of their requests


async def a_visit(house: House, corner: Door) -> dict[str, Any]:
    """A visit of somebody who told everything, twice, through every way that could remember it."""
    kiosk = await house.door("kiosk", hall=CORNER)
    ticket = await kiosk.issue("permit", key="press-1", **TOLD)
    assert await kiosk.issue("permit", key="press-1", **TOLD) == ticket
    assert not (await kiosk.post("tickets", {"service": "permit", **TOLD, "name": "other"}, key="press-1")).is_success
    assert not (await kiosk.post("tickets", {"service": "nothing", **TOLD})).is_success
    assert not (await kiosk.post("tickets", {"service": "permit", **TOLD, "extra": TOLD["note"]})).is_success
    await kiosk.get(f"/t/{secret_of(ticket)}")
    with gone(house, "contact"):
        refused(await kiosk.post("tickets", {"service": "permit", **TOLD}), "storage_unavailable")
    with gone(house, "ticket"):
        refused(await kiosk.get(f"/t/{secret_of(ticket)}"), "storage_unavailable")
    while (await kiosk.get("/readyz")).status_code == 503:
        pass
    door = f"/api/v1/t/{secret_of(ticket)}"
    for path in (f"{door}/why", f"{door}x/why"):
        await kiosk.get(path)
    await kiosk.post(f"{door}/postpone", key="tap")
    sent = {"service": "passport", "note": NOTE}
    assert not (await corner.post(f"tickets/{ticket['id']}/transfer", {**sent, "service": "nothing"})).is_success
    first = done(await corner.post(f"tickets/{ticket['id']}/transfer", sent, key="send"))
    assert done(await corner.post(f"tickets/{ticket['id']}/transfer", sent, key="send")) == first
    for verb in ("open", "call-next", "recall", "start", "finish", "undo", "finish"):
        await corner.pressed(verb)
    return ticket


def secret_of(ticket: dict[str, Any]) -> str:
    return str(ticket["follow_url"].rpartition("/")[2])


async def test_nothing_personal_is_in_the_log_the_answers_the_views_or_the_log_lines(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    corner = await house.door("api", hall=CORNER)
    async with serving(house.app) as address:
        seen = [await followed(house, address, view) for view in PUBLIC]
        ticket = await a_visit(house, corner)
        seen += [await followed(house, address, view) for view in PUBLIC]
        async with screen_at(address, "ticket", hall=CORNER, ticket=secret_of(ticket)) as phone:
            seen.append(str(await phone.next("snapshot")))
    seen.append(str(await corner.events()))
    seen.append((await corner.get(f"tickets/{ticket['id']}")).text)
    seen.append((await corner.get("tickets")).text)
    seen.append((await corner.get("now")).text)
    for text in seen:
        assert not [told for told in (*TOLD.values(), NOTE) if told in text]
    ours = [record for record in caplog.records if not record.name.startswith(OF_THE_TEST)]
    assert len(ours) > 1, "faults were logged"
    lines = "\n".join(logging.Formatter().format(record) for record in ours)
    assert not [told for told in (*TOLD.values(), NOTE, secret_of(ticket)) if told in lines]
    tables = dumped(house.database)
    assert not [table for table, text in tables.items() for told in (*TOLD.values(), NOTE) if told in text]
    assert [table for table, text in tables.items() if secret_of(ticket) in text] == ["ticket"]


async def followed(house: House, address: str, view: str) -> str:
    token = await house.token("admin", hall=CORNER)
    return str((await snapshot_of(address, view, hall=CORNER, token=token)).state)


def dumped(database: Path) -> dict[str, str]:
    """Every table of the database as text, those for what is personal left out."""
    with sqlite3.connect(database) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert set(names) > PERSONAL_TABLES
        tables = {
            name: "\n".join(map(str, connection.execute(f'SELECT * FROM "{name}"')))
            for name in names
            if name not in PERSONAL_TABLES
        }
    connection.close()
    assert tables["event"]
    assert tables["answer"]
    return tables


async def test_what_was_told_is_kept_until_it_is_erased_and_the_log_stays_whole(house: House) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await a_visit(house, corner)
    log = house.system.runner.log
    kept = await log.personal(CORNER, ticket["id"])
    assert kept == {"name": TOLD["name"], "phone": TOLD["phone"], "notes": [TOLD["note"], NOTE]}
    assert await verify(log, CORNER) == []
    await log.erase_personal(CORNER, ticket["id"])
    assert await log.personal(CORNER, ticket["id"]) == {}
    assert await verify(log, CORNER) == []
    left = every_byte(house.database)
    assert not [told for told in (TOLD["name"], NOTE) if told.encode() in left]


def every_byte(database: Path) -> bytes:
    """The database as its pages hold it once the journal is folded in and free pages are given back."""
    with sqlite3.connect(database) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return database.read_bytes()


async def test_the_notes_are_for_staff_alone_and_gone_when_they_are_erased(house: House) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await a_visit(house, corner)
    clerk, kiosk = await house.door("clerk", hall=CORNER), await house.door("kiosk", hall=CORNER)
    assert done(await clerk.get(f"tickets/{ticket['id']}/notes"))["notes"] == [TOLD["note"], NOTE]
    refused(await kiosk.get(f"tickets/{ticket['id']}/notes"), "forbidden")
    await house.system.runner.log.erase_personal(CORNER, ticket["id"])
    assert done(await clerk.get(f"tickets/{ticket['id']}/notes"))["notes"] == []
    refused(await clerk.get("tickets/nothing/notes"), "ticket_unknown")


async def test_the_note_of_a_transfer_goes_when_the_transfer_is_taken_back(house: House) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await corner.issue("permit", **TOLD)
    for verb in ("open", "call-next"):
        await corner.pressed(verb)
    await corner.pressed("transfer", service="passport", note=NOTE)
    assert done(await corner.get(f"tickets/{ticket['id']}/notes"))["notes"] == [TOLD["note"], NOTE]
    await corner.pressed("undo")
    assert done(await corner.get(f"tickets/{ticket['id']}/notes"))["notes"] == [TOLD["note"]]
    assert NOTE.encode() not in every_byte(house.database)


async def test_a_rebuild_leaves_what_is_personal_alone(house: House) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await a_visit(house, corner)
    log = house.system.runner.log
    before = await log.personal(CORNER, ticket["id"])
    await log.rebuild(CORNER)
    assert await log.personal(CORNER, ticket["id"]) == before
    assert await verify(log, CORNER) == []


async def test_the_hash_of_a_body_does_not_betray_it(house: House) -> None:
    """Two databases keep different hashes of the same words: without the database's key nothing can be guessed."""
    corner = await house.door("api", hall=CORNER)
    await corner.issue("permit", key="k", **TOLD)
    (answer,) = await house.system.runner.log.answers("")
    assert len(answer.body_hash) == 64
    assert house.system.key.hex() not in str(dumped(house.database)["answer"])


async def test_the_lists_of_tickets_do_not_give_secrets_away(house: House) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await corner.issue("permit")
    clerk = await house.door("clerk", hall=CORNER)
    assert secret_of(ticket) not in (await clerk.get("tickets")).text
    assert done(await clerk.get("tickets"))["tickets"][0]["follow_url"] is None
