"""Alembic's entry: runs the revisions on the connection that ``hub.db.schema`` hands over."""

from alembic import context

from hub.db.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
