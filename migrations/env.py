"""Run the migrations: one process at a time, with limits on locks and statements."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum, text

from hotline.core.privacy import Sealed
from hotline.core.time import UTCDateTime

LOCK = 12351  # everybody who migrates this database asks for the same advisory lock
LIMITS = ("lock_timeout = '10s'", "statement_timeout = '30min'")


def written(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own types as the plain ones they are in a database."""
    if kind == "type":
        if isinstance(item, Sealed):
            return "sa.LargeBinary()"
        if isinstance(item, UTCDateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, Enum):
            return f"sa.String(length={item.length})"
    return False


def migrate(connection: Connection) -> None:
    """Bring the database that *connection* opens to the revision asked for."""
    if connection.dialect.name == "postgresql":
        for limit in LIMITS:
            connection.execute(text(f"SET {limit}"))
        connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_as_batch=True,
        render_item=written,
        compare_type=False,  # text enums differ in length alone
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
        connection.commit()


with current_app.extensions["migrate"].db.engine.connect() as connection:
    migrate(connection)
