"""Runs revisions on the connection that `hall.log.migrate` brings; there is no other way in, and no configuration file.

All of an upgrade is one transaction, so a database is at one revision or at another, never between.
"""

from alembic import context

from hall.log.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    transaction_per_migration=False,
)

with context.begin_transaction():
    context.run_migrations()
