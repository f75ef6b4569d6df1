"""Drawing the samples of a month, scoring them, and the one appeal of whoever was inspected."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Forbidden, GuardFailed, Invalid, Stale
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one, require_unchanged
from hotline.core.words import N_
from hotline.deadlines.arithmetic import Limit
from hotline.inspection import pools, sampling, scoring
from hotline.inspection.models import (
    InspectionDraw,
    InspectionSample,
    InspectionScore,
    Round,
    ScoreSheet,
)
from hotline.tickets import clocks
from hotline.tickets.models import Ticket
from hotline.tickets.sight import require_central

APPEAL_WITHIN: Final = Limit.parse("3wd")
LONGEST: Final = 2000
POOLS: Final = {"call_id": pools.calls, "ticket_id": pools.tickets}


def draw(session: Session, month: dt.date, *, actor: Actor, now: dt.datetime) -> InspectionDraw:
    """Draw the calls and closed tickets of *month* that are inspected, for each who did them.

    Raises:
        Forbidden: *actor* does not review at the hotline.
        GuardFailed: The month is not over, or was drawn already.
    """
    _may_review(actor)
    first = month.replace(day=1)
    if pools.after(first) > local(now).date():
        raise GuardFailed(N_("这个月还没有结束。"), guard="month_over")
    if session.scalar(select(InspectionDraw.id).where(InspectionDraw.month == first)):
        raise GuardFailed(N_("这个月已经抽过样。"), guard="undrawn")
    row = InspectionDraw(
        month=first, seed=secrets.token_hex(16), drawn_by=actor.id or 0, drawn_at=now
    )
    session.add(row)
    session.flush()
    for each in drawn(session, row):
        session.add(each)
    audit.note(session, actor, "inspection.draw", f"month:{first:%Y-%m}", now=now, seed=row.seed)
    session.flush()
    return row


def drawn(session: Session, row: InspectionDraw) -> list[InspectionSample]:
    """Return the samples that the seed of a draw gives; whoever doubts it draws again."""
    found = []
    for column, pool_of in POOLS.items():
        for staff_id, pool in sorted(pool_of(session, row.month).items()):
            for id_ in sampling.draw(f"{row.seed}:{column}:{staff_id}", pool):
                double, subject = sampling.is_double(row.seed, id_), {column: id_}
                found.append(
                    InspectionSample(draw_id=row.id, staff_id=staff_id, double=double, **subject)
                )
    return found


def mark(
    session: Session,
    sample: InspectionSample,
    points: Mapping[str, int],
    fatal: Collection[str],
    remark: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> InspectionScore:
    """Score a sample in the round that is due, by the newest sheet, which is version *seen*.

    Raises:
        Forbidden: *actor* does not review at the hotline.
        GuardFailed: It is their own work, they scored it before, or no round is due.
        Invalid: An item has no points or too many; a fatal item or an appeal wants a remark.
        Stale: A newer sheet was published meanwhile.
    """
    _may_review(actor)
    done = rounds(session, sample.id)
    due = round_due(sample, done)
    if due is None:
        raise GuardFailed(N_("这份样本已经评完。"), guard="round_due")
    if actor.id in barred(session, sample, done):
        raise GuardFailed(N_("不能评自己办的，也不能评两次。"), guard="another_reviewer")
    if (fatal or due is Round.APPEAL) and not (remark or "").strip():
        raise Invalid({"remark": N_("请写明理由")})
    paper = sheet(session)
    require_unchanged(paper.version, seen)
    try:
        total = scoring.score(paper.definition, points, fatal)
    except scoring.Unscored as error:
        raise Invalid({f"points.{error}": N_("请在满分以内打分")}) from error
    row = InspectionScore(
        sample_id=sample.id, round=due, sheet_version=paper.version, points=dict(points),
        fatal=sorted(fatal), score=total, remark=(remark or "").strip() or None,
        scored_by=actor.id or 0, scored_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def appeal(
    session: Session, sample: InspectionSample, words: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Object to one's own score, once and within three working days; another person scores again.

    Raises:
        Forbidden: It is somebody else's work.
        GuardFailed: It is not scored yet, there was an appeal, or the time is over.
        Invalid: There are no words, or too many.
    """
    if actor.id != sample.staff_id:
        raise Forbidden
    scored = rounds(session, sample.id).get(Round.FIRST)
    if scored is None or sample.appealed_at is not None:
        raise GuardFailed(N_("还没有评分，或者已经申诉过。"), guard="one_appeal")
    if now > clocks.limit(session, APPEAL_WITHIN, scored.scored_at):
        raise GuardFailed(N_("已过三个工作日，不能申诉。"), guard="appeal_window")
    if not words.strip() or len(words) > LONGEST:
        raise Invalid({"appeal": N_("请填写，不超过 2000 字")})
    sample.appeal, sample.appealed_at = words.strip(), now


def sheet(session: Session) -> ScoreSheet:
    """Return the newest version of the score sheet."""
    newest = select(ScoreSheet).order_by(ScoreSheet.version.desc()).limit(1)
    return session.scalars(newest).one()


def sheets_made(session: Session) -> Sequence[ScoreSheet]:
    """Return every version of the score sheet, the newest first."""
    return session.scalars(select(ScoreSheet).order_by(ScoreSheet.version.desc())).all()


def publish(
    session: Session,
    definition: Mapping[str, Any],
    *,
    seen: int | None,
    actor: Actor,
    now: dt.datetime,
) -> ScoreSheet:
    """Add the next version of the score sheet, made from version *seen*; scorings keep theirs.

    Raises:
        Forbidden: *actor* writes no policy.
        Stale: Somebody published another since.
    """
    require(actor, Permission.POLICY_WRITE)
    last = sheet(session)
    if last.version != seen:
        raise Stale
    row = ScoreSheet(version=last.version + 1, definition=dict(definition), published_at=now)
    session.add(row)
    audit.note(session, actor, "sheet.publish", "score_sheet", now=now, version=row.version)
    session.flush()
    return row


def rounds(session: Session, sample_id: int) -> dict[Round, InspectionScore]:
    """Return the scorings of a sample by round."""
    of = select(InspectionScore).where(InspectionScore.sample_id == sample_id)
    return {row.round: row for row in session.scalars(of)}


def round_due(sample: InspectionSample, done: Collection[Round]) -> Round | None:
    """Return the round that is due next; None when none is."""
    if Round.FIRST not in done:
        return Round.FIRST
    if sample.appealed_at is not None and Round.APPEAL not in done:
        return Round.APPEAL
    return Round.SECOND if sample.double and Round.SECOND not in done else None


def barred(
    session: Session, sample: InspectionSample, done: Mapping[Round, InspectionScore]
) -> set[int]:
    """Return who may not score a sample: whose work it is, who handled it, who scored it."""
    ticket = session.get(Ticket, sample.ticket_id) if sample.ticket_id else None
    own = {sample.staff_id, *(row.scored_by for row in done.values())}
    return own | ({ticket.handler_id} if ticket and ticket.handler_id else set())


def sample(session: Session, sample_id: int, *, lock: bool = False) -> InspectionSample:
    """Return one sample.

    Raises:
        NotFound: There is none.
    """
    return one(session, InspectionSample, sample_id, lock=lock)


def _may_review(actor: Actor) -> None:
    require(actor, Permission.REVIEW)
    require_central(actor)
