"""What is different in a period since it was published, and what made it so."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hotline.bulletins.periods import Period
from hotline.bulletins.snapshot import Snapshot
from hotline.callbacks.models import Callback
from hotline.calls.models import Call
from hotline.core.words import N_
from hotline.rates import cohorts
from hotline.rates.formulas import Rate
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action

A = Action
TICKETS: Final = (cohorts.RECEIVED, cohorts.ORIGINAL, cohorts.DUE, cohorts.RESOLVED)
#: The entries of a timeline, made after the publication, that tell of each cause.
TOLD_BY: Final[Mapping[str, Sequence[Action | EventKind]]] = {
    "answered_late": (A.SURVEY_SATISFIED, A.SURVEY_DISSATISFIED),
    "not_reached": (A.SURVEY_UNREACHABLE, A.SURVEY_NOT_POSSIBLE),
    "settled_late": (
        *(A.ANSWER_DIRECTLY, A.RESOLVE, A.APPROVE),
        *(A.REJECT_INTAKE, A.TRANSFER_OUT, A.WITHDRAW),
    ),
    "reopened": (A.REOPEN, A.ORDER_REWORK),
    "merged": (A.MERGE, A.UNMERGE),
    "voided": (A.VOID,),
    "ordered": (
        *(A.DISPATCH, A.HAND_DOWN, A.SIGN),
        *(A.RECALL, A.REQUEST_RETURN, A.ACCEPT_RETURN),
    ),
    "suspended": (A.SUSPEND, A.RESUME),
    "corrected": (EventKind.EDIT,),
    "deadline": (EventKind.DEADLINE,),
    "money": (EventKind.MONEY,),
}
CAUSES: Final[Mapping[str, str]] = {
    "answered_late": N_("发布后收到评价"),
    "settled_late": N_("发布后办结"),
    "reopened": N_("发布后重办或重开"),
    "merged": N_("发布后合并或撤销合并"),
    "voided": N_("发布后作废"),
    "not_reached": N_("发布后结束回访（未联系上或无法回访）"),
    "ordered": N_("发布后派单、签收或退单"),
    "suspended": N_("发布后挂账或恢复"),
    "corrected": N_("发布后更正登记内容"),
    "deadline": N_("发布后期限变动（延期、日历）"),
    "money": N_("发布后登记的主张、约定或到账"),
    "calls_found": N_("发布后补记的来电或来电结局"),
    "met_late": N_("发布后回拨联系上或了结"),
    "definition": N_("口径或限时有变"),
}


@dataclass(frozen=True)
class Change:
    """One rate, as it was published and as it is; None where one of the two has no such rate."""

    code: str
    name: str
    before: Rate | None
    after: Rate | None


@dataclass(frozen=True)
class Cause:
    """Why numbers changed, and how many tickets, calls or callbacks that is."""

    code: str
    n: int


def changes(published: Snapshot, present: Snapshot) -> Sequence[Change]:
    """Return the rates of which a number, an exclusion or the rule is another, in order."""
    then, now = published.rates, present.rates
    codes = [*now, *(code for code in then if code not in now)]
    return [
        Change(code, (now.get(code) or then[code]).metric.name, then.get(code), now.get(code))
        for code in codes
        if _numbers(then.get(code)) != _numbers(now.get(code))
    ]


def _numbers(rate: Rate | None) -> Any:
    return rate and (rate.numerator, rate.denominator, dict(rate.excluded), rate.metric.definition)


def defined_anew(found: Sequence[Change]) -> int:
    """Return how many of these rates have another rule now."""
    return sum(
        one.before is None or one.after is None or one.before.metric != one.after.metric
        for one in found
    )


def causes(session: Session, period: Period, since: dt.datetime) -> Sequence[Cause]:
    """Return what happened after *since* to the rows of *period*, the most frequent first.

    It reads the period's own tickets and calls and nothing else, each by an index.
    """
    found = _of_tickets(session, period, since)
    found["calls_found"] = _late_calls(session, period, since)
    found["met_late"] = _late_callbacks(session, period, since)
    known = [Cause(code, n) for code, n in found.items() if n]
    return sorted(known, key=lambda one: (-one.n, one.code))


def _of_tickets(session: Session, period: Period, since: dt.datetime) -> dict[str, int]:
    touched = select(Ticket.id).where(
        Ticket.touched_at > since,
        or_(*(cohort.within(period.first, period.last) for cohort in TICKETS)),
    )
    rows = session.execute(
        select(TicketEvent.action, TicketEvent.kind, func.count(TicketEvent.ticket_id.distinct()))
        .where(TicketEvent.ticket_id.in_(touched), TicketEvent.at > since)
        .group_by(TicketEvent.action, TicketEvent.kind)
    )
    counts: Counter[Action | EventKind] = Counter()
    for action, kind, n in rows:
        counts[action or kind] += n
    return {code: sum(counts[one] for one in told) for code, told in TOLD_BY.items()}


def _late_calls(session: Session, period: Period, since: dt.datetime) -> int:
    inside = cohorts.CALLED.within(period.first, period.last)
    return session.scalar(select(func.count()).where(inside, Call.heard_at > since)) or 0


def _late_callbacks(session: Session, period: Period, since: dt.datetime) -> int:
    inside = cohorts.OWED.within(period.first, period.last)
    return session.scalar(select(func.count()).where(inside, Callback.closed_at > since)) or 0


def all_causes(
    session: Session, period: Period, since: dt.datetime, found: Sequence[Change]
) -> Sequence[Cause]:
    """Return the causes of the changes *found*: what happened to rows, then rules made anew."""
    anew = defined_anew(found)
    return [
        *causes(session, period, since),
        *([Cause("definition", anew)] if anew else []),
    ]
