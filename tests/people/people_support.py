"""What the tests of people share: a database of their own, a clock moved by hand, cheap hashes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine

from hall.people.passwords import Passwords
from hall.people.service import People
from hall.people.tables import ACCOUNT, SESSION, TOKEN

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


@contextmanager
def people_database() -> Iterator[Engine]:
    """A database in a file, as threads share it, that holds the tables of people alone."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/people.db")
        for table in (ACCOUNT, SESSION, TOKEN):
            table.create(engine)
        yield engine
        engine.dispose()


def cheap_passwords() -> Passwords:
    """Real argon2 at its smallest."""
    return Passwords(memory_kib=8, passes=1)


@contextmanager
def people_at(clock: HandClock) -> Iterator[People]:
    with people_database() as engine:
        yield People(engine, clock, cheap_passwords())
