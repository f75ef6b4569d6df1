"""Employers, as forms and the rooms above ask for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from hotline.core import chinese, lookup
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.rows import one
from hotline.employers import codes, naming
from hotline.employers.models import Employer, EmployerKey, EmployerName

LOOKED_AT: Final = 60  # of those with most keys in common, before names are compared
FOUND: Final = 0.9  # all that was typed is in the name, which says more
ALIKE: Final = 0.6  # from here on two names may well be one employer


@dataclass(frozen=True)
class Match:
    """An employer that may be meant, and by which of its names."""

    employer: Employer
    by: str
    likeness: float


def by_id(session: Session, employer_id: int) -> Employer:
    """Return one employer.

    Raises:
        NotFound: There is none.
    """
    return one(session, Employer, employer_id)


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Employer]:
    """Return employers by id in one query."""
    if not ids:
        return {}
    rows = session.scalars(select(Employer).where(Employer.id.in_(set(ids))))
    return {row.id: row for row in rows}


def names(session: Session, employer_id: int) -> Sequence[str]:
    """Return the names an employer is called by, in order."""
    query = select(EmployerName.name).where(EmployerName.employer_id == employer_id)
    return session.scalars(query.order_by(EmployerName.name)).all()


def named(session: Session, text: str | None) -> Employer | None:
    """Return the one employer that *text* names: by code, or by a name only it has."""
    if not text or not text.strip():
        return None
    if codes.is_valid(code := codes.clean(text)):
        return session.scalar(select(Employer).where(Employer.code == code))
    found = session.scalars(
        select(Employer)
        .join(EmployerName, EmployerName.employer_id == Employer.id)
        .where(EmployerName.heart == naming.core(text))
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def meant(session: Session, employer_id: int | None, text: str | None) -> Employer | None:
    """Return the employer chosen from the list, else the one that *text* names.

    Raises:
        NotFound: There is no employer with that id.
    """
    return by_id(session, employer_id) if employer_id else named(session, text)


def find(session: Session, text: str, limit: int = 8) -> list[Match]:
    """Return the employers that *text* may mean, the likeliest first.

    Characters, a whole code, initials (`xtjs`) and whole pinyin (`xingtai`) are understood.
    """
    if codes.is_valid(code := codes.clean(text)):
        exact = session.scalar(select(Employer).where(Employer.code == code))
        return [Match(exact, code, 1.0)] if exact else []
    heart = naming.core(text)
    wanted, needed = chinese.wanted(heart), chinese.needed(heart)
    hits = lookup.best(session, EmployerKey.key, EmployerKey.employer_id, wanted, limit=LOOKED_AT)
    rows = session.execute(
        select(Employer, EmployerName.name)
        .join(EmployerName, EmployerName.employer_id == Employer.id)
        .where(Employer.id.in_(hits))
    )
    best: dict[int, Match] = {}
    for employer, name in rows:
        share = min(hits[employer.id] / needed, 1.0) * FOUND
        match = Match(employer, name, max(naming.alike(text, name), share))
        if match.likeness > best.get(employer.id, Match(employer, "", 0.0)).likeness:
            best[employer.id] = match
    ranked = sorted(best.values(), key=lambda each: (-each.likeness, len(each.employer.name)))
    return ranked[:limit]


def page(session: Session, *, cursor: str | None, limit: int) -> Page[Employer]:
    """Return the register in the order of names."""
    query = select(Employer).order_by(Employer.name, Employer.id).limit(limit + 1)
    if key := read_cursor(cursor, str, int):
        query = query.where(tuple_(Employer.name, Employer.id) > key)
    return cut(session.scalars(query).all(), limit, lambda row: [row.name, row.id])
