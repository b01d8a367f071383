"""What turns know of their calls, moves and corrections, and papers of their kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = 24
MAYBE = {
    "chosen_by": 10,
    "call_reason": 40,
    "delivered_at": INSTANT,
    "override": 40,
    "parked_at": INSTANT,
    "park_reason": 40,
    "end_reason": 40,
    "corrected_started_at": INSTANT,
    "corrected_ended_at": INSTANT,
    "correction_reason": 40,
}


def upgrade() -> None:
    op.add_column("turn", sa.Column("since", sa.String(INSTANT), nullable=False, server_default=sa.text("''")))
    op.add_column("turn", sa.Column("sent_to", sa.String(90), nullable=False, server_default=sa.text("''")))
    op.add_column("turn", sa.Column("deliveries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("turn", sa.Column("work", sa.Float))
    for name, length in MAYBE.items():
        op.add_column("turn", sa.Column(name, sa.String(length)))
    op.execute("UPDATE turn SET since = claim_at")
    op.execute("UPDATE turn SET chosen_by = 'rule' WHERE called_at IS NOT NULL")
    op.add_column("paper", sa.Column("kind", sa.String(10), nullable=False, server_default="ticket"))
