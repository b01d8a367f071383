"""The first tables: the log, the rows derived from it, what is personal, set-up versions, people.

Types are written out, not taken from the metadata, so that this file says for ever what it did on the first day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

INSTANT = 24  # 2026-11-24T02:30:00.123Z
DATE = 10
NAME = 40  # of halls, services, counters and other things of a set-up, and of events


def upgrade() -> None:
    create_event()
    create_answer()
    create_ticket()
    create_turn()
    create_paper()
    create_personal()
    create_meta()
    create_setup_version()
    create_account()
    create_session()
    create_token()


def text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def maybe(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=True)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def create_partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def create_event() -> None:
    op.create_table(
        "event",
        text("hall", NAME),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        text("at", INSTANT),
        text("business_date", DATE),
        text("type", NAME),
        sa.Column("version", sa.Integer, nullable=False),
        text("command_id", 40),
        text("actor_kind", 12),
        text("actor_id", 80),
        text("door", 12),
        sa.Column("setup_version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        text("hash", 64),
        key("event", "hall", "seq"),
    )
    create_partial_index("ix_event_day_opened", "event", ["hall", "seq"], "type = 'DayOpened'", unique=False)


def create_answer() -> None:
    op.create_table(
        "answer",
        text("hall", NAME),
        text("principal", 120),
        text("key", 200),
        text("body_hash", 64),
        sa.Column("seq_first", sa.Integer, nullable=False),
        sa.Column("seq_last", sa.Integer, nullable=False),
        text("at", INSTANT),
        key("answer", "hall", "principal", "key"),
    )
    op.create_index("ix_answer_at", "answer", ["at"])


def create_ticket() -> None:
    op.create_table(
        "ticket",
        text("hall", NAME),
        text("id", 40),
        sa.Column("serial", sa.Integer, nullable=False),
        text("number", 20),
        text("series", NAME),
        text("business_date", DATE),
        text("service", NAME),
        text("class", NAME),
        text("language", 35),
        maybe("device", NAME),
        text("state", 10),
        maybe("outcome", 24),
        sa.Column("promise_s", sa.Integer, nullable=True),
        sa.Column("ahead", sa.Integer, nullable=False),
        text("issued_at", INSTANT),
        maybe("closed_at", INSTANT),
        text("follow", 32),
        key("ticket", "hall", "id"),
    )
    op.create_index("uq_ticket_serial", "ticket", ["hall", "serial"], unique=True)
    op.create_index("uq_ticket_follow", "ticket", ["follow"], unique=True)
    is_open = "state in ('waiting', 'called', 'serving', 'parked', 'missed')"
    create_partial_index("uq_ticket_open_number", "ticket", ["hall", "number"], is_open, unique=True)


def create_turn() -> None:
    op.create_table(
        "turn",
        text("hall", NAME),
        text("id", 44),
        text("ticket", 40),
        text("business_date", DATE),
        text("service", NAME),
        text("class", NAME),
        text("claim_at", INSTANT),
        sa.Column("promise_s", sa.Integer, nullable=True),
        text("state", 10),
        maybe("outcome", 24),
        maybe("counter", NAME),
        maybe("staff", 80),
        sa.Column("calls", sa.Integer, nullable=False),
        maybe("called_at", INSTANT),
        maybe("started_at", INSTANT),
        sa.Column("start_inferred", sa.Boolean, nullable=False),
        maybe("missed_at", INSTANT),
        maybe("ended_at", INSTANT),
        key("turn", "hall", "id"),
    )
    op.create_index("ix_turn_ticket", "turn", ["hall", "ticket"])
    op.create_index("ix_turn_business_date", "turn", ["hall", "business_date"])
    at_counter = "state in ('called', 'serving')"
    create_partial_index("uq_turn_at_counter", "turn", ["hall", "counter"], at_counter, unique=True)


def create_paper() -> None:
    op.create_table(
        "paper",
        text("hall", NAME),
        text("id", 44),
        text("ticket", 40),
        text("printer", NAME),
        sa.Column("copy_no", sa.Integer, nullable=False),
        text("state", 10),
        maybe("proof", 12),
        maybe("reason", 200),
        text("requested_at", INSTANT),
        maybe("claimed_at", INSTANT),
        maybe("reported_at", INSTANT),
        key("paper", "hall", "id"),
    )
    op.create_index("ix_paper_ticket", "paper", ["hall", "ticket"])


def create_personal() -> None:
    op.create_table(
        "contact",
        text("hall", NAME),
        text("ticket", 40),
        maybe("name", 200),
        maybe("phone", 40),
        text("at", INSTANT),
        key("contact", "hall", "ticket"),
    )
    op.create_table(
        "note",
        text("hall", NAME),
        text("ticket", 40),
        text("id", 40),
        sa.Column("text", sa.Text, nullable=False),
        text("at", INSTANT),
        key("note", "hall", "ticket", "id"),
    )


def create_meta() -> None:
    op.create_table("meta", text("name", 40), sa.Column("value", sa.Text, nullable=False), key("meta", "name"))


def create_setup_version() -> None:
    op.create_table(
        "setup_version",
        text("hall", NAME),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        text("digest", 64),
        text("source", 10),
        sa.Column("document", sa.Text, nullable=False),
        text("published_at", INSTANT),
        text("published_by", 80),
        key("setup_version", "hall", "version"),
        sa.CheckConstraint("source IN ('file', 'browser')", name="ck_setup_version_source"),
    )


def create_account() -> None:
    op.create_table(
        "account",
        text("hall", NAME),
        text("login", 40),
        text("name", 60),
        text("role", 10),
        maybe("secret_hash", 200),
        maybe("file_hash", 200),
        sa.Column("from_file", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        text("created_at", INSTANT),
        key("account", "hall", "login"),
    )


def create_session() -> None:
    op.create_table(
        "session",
        text("token_hash", 64),
        text("hall", NAME),
        text("login", 40),
        text("role", 10),
        maybe("counter", NAME),
        text("created_at", INSTANT),
        text("expires_at", INSTANT),
        key("session", "token_hash"),
    )
    op.create_index("ix_session_hall_login", "session", ["hall", "login"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])


def create_token() -> None:
    op.create_table(
        "token",
        text("id", 40),
        text("token_hash", 64),
        text("hall", NAME),
        text("role", 10),
        text("kind", 10),
        maybe("device", NAME),
        text("note", 60),
        text("created_at", INSTANT),
        maybe("revoked_at", INSTANT),
        key("token", "id"),
        sa.UniqueConstraint("token_hash", name="uq_token_token_hash"),
        sa.CheckConstraint("kind IN ('device', 'api')", name="ck_token_kind"),
    )
    op.create_index("ix_token_hall_device", "token", ["hall", "device"])
