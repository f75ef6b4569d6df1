"""Campaigns as pages, files and programs show them: the list, and one with its figures.

The figures are read from the rows behind one tag, by the index of its tickets: what a board costs
grows with its own campaign, never with the hotline.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true, tuple_
from sqlalchemy.orm import Session

from hotline.campaigns.models import Campaign
from hotline.campaigns.pace import Pace, elapsed, pace
from hotline.core.errors import NotFound
from hotline.core.language import local
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.money.models import Claim, Payment, Proof
from hotline.rates.cohorts import midnight
from hotline.tickets.models import Ticket
from hotline.tickets.sight import central, found_by_words, visible
from hotline.tickets.states import SETTLED, State
from hotline.tickets.tags import Tag, TicketTag, in_line
from hotline.units import queries as units
from hotline.units.models import Unit

GONE: Final = (State.MERGED, State.VOIDED)
DAY: Final = dt.timedelta(days=1)


class Line(NamedTuple):
    """A campaign with its tag and the unit that leads it."""

    campaign: Campaign
    tag: Tag
    unit: Unit


@dataclass
class Share:
    """What one unit has of a campaign; matters by where they stand, money in fen.

    Attributes:
        settled: Settled within the campaign's days.
        late: Settled after them.
        open: Not settled.
        before: Settled before the campaign began: no work of it.
        gone: Merged into another, or void.
    """

    settled: int = 0
    late: int = 0
    open: int = 0
    before: int = 0
    gone: int = 0
    claimed: int = 0
    paid: Mapping[Proof, int] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        """How many matters the campaign has to settle: the denominator."""
        return self.settled + self.late + self.open

    @property
    def recovered(self) -> int:
        """What was paid within the days, whatever the proof."""
        return sum(self.paid.values())

    def __add__(self, other: "Share") -> "Share":
        """Return the two together."""
        paid = {proof: self.paid.get(proof, 0) + other.paid.get(proof, 0) for proof in Proof}
        numbers = ("settled", "late", "open", "before", "gone", "claimed")
        sums = {name: getattr(self, name) + getattr(other, name) for name in numbers}
        return Share(**sums, paid=paid)


class Goal(NamedTuple):
    """One target and how far it is."""

    done: int
    target: int
    pace: Pace


@dataclass(frozen=True)
class Board:
    """A campaign with its figures as one person may have them.

    Attributes:
        gone: Which part of its days is behind, from 0 to 1.
        shares: By unit, in the order of the tree.
        whole: All of them together.
    """

    line: Line
    today: dt.date
    gone: float
    shares: Sequence[tuple[Unit, Share]]
    whole: Share

    @property
    def settling(self) -> Goal | None:
        """How far the matters are, None where there is no such target."""
        return self._goal(self.whole.settled, self.line.campaign.target_settled)

    @property
    def recovering(self) -> Goal | None:
        """How far the money is, None where there is no such target."""
        return self._goal(self.whole.recovered, self.line.campaign.target_paid)

    def _goal(self, done: int, target: int | None) -> Goal | None:
        if target is None:
            return None
        over = self.today > self.line.campaign.ends_on
        return Goal(done, target, pace(done, target, self.gone, over=over))


def page(session: Session, actor: Actor, *, cursor: str | None, limit: int) -> Page[Line]:
    """Return the campaigns that reach *actor*'s unit, the one that ends last first."""
    query = _known(actor).order_by(Campaign.ends_on.desc(), Campaign.tag_id.desc())
    if key := read_cursor(cursor, dt.date, int):
        query = query.where(tuple_(Campaign.ends_on, Campaign.tag_id) < key)
    rows = [Line(*row) for row in session.execute(query.limit(limit + 1))]
    return cut(rows, limit, lambda row: [row.campaign.ends_on, row.campaign.tag_id])


def campaign(session: Session, actor: Actor, tag_id: int) -> Line:
    """Return one campaign.

    Raises:
        NotFound: None such reaches *actor*'s unit.
    """
    row = session.execute(_known(actor).where(Campaign.tag_id == tag_id)).first()
    if row is None:
        raise NotFound
    return Line(*row)


def board(session: Session, actor: Actor, tag_id: int, *, now: dt.datetime) -> Board:
    """Return one campaign with its figures, in four queries.

    The centre's count every matter. A unit's own count those it may find and read: the number of
    the others would tell what is kept from it.

    Raises:
        NotFound: None such reaches *actor*'s unit.
    """
    line, today = campaign(session, actor, tag_id), local(now).date()
    shares = _shares(session, actor, line.campaign)
    names = units.units_by_ids(session, shares)
    return Board(
        line=line,
        today=today,
        gone=elapsed(line.campaign.starts_on, line.campaign.ends_on, today),
        shares=sorted(((names[key], shares[key]) for key in shares), key=lambda at: at[0].code),
        whole=sum(shares.values(), Share()),
    )


def _shares(session: Session, actor: Actor, row: Campaign) -> dict[int, Share]:
    found: dict[int, Share] = defaultdict(Share)
    matters = _tagged(actor, row, Ticket.unit_id, _standing(row).label("stands"), func.count())
    for unit_id, name, count in session.execute(matters.group_by(Ticket.unit_id, "stands")):
        setattr(found[unit_id], name, count)
    claims = _tagged(actor, row, Ticket.unit_id, func.sum(Claim.claimed))
    for unit_id, claimed in session.execute(
        claims.join(Claim, Claim.ticket_id == Ticket.id).group_by(Ticket.unit_id)
    ):
        found[unit_id].claimed = int(claimed)
    payments = (
        _tagged(actor, row, Ticket.unit_id, Payment.proof, func.sum(Payment.amount))
        .join(Claim, Claim.ticket_id == Ticket.id)
        .join(Payment, Payment.claim_id == Claim.id)
        .where(Payment.paid_on.between(row.starts_on, row.ends_on))
    )
    for unit_id, proof, amount in session.execute(payments.group_by(Ticket.unit_id, Payment.proof)):
        found[unit_id].paid = {**found[unit_id].paid, Proof(proof): int(amount)}
    return found


def _standing(row: Campaign) -> ColumnElement[str]:
    """Return where a ticket stands in the campaign, as `Share` names it."""
    begins, ends = midnight(row.starts_on), midnight(row.ends_on + DAY)
    settled = Ticket.state.in_(SETTLED)
    return case(
        (Ticket.state.in_(GONE), "gone"),
        (and_(settled, Ticket.resolved_at < begins), "before"),
        (and_(settled, Ticket.resolved_at < ends), "settled"),
        (settled, "late"),
        else_="open",
    )


def _tagged(actor: Actor, row: Campaign, *wanted: Any) -> Select[Any]:
    """Ask for something of the campaign's tickets."""
    mine = true() if central(actor) else and_(visible(actor), found_by_words(actor))
    return (
        select(*wanted)
        .select_from(TicketTag)
        .join(Ticket, Ticket.id == TicketTag.ticket_id)
        .where(TicketTag.tag_id == row.tag_id, mine)
    )


def _known(actor: Actor) -> Select[Campaign, Tag, Unit]:
    require(actor, Permission.TICKET_READ)
    return (
        select(Campaign, Tag, Unit)
        .join(Tag, Tag.id == Campaign.tag_id)
        .join(Unit, Unit.id == Tag.unit_id)
        .where(in_line(actor))
    )
