"""Who may do what: accounts of people, their sessions, and the tokens of devices and programs.

Of secrets only hashes are here: argon2 for what people choose, SHA-256 for tokens, which are random. Hall `*` means
every hall.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, String, Table

from hall.log.metadata import Instant, metadata

ACCOUNT = Table(
    "account",
    metadata,
    Column("hall", String(40), primary_key=True),
    Column("login", String(40), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("role", String(10), nullable=False),
    Column("secret_hash", String(200)),
    # The hash of the secret as a set-up file last gave it: a secret changed since survives the next load of that file.
    Column("file_hash", String(200)),
    Column("from_file", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

SESSION = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("hall", String(40), nullable=False),
    Column("login", String(40), nullable=False),
    Column("role", String(10), nullable=False),
    Column("counter", String(40)),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_session_hall_login", "hall", "login"),
    Index("ix_session_expires_at", "expires_at"),
)

TOKEN = Table(
    "token",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("hall", String(40), nullable=False),
    Column("role", String(10), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("device", String(40)),
    Column("note", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    CheckConstraint("kind IN ('device', 'api')", name="ck_token_kind"),
    Index("ix_token_hall_device", "hall", "device"),
)
