"""The forms of the categories, version by version, and the facts that tickets keep in them."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core import audit
from hotline.core.db import Base, BigInt
from hotline.core.errors import Invalid, NotFound, Stale
from hotline.core.privacy import Sealed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.tickets import catalogue, forms, timeline
from hotline.tickets.forms import Question
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind

LONGEST_LABEL: Final = 80
YES_OR_NO: Final = frozenset({"yes", "no"})
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FormVersion(Base):
    """One version of the form of a category or a group of them. Rows are only ever added."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    code: Mapped[str] = mapped_column(String(8))  # a leaf `A1`, or a group `A`
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(200))
    published_by: Mapped[int | None] = mapped_column(BigInt)
    published_at: Mapped[dt.datetime]


class TicketFacts(Base):
    """What a ticket's form was answered with; the form's version stays the one it was asked by."""

    __tablename__ = "ticket_facts"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"),  # the ticket goes last
        primary_key=True,
        autoincrement=False,
    )
    form_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    sealed: Mapped[str] = mapped_column(Sealed("ticket_facts.sealed"))  # JSON

    @property
    def given(self) -> dict[str, Any]:
        """The facts by field; None is what the caller does not know."""
        found: dict[str, Any] = json.loads(self.sealed)
        return found


def form_of(session: Session, category: str | None) -> FormVersion | None:
    """Return the newest form of a category: its own, else its group's; None without one."""
    if not category:
        return None
    return session.scalar(
        select(FormVersion)
        .where(FormVersion.code.in_({category, category[0]}))
        .order_by(func.length(FormVersion.code).desc(), FormVersion.version.desc())
        .limit(1)
    )


def newest(session: Session) -> Sequence[FormVersion]:
    """Return the newest version of every form, by code."""
    last = select(func.max(FormVersion.id)).group_by(FormVersion.code)
    query = select(FormVersion).where(FormVersion.id.in_(last)).order_by(FormVersion.code)
    return session.scalars(query).all()


def versions(session: Session, code: str) -> Sequence[FormVersion]:
    """Return every version of a form, the newest first.

    Raises:
        NotFound: There is no such form.
    """
    query = select(FormVersion).where(FormVersion.code == code)
    found = session.scalars(query.order_by(FormVersion.version.desc())).all()
    if not found:
        raise NotFound
    return found


def publish(
    session: Session,
    code: str,
    asked: Sequence[Question],
    note: str,
    *,
    after: int,
    actor: Actor,
    now: dt.datetime,
) -> FormVersion:
    """Add the next version of a form, made from version *after*; tickets keep their own.

    Raises:
        Forbidden: *actor* writes no policy.
        Stale: Somebody published another since.
        NotFound: There is no such category or group.
        Invalid: A question lacks a name, choices, or the question it depends on.
    """
    require(actor, Permission.POLICY_WRITE)
    last = session.scalar(select(func.max(FormVersion.version)).where(FormVersion.code == code))
    if (last or 0) != after:
        raise Stale
    if code not in {each.code for each in catalogue.subjects(session)}:
        raise NotFound
    check(asked)
    if not note.strip():
        raise Invalid({"note": N_("请写明改了什么")})
    row = FormVersion(
        code=code, version=after + 1, definition=forms.define(asked), note=note.strip(),
        published_by=actor.id, published_at=now,
    )  # fmt: skip
    session.add(row)
    audit.note(session, actor, "form.publish", f"form:{code}", now=now, version=row.version)
    session.flush()
    return row


def check(asked: Sequence[Question]) -> None:
    """Let the questions of a form through, or say what is wrong with which.

    Raises:
        Invalid: A question lacks a name, choices, or the earlier one it depends on.
    """
    wrong: dict[str, str] = {}
    before: dict[str, Question] = {}
    for number, each in enumerate(asked):
        fault = _fault(each, before)
        if fault:
            wrong[f"label.{number}"] = fault
        before[each.key] = each
    if not asked or len(asked) > forms.MOST_FIELDS:
        wrong["label.0"] = N_("表单须有 1 至 40 项")
    if wrong:
        raise Invalid(wrong)


def _fault(question: Question, before: Mapping[str, Question]) -> str | None:
    if not question.label or not question.label_en:
        return N_("中文和英文名称都要写")
    if max(len(question.label), len(question.label_en)) > LONGEST_LABEL:
        return N_("名称太长了")
    if not KEY.fullmatch(question.key) or question.key in before:
        return N_("字段代码须是小写字母、数字或下划线，且不重复")
    return _fault_of_options(question) or _fault_of_needs(question, before)


def _fault_of_options(question: Question) -> str | None:
    if question.kind not in {forms.Kind.CHOICE, forms.Kind.CHOICES}:
        return None
    if not question.options:
        return N_("选择题要有选项")
    words = [word for word, _ in question.options]
    if not all(all(option) for option in question.options) or len(set(words)) < len(words):
        return N_("每个选项写成“中文|English”，不能重复")
    return None


def _fault_of_needs(question: Question, before: Mapping[str, Question]) -> str | None:
    if question.needs is None:
        return None
    needed = before.get(question.needs[0])
    if needed is None:
        return N_("只能依赖前面的字段")
    answers = {word for word, _ in needed.options}
    if question.needs[1] not in (YES_OR_NO if needed.kind is forms.Kind.YES_NO else answers):
        return N_("只能依赖是否题或选择题的一个选项；是写 yes，否写 no")
    return None


def keep(
    session: Session, ticket_id: int, form: FormVersion | None, given: Mapping[str, Any]
) -> None:
    """Keep the facts of a new matter; its ticket may be written after them.

    Raises:
        Invalid: There is no form for them, or one holds what it may not.
    """
    if not given:
        return
    if form is None:
        raise Invalid({"facts": N_("这个类别没有专用表单")})
    facts = forms.read(form.definition, given)
    if facts:
        sealed = json.dumps(facts, ensure_ascii=False)
        session.add(TicketFacts(ticket_id=ticket_id, form_id=form.id, sealed=sealed))


def correct(
    session: Session,
    ticket: Ticket,
    form: FormVersion | None,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down the facts of a ticket as they really are, in the form they were asked by.

    Raises:
        Invalid: One holds what it may not.
    """
    require(actor, Permission.TICKET_WRITE)
    if form is None:
        return
    sealed = json.dumps(forms.read(form.definition, given), ensure_ascii=False)
    row = session.get(TicketFacts, ticket.id)
    if row is None:
        if sealed == "{}":
            return
        session.add(TicketFacts(ticket_id=ticket.id, form_id=form.id, sealed=sealed))
    elif (row.form_id, row.sealed) != (form.id, sealed):
        row.form_id, row.sealed = form.id, sealed
    else:
        return
    timeline.write(session, ticket, EventKind.EDIT, actor=actor, now=now, fields=["facts"])


def of(session: Session, ticket_id: int) -> tuple[FormVersion, dict[str, Any]] | None:
    """Return a ticket's facts with the version of the form they were given in, or None."""
    row = session.get(TicketFacts, ticket_id)
    return (session.get_one(FormVersion, row.form_id), row.given) if row else None
