"""The lists that forms choose from: categories and reasons."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from hotline.tickets.models import Category, Reason


def categories(session: Session) -> Sequence[Row[Any]]:
    """Return the leaves of the subject tree in their order, A1, A2 … T1, as plain rows."""
    return session.execute(select(Category.__table__).order_by(Category.code)).all()


def category(session: Session, code: str | None) -> Category | None:
    """Return one leaf, or None."""
    return session.get(Category, code) if code else None


def all_reasons(session: Session) -> Sequence[Reason]:
    """Return the entries of every reason list."""
    return session.scalars(select(Reason)).all()


def reasons(session: Session, name: str) -> Sequence[Reason]:
    """Return the entries of the reason list *name*."""
    return session.scalars(select(Reason).where(Reason.list == name).order_by(Reason.code)).all()
