"""What happens to a ticket beside the state table: notes, words, urgency, corrections, files."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, GuardFailed, Invalid, Stale
from hotline.core.language import written
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.tickets import clocks, timeline
from hotline.tickets.intake import employer_key
from hotline.tickets.models import Category, Ticket, Urgency
from hotline.tickets.records import Attachment, EventKind
from hotline.tickets.states import ENDED, SETTLED, State
from hotline.units.models import Region

EDITABLE: Final = frozenset(
    {
        "subject",
        "narrative",
        "category_code",
        "demand_type",
        "region_code",
        "employer",
        "confidential_level",
        "anonymous",
        "head_count",
        "foreign_number",
        "mass",
    }
)
LARGEST_FILE: Final = 8 * 1024 * 1024
HIGHEST_LEVEL: Final = 3
MEDIA_TYPES: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "audio/wav",
    b"PK\x03\x04": "application/zip",  # docx and xlsx too
}


def add_note(
    session: Session, ticket: Ticket, text: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Write something down that only staff see.

    Raises:
        Invalid: There is nothing to write.
    """
    require(actor, Permission.TICKET_WRITE)
    if not text.strip():
        raise Invalid({"text": N_("请填写")})
    timeline.write(session, ticket, EventKind.NOTE, actor=actor, now=now, note=text.strip())


def caller_said(
    session: Session,
    ticket: Ticket,
    text: str,
    *,
    channel: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Add a word from the caller; on a settled ticket it is a proposal to reopen too."""
    timeline.write(
        session, ticket, EventKind.CALLER, actor=actor, now=now, note=text, channel=channel
    )
    if ticket.state in SETTLED:
        timeline.write(session, ticket, EventKind.PROPOSAL, actor=actor, now=now, proposed="reopen")


def edit(
    session: Session,
    ticket: Ticket,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Correct what was taken down; the deadline follows the class that results.

    While a ticket is not classified it runs under `triage`; the class chosen first sets
    `due_original`, which never moves again.

    Raises:
        Stale: The ticket changed since *version*.
        GuardFailed: It has ended.
        Invalid: A field cannot be edited.
    """
    require(actor, Permission.TICKET_WRITE)
    if version is not None and version != ticket.version:
        raise Stale
    if ticket.state in ENDED:
        raise GuardFailed(N_("工单已经结束，不能再改。"), guard="not_ended")
    if unknown := set(changes) - EDITABLE:
        raise Invalid(dict.fromkeys(unknown, N_("这一项不能改")))
    _check_codes(session, changes)
    changed = sorted(name for name, value in changes.items() if getattr(ticket, name) != value)
    for name in changed:
        setattr(ticket, name, changes[name])
    if "employer" in changed:
        ticket.employer_key = employer_key(ticket.employer)
    if changed:
        timeline.write(session, ticket, EventKind.EDIT, actor=actor, now=now, fields=changed)
        _reckon(session, ticket, actor=actor, now=now)


def set_urgency(
    session: Session,
    ticket: Ticket,
    urgency: Urgency,
    reason: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make a matter more or less urgent; only a supervisor makes it less.

    Raises:
        Forbidden: Somebody else lowers it.
    """
    require(actor, Permission.TICKET_WRITE)
    order = list(Urgency)
    if order.index(urgency) < order.index(ticket.urgency) and Role.SUPERVISOR not in actor.roles:
        raise Forbidden
    if urgency is ticket.urgency:
        return
    raised = order.index(urgency) > order.index(ticket.urgency)
    ticket.urgency = urgency
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=reason, urgency=urgency
    )
    _reckon(session, ticket, actor=actor, now=now, latest=ticket.due_at if raised else None)


def urge(session: Session, ticket: Ticket, text: str, *, actor: Actor, now: dt.datetime) -> None:
    """Urge whoever holds the matter; a count, not a state.

    Raises:
        GuardFailed: It is settled or has ended.
    """
    require(actor, Permission.TICKET_WRITE)
    if ticket.state in SETTLED | ENDED:
        raise GuardFailed(N_("已办结的工单不用催办。"), guard="open")
    ticket.urge_count += 1
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=text,
        urged=ticket.urge_count,
    )  # fmt: skip


def supervise(
    session: Session,
    ticket: Ticket,
    level: int,
    reason: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Set the supervision level, 0 to 3.

    Raises:
        Invalid: There is no such level.
    """
    require(actor, Permission.TICKET_RULE)
    if level not in range(HIGHEST_LEVEL + 1):
        raise Invalid({"level": N_("督办级别为 0 至 3")})
    ticket.supervision_level = level
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=reason, supervision=level
    )


def attach(
    session: Session,
    ticket: Ticket,
    name: str,
    content: bytes,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Attachment:
    """Keep a file on the ticket. What it is, is read from its first bytes, not its name.

    Raises:
        Invalid: It is empty, larger than 8 MiB, or not of a kind that is taken.
    """
    require(actor, Permission.TICKET_WRITE)
    media_type = next(
        (kind for mark, kind in MEDIA_TYPES.items() if content.startswith(mark)), None
    )
    if media_type is None and _is_text(content):
        media_type = "text/plain"
    if media_type is None or len(content) > LARGEST_FILE:
        raise Invalid({"file": N_("只收 8 MB 以内的 PDF、图片、录音、文档或纯文本")})
    digest = hashlib.sha256(content).hexdigest()
    row = Attachment(
        ticket_id=ticket.id, name=name[-120:] or "文件", media_type=media_type, size=len(content),
        digest=digest, content=content, added_by=actor.id, added_at=now,
    )  # fmt: skip
    session.add(row)
    timeline.write(session, ticket, EventKind.ATTACHMENT, actor=actor, now=now, digest=digest)
    session.flush()
    return row


def _check_codes(session: Session, changes: Mapping[str, Any]) -> None:
    tables = {"category_code": Category, "region_code": Region}
    wrong = [
        name
        for name, table in tables.items()
        if changes.get(name) is not None and session.get(table, changes[name]) is None
    ]
    if wrong:
        raise Invalid(dict.fromkeys(wrong, N_("请从列表中选择")))


def _is_text(content: bytes) -> bool:
    try:
        return bool(content.strip()) and "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


def _reckon(
    session: Session,
    ticket: Ticket,
    *,
    actor: Actor,
    now: dt.datetime,
    latest: dt.datetime | None = None,
) -> None:
    """Let the deadline follow the class, where the matter is still open, but not past *latest*."""
    if ticket.state in SETTLED | ENDED or ticket.state is State.RESULT_REVIEW:
        return
    before, was = ticket.class_code, ticket.due_at
    if clocks.class_of(ticket, ticket.clock_from) == before:
        return
    clocks.start(session, ticket, ticket.clock_from)
    if latest is not None and latest < ticket.due_at:
        ticket.due_at = latest
        ticket.due_explained = [*ticket.due_explained, f"提高紧急程度不推迟期限：{written(latest)}"]
    if before == clocks.TRIAGE:
        ticket.due_original = ticket.due_at
    ticket.step_due_at = clocks.step_due(session, ticket, ticket.state, now)
    timeline.write(
        session,
        ticket,
        EventKind.DEADLINE,
        actor=actor,
        now=now,
        class_from=before,
        due_from=was.isoformat(),
        due_to=ticket.due_at.isoformat(),
    )
