"""Versions of a set-up: appended, never changed, and a file does not overwrite what the browser did."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, StaticPool, create_engine
from sqlalchemy.exc import IntegrityError

from hall.day.setup import Missed, Setup
from hall.setup import store
from hall.setup.store import SetupChangedElsewhere, publish, publish_file
from hall.setup.tables import SETUP_VERSION
from hall.setup.toml import parse
from tests.setup.setup_values import SMALL

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    SETUP_VERSION.create(engine)
    yield engine
    engine.dispose()


def small(return_min: int | None = None) -> Setup:
    return replace(parse(SMALL).setup, missed=Missed(return_min))


def load(engine: Engine, setup: Setup, *, replace_changes: bool = False) -> int | None:
    with engine.begin() as connection:
        published = publish_file(connection, setup, at=NOON, by="cli", replace_changes=replace_changes)
    return None if published is None else published.version


def test_a_hall_without_versions_has_no_set_up(engine: Engine) -> None:
    assert store.load_halls(engine) == []
    assert store.load_newest(engine, "h") is None
    assert store.load_version(engine, "h", 1) is None


def test_a_published_version_is_read_back_as_it_was(engine: Engine) -> None:
    published = publish(engine, small(5), source="browser", at=NOON, by="admin")
    assert published.version == 1
    newest = store.load_newest(engine, "h")
    assert newest == store.Published(published, "browser", NOON, "admin")
    assert newest.setup.missed == Missed(5)


def test_versions_count_up_and_the_old_ones_stay(engine: Engine) -> None:
    first = publish(engine, small(5), source="file", at=NOON, by="cli")
    second = publish(engine, small(6), source="file", at=NOON, by="cli")
    assert (first.version, second.version) == (1, 2)
    newest, old = store.load_newest(engine, "h"), store.load_version(engine, "h", 1)
    assert newest is not None
    assert newest.setup == second
    assert old is not None
    assert old.setup == first
    assert store.load_halls(engine) == ["h"]


def test_halls_count_their_versions_apart(engine: Engine) -> None:
    publish(engine, small(), source="file", at=NOON, by="cli")
    assert publish(engine, replace(small(), hall="g"), source="file", at=NOON, by="cli").version == 1
    assert store.load_halls(engine) == ["g", "h"]


def test_a_version_is_given_once(engine: Engine) -> None:
    publish(engine, small(), source="file", at=NOON, by="cli")
    with engine.connect() as connection:
        row = dict(connection.execute(SETUP_VERSION.select()).mappings().one())
        with pytest.raises(IntegrityError):
            connection.execute(SETUP_VERSION.insert().values(row))


def test_a_file_is_published_once(engine: Engine) -> None:
    assert load(engine, small(5)) == 1
    assert load(engine, small(5)) is None
    assert load(engine, small(6)) == 2


def test_an_older_file_is_news_again(engine: Engine) -> None:
    assert [load(engine, small(minutes)) for minutes in (5, 6, 5)] == [1, 2, 3]


def test_changes_made_in_the_browser_survive_the_same_file(engine: Engine) -> None:
    load(engine, small(5))
    publish(engine, small(20), source="browser", at=NOON, by="admin")
    assert load(engine, small(5)) is None


def test_a_changed_file_does_not_overwrite_the_browser_and_says_what_differs(engine: Engine) -> None:
    load(engine, small(5))
    publish(engine, small(20), source="browser", at=NOON, by="admin")
    with pytest.raises(SetupChangedElsewhere) as refused:
        load(engine, small(6))
    assert refused.value.changes == ["missed.return_min: 20 -> 6"]
    assert "hall h: version 2 was made in the browser" in str(refused.value)
    newest = store.load_newest(engine, "h")
    assert newest is not None
    assert newest.setup.version == 2


@pytest.mark.parametrize("minutes", [5, 6])
def test_replace_publishes_the_file_all_the_same(engine: Engine, minutes: int) -> None:
    load(engine, small(5))
    publish(engine, small(20), source="browser", at=NOON, by="admin")
    assert load(engine, small(minutes), replace_changes=True) == 3


def test_a_file_equal_to_what_the_browser_made_is_kept(engine: Engine) -> None:
    load(engine, small(5))
    publish(engine, small(20), source="browser", at=NOON, by="admin")
    assert load(engine, small(20)) is None
