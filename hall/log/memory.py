"""The log in memory: the same contract without a disk, for tests and the simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hall.log.chain import GENESIS, Stored, open_seal, seal
from hall.log.port import READ_MOST, Answer, Commit, Personal, StorageFault
from hall.log.rows import FINISHED, TABLES, FollowOf, Key, Row, collect, fold_rows

Fault = Callable[[Sequence[Commit]], None]


class MemoryLog:
    """Keeps everything in lists. `before` and `after` are called around each append and may raise a `StorageFault`.

    Raised before, nothing is kept; raised after, all is kept and nobody is told, as when a link breaks at a bad moment.
    """

    def __init__(self, follow_of: FollowOf, before: Fault | None = None, after: Fault | None = None) -> None:
        self.follow_of = follow_of
        self.before, self.after = before, after
        self.stored: dict[str, list[Stored]] = {}
        self.tables: dict[str, dict[Key, Row]] = {table: {} for table in TABLES}
        self.remembered: dict[tuple[str, str, str], Answer] = {}
        self.contacts: dict[Key, Personal] = {}
        self.notes: dict[Key, list[Personal]] = {}

    async def append(self, commits: Sequence[Commit]) -> None:
        if self.before is not None:
            self.before(commits)
        sealed = self.seal_all(commits)
        for one in sealed:
            self.stored.setdefault(one.hall, []).append(one)
        for commit in commits:
            if commit.answer is not None:
                self.remembered[commit.hall, commit.answer.principal, commit.answer.key] = commit.answer
            if commit.personal is not None:
                self.keep_personal(commit.personal)
            for hall, ticket, id in commit.withdrawn:
                self.notes[hall, ticket] = [one for one in self.notes.get((hall, ticket), []) if one.id != id]
        self.project(commits)
        if self.after is not None:
            self.after(commits)

    def keep_personal(self, told: Personal) -> None:
        key = (told.hall, told.ticket)
        if told.name or told.phone:
            self.contacts[key] = told
        if told.note:
            self.notes.setdefault(key, []).append(told)

    def seal_all(self, commits: Sequence[Commit]) -> list[Stored]:
        sealed: list[Stored] = []
        heads = {hall: (stored[-1].seq, stored[-1].hash) for hall, stored in self.stored.items()}
        for recorded in (one for commit in commits for one in commit.recorded):
            seq, previous = heads.get(recorded.hall, (0, GENESIS))
            if recorded.seq != seq + 1:
                raise StorageFault(f"seq {recorded.seq} does not follow {seq}")
            sealed.append(seal(recorded, previous))
            heads[recorded.hall] = (recorded.seq, sealed[-1].hash)
        return sealed

    def project(self, commits: Sequence[Commit]) -> None:
        changes = collect((one for commit in commits for one in commit.recorded), self.follow_of)
        for table in TABLES:
            self.tables[table].update(changes.new[table])
            for key, columns in changes.changed[table].items():
                self.tables[table][key].update(columns)

    async def read(self, hall: str, after: int = 0, limit: int = READ_MOST) -> list[Stored]:
        return self.stored.get(hall, [])[after : after + limit]

    async def day_start(self, hall: str, until: int | None = None) -> int:
        opened = (one.seq for one in reversed(self.stored.get(hall, [])[:until]) if one.type == "DayOpened")
        return next(opened, 0)

    async def answers(self, since: str) -> list[Answer]:
        return [answer for answer in self.remembered.values() if answer.at >= since]

    async def forget_answers(self, before: str) -> None:
        self.remembered = {key: answer for key, answer in self.remembered.items() if answer.at >= before}

    async def ticket(self, hall: str, ticket: str) -> Row | None:
        row = self.tables["ticket"].get((hall, ticket))
        if row is None:
            return None
        owned = {
            table: [r for r in await self.rows(hall, table) if r["ticket"] == ticket] for table in ("turn", "paper")
        }
        return {**row, "turns": owned["turn"], "papers": owned["paper"]}

    async def tickets(
        self, hall: str, filters: dict[str, Any], after: int, limit: int, *, newest_first: bool = False
    ) -> list[Row]:
        found = [row for (of, _), row in self.tables["ticket"].items() if of == hall]
        found = [row for row in found if all(row[column] == value for column, value in filters.items())]
        if after:
            found = [row for row in found if (row["serial"] < after if newest_first else row["serial"] > after)]
        return sorted(found, key=lambda row: row["serial"], reverse=newest_first)[:limit]

    async def served(self, hall: str, since: str, before: str) -> list[Row]:
        finished = (row for row in await self.rows(hall, "turn") if row["outcome"] in FINISHED)
        return [
            {
                "service": row["service"],
                "started_at": row["corrected_started_at"] or row["started_at"],
                "ended_at": row["corrected_ended_at"] or row["ended_at"],
            }
            for row in finished
            if row["business_date"] >= since and row["ended_at"] < before
        ]

    async def followed(self, follow: str) -> tuple[str, str] | None:
        return next((key for key, row in self.tables["ticket"].items() if row["follow"] == follow), None)

    async def personal(self, hall: str, ticket: str) -> dict[str, Any]:
        told, notes = self.contacts.get((hall, ticket)), self.notes.get((hall, ticket), [])
        if told is None and not notes:
            return {}
        name, phone = (None, None) if told is None else (told.name, told.phone)
        return {"name": name, "phone": phone, "notes": [one.note for one in notes]}

    async def erase_personal(self, hall: str, ticket: str) -> None:
        self.contacts.pop((hall, ticket), None)
        self.notes.pop((hall, ticket), None)

    async def rows(self, hall: str, table: str, after: str = "", limit: int | None = None) -> list[Row]:
        found = sorted(id for of, id in self.tables[table] if of == hall and id > after)
        return [dict(self.tables[table][hall, id]) for id in found[:limit]]

    async def rebuild(self, hall: str) -> int:
        stored = self.stored.get(hall, [])
        fresh = fold_rows((open_seal(one) for one in stored), self.follow_of)
        for table in TABLES:
            kept = {key: row for key, row in self.tables[table].items() if key[0] != hall}
            self.tables[table] = {**kept, **fresh[table]}
        return len(stored)

    async def close(self) -> None:
        return None
