"""The tables of the log, of the rows derived from it, and of the personal facts that stay outside.

`event` and `answer` are the truth. `ticket`, `turn` and `paper` are derived in the same transaction and can be rebuilt.
`contact` and `note` hold what is personal: no fold reads them, a rebuild leaves them, and erasing a row breaks nothing.
Instants are text in UTC with milliseconds (`hall.log.codec.as_text`), which sorts by time on every database.
"""

from __future__ import annotations

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from hall.log.metadata import metadata

OPEN_STATES = "('waiting', 'called', 'serving', 'parked', 'missed')"


class EventRow(SQLModel, table=True):
    """One appended event: envelope, body as hashed, hash."""

    __tablename__ = "event"
    hall: str = Field(primary_key=True, max_length=40)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str = Field(max_length=24)
    business_date: str = Field(max_length=10)
    type: str = Field(max_length=40)
    version: int
    command_id: str = Field(max_length=40)
    actor_kind: str = Field(max_length=12)
    actor_id: str = Field(max_length=80)
    door: str = Field(max_length=12)
    setup_version: int
    body: str = Field(sa_type=Text)
    hash: str = Field(max_length=64)
    __table_args__ = (
        Index(
            "ix_event_day_opened",
            "hall",
            "seq",
            sqlite_where=text("type = 'DayOpened'"),
            postgresql_where=text("type = 'DayOpened'"),
        ),
    )


class AnswerRow(SQLModel, table=True):
    """A remembered command: the key it came with and the events that answer it again."""

    __tablename__ = "answer"
    hall: str = Field(primary_key=True, max_length=40)
    principal: str = Field(primary_key=True, max_length=120)
    key: str = Field(primary_key=True, max_length=200)
    body_hash: str = Field(max_length=64)
    seq_first: int
    seq_last: int
    at: str = Field(max_length=24, index=True)


class TicketRow(SQLModel, table=True):
    """A ticket as it stands; `follow` is the secret of its phone page."""

    __tablename__ = "ticket"
    hall: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=40)
    serial: int
    number: str = Field(max_length=20)
    series: str = Field(max_length=40)
    business_date: str = Field(max_length=10)
    service: str = Field(max_length=40)
    class_: str = Field(max_length=40, sa_column_kwargs={"name": "class"})
    language: str = Field(max_length=35)
    device: str | None = Field(max_length=40)
    state: str = Field(max_length=10)
    outcome: str | None = Field(max_length=24)
    promise_s: int | None
    ahead: int
    issued_at: str = Field(max_length=24)
    closed_at: str | None = Field(max_length=24)
    follow: str = Field(max_length=32)
    __table_args__ = (
        Index("uq_ticket_serial", "hall", "serial", unique=True),
        Index("uq_ticket_follow", "follow", unique=True),
        Index(
            "uq_ticket_open_number",
            "hall",
            "number",
            unique=True,
            sqlite_where=text(f"state in {OPEN_STATES}"),
            postgresql_where=text(f"state in {OPEN_STATES}"),
        ),
    )


class TurnRow(SQLModel, table=True):
    """A wait-and-serve passage, the unit that figures count.

    `since` is when the wait began, `claim_at` from when it counts in the line; corrected instants stand beside the
    recorded ones, and win in figures.
    """

    __tablename__ = "turn"
    hall: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=44)
    ticket: str = Field(max_length=40)
    business_date: str = Field(max_length=10)
    service: str = Field(max_length=40)
    class_: str = Field(max_length=40, sa_column_kwargs={"name": "class"})
    claim_at: str = Field(max_length=24)
    since: str = Field(max_length=24, sa_column_kwargs={"server_default": text("''")})
    sent_to: str = Field(max_length=90, sa_column_kwargs={"server_default": text("''")})
    promise_s: int | None
    state: str = Field(max_length=10)
    outcome: str | None = Field(max_length=24)
    counter: str | None = Field(max_length=40)
    staff: str | None = Field(max_length=80)
    calls: int
    called_at: str | None = Field(max_length=24)
    chosen_by: str | None = Field(max_length=10)
    call_reason: str | None = Field(max_length=40)
    deliveries: int = Field(sa_column_kwargs={"server_default": "0"})
    delivered_at: str | None = Field(max_length=24)
    started_at: str | None = Field(max_length=24)
    start_inferred: bool
    missed_at: str | None = Field(max_length=24)
    override: str | None = Field(max_length=40)
    parked_at: str | None = Field(max_length=24)
    park_reason: str | None = Field(max_length=40)
    ended_at: str | None = Field(max_length=24)
    end_reason: str | None = Field(max_length=40)
    work: float | None
    corrected_started_at: str | None = Field(max_length=24)
    corrected_ended_at: str | None = Field(max_length=24)
    correction_reason: str | None = Field(max_length=40)
    __table_args__ = (
        Index("ix_turn_ticket", "hall", "ticket"),
        Index("ix_turn_business_date", "hall", "business_date"),
        Index(
            "uq_turn_at_counter",
            "hall",
            "counter",
            unique=True,
            sqlite_where=text("state in ('called', 'serving')"),
            postgresql_where=text("state in ('called', 'serving')"),
        ),
    )


class PaperRow(SQLModel, table=True):
    """A paper and what is known of it."""

    __tablename__ = "paper"
    hall: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=44)
    ticket: str = Field(max_length=40)
    printer: str = Field(max_length=40)
    copy_no: int
    kind: str = Field(max_length=10, sa_column_kwargs={"server_default": "ticket"})
    state: str = Field(max_length=10)
    proof: str | None = Field(max_length=12)
    reason: str | None = Field(max_length=200)
    requested_at: str = Field(max_length=24)
    claimed_at: str | None = Field(max_length=24)
    reported_at: str | None = Field(max_length=24)
    __table_args__ = (Index("ix_paper_ticket", "hall", "ticket"),)


class ContactRow(SQLModel, table=True):
    """Who a ticket belongs to, when the visitor said so. Personal."""

    __tablename__ = "contact"
    hall: str = Field(primary_key=True, max_length=40)
    ticket: str = Field(primary_key=True, max_length=40)
    name: str | None = Field(max_length=200)
    phone: str | None = Field(max_length=40)
    at: str = Field(max_length=24)


class NoteRow(SQLModel, table=True):
    """Free text about a visit. Personal."""

    __tablename__ = "note"
    hall: str = Field(primary_key=True, max_length=40)
    ticket: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=40)
    text: str = Field(sa_type=Text)
    at: str = Field(max_length=24)


class MetaRow(SQLModel, table=True):
    """Facts about the database itself: its epoch, its key."""

    __tablename__ = "meta"
    name: str = Field(primary_key=True, max_length=40)
    value: str = Field(sa_type=Text)


EVENT = metadata.tables["event"]
ANSWER = metadata.tables["answer"]
TICKET = metadata.tables["ticket"]
TURN = metadata.tables["turn"]
PAPER = metadata.tables["paper"]
CONTACT = metadata.tables["contact"]
NOTE = metadata.tables["note"]
META = metadata.tables["meta"]
