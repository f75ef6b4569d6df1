"""Campaigns by request: the list, and one with its figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint, id_of
from hotline.api.tickets import Limit
from hotline.campaigns import queries
from hotline.campaigns.queries import Line, Share
from hotline.core.roles import Permission
from hotline.money.models import Proof


class CampaignsQuery(Model):
    """Which page of the list."""

    limit: Limit = 50
    cursor: str | None = None


class CampaignLine(Model):
    """A campaign; money in fen. `name` is the tag of its tickets."""

    id: str
    name: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date
    target_settled: int | None
    target_paid: int | None


class ShareShape(Model):
    """What one unit has of a campaign, or all together; money in fen, `paid` by proof."""

    unit: str | None
    counted: int
    settled: int
    late: int
    open: int
    excluded: Mapping[str, int]
    claimed: int
    paid: Mapping[Proof, int]


class CampaignShape(CampaignLine):
    """A campaign with its figures; `elapsed` is the part of its days that is gone."""

    as_of: dt.datetime
    elapsed: float
    whole: ShareShape
    units: Sequence[ShareShape]


@endpoint(
    Operation(
        "GET", "/campaigns", "campaigns, those that end last first", Permission.TICKET_READ,
        shapes.Listed[CampaignLine], query=CampaignsQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List the campaigns that reach the asker's unit."""
    query = asked.query
    page = queries.page(asked.session, asked.actor, cursor=query.cursor, limit=query.limit)
    items = [CampaignLine(**_line(line)) for line in page.items]
    return shapes.Listed[CampaignLine](items=items, next=page.next)


@endpoint(
    Operation(
        "GET", "/campaigns/<campaign_id>", "one campaign with its figures",
        Permission.TICKET_READ, CampaignShape,
    )
)  # fmt: skip
def show(asked: Asked, campaign_id: str) -> Model:
    """Give one campaign as the asker may have it."""
    board = queries.board(asked.session, asked.actor, id_of(campaign_id), now=asked.now)
    return CampaignShape(
        **_line(board.line),
        as_of=asked.now,
        elapsed=board.gone,
        whole=_share(None, board.whole),
        units=[_share(unit.code, share) for unit, share in board.shares],
    )


def _line(line: Line) -> dict[str, Any]:
    names = ("starts_on", "ends_on", "target_settled", "target_paid")
    known = {name: getattr(line.campaign, name) for name in names}
    return known | {"id": str(line.tag.id), "name": line.tag.name, "unit": line.unit.code}


def _share(unit: str | None, share: Share) -> ShareShape:
    return ShareShape(
        unit=unit,
        counted=share.counted,
        settled=share.settled,
        late=share.late,
        open=share.open,
        excluded={"before": share.before, "gone": share.gone},
        claimed=share.claimed,
        paid=share.paid,
    )
