"""Run the migrations against the database of DATABASE_URL; `alembic` executes this file."""

from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool

from database import DATABASE_URL, Table

if context.config.config_file_name:
    fileConfig(context.config.config_file_name)

if context.is_offline_mode():
    context.configure(url=DATABASE_URL, target_metadata=Table.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(DATABASE_URL, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=Table.metadata)
        with context.begin_transaction():
            context.run_migrations()
