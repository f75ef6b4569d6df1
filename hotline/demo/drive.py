"""The demo's campaign for wages before winter: its tag on matters, what was claimed and paid."""

import datetime as dt
from itertools import cycle
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.campaigns import service as campaigns
from hotline.campaigns.service import Plan
from hotline.core.language import local
from hotline.core.roles import Actor, Role
from hotline.demo.cast import Cast
from hotline.money import service as money
from hotline.money.models import Proof
from hotline.staff import saved_views
from hotline.tickets import tags
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED, SETTLED
from hotline.units import queries as units

NAME: Final = "冬季治欠专项行动"
PLAIN: Final = (("职工家访", "J"), ("媒体关注", "N"), ("需要复核工资单", "A2"))
WEEKS: Final = dt.timedelta(weeks=4)
WITH_MONEY: Final = 3  # of so many matters one has a claim
SUMS: Final = (12_000_00, 8_600_00, 24_000_00, 5_400_00, 16_800_00)
MOST: Final = 60
VIEWS: Final = (
    ("冬季治欠", {"view": "all", "tag": NAME}, True),
    ("治欠·已超时", {"view": "overdue", "tag": NAME}, False),
)


def begin(session: Session, cast: Cast, opens: dt.datetime) -> None:
    """Make the tags, the campaign and a supervisor's views, as of the day the demo begins."""
    boss, first = cast.by_role[Role.SUPERVISOR][0], local(opens).date()
    for name, _category in PLAIN:
        tags.coin(session, name, None, actor=boss, now=opens)
    plan = Plan(first, first + WEEKS, target_settled=40, target_paid=300_000_00)
    region = units.unit(session, "15")
    campaigns.begin(session, NAME, region, plan, actor=boss, now=opens)
    for name, query, shared in VIEWS:
        view = saved_views.save(session, boss, urlencode(query), now=opens)
        saved_views.describe(session, view, boss, name, shared=shared, first=False)


def gather(session: Session, cast: Cast, now: dt.datetime) -> None:
    """Put the tags on the newest matters they are meant for, and money on some of them."""
    boss = cast.by_role[Role.SUPERVISOR][0]
    for name, category in PLAIN:
        for ticket in _matters(session, category)[:4]:
            tags.add(session, ticket, name, actor=boss, now=now)
    sums, proofs = cycle(SUMS), cycle(Proof)
    for at, ticket in enumerate(_matters(session, "A")):
        tags.add(session, ticket, NAME, actor=boss, now=now)
        if at % WITH_MONEY == 0:
            _claim(session, ticket, next(sums), next(proofs), boss, now)


def _matters(session: Session, category: str) -> list[Ticket]:
    found = session.scalars(
        select(Ticket)
        .where(Ticket.category_code.startswith(category), Ticket.state.not_in(ENDED))
        .where(Ticket.confidential_level <= 1)
        .order_by(Ticket.id.desc())
        .limit(MOST)
    )
    return list(found)


def _claim(
    session: Session, ticket: Ticket, claimed: int, proof: Proof, actor: Actor, now: dt.datetime
) -> None:
    by: dict[str, Any] = {"actor": actor, "now": now}
    claim = money.claim(session, ticket, "演示职工", claimed, **by)
    if ticket.state in SETTLED:
        money.assess(session, ticket, claim.id, claimed, claimed, **by)
        paid = claimed if proof is Proof.BANK else claimed // 2
        money.pay(session, ticket, claim.id, paid, local(now).date(), proof, **by)
