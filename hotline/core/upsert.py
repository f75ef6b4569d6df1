"""An INSERT that may say what happens where the row is there already, on either engine."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Insert = postgresql.Insert | sqlite.Insert
INSERTS: Final[dict[str, Callable[[Any], Insert]]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def into(session: Session, table: Any) -> Insert:
    """Begin an INSERT into *table* that knows `on_conflict_do_nothing` and `…_do_update`."""
    return INSERTS[session.get_bind().dialect.name](table)
