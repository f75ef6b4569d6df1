"""Somebody with the database's own password: changes to the record past its triggers."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.core.db import Base

STAYING = ("audit_entry", "ticket_event", "seal")


def get_past_the_triggers(session: Session) -> None:
    """Let this transaction change rows that only ever stay."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    there = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in session.scalars(there).all():
        session.execute(sa.text(f"DROP TRIGGER {name}"))


def alter(session: Session, table: str, key: int, **values: Any) -> None:
    """Change a row as SQL would."""
    rows = Base.metadata.tables[table]
    session.execute(sa.update(rows).where(_key(rows) == key).values(**values))
    session.expire_all()


def delete(session: Session, table: str, *keys: int) -> None:
    """Remove rows as SQL would."""
    rows = Base.metadata.tables[table]
    session.execute(sa.delete(rows).where(_key(rows).in_(keys)))
    session.expire_all()


def uproot(session: Session, table: str, row: Mapping[str, Any]) -> None:
    """Remove a row with all that hangs on it, and on that in turn."""
    rows = Base.metadata.tables[table]
    for other in Base.metadata.tables.values():
        for column in other.columns:
            if column.references(_key(rows)) and other is not rows:
                hanging = sa.select(other).where(column == row[_key(rows).name])
                for each in session.execute(hanging).mappings().all():
                    uproot(session, other.name, each)
    session.execute(sa.delete(rows).where(*(key == row[key.name] for key in rows.primary_key)))


def insert_like(session: Session, table: str, key: int, new: int) -> None:
    """Put a copy of a row in under another id."""
    rows = Base.metadata.tables[table]
    chosen = [column for column in rows.columns if column is not _key(rows)]
    copied = sa.select(sa.literal(new, _key(rows).type), *chosen).where(_key(rows) == key)
    session.execute(sa.insert(rows).from_select([_key(rows), *chosen], copied))
    session.expire_all()


def swap(session: Session, table: str, one: int, other: int) -> None:
    """Let two rows trade ids."""
    for key, new in ((one, -1), (other, one), (-1, other)):
        alter(session, table, key, **{_key(Base.metadata.tables[table]).name: new})


def _key(rows: sa.Table) -> sa.Column[Any]:
    return next(iter(rows.primary_key))
