"""Alembic's environment: ``irbtrack db upgrade`` hands it a connection in a transaction.

Without one, as in ``poe migration``, the database is named by ``-x database=FILE``.
"""

from alembic import context
from sqlalchemy import Connection, create_engine

from irbtrack.store.tables import metadata


def run(connection: Connection) -> None:
    """Run the migrations on a connection; its transaction is the caller's."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    named = context.get_x_argument(as_dictionary=True)["database"]
    with create_engine(f"sqlite:///{named}").begin() as made:
        run(made)
