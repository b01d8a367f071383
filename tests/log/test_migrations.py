"""Migrations bring any database to today's tables, and leave one alone that is there already."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

import hall.people.tables
import hall.setup.tables  # noqa: F401
from hall.log import tables
from hall.log.metadata import metadata
from hall.log.migrate import HEAD, MIGRATIONS, VERSION, DatabaseIsNewer, alembic_config, current_revision, upgrade
from tests.day.support import AT

OpenDatabase = Callable[[str], Engine]
KINDS = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
PARTIAL = {"uq_ticket_open_number", "uq_turn_at_counter", "ix_event_day_opened"}


@KINDS
def test_a_migrated_database_has_the_tables_that_the_code_declares(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


@KINDS
def test_a_difference_between_tables_and_code_would_be_seen(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE meta ADD COLUMN stray INTEGER"))
        connection.execute(text("DROP INDEX uq_turn_at_counter"))
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = {step[0] for step in compare_metadata(context, metadata)}
    assert found == {"remove_column", "add_index"}


@KINDS
def test_partial_indexes_are_partial(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    upgrade(engine)
    catalogue = "sqlite_master" if kind == "sqlite" else "pg_indexes"
    name, definition = ("name", "sql") if kind == "sqlite" else ("indexname", "indexdef")
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {name}, {definition} FROM {catalogue} WHERE {definition} IS NOT NULL"))
        found = {row[0] for row in rows if " where " in row[1].lower()}
    assert found == PARTIAL


@KINDS
def test_check_constraints_hold_in_a_migrated_database(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    upgrade(engine)
    table = metadata.tables["setup_version"]
    words = dict.fromkeys(("hall", "digest", "document", "published_by"), "x")
    row = {**words, "version": 1, "source": "file", "published_at": AT}
    with engine.begin() as connection:
        connection.execute(insert(table).values(row))
    with engine.begin() as connection, pytest.raises(IntegrityError, match="ck_setup_version_source"):
        connection.execute(insert(table).values({**row, "version": 2, "source": "rumour"}))


@KINDS
def test_upgrading_twice_changes_nothing(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    assert current_revision(engine) is None
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.META).values(name="kept", value="1"))
    upgrade(engine)
    assert current_revision(engine) == HEAD
    with engine.connect() as connection:
        assert connection.scalar(select(tables.META.c.value)) == "1"


@KINDS
def test_a_database_of_a_newer_hall_is_refused_and_left_alone(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(update(VERSION).values(version_num="9999"))
    with pytest.raises(DatabaseIsNewer, match=f"revision 9999 and this Hall knows revisions up to {HEAD}"):
        upgrade(engine)
    assert current_revision(engine) == "9999"


@KINDS
def test_an_upgrade_that_fails_leaves_no_table_behind(open_database: OpenDatabase, kind: str) -> None:
    engine = open_database(kind)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE token (id INTEGER)"))  # in the way of the last table of the revision
    with pytest.raises(Exception, match="token"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["token"]
    assert current_revision(engine) is None


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]


def test_revisions_are_one_numbered_row() -> None:
    names = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    assert sorted(names) == [f"{n:04d}" for n in range(1, len(names) + 1)]


def test_a_database_that_is_at_head_is_opened_without_alembic(tmp_path: Path, open_database: OpenDatabase) -> None:
    url = f"sqlite:///{tmp_path / 'hall-0.db'}"
    upgrade(open_database("sqlite"))
    program = (
        "import sys; from hall.log.database import open_engine; from hall.log.migrate import upgrade\n"
        f"engine = open_engine({url!r}); upgrade(engine); engine.dispose()\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('alembic', 'mako')])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_new_revision_is_written_from_the_template(tmp_path: Path, open_database: OpenDatabase) -> None:
    with open_database("sqlite").connect() as connection:
        config = alembic_config(connection)
        config.set_main_option("version_locations", str(tmp_path))
        config.set_main_option("path_separator", "newline")
        command.revision(config, "A new column.", rev_id="0002", head="base", version_path=str(tmp_path), splice=True)
    (written,) = tmp_path.glob("*.py")
    assert written.name == "revision_0002.py"
    spec = importlib.util.spec_from_file_location("revision_0002", written)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (module.revision, module.__doc__) == ("0002", "A new column.")
    assert MIGRATIONS.joinpath("script.py.mako").exists()
