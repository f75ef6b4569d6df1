"""What happens to a ticket beside the state table: notes, words, urgency, corrections, files."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, Invalid
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.tickets import catalogue, clocks, confidence, joining, sight, timeline
from hotline.tickets.cycle import Entry, Why
from hotline.tickets.intake import employer_key, project_key
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.records import Attachment, EventKind
from hotline.tickets.states import ENDED, SETTLED, State, require_not_ended
from hotline.units.models import Region

EDITABLE: Final = frozenset(
    {
        "subject",
        "narrative",
        "category_code",
        "demand_type",
        "region_code",
        "employer",
        "employer_id",
        "project",
        "confidential_level",
        "anonymous",
        "head_count",
        "foreign_number",
        "mass",
    }
)
LARGEST_FILE: Final = 8 * 1024 * 1024
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
    timeline.write(
        session, ticket, EventKind.NOTE, actor=actor, now=now, note=text.strip(),
        unit_id=actor.unit_id,
    )  # fmt: skip


def caller_said(
    session: Session,
    ticket: Ticket,
    text: str,
    *,
    channel: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Add a word from the caller; where the matter is settled it is a proposal to reopen too.

    A merged ticket keeps its own caller's words; the ticket it was merged into shows them.
    """
    timeline.write(
        session, ticket, EventKind.CALLER, actor=actor, now=now, note=text, channel=channel
    )
    held = joining.holder(session, ticket)
    held.touched_at = now
    if held.state in SETTLED:
        timeline.write(session, held, EventKind.PROPOSAL, actor=actor, now=now, proposed="reopen")


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
    require_unchanged(ticket.version, version)
    require_not_ended(ticket.state)
    if unknown := set(changes) - EDITABLE:
        raise Invalid(dict.fromkeys(unknown, N_("这一项不能改")))
    other = {name: text for name, text in changes.items() if getattr(ticket, name) != text}
    _check_codes(session, other, now)
    sight.require_clear(session, actor, ticket)
    if (level := changes.get("confidential_level")) is not None:
        confidence.set_level(session, ticket, level, None, actor=actor, now=now)
    changed = sorted(name for name, value in changes.items() if getattr(ticket, name) != value)
    for name in changed:
        setattr(ticket, name, changes[name])
    _follow(session, ticket, changed, now)
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


def _follow(session: Session, ticket: Ticket, changed: Collection[str], now: dt.datetime) -> None:
    """Set what follows from the fields that *changed*."""
    if "employer" in changed:
        ticket.employer_key = employer_key(ticket.employer)
    if "project" in changed:
        ticket.project_key = project_key(ticket.project)
    if {"category_code", "region_code"} & set(changed):
        ticket.about_unit_id = confidence.complained_of(session, ticket, now)
    if ticket.confidential_level is None:
        ticket.confidential_level = confidence.default_level(ticket.demand_type, ticket.employer)


def _check_codes(session: Session, changes: Mapping[str, Any], now: dt.datetime) -> None:
    region = changes.get("region_code")
    faults = {
        "category_code": catalogue.fault(session, changes.get("category_code"), local(now).date()),
        "region_code": N_("请从列表中选择")
        if region is not None and session.get(Region, region) is None
        else None,
    }
    if wrong := {name: text for name, text in faults.items() if text}:
        raise Invalid(wrong)


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
    ticket.class_code = clocks.class_of(ticket, ticket.clock_from)
    if ticket.class_code == before:
        return
    said: dict[str, Any] = {"why": Why.CLASS.value, "class_from": before}
    if latest is not None:
        said["than"] = latest.isoformat()
    changed = Entry(now, ticket.cycle, detail=said)
    clocks.wind(session, ticket, changed)
    if ticket.due_at <= now < was:  # nobody is late for a class chosen after its time ran out
        ticket.clock_from = now
        clocks.wind(session, ticket, changed)
    if before == clocks.TRIAGE:
        ticket.due_original = ticket.due_at
    ticket.step_due_at = clocks.step_due(session, ticket, ticket.state, now)
    timeline.write(
        session,
        ticket,
        EventKind.DEADLINE,
        actor=actor,
        now=now,
        **said,
        due_from=was.isoformat(),
        due_to=ticket.due_at.isoformat(),
    )
