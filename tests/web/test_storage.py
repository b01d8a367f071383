"""A disk that is full, a database that may only be read, tables that are gone: refused clearly, and over when it is."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from hall.files import examples_folder
from hall.log.port import StorageFault
from hall.log.verify import verify
from hall.setup.store import load_newest
from hall.setup.toml import parse
from hall.web.control import NotDone
from tests.web.web_support import CORNER, JIANGWAN, OWN_PRINTER, Door, House, done, gone, open_house, refused

PATIENCE_S = 15.0


class Pragmas:
    """Given to every connection of the engine each time it is taken out of the pool."""

    def __init__(self, house: House) -> None:
        self.now: tuple[str, ...] = ()
        event.listen(house.system.engine, "checkout", self.give)

    def give(self, connection: Any, _: Any, __: Any) -> None:
        for pragma in self.now:
            connection.execute(f"PRAGMA {pragma}").close()

    def set(self, house: House, *pragmas: str) -> None:
        """From now on. The writer keeps its connection, so it is told at once, in its own thread."""
        self.now = pragmas
        log: Any = house.system.runner.log
        if log.connection is not None:
            for pragma in pragmas:
                log.writer.submit(log.connection.connection.execute, f"PRAGMA {pragma}").result()


@pytest.fixture
async def pragmas(house: House, api: Door) -> AsyncIterator[Pragmas]:
    """The writer has a connection already, as after some hours."""
    await api.issue()
    made = Pragmas(house)
    yield made
    made.set(house, "query_only=OFF", "max_page_count=1073741823")


def pages(house: House) -> int:
    with sqlite3.connect(house.database) as connection:
        (count,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    return int(count)


async def until(works: Callable[[], Any], answer: Callable[[httpx.Response], bool]) -> httpx.Response:
    """Ask again until the answer is good."""
    async with asyncio.timeout(PATIENCE_S):
        while not answer(got := await works()):
            await asyncio.sleep(0)
    return got  # type: ignore[no-any-return]


async def the_service_is_back(house: House, api: Door, acknowledged: list[dict[str, Any]]) -> None:
    """Commands work again, and every ticket that was acknowledged is there, without a gap."""
    await until(lambda: api.post("tickets", {"service": "general"}), lambda answer: answer.status_code == 201)
    listed = done(await api.get("tickets", limit=1000))["tickets"]
    assert [ticket["serial"] for ticket in listed] == list(range(1, len(listed) + 1))
    assert {ticket["id"] for ticket in acknowledged} <= {ticket["id"] for ticket in listed}
    assert len(listed) == 1 + len(acknowledged) + 1, "what was refused left nothing behind"
    assert await verify(house.system.runner.log, JIANGWAN) == []


async def test_a_full_disk_refuses_and_returns(house: House, api: Door, pragmas: Pragmas) -> None:
    pragmas.set(house, f"max_page_count={pages(house) + 4}")
    acknowledged, answer = [], await api.post("tickets", {"service": "general"})
    while answer.status_code == 201:
        acknowledged.append(answer.json())
        answer = await api.post("tickets", {"service": "general", "note": "n" * 1000})
    assert acknowledged, "there was some room"
    refused(answer, "storage_unavailable")
    assert answer.headers["retry-after"] == "1"
    assert done(await api.get("now"))["today"]["issued"] == 1 + len(acknowledged)
    assert len(done(await api.get("tickets", limit=1000))["tickets"]) == 1 + len(acknowledged)
    pragmas.set(house, "max_page_count=1073741823")
    await the_service_is_back(house, api, acknowledged)


async def test_a_database_that_may_only_be_read_refuses_and_returns(
    house: House, api: Door, nobody: Door, pragmas: Pragmas
) -> None:
    pragmas.set(house, "query_only=ON")
    for _ in range(3):
        answer = await until(
            lambda: api.post("tickets", {"service": "general"}), lambda answer: answer.status_code == 503
        )
        refused(answer, "storage_unavailable")
        refused(await api.press("open"), "storage_unavailable")
    sign_in = {"login": "chen", "pin": "1001", "hall": JIANGWAN}
    refused(await nobody.post("/api/v1/sign-in", sign_in), "storage_unavailable")
    assert done(await api.get("now"))["today"]["issued"] == 1
    pragmas.set(house, "query_only=OFF")
    await the_service_is_back(house, api, [])
    done(await nobody.post("/api/v1/sign-in", sign_in))


async def test_a_key_that_was_refused_may_be_used_again(house: House, api: Door, pragmas: Pragmas) -> None:
    pragmas.set(house, "query_only=ON")
    refused(await api.post("tickets", {"service": "general"}, key="k"), "storage_unavailable")
    pragmas.set(house, "query_only=OFF")
    got = await until(
        lambda: api.post("tickets", {"service": "general"}, key="k"), lambda answer: answer.status_code == 201
    )
    assert got.json()["number"] == "A002"
    assert (await api.issue("general", key="k")) == got.json()


async def test_reading_that_fails_is_a_problem_too(house: House, api: Door, nobody: Door) -> None:
    ticket = await api.issue(key="k")
    with gone(house, "ticket"):
        refused(await api.get("tickets"), "storage_unavailable")
        refused(await api.get(f"tickets/{ticket['id']}"), "storage_unavailable")
        refused(await nobody.get("/t/some-secret"), "storage_unavailable")
    with gone(house, "event"):
        refused(await api.get("events"), "storage_unavailable")
        refused(await api.post("tickets", {"service": "general"}, key="k"), "storage_unavailable")
    assert await api.issue(key="k") == ticket


async def test_a_cancel_that_is_durable_is_answered_though_no_row_can_be_read(
    house: House, api: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await api.issue()

    async def unreadable(*_: str) -> None:
        raise StorageFault("the disk is gone")

    monkeypatch.setattr(house.system.runner.log, "ticket", unreadable)
    answer = done(await api.post(f"tickets/{ticket['id']}/cancel"))
    assert (answer["state"], answer["outcome"], answer["number"]) == ("done", "cancelled_by_staff", "A001")
    refused(await api.get(f"tickets/{ticket['id']}"), "storage_unavailable")


async def test_a_log_that_is_gone_is_waited_for(house: House, api: Door, nobody: Door) -> None:
    with gone(house, "event"):
        refused(await api.post("tickets", {"service": "general"}), "storage_unavailable")
        answer = await nobody.get("/readyz")
        assert (answer.status_code, answer.json()["not_ready"]) == (503, [CORNER, JIANGWAN])
        refused(await api.post("tickets", {"service": "general"}), "storage_unavailable")
    await until(lambda: nobody.get("/readyz"), lambda answer: answer.status_code == 200)
    assert (await api.issue())["number"] == "A001"


async def test_a_set_up_that_was_stored_and_not_put_into_force_is_with_the_next_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (examples_folder() / "telecom-hall.toml").read_text("utf-8").replace(OWN_PRINTER, "")
    parsed, control, day = parse(text), house.system.control, house.hall.picture.day

    async def full(_: object) -> None:
        raise StorageFault("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(house.system.runner.log, "append", full)
        with pytest.raises(NotDone):
            await control.publish(parsed, replace_changes=False)
    while house.hall.is_rereading:
        await asyncio.sleep(0)
    assert day.setup_version == 1
    assert (await control.publish(parsed, replace_changes=False))["version"] == 2
    assert day.setup_version == 2
    assert (await control.publish(parsed, replace_changes=False))["version"] is None


async def test_a_set_up_that_strands_who_came_while_it_was_stored_leaves_no_version(
    house: House, api: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (examples_folder() / "two-halls" / "bank.toml").read_text("utf-8").replace('id = "bank"', 'id = "jiangwan"')
    control, people = house.system.control, house.system.people
    install = people.install

    async def installed_while_a_number_is_taken(*given: Any, **words: Any) -> Any:
        await api.issue()
        return await install(*given, **words)

    monkeypatch.setattr(people, "install", installed_while_a_number_is_taken)
    with pytest.raises(NotDone, match="takes out what is in use"):
        await control.publish(parse(text), replace_changes=True)
    newest = load_newest(house.system.engine, JIANGWAN)
    assert newest is not None
    assert newest.setup.version == house.hall.picture.day.setup_version == 1


async def test_people_that_cannot_be_looked_up_are_a_problem_too(house: House) -> None:
    door = await house.door("api")
    with gone(house, "session"):
        refused(await door.post("tickets", {"service": "general"}), "storage_unavailable")
    await door.issue()


async def test_a_task_that_broke_does_not_keep_the_log_from_closing(tmp_path: Path) -> None:
    async def broken() -> None:
        raise ValueError("nobody thought of this")

    async with open_house(tmp_path / "hall.db") as house:
        house.system.tasks.append(asyncio.create_task(broken()))
    log: Any = house.system.runner.log
    with pytest.raises(RuntimeError):
        log.writer.submit(print)
