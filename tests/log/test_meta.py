"""The database's own facts: made once, kept for ever; a restore begins a new life."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from hall.log.meta import load_meta, renew_epoch
from hall.log.migrate import upgrade

OpenDatabase = Callable[[str], Engine]
KINDS = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def engine(open_database: OpenDatabase, kind: str) -> Engine:
    engine = open_database(kind)
    upgrade(engine)
    return engine


@KINDS
def test_facts_are_made_on_first_use_and_stay(engine: Engine) -> None:
    first = load_meta(engine)
    assert len(first.key) == 32
    assert len(first.epoch) >= 8
    assert load_meta(engine) == first


@KINDS
def test_a_new_life_has_another_epoch_and_the_same_key(engine: Engine) -> None:
    first = load_meta(engine)
    epoch = renew_epoch(engine)
    assert epoch != first.epoch
    assert load_meta(engine).epoch == epoch
    assert load_meta(engine).key == first.key


@KINDS
def test_a_new_life_may_begin_before_the_first_use(engine: Engine) -> None:
    epoch = renew_epoch(engine)
    assert load_meta(engine).epoch == epoch


def test_two_databases_share_nothing(open_database: OpenDatabase) -> None:
    one, other = open_database("sqlite"), open_database("sqlite")
    upgrade(one)
    upgrade(other)
    assert load_meta(one).epoch != load_meta(other).epoch
    assert load_meta(one).key != load_meta(other).key


@pytest.mark.parametrize("kind", ["postgresql"])
def test_processes_that_ask_at_once_agree(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: load_meta(engine), range(8)))
    assert found == {load_meta(engine)}
