"""Run by Alembic: migrates over the connection it is handed, within the transaction that stands open there."""

from alembic import context

from storage.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
