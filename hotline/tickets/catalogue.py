"""The lists that forms choose from: categories and reasons."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.words import N_
from hotline.tickets.models import Category, Reason

SHOWN: Final = (
    Category.code, Category.name, Category.name_en,
    Category.group_code, Category.group_name, Category.group_name_en,
    Category.valid_from, Category.valid_to, Category.successor_code,
)  # fmt: skip


def categories(session: Session) -> Sequence[Any]:
    """Return every leaf there is or was, in their order, A1, A2 … A10 … T1, as plain rows."""
    ordered = select(*SHOWN).order_by(
        Category.group_code, func.length(Category.code), Category.code
    )
    return session.execute(ordered).all()


def offered(session: Session, on: dt.date) -> Sequence[Any]:
    """Return the leaves that may be chosen on a day, in their order."""
    return [row for row in categories(session) if in_use(row, on)]


def in_use(leaf: Any, on: dt.date) -> bool:
    """Return whether a leaf may be chosen on a day."""
    return (leaf.valid_from or on) <= on <= (leaf.valid_to or on)


def fault(session: Session, code: str | None, on: dt.date) -> str | None:
    """Return why a leaf cannot be chosen on a day, or None where it can or none is given."""
    if not code:
        return None
    leaf = session.get(Category, code)
    if leaf is None:
        return N_("请从列表中选择")
    return None if in_use(leaf, on) else N_("这个类别现在不用，请选列表里的后继类别")


class Subject(NamedTuple):
    """A group of categories, or one of its leaves."""

    code: str
    name: str
    name_en: str
    is_group: bool


def subjects(session: Session) -> list[Subject]:
    """Return each group before its leaves."""
    found: dict[str, Subject] = {}
    for row in categories(session):
        group = Subject(row.group_code, row.group_name, row.group_name_en, is_group=True)
        found.setdefault(row.group_code, group)
        found[row.code] = Subject(row.code, row.name, row.name_en, is_group=False)
    return list(found.values())


def category(session: Session, code: str | None) -> Category | None:
    """Return one leaf, or None."""
    return session.get(Category, code) if code else None


def all_reasons(session: Session) -> Sequence[Reason]:
    """Return the entries of every reason list."""
    return session.scalars(select(Reason)).all()


def reasons(session: Session, name: str) -> Sequence[Reason]:
    """Return the entries of the reason list *name*."""
    return session.scalars(select(Reason).where(Reason.list == name).order_by(Reason.code)).all()
