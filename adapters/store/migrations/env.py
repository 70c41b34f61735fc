"""Run migrations on the connection that ``adapters.store.migrate`` holds the lock with."""

from alembic import context

from adapters.store.schema import metadata

connection = context.config.attributes["connection"]
# SQLite's DDL is transactional once BEGIN is ours; alembic does not expect that by itself.
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
