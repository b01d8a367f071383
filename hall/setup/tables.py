"""The table of set-up versions. A row is never changed: a new version is a new row."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text

from hall.log.metadata import Instant, metadata

SETUP_VERSION = Table(
    "setup_version",
    metadata,
    Column("hall", String(40), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("source", String(10), nullable=False),
    Column("document", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", String(80), nullable=False),
    CheckConstraint("source IN ('file', 'browser')", name="ck_setup_version_source"),
)
