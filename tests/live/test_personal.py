"""What a visitor tells about himself is in no event, no answer, no screen and no log line, and can be erased."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path

import pytest

from hall.day import commands as c
from hall.live.runner import Key, Told
from hall.log.database import open_engine
from hall.log.migrate import upgrade
from hall.log.sql import SqlLog
from hall.log.verify import verify
from tests.day.support import HALL
from tests.live.live_support import FOLLOW, Live, Screen, WatchedLog, fresh

TOLD = Told("Zerubbabel", "+86 139 0000 4711", "walks with a crutch")
SECRETS = ("Zerubbabel", "4711", "crutch")
KEY = Key("kiosk k1", "press-1", "digest-of-the-body")


def told_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def visit(live: Live) -> str:
    """Issued with name, phone and note; printed, called, served."""
    done = await live.do(c.IssueTicket("account", device="k1"), KEY, told=TOLD)
    ticket: str = done.recorded[0].event.ticket  # type: ignore[union-attr]
    await live.do(c.OpenCounter("c1", "ann"))
    await live.do(c.CallNext("c1"))
    assert told_in(str(done)) == []
    return ticket


async def test_it_is_kept_with_the_ticket_and_erased_for_ever(live: Live, log: WatchedLog) -> None:
    ticket = await visit(live)
    assert await log.personal(HALL, ticket) == {"name": TOLD.name, "phone": TOLD.phone, "notes": [TOLD.note]}
    before = await log.read(HALL)
    await log.erase_personal(HALL, ticket)
    assert await log.personal(HALL, ticket) == {}
    assert await log.read(HALL) == before
    assert await verify(log, HALL) == []


async def test_it_is_in_no_event_and_no_answer(live: Live, log: WatchedLog) -> None:
    ticket = await visit(live)
    assert told_in(str(await log.read(HALL))) == []
    assert told_in(str(await log.answers(""))) == []
    assert told_in(str(await log.ticket(HALL, ticket))) == []
    assert told_in(str(live.hall.picture)) == []


async def test_it_is_on_no_screen(live: Live) -> None:
    ticket = await visit(live)
    views = {
        "board": {},
        "kiosk": {"device": "k1"},
        "desk": {"counter": "c1"},
        "manager": {},
        "ticket": {"ticket": ticket},
        "printer": {},
    }
    for view, params in views.items():
        assert told_in(str(fresh(live.feed, view, params))) == []
        assert told_in(str(Screen(view, params).connect(live.feed).heard)) == []


async def test_it_is_in_no_log_line_even_when_the_commit_fails(
    live: Live, log: WatchedLog, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for kept in (False, True):
            log.fail_once(kept=kept)
            with pytest.raises(Exception, match="storage_unavailable"):
                await live.do(c.IssueTicket("account"), told=TOLD)
        log.fail_once(reason=ValueError("unforeseen"))
        with pytest.raises(Exception, match="storage_unavailable"):
            await live.do(c.IssueTicket("account"), told=TOLD)
        await visit(live)
    assert "the disk is full" in caplog.text
    assert told_in(caplog.text) == []


async def test_it_is_kept_only_with_a_ticket_that_was_issued(live: Live, log: WatchedLog) -> None:
    await live.issue()
    log.fail_once()
    with pytest.raises(Exception, match="storage_unavailable"):
        await live.do(c.IssueTicket("account"), told=TOLD)
    assert log.contacts == {}


async def test_the_note_of_a_transfer_is_in_no_event_and_can_be_erased(live: Live, log: WatchedLog) -> None:
    ticket = await visit(live)
    await live.do(c.Start("c1"))
    done = await live.do(c.TransferVisitor("c1", "loan", has_note=True), told=Told(note="crutch, and 4711"))
    await live.do(c.TransferTicket(ticket, "advice", has_note=True), told=Told(note="asks for Zerubbabel"))
    assert (await log.personal(HALL, ticket))["notes"] == [TOLD.note, "crutch, and 4711", "asks for Zerubbabel"]
    assert told_in(str(done) + str(await log.read(HALL)) + str(live.hall.picture)) == []
    assert told_in(str(fresh(live.feed, "desk", {"counter": "c1"}))) == []
    await log.erase_personal(HALL, ticket)
    assert await log.personal(HALL, ticket) == {}
    assert await verify(log, HALL) == []


async def test_a_repeat_does_not_tell_it_twice(live: Live, log: WatchedLog) -> None:
    await visit(live)
    await live.do(c.IssueTicket("account", device="k1"), KEY, told=TOLD)
    assert len(log.contacts) == 1


async def test_on_a_real_file_it_is_in_its_own_tables_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'hall.db'}")
    upgrade(engine)
    log = SqlLog(engine, FOLLOW)
    live = await Live(log).start()
    with caplog.at_level(logging.DEBUG):
        ticket = await visit(live)
    assert told_in(caplog.text) == []
    tables = {"event", "answer", "ticket", "turn", "paper", "contact", "note", "meta"}
    rows = {}
    for table in tables:
        query = f"SELECT * FROM {table}"
        rows[table] = str(await log.query(lambda connection, query=query: connection.exec_driver_sql(query).all()))
    assert {table for table in tables if told_in(rows[table])} == {"contact", "note"}
    await log.rebuild(HALL)
    assert (await log.personal(HALL, ticket))["phone"] == TOLD.phone
    await log.erase_personal(HALL, ticket)
    assert await verify(log, HALL) == []
    assert set(asdict(TOLD)) == {"name", "phone", "note"}
    await live.runner.stop()
    await log.close()
