"""Inspections as pages show them: the samples of a month, results by operator, agreement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.inspection import scoring, service
from hotline.inspection.models import InspectionDraw, InspectionSample, InspectionScore, Round
from hotline.tickets.sight import require_central


@dataclass(frozen=True)
class Line:
    """A sample with what was scored of it.

    Attributes:
        counts: The scoring that counts: after an appeal, before that the first; None until then.
        due: The round that is due.
    """

    sample: InspectionSample
    scores: dict[Round, InspectionScore]

    @property
    def counts(self) -> InspectionScore | None:
        """The scoring that counts."""
        return self.scores.get(Round.APPEAL) or self.scores.get(Round.FIRST)

    @property
    def due(self) -> Round | None:
        """The round that is due."""
        return service.round_due(self.sample, self.scores)


@dataclass(frozen=True)
class Result:
    """What the scored samples of one operator and month come to."""

    staff_id: int
    drawn: int
    scored: int
    mean: float | None
    fatal: int


def months(session: Session) -> Sequence[InspectionDraw]:
    """Return the draws, the newest month first: two years of them."""
    newest = select(InspectionDraw).order_by(InspectionDraw.month.desc())
    return session.scalars(newest.limit(24)).all()


def drawn(session: Session, month: dt.date) -> InspectionDraw | None:
    """Return the draw of the month that begins with that day."""
    return session.scalar(select(InspectionDraw).where(InspectionDraw.month == month))


def page(
    session: Session, actor: Actor, draw_id: int, *, cursor: str | None, limit: int
) -> Page[Line]:
    """Return the samples of a draw, in the order they were drawn.

    Raises:
        Forbidden: *actor* does not review at the hotline.
    """
    _may_read(actor)
    query = select(InspectionSample).where(InspectionSample.draw_id == draw_id)
    if key := read_cursor(cursor, int):
        query = query.where(InspectionSample.id > key[0])
    rows = session.scalars(query.order_by(InspectionSample.id).limit(limit + 1)).all()
    return cut(_lines(session, rows), limit, lambda line: [line.sample.id])


def own(session: Session, actor: Actor, limit: int) -> list[Line]:
    """Return what was inspected of *actor*'s own work and scored, the newest first."""
    mine = select(InspectionSample).where(InspectionSample.staff_id == actor.id)
    rows = session.scalars(mine.order_by(InspectionSample.id.desc()).limit(limit)).all()
    return [line for line in _lines(session, rows) if line.counts]


def results(session: Session, actor: Actor, draw_id: int) -> list[Result]:
    """Return what the samples of a draw came to, by operator.

    Raises:
        Forbidden: *actor* does not review at the hotline.
    """
    _may_read(actor)
    lines = _all(session, draw_id)
    found = []
    for staff_id in sorted({line.sample.staff_id for line in lines}):
        of = [line for line in lines if line.sample.staff_id == staff_id]
        counts = [line.counts for line in of if line.counts]
        mean = sum(each.score for each in counts) / len(counts) if counts else None
        fatal = sum(bool(each.fatal) for each in counts)
        found.append(Result(staff_id, len(of), len(counts), mean, fatal))
    return found


def agreement(session: Session, draw_id: int) -> tuple[int, float | None]:
    """Return how many samples two people scored apart, and Cohen's kappa of their grades."""
    both = [
        (line.scores[Round.FIRST], line.scores[Round.SECOND])
        for line in _all(session, draw_id)
        if Round.SECOND in line.scores
    ]
    pairs = [(scoring.grade(a.score).value, scoring.grade(b.score).value) for a, b in both]
    return len(pairs), scoring.kappa(pairs)


def _all(session: Session, draw_id: int) -> list[Line]:
    of = select(InspectionSample).where(InspectionSample.draw_id == draw_id)
    return _lines(session, session.scalars(of).all())


def _lines(session: Session, rows: Sequence[InspectionSample]) -> list[Line]:
    ids = [row.id for row in rows]
    scores = session.scalars(
        select(InspectionScore).where(InspectionScore.sample_id.in_(ids))
    ).all()
    by_sample: dict[int, dict[Round, InspectionScore]] = {id_: {} for id_ in ids}
    for each in scores:
        by_sample[each.sample_id][each.round] = each
    return [Line(row, by_sample[row.id]) for row in rows]


def _may_read(actor: Actor) -> None:
    require(actor, Permission.REVIEW)
    require_central(actor)
