"""Writing down a campaign: who leads it, from when to when, what is to be reached."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hotline.campaigns.models import Campaign
from hotline.core import audit
from hotline.core.errors import Forbidden, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.tickets import tags
from hotline.units import queries as units
from hotline.units.models import Unit

MOST_MATTERS: Final = 1_000_000


@dataclass(frozen=True)
class Plan:
    """What a campaign is to be: its days, and matters, money in fen, or both."""

    starts_on: dt.date
    ends_on: dt.date
    target_settled: int | None
    target_paid: int | None

    def check(self) -> None:
        """Raise `Invalid` where it ends before it begins or nothing is to be reached."""
        if self.ends_on < self.starts_on:
            raise Invalid({"ends_on": N_("结束日期不能早于开始日期")})
        given = [each for each in (self.target_settled, self.target_paid) if each is not None]
        if not given or min(given) <= 0 or (self.target_settled or 0) > MOST_MATTERS:
            raise Invalid({"target_settled": N_("办结件数和追回金额至少填一项，要大于零")})


def begin(
    session: Session, name: str, unit: Unit, plan: Plan, *, actor: Actor, now: dt.datetime
) -> Campaign:
    """Make a campaign that *unit* leads, and the tag of its name.

    Raises:
        Forbidden: *actor* does not lead there.
        Invalid: The name is taken or none, or as `Plan.check`.
    """
    plan.check()
    tag = tags.coin(session, name, unit, actor=actor, now=now)
    row = Campaign(
        tag_id=tag.id, starts_on=plan.starts_on, ends_on=plan.ends_on,
        target_settled=plan.target_settled, target_paid=plan.target_paid,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, actor, now)
    return row


def change(
    session: Session,
    campaign: Campaign,
    plan: Plan,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Give a campaign other days or other targets; the audit keeps each.

    Raises:
        Forbidden: *actor* does not lead there.
        Invalid: As `Plan.check`.
        Stale: It was changed since *version*.
    """
    require(actor, Permission.TICKET_RULE)
    tag = tags.by_id(session, actor, campaign.tag_id)
    if tag.unit_id is None or not actor.sees(units.by_id(session, tag.unit_id).path):
        raise Forbidden
    require_unchanged(campaign.version, version)
    plan.check()
    campaign.starts_on, campaign.ends_on = plan.starts_on, plan.ends_on
    campaign.target_settled, campaign.target_paid = plan.target_settled, plan.target_paid
    session.flush()
    _note(session, campaign, actor, now)


def _note(session: Session, row: Campaign, actor: Actor, now: dt.datetime) -> None:
    audit.note(
        session, actor, "campaign.plan", f"tag:{row.tag_id}", now=now,
        days=f"{row.starts_on}/{row.ends_on}", settled=row.target_settled, paid=row.target_paid,
    )  # fmt: skip
