"""The supervisor's board: who waits, who works, what will be late, and the rates."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.callbacks import queries as callbacks
from hotline.calls import queries as calls
from hotline.calls import service as calls_service
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _, gettext
from hotline.core.roles import Actor, Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.ledger import queries as ledger
from hotline.rates import queries as rates
from hotline.staff import queries as staff
from hotline.staff import service
from hotline.staff.presence import PresenceState
from hotline.staffing import queries as staffing
from hotline.tickets import queries as tickets
from hotline.web import charts, floor, forms

bp = Blueprint("board", __name__, url_prefix="/board")

SOON = dt.timedelta(hours=2)
MOST = 10
DAYS = 14
IN_CHARTS: Final = (  # a title, a sentence, and the facts that are counted, day by day
    (
        N_("每日来电"),
        N_("进入排队的来电：接听的和放弃的。"),
        (("calls_answered", N_("已接听")), ("calls_abandoned", N_("放弃"))),
    ),
    (
        N_("每日工单"),
        N_("当天受理的工单：已办结的和仍在办的。"),
        (("received_settled", N_("已办结")), ("received_open", N_("在办"))),
    ),
)


def drawn(days: Sequence[rates.DayOfTrend]) -> list[tuple[str, Markup]]:
    """Return the board's charts of *days* with their titles."""
    labels = [f"{day.day:%m-%d}" for day in days]
    return [
        (gettext(title), charts.stacked(_chart(title, about, labels, days, facts)))
        for title, about, facts in IN_CHARTS
    ]


def _chart(
    title: str,
    about: str,
    labels: Sequence[str],
    days: Sequence[rates.DayOfTrend],
    facts: Sequence[tuple[str, str]],
) -> charts.Chart:
    series = [
        charts.Series(gettext(name), [day.counts.get(fact, 0) for day in days])
        for fact, name in facts
    ]
    return charts.Chart(gettext(title), gettext(about), labels, series)


@bp.get("")
@permits(Permission.BOARD)
def show() -> ResponseReturnValue:
    """Show the board."""
    actor, now = current_actor(), utcnow()
    with reading() as session:
        return render_template("board/show.html", **_found(session, actor, now))


def _found(session: Session, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    return {
        "waiting": calls.waiting(session),
        "live": floor.of(session, actor),
        "seats": staff.seats(session),
        "advice": staffing.next_half_hour(session, now=now),
        "breaks": {row.code: row for row in staff.breaks(session)},
        "owed": callbacks.overdue(session, now),
        "ownerless": ledger.ownerless(session, actor),
        "late": tickets.due_soonest(session, actor, before=now + SOON, limit=MOST),
        "today": rates.today(session, actor, now=now),
        "charts": drawn(rates.trend(session, actor, DAYS, now=now)),
    }


@bp.post("/seats/<int:staff_id>")
@permits(Permission.BOARD)
def force(staff_id: int) -> ResponseReturnValue:
    """Set the state of somebody else, with the reason that is kept."""
    actor, now = current_actor(), utcnow()
    state = forms.member(PresenceState, request.form.get("state"))
    if state is None:
        raise Invalid({"state": N_("请选择状态")})
    reason = request.form.get("reason", "")

    def work(session: Session) -> None:
        service.force(session, actor, staff_id, state, reason=reason, now=now)
        calls_service.offer_waiting(session, now=now)

    transaction(work)
    return forms.done(url_for("web.board.show"), _("座席状态已更改"))
