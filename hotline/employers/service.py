"""What is done with the register: an employer added, corrected, called by one more name."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.core import audit, chinese, lookup
from hotline.core.db import new_id
from hotline.core.errors import Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.employers import codes, naming, queries
from hotline.employers.models import Employer, EmployerKey, EmployerName, Ownership

LONGEST: Final = 120


@dataclass(frozen=True)
class Facts:
    """What the register says of an employer; *names* are those besides its own."""

    name: str
    code: str | None = None
    region_code: str | None = None
    address: str | None = None
    ownership: Ownership | None = None
    has_union: bool | None = None
    names: tuple[str, ...] = ()


def add(session: Session, facts: Facts, *, actor: Actor, now: dt.datetime) -> Employer:
    """Put an employer into the register.

    Raises:
        Forbidden: *actor* may not.
        Invalid: The code is none, or another employer's; the name is missing.
    """
    require(actor, Permission.EMPLOYER_WRITE)
    employer = Employer(id=new_id(), added_by=actor.id, added_at=now)
    _write(session, employer, facts, now)
    audit.note(session, actor, "employer.add", f"employer:{employer.id}", now=now)
    return employer


def correct(
    session: Session,
    employer_id: int,
    facts: Facts,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> Employer:
    """Write down an employer as it really is.

    Raises:
        Stale: Somebody changed it since *version*.
        Invalid: As for `add`.
    """
    require(actor, Permission.EMPLOYER_WRITE)
    employer = queries.by_id(session, employer_id)
    require_unchanged(employer.version, version)
    _write(session, employer, facts, now)
    audit.note(session, actor, "employer.correct", f"employer:{employer_id}", now=now)
    return employer


def _write(session: Session, employer: Employer, facts: Facts, now: dt.datetime) -> None:
    code = codes.clean(facts.code) if facts.code else None
    _check(session, employer, facts, code)
    employer.name, employer.code = facts.name.strip(), code
    employer.region_code, employer.address = facts.region_code, facts.address
    employer.ownership, employer.has_union = facts.ownership, facts.has_union
    employer.changed_at = now
    session.add(employer)
    session.flush()
    _write_names(session, employer.id, (employer.name, *facts.names))


def _write_names(session: Session, employer_id: int, given: Iterable[str]) -> None:
    names = {name.strip() for name in given if name.strip()}
    session.execute(delete(EmployerName).where(EmployerName.employer_id == employer_id))
    session.add_all(
        EmployerName(employer_id=employer_id, name=name, heart=naming.core(name))
        for name in sorted(names)
    )
    session.flush()
    keys = frozenset[str]().union(*(chinese.keys(naming.core(name)) for name in names))
    lookup.write(session, EmployerKey, EmployerKey.employer_id, employer_id, keys)


def _check(session: Session, employer: Employer, facts: Facts, code: str | None) -> None:
    wrong = {}
    if not facts.name.strip():
        wrong["name"] = N_("请填写")
    if any(len(name) > LONGEST for name in (facts.name, *facts.names)):
        wrong["name"] = N_("太长了")
    if code and not codes.is_valid(code):
        wrong["code"] = N_("统一社会信用代码有误，请核对 18 位")
    elif code and _taken(session, employer.id, code):
        wrong["code"] = N_("这个代码已经属于另一家用人单位")
    if wrong:
        raise Invalid(wrong)


def _taken(session: Session, employer_id: int, code: str) -> bool:
    query = select(Employer.id).where(Employer.code == code, Employer.id != employer_id)
    return session.scalar(query) is not None
