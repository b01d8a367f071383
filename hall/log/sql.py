"""The log on SQLite or PostgreSQL, through SQLAlchemy Core.

One thread writes, so that appends follow one another; reads run beside it on connections of their own. A batch is one
transaction: events, answers, personal rows, and the derived rows, each table in one statement.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Float,
    Insert,
    Update,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import TypeEngine

from hall.log.chain import GENESIS, Stored, open_seal, seal
from hall.log.database import checkpoint
from hall.log.metadata import writing
from hall.log.port import READ_MOST, Answer, Commit, StorageFault
from hall.log.rows import FINISHED, RELEASED, TABLES, Changes, FollowOf, Row, collect
from hall.log.tables import ANSWER, CONTACT, EVENT, NOTE, PAPER, TICKET, TURN

logger = logging.getLogger("hall.log")

T = TypeVar("T")
ROW_TABLES = {"ticket": TICKET, "turn": TURN, "paper": PAPER}
READERS = 2
STEP_ASIDE_S = 0.005  # the longest that one batch may hold the loop
TABLES_BY_NAME = {table.name: table for table in (EVENT, ANSWER, TICKET, TURN, PAPER, CONTACT, NOTE)}
FEW_ROWS, MOST_ROWS = 16, 64
CLOSE_S = 10.0
MERGE_EVENTS = 2000
LONGEST_LOG_PAGES = 50_000  # 200 MB
EVENT_FIELDS = tuple(Stored.__slots__)


class SqlLog:
    """The log in a database. `follow_of` gives the secret of a ticket's phone page."""

    def __init__(self, engine: Engine, follow_of: FollowOf) -> None:
        self.engine = engine
        self.follow_of = follow_of
        self.heads: dict[str, tuple[int, str]] = {}
        self.is_stated = threading.Event()  # the writer has given all statements of its batch and commits
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="log-writer")
        self.readers = ThreadPoolExecutor(READERS, thread_name_prefix="log-reader")
        self.connection: Connection | None = None
        self.unmerged = MERGE_EVENTS  # a power cut may have left a long log: the first append has it merged
        self.has_erased = False  # what was erased may still be read in the log beside the file
        self.is_hanging = False  # threads of ours still wait for the disk: this process cannot end by itself
        self.merging = asyncio.Lock()
        self.merge: asyncio.Task[None] | None = None

    # --- writing: everything below runs on the writer's thread ---------------------------------------------------

    async def append(self, commits: Sequence[Commit]) -> None:
        self.is_stated.clear()
        with as_storage_fault():
            written = asyncio.get_running_loop().run_in_executor(self.writer, self.append_now, commits)
            self.step_aside()
            await written
        self.unmerged += sum(len(commit.recorded) for commit in commits)
        if self.unmerged >= MERGE_EVENTS and not self.merging.locked():
            self.unmerged = 0
            self.merge = asyncio.create_task(self.merge_log())

    async def merge_log(self) -> None:
        """Bring what is in SQLite's log into its file, beside the writer, whose commits need not wait for it then.

        Only a log that has grown very long, because readers were always in the way, is merged on the writer's thread,
        and one that holds what was erased: it is emptied then, and not only written over by and by.
        """
        if self.engine.dialect.name != "sqlite":
            return
        async with self.merging:
            with suppress(StorageFault, sqlite3.Error):  # it is tried again later
                if self.has_erased:
                    self.has_erased = await self.on(self.writer, checkpoint, self.engine, "TRUNCATE") > 0
                    return
                pages = await self.on(self.readers, checkpoint, self.engine, "PASSIVE")
                if pages > LONGEST_LOG_PAGES:
                    await self.on(self.writer, checkpoint, self.engine, "RESTART")

    def step_aside(self) -> None:
        """Hold the loop while the writer says to SQLite what to write; what takes long, the commit, is not waited for.

        Python runs one thread at a time. Beside a busy loop the writer waits for its turn before and after each
        statement, and then its commit finds the loop with nothing left to do; this way they work at the same time.
        """
        if self.engine.dialect.name == "sqlite":
            self.is_stated.wait(STEP_ASIDE_S)

    def append_now(self, commits: Sequence[Commit]) -> None:
        """Write one batch in one transaction; a failed one leaves no trace here either."""
        if self.connection is None:
            self.connection = writing(self.engine).connect()
        heads = dict(self.heads)
        try:
            with self.connection.begin():
                write(self.connection, commits, heads, self.follow_of)
                self.is_stated.set()
        except SQLAlchemyError:
            self.heads.clear()
            self.release()
            raise
        self.heads = heads

    def release(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    async def forget_answers(self, before: str) -> None:
        old = delete(ANSWER).where(ANSWER.c.at < before)
        await self.on(self.writer, self.write_now, lambda connection: connection.execute(old))

    async def erase_personal(self, hall: str, ticket: str) -> None:
        """Erase the rows, and on SQLite their bytes in the file and beside it; PostgreSQL has its vacuum for that."""
        await self.on(self.writer, self.write_now, lambda connection: erase(connection, hall, ticket))
        self.has_erased, self.unmerged = True, MERGE_EVENTS  # with the next append, should a reader be in the way now
        await self.merge_log()

    async def rebuild(self, hall: str) -> int:
        return await self.on(self.writer, self.write_now, lambda connection: rebuild(connection, hall, self.follow_of))

    def write_now(self, work: Callable[[Connection], T]) -> T:
        with writing(self.engine).begin() as connection:
            return work(connection)

    def in_transaction(self, work: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)

    # --- reading -------------------------------------------------------------------------------------------------

    async def read(self, hall: str, after: int = 0, limit: int = READ_MOST) -> list[Stored]:
        return await self.query(lambda connection: read_events(connection, hall, after, limit))

    async def day_start(self, hall: str, until: int | None = None) -> int:
        newest = select(func.max(EVENT.c.seq)).where(EVENT.c.hall == hall, EVENT.c.type == "DayOpened")
        if until is not None:
            newest = newest.where(EVENT.c.seq <= until)
        return await self.query(lambda connection: connection.execute(newest).scalar() or 0)

    async def answers(self, since: str) -> list[Answer]:
        columns = [ANSWER.c[name] for name in Answer.__slots__]
        kept = select(*columns).where(ANSWER.c.at >= since).order_by(ANSWER.c.at)
        return await self.query(lambda connection: [Answer(*row) for row in connection.execute(kept)])

    async def ticket(self, hall: str, ticket: str) -> Row | None:
        return await self.query(lambda connection: read_ticket(connection, hall, ticket))

    async def tickets(
        self, hall: str, filters: dict[str, Any], after: int, limit: int, *, newest_first: bool = False
    ) -> list[Row]:
        serial = TICKET.c.serial
        found = select(TICKET).where(TICKET.c.hall == hall)
        for column, value in filters.items():
            found = found.where(TICKET.c[column] == value)
        if after:
            found = found.where(serial < after if newest_first else serial > after)
        found = found.order_by(serial.desc() if newest_first else serial).limit(limit)
        return await self.query(lambda connection: as_rows(connection, found))

    async def served(self, hall: str, since: str, before: str) -> list[Row]:
        started_at = func.coalesce(TURN.c.corrected_started_at, TURN.c.started_at).label("started_at")
        ended_at = func.coalesce(TURN.c.corrected_ended_at, TURN.c.ended_at).label("ended_at")
        found = select(TURN.c.service, started_at, ended_at).where(
            TURN.c.hall == hall,
            TURN.c.business_date >= since,
            TURN.c.ended_at < before,
            TURN.c.outcome.in_(FINISHED),
        )
        return await self.query(lambda connection: as_rows(connection, found))

    async def followed(self, follow: str) -> tuple[str, str] | None:
        found = select(TICKET.c.hall, TICKET.c.id).where(TICKET.c.follow == follow)
        row = await self.query(lambda connection: connection.execute(found).first())
        return (row[0], row[1]) if row else None

    async def personal(self, hall: str, ticket: str) -> dict[str, Any]:
        return await self.query(lambda connection: read_personal(connection, hall, ticket))

    async def rows(self, hall: str, table: str, after: str = "", limit: int | None = None) -> list[Row]:
        rows = ROW_TABLES[table]
        found = select(rows).where(rows.c.hall == hall, rows.c.id > after).order_by(rows.c.id).limit(limit)
        return await self.query(lambda connection: as_rows(connection, found))

    async def query(self, work: Callable[[Connection], T]) -> T:
        return await self.on(self.readers, self.in_transaction, work)

    async def on(self, pool: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
        """Run on a pool's thread; the database's own errors become `StorageFault`."""
        with as_storage_fault():
            return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)

    async def close(self) -> None:
        """Wait for the writer, then let go of all connections. A disk that hangs is left alone after `CLOSE_S`."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self.on(self.writer, self.release)
                if self.merge is not None:
                    await self.merge
                for pool in (self.writer, self.readers):
                    await asyncio.to_thread(pool.shutdown)
        except TimeoutError:
            self.is_hanging = True
            logger.error("the database has not answered for %s s: it is left alone", CLOSE_S)
            for pool in (self.writer, self.readers):
                pool.shutdown(wait=False, cancel_futures=True)
        else:
            self.engine.dispose()


@contextmanager
def as_storage_fault() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StorageFault(f"{type(cause).__name__}: {cause}") from error


def write(
    connection: Connection, commits: Sequence[Commit], heads: dict[str, tuple[int, str]], follow_of: FollowOf
) -> None:
    sealed = []
    for recorded in (one for commit in commits for one in commit.recorded):
        seq, previous = heads.get(recorded.hall) or read_head(connection, recorded.hall)
        if recorded.seq != seq + 1:
            heads.clear()
            raise SQLAlchemyError(f"seq {recorded.seq} does not follow {seq}: another writer was faster")
        stored = seal(recorded, previous)
        heads[recorded.hall] = (stored.seq, stored.hash)
        sealed.append({name: getattr(stored, name) for name in EVENT_FIELDS})
    insert_rows(connection, "event", sealed)
    insert_rows(connection, "answer", [as_row(commit.answer) for commit in commits if commit.answer is not None])
    write_personal(connection, commits)
    write_changes(connection, collect((one for commit in commits for one in commit.recorded), follow_of))


def read_head(connection: Connection, hall: str) -> tuple[int, str]:
    """Seq and hash of a hall's last event; the beginning of the chain when there is none."""
    newest = select(EVENT.c.seq, EVENT.c.hash).where(EVENT.c.hall == hall).order_by(EVENT.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return (row[0], row[1]) if row else (0, GENESIS)


def as_row(answer: Answer) -> Row:
    return {name: getattr(answer, name) for name in Answer.__slots__}


def insert_rows(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert all rows with few statements.

    Each statement gives up the interpreter's lock and has to win it back from the thread that serves requests, so many
    rows in one statement are much faster than many executions of one.
    """
    start = 0
    while start < len(rows):
        size = size_of(len(rows) - start)
        chunk = rows[start : start + size]
        text, columns = insert_of(connection.dialect, table, size, tuple(chunk[0]))
        connection.exec_driver_sql(text, tuple([row[column] for row in chunk for column in columns]))
        start += size


def size_of(rows: int) -> int:
    """How many rows the next statement takes: mostly all, and few sizes, so that few texts are ever compiled."""
    return rows if rows < FEW_ROWS else min(MOST_ROWS, rows // FEW_ROWS * FEW_ROWS)


@lru_cache(maxsize=256)
def insert_of(dialect: Dialect, table: str, size: int, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The text of an insert of this many rows, and the order of a row's columns."""
    one = insert(TABLES_BY_NAME[table]).values({column: bindparam(column) for column in columns})
    text, places = compiled(dialect, one)
    head, values, row = text.partition("VALUES ")
    return head + values + ", ".join([row] * size), places


def compiled(dialect: Dialect, statement: Insert | Update) -> tuple[str, tuple[str, ...]]:
    """The text of a statement whose parameters go by place, and their names in order."""
    same: Any = type(dialect)
    done = statement.compile(dialect=same(paramstyle="qmark" if dialect.paramstyle == "qmark" else "format"))
    return str(done), tuple(done.positiontup or ())


def write_personal(connection: Connection, commits: Sequence[Commit]) -> None:
    told = [commit.personal for commit in commits if commit.personal is not None]
    contacts = [
        {"hall": p.hall, "ticket": p.ticket, "name": p.name, "phone": p.phone, "at": p.at}
        for p in told
        if p.name or p.phone
    ]
    notes = [{"hall": p.hall, "ticket": p.ticket, "id": p.id, "text": p.note, "at": p.at} for p in told if p.note]
    insert_rows(connection, "contact", contacts)
    insert_rows(connection, "note", notes)
    for hall, ticket, id in (one for commit in commits for one in commit.withdrawn):
        connection.execute(delete(NOTE).where(NOTE.c.hall == hall, NOTE.c.ticket == ticket, NOTE.c.id == id))


def write_changes(connection: Connection, changes: Changes) -> None:
    """Rows that let go of a counter first, so that no counter ever holds two in between."""
    for name in TABLES:
        keyed = [{"hall_": hall, "id_": id, **columns} for (hall, id), columns in changes.changed[name].items()]
        left = [one for one in changes.left & changes.changed[name].keys() if name == "turn"]
        gone_on = [key for key in left if changes.changed[name][key]["state"] not in RELEASED]
        moved = [{"hall_": hall, "id_": id, "state": "waiting"} for hall, id in gone_on]
        update_rows(connection, name, moved + [row for row in keyed if row.get("state") in RELEASED])
        insert_rows(connection, name, list(changes.new[name].values()))
        update_rows(connection, name, [row for row in keyed if row.get("state") not in RELEASED])


def update_rows(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Change rows by key, those that change alike in one statement.

    Sizes are powers of two; the last row fills up what is missing, since saying a thing twice changes nothing.
    """
    for columns, alike in groupby(sorted(rows, key=columns_of), key=columns_of):
        group = list(alike)
        for start in range(0, len(group), MOST_ROWS):
            chunk = group[start : start + MOST_ROWS]
            size = 1 << (len(chunk) - 1).bit_length()
            chunk += chunk[-1:] * (size - len(chunk))
            text = update_of(connection.dialect, name, size, columns)
            connection.exec_driver_sql(text, tuple([value for row in chunk for value in row.values()]))


def columns_of(row: Row) -> tuple[str, ...]:
    return tuple(row)


@lru_cache(maxsize=256)
def update_of(dialect: Dialect, table: str, size: int, columns: tuple[str, ...]) -> str:
    """The text of an update of this many rows; every row brings its key and these columns, in this order."""
    rows = ROW_TABLES[table]
    kinds = {name: rows.c[name.rstrip("_")].type for name in columns}
    line = select(*[typed(kind).label(name) for name, kind in kinds.items()])
    given = union_all(*[line] * size).subquery("given")
    by_key = (rows.c.hall == given.c.hall_, rows.c.id == given.c.id_)
    values = {name: given.c[name] for name in columns if name not in ("hall_", "id_")}
    return compiled(dialect, update(rows).where(*by_key).values(values))[0]


def typed(kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """A parameter of a column's type; PostgreSQL takes a bare one in a subquery for a text, which is no number."""
    given: ColumnElement[Any] = bindparam(None, type_=kind)
    return cast(given, kind) if isinstance(kind, Float) else given


def as_rows(connection: Connection, query: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def read_events(connection: Connection, hall: str, after: int, limit: int) -> list[Stored]:
    columns = [EVENT.c[name] for name in EVENT_FIELDS]
    found = select(*columns).where(EVENT.c.hall == hall, EVENT.c.seq > after).order_by(EVENT.c.seq).limit(limit)
    return [Stored(*row) for row in connection.execute(found)]


def read_ticket(connection: Connection, hall: str, ticket: str) -> Row | None:
    found = as_rows(connection, select(TICKET).where(TICKET.c.hall == hall, TICKET.c.id == ticket))
    if not found:
        return None
    turns = as_rows(connection, select(TURN).where(TURN.c.hall == hall, TURN.c.ticket == ticket).order_by(TURN.c.id))
    papers = as_rows(
        connection, select(PAPER).where(PAPER.c.hall == hall, PAPER.c.ticket == ticket).order_by(PAPER.c.id)
    )
    return {**found[0], "turns": turns, "papers": papers}


def read_personal(connection: Connection, hall: str, ticket: str) -> dict[str, Any]:
    contacts = as_rows(connection, select(CONTACT).where(CONTACT.c.hall == hall, CONTACT.c.ticket == ticket))
    notes = as_rows(
        connection, select(NOTE).where(NOTE.c.hall == hall, NOTE.c.ticket == ticket).order_by(NOTE.c.at, NOTE.c.id)
    )
    if not contacts and not notes:
        return {}
    contact = contacts[0] if contacts else {}
    return {"name": contact.get("name"), "phone": contact.get("phone"), "notes": [note["text"] for note in notes]}


def erase(connection: Connection, hall: str, ticket: str) -> None:
    for table in (CONTACT, NOTE):
        connection.execute(delete(table).where(table.c.hall == hall, table.c.ticket == ticket))


def rebuild(connection: Connection, hall: str, follow_of: FollowOf, *, page: int = READ_MOST) -> int:
    """Make a hall's rows anew, a page of events at a time, so that a log of years needs no more memory than a day."""
    for name in TABLES:
        table = ROW_TABLES[name]
        connection.execute(delete(table).where(table.c.hall == hall))
    read, after = 0, 0
    while stored := read_events(connection, hall, after, page):
        write_changes(connection, collect((open_seal(one) for one in stored), follow_of))
        read, after = read + len(stored), stored[-1].seq
    return read
