"""Which revision the database is at, and which one the code was written for."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def head(directory: str) -> str:
    """Return the newest revision among the migrations in *directory*."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(directory).get_current_head() or ""


def present(session: Session) -> str | None:
    """Return the revision that the database is at."""
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found
