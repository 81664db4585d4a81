"""Runs migrations on the connection that `monitor.store.migrate` hands over. There is no command line for it."""

from __future__ import annotations

from alembic import context

from monitor.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
    transactional_ddl=True,  # also on SQLite: our transactions begin before the first statement
)
with context.begin_transaction():
    context.run_migrations()
