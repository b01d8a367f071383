"""When the disk or the server fails: what was acknowledged stays, what was not leaves no trace, and work goes on."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text

from hall.day import commands as c
from hall.day.setup import Series
from hall.log import database, sql
from hall.log.database import checkpoint, open_engine
from hall.log.metadata import writing
from hall.log.port import StorageFault
from hall.log.sql import SqlLog, rebuild
from hall.log.tables import ANSWER, EVENT, TICKET, TURN
from hall.log.verify import verify
from tests.day.support import Walker, small_hall
from tests.log.conftest import open_hurried
from tests.log.log_support import (
    FOLLOW,
    Store,
    answer,
    append_all,
    commits_of,
    issue,
    long_hall,
    new_hall,
    require_rows_as_folded,
    told,
)

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("store", ["postgresql"], indirect=True)
DATABASES = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
LONG = "x" * 20_000
NO_LIMIT = 1_073_741_823


class Disk:
    """The pragmas that every connection gets when it is taken up: room left, writable or not, patience."""

    def __init__(self, engine: Engine) -> None:
        self.pragmas: dict[str, int] = {}
        event.listen(engine, "checkout", self.on_checkout)

    def on_checkout(self, connection: sqlite3.Connection, *_: Any) -> None:
        for name, value in self.pragmas.items():
            connection.execute(f"PRAGMA {name}={value}").close()

    async def set(self, log: SqlLog, **pragmas: int) -> None:
        """From now on, also for the connection that the writer holds."""
        self.pragmas |= pragmas
        await log.on(log.writer, log.release)


@pytest.fixture
async def log(store: Store) -> AsyncIterator[SqlLog]:
    opened = SqlLog(store.place, FOLLOW)
    yield opened
    await opened.close()


async def append_one(log: SqlLog, walker: Walker, reason: str = "") -> None:
    """Open or close a counter and append it; when that fails, the walker has not done it."""
    ahead = deepcopy(walker)
    if walker.day.counters:
        ahead.do(c.CloseCounter("c1", reason))
    else:
        ahead.do(c.OpenCounter("c1"))
    await log.append(commits_of(ahead.log[len(walker.log) :]))
    walker.day, walker.log = ahead.day, ahead.log


async def append_many(log: SqlLog, walker: Walker, n: int) -> None:
    for _ in range(n):
        await append_one(log, walker, LONG)


@SQLITE
async def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(log: SqlLog) -> None:
    disk, walker = Disk(log.engine), new_hall()
    await log.append(commits_of(walker.log))
    await disk.set(log, max_page_count=1)  # no page more than there are
    with pytest.raises(StorageFault, match="full"):
        await append_many(log, walker, 50)
    acknowledged = len(walker.log)
    assert len(await log.read("h")) == acknowledged
    assert await verify(log, "h") == []
    await disk.set(log, max_page_count=NO_LIMIT)
    await append_one(log, walker, LONG)
    assert len(await log.read("h")) == acknowledged + 1
    assert await verify(log, "h") == []


@SQLITE
async def test_a_file_that_turns_read_only_refuses_until_it_can_be_written(log: SqlLog) -> None:
    disk, walker = Disk(log.engine), new_hall()
    await log.append(commits_of(walker.log))
    await disk.set(log, query_only=1)
    with pytest.raises(StorageFault, match="readonly"):
        await append_one(log, walker)
    assert len(await log.read("h")) == 2
    await disk.set(log, query_only=0)
    await append_one(log, walker)
    assert len(await log.read("h")) == 3
    assert await verify(log, "h") == []


async def test_a_file_opened_read_only_is_read_and_never_written(migrated_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "hall.db"
    file.write_bytes(migrated_file.read_bytes())
    walker = new_hall()
    writing = SqlLog(open_hurried(f"sqlite:///{file}"), FOLLOW)
    await writing.append(commits_of(walker.log))
    reading = SqlLog(open_engine(f"sqlite:///file:{file}?mode=ro&uri=true"), FOLLOW)
    assert len(await reading.read("h")) == 2
    with pytest.raises(StorageFault, match="readonly"):
        await append_one(reading, walker)
    await reading.close()
    await append_one(writing, walker)
    await writing.close()


@SQLITE
async def test_a_file_that_somebody_else_writes_to_refuses_and_works_again(log: SqlLog) -> None:
    disk, walker = Disk(log.engine), new_hall()
    await log.append(commits_of(walker.log))
    await disk.set(log, busy_timeout=0)
    other = sqlite3.connect(str(log.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFault, match="locked") as fault:
        await append_one(log, walker)
    assert fault.value.is_temporary
    other.execute("ROLLBACK")
    other.close()
    await append_one(log, walker)
    assert await verify(log, "h") == []


async def test_a_file_that_is_no_database_is_a_storage_fault(tmp_path: Path) -> None:
    (tmp_path / "hall.db").write_text("this is a letter, not a database " * 100)
    log = SqlLog(open_engine(f"sqlite:///{tmp_path / 'hall.db'}"), FOLLOW)
    with pytest.raises(StorageFault, match="not a database"):
        await log.read("h")
    with pytest.raises(StorageFault, match="not a database"):
        await log.append(commits_of(new_hall().log))
    await log.close()


@POSTGRESQL
async def test_a_lost_connection_refuses_and_the_next_append_works(log: SqlLog) -> None:
    walker = new_hall()
    await log.append(commits_of(walker.log))
    others = "pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    kill = f"SELECT pg_terminate_backend(pid) FROM {others}"
    await log.query(lambda connection: connection.execute(text(kill)).all())
    with pytest.raises(StorageFault):
        await append_one(log, walker)
    await append_one(log, walker)
    assert len(await log.read("h")) == 3
    assert await verify(log, "h") == []


@DATABASES
async def test_two_servers_on_one_database_cannot_take_the_same_place(log: SqlLog, store: Store) -> None:
    """The slower one is refused, reads on, and may append again."""
    other = SqlLog(store.place, FOLLOW)
    walker = new_hall()
    await log.append(commits_of(walker.log))
    assert await verify(other, "h") == []
    start = len(walker.log)
    walker.do(c.OpenCounter("c1"))
    await log.append(commits_of(walker.log[start:]))
    walker.do(c.OpenCounter("c2"))
    await other.append(commits_of(walker.log[start + 1 :]))
    walker.do(c.OpenCounter("c3"))
    for _ in range(2):  # the first refusal makes it look again where the log ends
        with pytest.raises(StorageFault):
            await log.append(commits_of(walker.log[start + 1 : start + 2]))
    await log.append(commits_of(walker.log[start + 2 :]))
    assert await verify(log, "h") == []
    await other.on(other.writer, other.release)
    other.writer.shutdown()
    other.readers.shutdown()


# --- what the database itself does not allow ------------------------------------------------------------------------


@DATABASES
async def test_a_key_is_answered_once(log: SqlLog) -> None:
    first, second = commits_of(new_hall().log)
    await log.append([replace(first, answer=answer("h", "k", 1, 1, "1"))])
    with pytest.raises(StorageFault):
        await log.append([replace(second, answer=answer("h", "k", 2, 2, "2"))])
    assert len(await log.read("h")) == 1
    await log.append([second])


@DATABASES
@pytest.mark.parametrize(
    "broken",
    [
        {"id": "other"},  # the same serial
        {"id": "other", "serial": 9, "follow": "f"},  # the same open number
        {"id": "other", "serial": 9, "number": "A009"},  # the same secret
    ],
)
async def test_no_two_tickets_share_a_serial_an_open_number_or_a_secret(log: SqlLog, broken: dict[str, Any]) -> None:
    walker = new_hall()
    issue(walker)
    await log.append(commits_of(walker.log))
    (row,) = await log.rows("h", "ticket")
    with pytest.raises(StorageFault, match=r"(?i)unique"):
        await log.query(lambda connection: connection.execute(insert(TICKET).values({**row, **broken})))
    allowed = {"id": "other", "serial": 9, "follow": "f", "state": "done"}  # a closed one may have the number
    await log.query(lambda connection: connection.execute(insert(TICKET).values({**row, **allowed})))


@DATABASES
@pytest.mark.parametrize("state", ["called", "serving"])
async def test_no_counter_holds_two_turns(log: SqlLog, state: str) -> None:
    walker = new_hall()
    issue(walker)
    walker.do(c.OpenCounter("c1"))
    walker.do(c.CallNext("c1"))
    await log.append(commits_of(walker.log))
    (row,) = await log.rows("h", "turn")
    second = {**row, "id": "other-1", "ticket": "other", "state": state}
    with pytest.raises(StorageFault, match=r"(?i)unique"):
        await log.query(lambda connection: connection.execute(insert(TURN).values(second)))
    await log.query(lambda connection: connection.execute(insert(TURN).values({**second, "state": "missed"})))


@DATABASES
async def test_no_two_events_share_a_place(log: SqlLog) -> None:
    await log.append(commits_of(new_hall().log))
    (stored, _) = await log.read("h")
    row = {name: getattr(stored, name) for name in stored.__slots__}
    with pytest.raises(StorageFault, match=r"(?i)unique"):
        await log.query(lambda connection: connection.execute(insert(EVENT).values(row)))
    key = {name: getattr(answer("h", "k", 1, 1, "1"), name) for name in answer("h", "k", 1, 1, "1").__slots__}
    await log.query(lambda connection: connection.execute(insert(ANSWER).values(key)))
    with pytest.raises(StorageFault, match=r"(?i)unique"):
        await log.query(lambda connection: connection.execute(insert(ANSWER).values(key)))


@SQLITE
async def test_every_commit_is_synced_to_the_disk(log: SqlLog) -> None:
    engine = open_engine(str(log.engine.url))
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")}
    engine.dispose()
    assert found == {"synchronous": 2, "journal_mode": "wal"}


@SQLITE
async def test_nothing_is_left_beside_the_file_after_a_close(store: Store) -> None:
    log = SqlLog(store.place, FOLLOW)
    await log.append(commits_of(new_hall().log))
    file = Path(str(log.engine.url.database))
    await log.close()
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


@SQLITE
@pytest.mark.parametrize("pool", ["writer", "readers"])
async def test_a_close_does_not_wait_for_a_disk_that_hangs(
    store: Store, pool: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log, disk = SqlLog(store.place, FOLLOW), threading.Event()
    await log.append(commits_of(new_hall().log))
    hanging = getattr(log, pool).submit(disk.wait)
    monkeypatch.setattr(sql, "CLOSE_S", 0.05)
    with caplog.at_level(logging.ERROR, "hall.log"):
        await log.close()
    assert log.is_hanging
    assert not hanging.done()
    assert "left alone" in caplog.text
    disk.set()


@DATABASES
async def test_a_fault_leaves_rows_and_log_as_they_were(log: SqlLog) -> None:
    walker = new_hall()
    issue(walker)
    walker.do(c.OpenCounter("c1"))
    await log.append(commits_of(walker.log))
    copy = list(walker.log)
    walker.do(c.CallNext("c1"))
    late = commits_of(walker.log[len(copy) :])
    with pytest.raises(StorageFault):
        await log.append([*late, *late])
    walker.log = copy
    await require_rows_as_folded(log, walker)
    assert await verify(log, "h") == []


@DATABASES
async def test_a_fault_tells_nothing_personal_not_even_in_its_traceback(log: SqlLog) -> None:
    walker = new_hall()
    ticket = issue(walker)
    *before, commit = commits_of(walker.log)
    await log.append([*before, replace(commit, personal=told("h", ticket))])
    walker.do(c.OpenCounter("c1"))
    again = replace(commits_of(walker.log)[-1], personal=told("h", ticket))  # the ticket has a contact already
    with pytest.raises(StorageFault) as fault:
        await log.append([again])
    said = "".join(traceback.format_exception(fault.value))
    assert [secret for secret in ("Ada", "353", "dog") if secret in said] == []


def test_the_log_beside_the_file_is_merged_by_us_and_not_inside_a_commit(tmp_path: Path) -> None:
    file = tmp_path / "hall.db"
    engine = open_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE rest (text TEXT)")
        connection.exec_driver_sql("INSERT INTO rest VALUES ('what was not merged yet')")
    assert file.with_name("hall.db-wal").stat().st_size > 0
    assert checkpoint(engine, "PASSIVE") > 0
    assert file.stat().st_size > 4096
    engine.dispose()


@pytest.fixture
async def left_behind(log: SqlLog, tmp_path: Path) -> tuple[Path, Walker]:
    """The files of a database as kill -9 leaves them: all that was acknowledged is in the log beside the file."""
    walker = new_hall()
    await log.append(commits_of(walker.log))
    assert log.merge is not None
    await log.merge
    await append_many(log, walker, 5)
    file = Path(str(log.engine.url.database))
    (killed := tmp_path / "killed").mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{file}{end}", killed / f"hall.db{end}")
    assert events_without_log(killed / "hall.db") == 2
    return killed / "hall.db", walker


def events_without_log(file: Path) -> int:
    """What the file holds by itself."""
    alone = Path(shutil.copy(file, file.with_name("alone.db")))
    with closing(sqlite3.connect(alone)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
    return int(count)


@SQLITE
async def test_the_first_append_merges_what_a_kill_left(left_behind: tuple[Path, Walker]) -> None:
    file, walker = left_behind
    after = SqlLog(open_hurried(f"sqlite:///{file}"), FOLLOW)
    await append_one(after, walker)
    assert after.merge is not None
    await after.merge
    assert events_without_log(file) == len(walker.log) == 8
    await after.close()


@SQLITE
async def test_a_close_merges_what_a_kill_left_also_when_nothing_was_appended(left_behind: tuple[Path, Walker]) -> None:
    file, walker = left_behind
    after = SqlLog(open_hurried(f"sqlite:///{file}"), FOLLOW)
    assert len(await after.read("h")) == len(walker.log)
    await after.close()
    assert events_without_log(file) == len(walker.log) == 7
    assert not file.with_name("hall.db-wal").exists()


# --- what a log of years asks for -----------------------------------------------------------------------------------


@DATABASES
@pytest.mark.parametrize("page", [1, 7, 100])
async def test_a_rebuild_holds_one_page_of_the_log_at_a_time(log: SqlLog, page: int) -> None:
    walker = long_hall(6, 250)
    await append_all(log, walker.log)
    seen: list[str] = []
    event.listen(log.engine, "before_cursor_execute", lambda *told: seen.append(told[2].split()[0]))
    read = await log.on(log.writer, log.write_now, lambda connection: rebuild(connection, "h", FOLLOW, page=page))
    assert "SELECT" in seen[seen.index("INSERT") :], "what was read is written before more is read"
    assert read == len(walker.log)
    await require_rows_as_folded(log, walker)


# --- what was erased ------------------------------------------------------------------------------------------------


def roomy_hall() -> Walker:
    """A hall whose numbers do not run out."""
    setup = small_hall()
    return Walker(hall="h", setup=replace(setup, series={**setup.series, "a": Series("a", "A", 1, 999)}))


async def told_by_many(log: SqlLog, walker: Walker, visitors: int) -> list[str]:
    """Visitors who told who they are, each in words of the own; the tables have split their pages meanwhile."""
    await log.append(commits_of(walker.log))
    tickets = []
    for n in range(visitors):
        start = len(walker.log)
        ticket = issue(walker)
        words = {"name": f"Zerubbabel-{n:03d}", "phone": f"+0139-{n:03d}", "note": f"crutch-{n:03d} " * 20}
        await log.append([replace(commits_of(walker.log[start:])[0], personal=told("h", ticket, **words))])
        tickets.append(ticket)
    return tickets


def bytes_beside(log: SqlLog) -> bytes:
    """All that is in the files of a database, whatever it is there for."""
    file = Path(str(log.engine.url.database))
    return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))


@SQLITE
async def test_what_was_erased_is_in_none_of_the_files(log: SqlLog) -> None:
    walker = roomy_hall()
    tickets = await told_by_many(log, walker, 60)
    for n in (0, 17, 59):
        assert b"Zerubbabel-%03d" % n in bytes_beside(log)
        await log.erase_personal("h", tickets[n])
        found = bytes_beside(log)
        assert [word for word in (b"Zerubbabel-%03d" % n, b"+0139-%03d" % n, b"crutch-%03d" % n) if word in found] == []
    assert b"Zerubbabel-018" in bytes_beside(log)


@SQLITE
async def test_what_a_reader_kept_from_being_erased_is_with_the_next_append(
    log: SqlLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MERGE_TIMEOUT_S", 0)
    walker = roomy_hall()
    (ticket,) = await told_by_many(log, walker, 1)
    reader = sqlite3.connect(str(log.engine.url.database), isolation_level=None)
    reader.execute("BEGIN").execute("SELECT * FROM contact").fetchall()
    await log.erase_personal("h", ticket)
    assert b"Zerubbabel" in bytes_beside(log)
    assert await log.personal("h", ticket) == {}
    reader.close()
    await append_one(log, walker)
    assert log.merge is not None
    await log.merge
    assert b"Zerubbabel" not in bytes_beside(log)
