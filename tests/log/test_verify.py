"""Whatever is damaged in a log or its rows, `verify` says what and where."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from hall.day import commands as c
from hall.day import events as e
from hall.log.chain import GENESIS, seal
from hall.log.memory import MemoryLog
from hall.log.rows import fold_rows
from hall.log.sql import ROW_TABLES, SqlLog
from hall.log.tables import EVENT, TURN
from hall.log.verify import verify
from tests.day.support import Walker, minute
from tests.log.log_support import FOLLOW, Store, append_all, commits_of, issue, long_hall, new_hall

DATABASES = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def walker() -> Walker:
    return long_hall(11, 500)


@pytest.fixture
async def log(store: Store, walker: Walker) -> AsyncIterator[SqlLog]:
    """A sound log of some days, to be damaged."""
    opened = SqlLog(store.place, FOLLOW)
    await opened.append(commits_of(walker.log))
    yield opened
    await opened.close()


async def change(log: SqlLog, table: Any, key: dict[str, Any], **columns: Any) -> None:
    where = [table.c[name] == value for name, value in key.items()]
    await log.query(lambda connection: connection.execute(update(table).where(*where).values(columns)))


def seq_of(walker: Walker, kind: str, nth: int = 0) -> int:
    return [one.seq for one in walker.log if kind == one.event.TYPE][nth]


@DATABASES
async def test_a_sound_log_has_no_findings_however_it_is_paged(log: SqlLog, walker: Walker) -> None:
    told: list[int] = []
    assert await verify(log, "h", page=17, progress=told.append) == []
    assert told[-1] == len(walker.log)
    assert told == sorted(set(told))
    assert await verify(log, "h") == []


@DATABASES
async def test_a_changed_event_is_named(log: SqlLog, walker: Walker) -> None:
    seq = seq_of(walker, "TicketCalled", -1)
    body = (await log.read("h", seq - 1, 1))[0].body
    body = re.sub('"c[123]"', lambda found: '"c3"' if found[0] != '"c3"' else '"c1"', body)
    await change(log, EVENT, {"seq": seq}, body=body)
    found = await verify(log, "h")
    assert f"event {seq} does not have the hash that it was sealed with" in found
    assert any(said.startswith("turn ") and said.endswith("counter") for said in found)


@DATABASES
@pytest.mark.parametrize("column", ["at", "business_date", "actor_id", "door", "command_id", "hash"])
async def test_a_changed_envelope_is_named(log: SqlLog, column: str) -> None:
    other = {"at": "2026-11-24T02:30:00.001Z", "business_date": "2026-11-23", "door": "phone"}.get(column, "f" * 20)
    await change(log, EVENT, {"seq": 20}, **{column: other})
    assert (await verify(log, "h"))[0] == "event 20 does not have the hash that it was sealed with"


@DATABASES
async def test_a_missing_event_is_named(log: SqlLog, walker: Walker) -> None:
    seq = seq_of(walker, "TicketIssued", 2)
    await log.query(lambda connection: connection.execute(delete(EVENT).where(EVENT.c.seq == seq)))
    found = await verify(log, "h")
    assert f"event {seq + 1} follows event {seq - 1}" in found
    assert any("gives serial 4 where 3 comes next" in said for said in found)


@DATABASES
async def test_a_lost_beginning_is_named(log: SqlLog) -> None:
    await log.query(lambda connection: connection.execute(delete(EVENT).where(EVENT.c.seq <= 5)))
    assert (await verify(log, "h"))[0] == "event 6 follows event 0"


@DATABASES
async def test_a_lost_end_shows_in_the_rows(log: SqlLog, walker: Walker) -> None:
    seq = seq_of(walker, "TicketIssued", -1)
    await log.query(lambda connection: connection.execute(delete(EVENT).where(EVENT.c.seq >= seq)))
    ticket = walker.log[seq - 1].event.ticket  # type: ignore[union-attr]
    assert f"ticket {ticket} has a row and is not in the log" in await verify(log, "h")


@DATABASES
@pytest.mark.parametrize(
    ("column", "value"), [("body", "{}"), ("type", "TicketTeleported"), ("version", 99), ("at", "noon")]
)
async def test_an_event_that_cannot_be_read_is_named(log: SqlLog, column: str, value: object) -> None:
    await change(log, EVENT, {"seq": 20}, **{column: value})
    found = await verify(log, "h")
    assert any(said.startswith("event 20 (") and "cannot be read" in said for said in found)


@DATABASES
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("ticket", "state", "done"),
        ("ticket", "number", "A099"),
        ("ticket", "follow", "guessable"),
        ("turn", "calls", 7),
        ("turn", "claim_at", "2026-11-24T00:00:00.000Z"),
        ("turn", "staff", "nobody"),
        ("paper", "copy_no", 7),
        ("paper", "proof", "rumour"),
    ],
)
async def test_a_changed_row_is_named_with_its_column(log: SqlLog, table: str, column: str, value: object) -> None:
    row = next(row for row in await log.rows("h", table) if row[column] != value)
    await change(log, ROW_TABLES[table], {"id": row["id"]}, **{column: value})
    assert await verify(log, "h") == [f"{table} {row['id']} differs from the log in: {column}"]
    await log.rebuild("h")
    assert await verify(log, "h") == []


@DATABASES
@pytest.mark.parametrize("table", ["ticket", "turn", "paper"])
async def test_a_lost_row_and_a_stray_row_are_named(log: SqlLog, table: str) -> None:
    rows, known = ROW_TABLES[table], await log.rows("h", table)
    row = next(one for one in known[3:] if one.get("correction_reason") is None)  # whose loss is one finding
    await log.query(lambda connection: connection.execute(delete(rows).where(rows.c.id == row["id"])))
    assert await verify(log, "h") == [f"{table} {row['id']} is in the log and has no row"]
    await log.query(lambda connection: connection.execute(insert(rows).values({**row, "id": "stray"})))
    found = await verify(log, "h")
    assert f"{table} stray has a row and is not in the log" in found
    assert len(found) == 2


@DATABASES
async def test_rows_that_were_all_lost_are_reported_within_bounds(log: SqlLog) -> None:
    for rows in ROW_TABLES.values():
        await log.query(lambda connection, rows=rows: connection.execute(delete(rows)))
    found = await verify(log, "h")
    assert 40 <= len(found) <= 200
    assert found[-1] == "so many rows differ from the log that not all are named: rebuild them"
    await log.rebuild("h")
    assert await verify(log, "h") == []


def resealed(changed: list[e.Recorded]) -> MemoryLog:
    """A log of these events with a perfect chain and rows to match: only their sense can be wrong."""
    log, previous = MemoryLog(FOLLOW), GENESIS
    for one in changed:
        stored = seal(one, previous)
        log.stored.setdefault(one.hall, []).append(stored)
        previous = stored.hash
    log.tables = fold_rows(changed, FOLLOW)
    return log


async def test_a_serial_given_twice_is_named(walker: Walker) -> None:
    seq = seq_of(walker, "TicketIssued", 4)
    changed = list(walker.log)
    issued: Any = changed[seq - 1].event
    changed[seq - 1] = replace(changed[seq - 1], event=replace(issued, serial=4))
    found = await verify(resealed(changed), "h")
    assert found[0] == f"event {seq} gives serial 4 where 5 comes next"
    assert "gives serial 6 where 5 comes next" in found[1]
    assert len(found) == 2


async def test_a_gap_of_serials_across_days_is_named(walker: Walker) -> None:
    seq = seq_of(walker, "DayOpened", 1)
    changed = list(walker.log)
    opened: Any = changed[seq - 1].event
    changed[seq - 1] = replace(changed[seq - 1], event=replace(opened, next_serial=opened.next_serial + 1))
    (found,) = await verify(resealed(changed), "h")
    right = opened.next_serial
    assert found == f"event {seq} opens a day at serial {right + 1} where {right} comes next"


async def test_a_resealed_log_without_damage_is_sound(walker: Walker) -> None:
    assert await verify(resealed(walker.log), "h") == []


@DATABASES
async def test_a_correction_of_an_earlier_day_is_sound_and_a_changed_one_is_named(store: Store) -> None:
    walker = new_hall()
    walker.do(c.OpenCounter("c1", services=("account",)))
    ticket = issue(walker)
    walker.do(c.CallNext("c1", finish=True))
    walker.do(c.Finish("c1"))
    turn = f"{ticket}-1"
    for _ in range(2):
        walker.roll()
        walker.at += timedelta(minutes=9)
        instants = (minute(0), minute(0), minute(0), "mistake")
        walker.do(c.CorrectTime(ticket, turn, *instants, ended_at=walker.at - timedelta(minutes=2)))
    log = SqlLog(store.place, FOLLOW)
    await append_all(log, walker.log)
    assert await verify(log, "h") == []
    await change(log, TURN, {"id": turn}, corrected_ended_at="2026-11-24T02:31:00.000Z")
    assert await verify(log, "h") == [f"correction {turn} differs from the log in: corrected_ended_at"]
    await change(log, TURN, {"id": turn}, corrected_ended_at=None, correction_reason=None)
    assert await verify(log, "h") == [f"correction {turn} is in the log and has no row"]
    await log.close()


@pytest.mark.parametrize("seed", range(5))
async def test_random_days_are_sound(seed: int) -> None:
    log, walker = MemoryLog(FOLLOW), long_hall(seed, 400)
    await append_all(log, walker.log, seed)
    assert await verify(log, "h", page=64) == []
