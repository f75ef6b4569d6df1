"""Changing how confidential a matter is, who may see it, and where it must not go.

A level is raised by whoever writes on the ticket and lowered only by the hotline with the
caller's recorded consent (R14). A confidential complaint goes to the union inside the
enterprise complained of only with such a consent (R73; PIPL, article 23), a complaint
about a union never to that union nor to those below it (R36).
"""

import datetime as dt
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.language import gettext
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.staff import queries as staff
from hotline.tickets import timeline
from hotline.tickets.models import DemandType, Ticket
from hotline.tickets.records import Allows, Consent, EventKind, Keeper
from hotline.tickets.secrecy import KEEPERS, LEVELS, NAMED_ONLY, level_of
from hotline.tickets.sight import central
from hotline.tickets.states import require_not_ended
from hotline.units import queries as units
from hotline.units.models import Unit, UnitKind
from hotline.units.routing import ABOUT_A_UNION

AGAINST_EMPLOYER: Final = 1  # the level of a complaint about an employer until the caller says more
LONGEST_BRIEF: Final = 2000
ASKED: Final = N_("登记时询问保密要求，职工选择公开")


def default_level(demand_type: str | None, employer: str | None) -> int | None:
    """Return the level of a matter for which none was chosen; None leaves it to be asked."""
    against = demand_type == DemandType.COMPLAINT and bool(employer)
    return AGAINST_EMPLOYER if against else None


def chosen(session: Session, ticket: Ticket, *, actor: Actor, now: dt.datetime) -> None:
    """Keep what follows from the level that the caller chose when first asked.

    Of a matter of the highest level the first keeper is whoever took it down. That a
    complaint about an employer may be open is the caller's word, and kept as such.
    """
    if ticket.confidential_level == NAMED_ONLY and actor.id is not None:
        name_keeper(session, ticket, actor.id, actor=actor, now=now)
    if ticket.confidential_level == 0 and default_level(ticket.demand_type, ticket.employer):
        words = gettext(ASKED)
        _record(session, ticket, Allows.LOWER, words, actor=actor, now=now)


def set_level(
    session: Session,
    ticket: Ticket,
    level: int,
    consent: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Make a matter more confidential, or with the caller's *consent* less.

    Whoever makes it secret to all but two is the first of the two.

    Raises:
        Forbidden: Somebody else than the hotline lowers it, or it hides anything from *actor*.
        GuardFailed: It has ended, or lowering it lacks the caller's consent.
        Invalid: There is no such level.
        Stale: The ticket changed since *version*.
    """
    require(actor, Permission.TICKET_WRITE)
    _still(ticket, version)
    if level not in LEVELS:
        raise Invalid({"level": N_("保密级别为 0 至 3")})
    before = ticket.confidential_level
    if before == level:
        return
    if before is not None and level < before:
        _lower(session, ticket, level, consent, actor=actor, now=now)
    ticket.confidential_level = level
    if before is None or level == NAMED_ONLY:
        chosen(session, ticket, actor=actor, now=now)
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now,
        note=consent, confidential=[before, level],
    )  # fmt: skip


def agree(
    session: Session,
    ticket: Ticket,
    words: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Record that the caller lets the union inside the enterprise handle the matter.

    Raises:
        Forbidden: *actor* is not at the hotline.
        Invalid: There are no words.
    """
    require(actor, Permission.TICKET_WRITE)
    _hotline_only(actor)
    _still(ticket)
    _record(session, ticket, Allows.EMPLOYER, words, actor=actor, now=now)
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=words,
        consent=Allows.EMPLOYER,
    )  # fmt: skip


def name_keeper(
    session: Session, ticket: Ticket, staff_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Let one more person see a matter of the highest level; the table has two seats.

    Raises:
        Forbidden: *actor* is not at the hotline.
        GuardFailed: Both seats are taken.
        NotFound: There is nobody of that id.
    """
    _hotline_only(actor)
    if session.get(Keeper, (ticket.id, staff_id)) is not None:
        return
    person = staff.by_id(session, staff_id)
    taken = session.scalar(
        select(func.count()).select_from(Keeper).where(Keeper.ticket_id == ticket.id)
    )
    if (taken or 0) >= KEEPERS:
        raise GuardFailed(N_("最高保密的工单只能指定两人。"), guard="two_keepers")
    session.add(
        Keeper(ticket_id=ticket.id, staff_id=person.id, seat=(taken or 0) + 1,
               named_by=actor.id, at=now)
    )  # fmt: skip
    audit.note(
        session, actor, "ticket.keeper", f"ticket:{ticket.number}", now=now, staff=person.login
    )
    session.flush()


def keepers(session: Session, ticket: Ticket) -> list[int]:
    """Return who may see a matter of the highest level, in the order they were named."""
    named = select(Keeper.staff_id).where(Keeper.ticket_id == ticket.id).order_by(Keeper.seat)
    return list(session.scalars(named))


def write_brief(
    session: Session, ticket: Ticket, text: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Write what a unit is told that may not read the caller's own words.

    Raises:
        Forbidden: *actor* is not at the hotline.
        GuardFailed: The ticket has ended.
        Invalid: It is empty or too long.
    """
    require(actor, Permission.TICKET_WRITE)
    _hotline_only(actor)
    _still(ticket)
    words = text.strip()
    if not words or len(words) > LONGEST_BRIEF:
        raise Invalid({"brief": N_("请填写，不超过 2000 字")})
    ticket.brief = words
    timeline.write(session, ticket, EventKind.EDIT, actor=actor, now=now, fields=["brief"])


def complained_of(session: Session, ticket: Any, now: dt.datetime) -> int | None:
    """Return the union that a matter of the R group is about, by the routing table.

    It is the union of the caller's region. None where nobody stands above it: a complaint
    about the region's own union or the hotline is kept by its level of confidentiality.
    """
    if not (ticket.category_code or "").startswith(ABOUT_A_UNION) or not ticket.region_code:
        return None
    proposed = units.route(session, region=ticket.region_code, category="", now=now)
    about = units.by_id(session, proposed.unit_id)
    return about.id if about.parent_id is not None else None


def forbid(session: Session, ticket: Ticket, unit: Unit) -> None:
    """Refuse to give *ticket* to a unit that must not have it.

    Raises:
        GuardFailed: The matter is about that unit or one above it, or the unit is the union
            inside the enterprise complained of and the caller has not consented.
    """
    if ticket.about_unit_id is not None:
        about = units.by_id(session, ticket.about_unit_id)
        if unit.path.startswith(about.path):
            raise GuardFailed(
                N_("投诉工会的工单不能交给被投诉的工会及其下级。"), guard="not_complained_of"
            )
    inside = unit.kind is UnitKind.BASIC and unit.employer_key == ticket.employer_key
    if inside and level_of(ticket.confidential_level) > 0 and not _agreed(session, ticket):
        raise GuardFailed(
            N_("未记录职工同意，保密的投诉不能交给该用人单位的工会。"), guard="employers_union"
        )


def _lower(
    session: Session,
    ticket: Ticket,
    level: int,
    consent: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    _hotline_only(actor)
    if ticket.confidential_level == NAMED_ONLY and actor.id not in keepers(session, ticket):
        raise Forbidden
    if not (consent or "").strip():
        raise GuardFailed(N_("降低保密级别须记录职工的同意。"), guard="consent")
    _record(session, ticket, Allows.LOWER, consent or "", actor=actor, now=now, level=level)


def _record(
    session: Session,
    ticket: Ticket,
    allows: Allows,
    words: str,
    *,
    actor: Actor,
    now: dt.datetime,
    level: int | None = None,
) -> None:
    if not words.strip():
        raise Invalid({"consent": N_("请写明职工的原话或录音出处")})
    session.add(
        Consent(
            ticket_id=ticket.id,
            allows=allows,
            level=level_of(ticket.confidential_level) if level is None else level,
            words=words.strip(),
            recorded_by=actor.id,
            at=now,
        )
    )
    audit.note(session, actor, "ticket.consent", f"ticket:{ticket.number}", now=now, allows=allows)


def _agreed(session: Session, ticket: Ticket) -> bool:
    found = session.scalar(
        select(Consent.id)
        .where(
            Consent.ticket_id == ticket.id,
            Consent.allows == Allows.EMPLOYER,
            Consent.level >= level_of(ticket.confidential_level),
        )
        .limit(1)
    )
    return found is not None


def _hotline_only(actor: Actor) -> None:
    if not central(actor):
        raise Forbidden(N_("只有热线中心可以这样做。"))


def _still(ticket: Ticket, version: int | None = None) -> None:
    require_unchanged(ticket.version, version)
    require_not_ended(ticket.state)
