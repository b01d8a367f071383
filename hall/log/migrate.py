"""Brings a database to the newest revision of its tables.

A database that is already there is only looked at: Alembic, which is slow to import, is loaded when there is work.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from hall.log.metadata import writing

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0002"
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = table("alembic_version", column("version_num"))
UPGRADE_LOCK = 0x68616C6C  # any number that all servers on one PostgreSQL database agree on


class DatabaseIsNewer(Exception):
    """A newer Hall made these tables; this one must not touch them."""


def upgrade(engine: Engine) -> None:
    """Bring the tables to `HEAD`, in one transaction; nothing is written when they are there already.

    Raises `DatabaseIsNewer` when the database is at a revision that this Hall does not know.
    """
    found = current_revision(engine)
    if found == HEAD:
        return
    from alembic import command

    require_known(found, alembic_config())
    with writing(engine).begin() as connection:
        take_turns(connection)
        command.upgrade(alembic_config(connection), "head")


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at; None when it has no tables of ours."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSION.name):
            return None
        found: str | None = connection.scalar(select(VERSION.c.version_num))
        return found


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file: our folder of revisions, and the connection to run them on."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "revision_%%(rev)s")
    return config


def require_known(found: str | None, config: Config) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        said = f"the database is at revision {found} and this Hall knows revisions up to {HEAD} only"
        raise DatabaseIsNewer(f"{said}: a newer Hall made it; run that one, or restore a backup from before it")


def take_turns(connection: Connection) -> None:
    """Keep two servers from upgrading one database at once; the second then finds nothing to do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
