"""Alembic's entry: runs the steps on the connection that `bothways.ledger.database` hands over."""

from alembic import context

from bothways.ledger.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
