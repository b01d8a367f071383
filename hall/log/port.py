"""The log as the rest of the system sees it: append, read, look up. One contract suite fits every adapter beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hall.day.events import Recorded, TicketFinishUndone
from hall.log.chain import Stored
from hall.log.rows import FollowOf, Row

READ_MOST = 10_000


class StorageFault(Exception):
    """The log could not be written or read. `is_temporary` says whether trying again may help."""

    def __init__(self, reason: str, *, is_temporary: bool = True) -> None:
        super().__init__(reason)
        self.is_temporary = is_temporary


@dataclass(frozen=True, slots=True)
class Answer:
    """A remembered command of a principal: its key, a hash of its body, and the events that answer it."""

    hall: str
    principal: str
    key: str
    body_hash: str
    seq_first: int
    seq_last: int
    at: str


@dataclass(frozen=True, slots=True)
class Personal:
    """What a visitor told about himself with a ticket, or a clerk noted for the next one.

    Kept as rows, outside every event. `id` tells the notes of a ticket apart; that of a transfer is the turn it began.
    """

    hall: str
    ticket: str
    name: str | None
    phone: str | None
    note: str | None
    at: str
    id: str = "1"


@dataclass(frozen=True, slots=True)
class Commit:
    """One command's events with what must become durable together with them."""

    hall: str
    recorded: tuple[Recorded, ...]
    answer: Answer | None = None
    personal: Personal | None = None

    @property
    def withdrawn(self) -> list[tuple[str, str, str]]:
        """Hall, ticket and id of the notes that go with what was taken back: a transfer's, with its undo."""
        undone = [one.event for one in self.recorded if isinstance(one.event, TicketFinishUndone)]
        return [(self.hall, event.ticket, event.next_turn) for event in undone if event.next_turn is not None]


class Log(Protocol):
    """Append-only events of all halls, with the rows derived from them. `follow_of` makes the secret of a ticket."""

    follow_of: FollowOf

    async def append(self, commits: Sequence[Commit]) -> None:
        """Make all of these durable in one transaction, or none. Raises `StorageFault`."""

    async def read(self, hall: str, after: int = 0, limit: int = READ_MOST) -> list[Stored]:
        """Events of a hall with seq above `after`, in order."""

    async def day_start(self, hall: str, until: int | None = None) -> int:
        """The seq of the hall's newest `DayOpened`, not above `until` where it is given; 0 before the first."""

    async def answers(self, since: str) -> list[Answer]:
        """All answers remembered since an instant (as text)."""

    async def forget_answers(self, before: str) -> None:
        """Forget the answers from before an instant (as text): their keys may be used anew."""

    async def ticket(self, hall: str, ticket: str) -> Row | None:
        """The row of a ticket, open or closed, with its turns under `turns` and papers under `papers`."""

    async def tickets(
        self, hall: str, filters: dict[str, Any], after: int, limit: int, *, newest_first: bool = False
    ) -> list[Row]:
        """Rows of tickets filtered by equal columns, in order of serial, behind the serial `after`; 0: from the first.

        With `newest_first` the highest serial is the first.
        """

    async def served(self, hall: str, since: str, before: str) -> list[Row]:
        """Service, start and end, corrected where they were, of the turns of a hall that were finished.

        Of business dates from `since` on, that ended before an instant (as text); in no order.
        """

    async def followed(self, follow: str) -> tuple[str, str] | None:
        """The (hall, ticket) of a phone page's secret."""

    async def personal(self, hall: str, ticket: str) -> dict[str, Any]:
        """Name, phone and notes of a ticket; empty when erased or never told."""

    async def erase_personal(self, hall: str, ticket: str) -> None:
        """Remove name, phone and notes of a ticket for ever. The log stays whole."""

    async def rows(self, hall: str, table: str, after: str = "", limit: int | None = None) -> list[Row]:
        """Rows of a derived table of one hall with id above `after`, ordered by id; all of them without a limit."""

    async def rebuild(self, hall: str) -> int:
        """Derive the rows of a hall anew from its events; returns how many events were read."""

    async def close(self) -> None:
        """Let go of files and connections."""
