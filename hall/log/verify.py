"""Reads a hall's whole log and says what is wrong with it and with the rows derived from it.

The log is read page by page and folded anew. A row that can change no more leaves memory as a hash, added to the sum of
its place; the stored rows, read in pages too, must come to the same sums. Sums do not ask for an order, so a log of
years needs no more memory than a day. Only where sums differ the log is read once more, to name the rows. A turn may be
corrected years later: corrections are few, so they stay in memory and are summed apart from their turns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

from pydantic import ValidationError

from hall.day import events as e
from hall.log.chain import GENESIS, Stored, hash_of, open_seal
from hall.log.codec import UnknownEvent
from hall.log.port import READ_MOST, Log
from hall.log.rows import CORRECTION, PROJECTORS, TABLES, Changes, FollowOf, Row

PLACES = (
    4096  # a place is a share of a table's rows; a hall of 500 visitors a day has 250 rows in each after five years
)
NAMED_MOST = 50  # places whose rows are compared one by one
SAID_MOST = 200
MODULUS = 1 << 256

Progress = Callable[[int], None]
Place = tuple[str, int]
Named = dict[tuple[str, str], Row]


async def verify(log: Log, hall: str, *, page: int = READ_MOST, progress: Progress | None = None) -> list[str]:
    """What is wrong with a hall's log and rows, in sentences; empty when all is well. Commands must rest meanwhile.

    `progress` is told after each page how many events have been read.
    """
    checks = Checks(hall)
    refold = Refold(hall, log.follow_of)
    async for stored in events_of(log, hall, page, progress):
        event = checks.take(stored)
        if event is not None:
            refold.take(event)
    refold.settle_all()
    actual = Shelf()
    await shelve_rows(log, hall, page, actual)
    differing = sorted(
        place for place in refold.shelf.sums | actual.sums if refold.shelf.sums[place] != actual.sums[place]
    )
    if differing:
        checks.findings += await differences(log, hall, page, frozenset(differing[:NAMED_MOST]))
    if len(differing) > NAMED_MOST:
        checks.findings.append("so many rows differ from the log that not all are named: rebuild them")
    return checks.findings[:SAID_MOST]


async def events_of(log: Log, hall: str, page: int, progress: Progress | None) -> AsyncIterator[Stored]:
    after, read = 0, 0
    while stored := await log.read(hall, after, page):
        for one in stored:
            yield one
        after = stored[-1].seq
        read += len(stored)
        if progress is not None:
            progress(read)


# --- the log by itself ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Checks:
    """What can be told from the events alone: seq, chain, bodies, serials."""

    hall: str
    seq: int = 0
    hash: str = GENESIS
    next_serial: int = 1
    findings: list[str] = field(default_factory=list)

    def take(self, stored: Stored) -> e.Recorded | None:
        """Check one event against those before it; None when it cannot be read."""
        if stored.seq != self.seq + 1:
            self.findings.append(f"event {stored.seq} follows event {self.seq}")
        elif stored.hash != hash_of(self.hash, stored.sealed_fields()):
            self.findings.append(f"event {stored.seq} does not have the hash that it was sealed with")
        self.seq, self.hash = stored.seq, stored.hash
        try:
            recorded = open_seal(stored)
        except (ValidationError, UnknownEvent, ValueError, KeyError) as fault:
            first_line = str(fault).splitlines()[0]
            self.findings.append(f"event {stored.seq} ({stored.type}) cannot be read: {first_line}")
            return None
        self.check_serial(recorded)
        return recorded

    def check_serial(self, recorded: e.Recorded) -> None:
        event = recorded.event
        if isinstance(event, e.TicketIssued):
            if event.serial != self.next_serial:
                said = f"event {recorded.seq} gives serial {event.serial} where {self.next_serial} comes next"
                self.findings.append(said)
            self.next_serial = event.serial + 1
        elif isinstance(event, e.DayOpened) and event.next_serial != self.next_serial:
            said = f"event {recorded.seq} opens a day at serial {event.next_serial} where {self.next_serial} comes next"
            self.findings.append(said)


# --- the rows -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Shelf:
    """Rows put away: a sum of hashes for each place, and the rows themselves for the places that are `wanted`."""

    wanted: frozenset[Place] = frozenset()
    sums: defaultdict[Place, int] = field(default_factory=lambda: defaultdict(int))
    named: Named = field(default_factory=dict)

    def put(self, table: str, rows: Iterable[Row]) -> None:
        for row in rows:
            place = (table, crc32(row["id"].encode()) % PLACES)
            self.sums[place] = (self.sums[place] + hash_of_row(row)) % MODULUS
            if place in self.wanted:
                self.named[table, row["id"]] = row


def hash_of_row(row: Row) -> int:
    canonical = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(sha256(canonical.encode()).digest())


@dataclass(slots=True)
class Refold:
    """The rows as the events make them: those of the open day in full, the others on the shelf."""

    hall: str
    follow_of: FollowOf
    shelf: Shelf = field(default_factory=Shelf)
    open: Changes = field(default_factory=Changes)
    corrections: dict[str, Row] = field(default_factory=dict)

    def take(self, recorded: e.Recorded) -> None:
        if isinstance(recorded.event, e.DayOpened):
            self.settle({carried.ticket for carried in recorded.event.tickets})
        project = PROJECTORS.get(type(recorded.event))
        if project is not None:
            project(self.open, recorded, recorded.event, self.follow_of)

    def settle(self, carried: set[str]) -> None:
        """Put away what the day that is over has left behind: all but the tickets that go on."""
        still_open = Changes()
        for (_, id), columns in self.open.changed["turn"].items():
            self.corrections.setdefault(id, {"id": id, **dict.fromkeys(CORRECTION)}).update(columns)
        for table in TABLES:
            for key, row in self.open.new[table].items():
                ticket = row["id"] if table == "ticket" else row["ticket"]
                if ticket in carried:
                    still_open.new[table][key] = row
                elif table == "turn":
                    self.shelf.put(table, (without_correction(row),))
                    correction = correction_of(row)
                    if correction is not None:
                        self.corrections[row["id"]] = correction
                else:
                    self.shelf.put(table, (row,))
        self.open = still_open

    def settle_all(self) -> None:
        self.settle(set())
        self.shelf.put("correction", self.corrections.values())


def correction_of(turn: Row) -> Row | None:
    """What of a turn's row may change when the turn is long over; None while nothing of it was corrected."""
    found = {"id": turn["id"], **{name: turn[name] for name in CORRECTION}}
    return None if turn["correction_reason"] is None else found


def without_correction(turn: Row) -> Row:
    return {name: value for name, value in turn.items() if name not in CORRECTION}


async def shelve_rows(log: Log, hall: str, page: int, shelf: Shelf) -> None:
    for table in TABLES:
        after = ""
        while rows := await log.rows(hall, table, after, page):
            after = rows[-1]["id"]
            if table == "turn":
                shelf.put("correction", filter(None, map(correction_of, rows)))
                rows = [without_correction(row) for row in rows]
            shelf.put(table, rows)


async def differences(log: Log, hall: str, page: int, places: frozenset[Place]) -> list[str]:
    """The rows of these places that are not as the log makes them, by name."""
    refold = Refold(hall, log.follow_of, Shelf(places))
    checks = Checks(hall)
    async for stored in events_of(log, hall, page, None):
        event = checks.take(stored)
        if event is not None:
            refold.take(event)
    refold.settle_all()
    actual = Shelf(places)
    await shelve_rows(log, hall, page, actual)
    return list(compare(refold.shelf.named, actual.named))


def compare(expected: Named, actual: Named) -> Iterable[str]:
    for table, id in sorted(expected.keys() | actual.keys()):
        wanted, found = expected.get((table, id)), actual.get((table, id))
        if found is None:
            yield f"{table} {id} is in the log and has no row"
        elif wanted is None:
            yield f"{table} {id} has a row and is not in the log"
        elif wanted != found:
            columns = ", ".join(
                name for name in sorted(wanted.keys() | found.keys()) if wanted.get(name) != found.get(name)
            )
            yield f"{table} {id} differs from the log in: {columns}"
