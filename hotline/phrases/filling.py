"""What the gaps of a canned text mean, and what fills them on a ticket for whoever reads it."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.language import local
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.messages.wording import moment
from hotline.phrases.models import Language
from hotline.tickets import catalogue
from hotline.tickets.models import Ticket
from hotline.tickets.secrecy import Part, Sight, level_of
from hotline.tickets.sight import sight
from hotline.tickets.veils import seen
from hotline.units import queries as units
from hotline.workers import queries as workers

GAPS: Final = {
    "number": N_("工单编号"),
    "caller": N_("职工称呼"),
    "unit": N_("承办单位"),
    "due": N_("办结期限"),
    "category": N_("诉求分类"),
    "employer": N_("用人单位"),
    "today": N_("今天"),
}
#: What stands where a name is not known, or may not be written.
SOMEBODY: Final = {Language.ENGLISH: "the worker"}
SOME_EMPLOYER: Final = {Language.ENGLISH: "the employer"}
NO_CATEGORY: Final = {Language.ENGLISH: "this matter"}


def values(
    session: Session, actor: Actor, ticket: Ticket, language: Language, now: dt.datetime
) -> dict[str, str]:
    """Return what fills each gap for *actor* on *ticket*, in *language*.

    A caller's name is written only where nothing about the ticket is secret: what is inserted
    may be read by others than whoever inserted it.
    """
    looks = sight(session, actor, ticket)
    category = catalogue.category(session, ticket.category_code)
    english = language is Language.ENGLISH

    def named(row: object) -> str:
        return str(getattr(row, "name_en" if english else "name"))

    return {
        "number": ticket.number,
        "caller": _caller(session, ticket, looks) or SOMEBODY.get(language, "职工"),
        "unit": named(units.by_id(session, ticket.unit_id)),
        "due": moment(ticket.due_at, language),
        "category": named(category) if category else NO_CATEGORY.get(language, "这件事"),
        "employer": seen(ticket, looks).employer or SOME_EMPLOYER.get(language, "用人单位"),
        "today": f"{local(now):%d %b}" if english else f"{local(now):%-m月%-d日}",
    }


def _caller(session: Session, ticket: Ticket, looks: Sight) -> str | None:
    secret = ticket.anonymous or level_of(ticket.confidential_level) or looks.hides(Part.NAME)
    if secret or ticket.worker_id is None:
        return None
    return workers.by_id(session, ticket.worker_id).name
