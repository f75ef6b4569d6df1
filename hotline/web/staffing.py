"""How many must sit there: a day's half hours, the next thirty minutes, the forecast tested."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.core.db import Session, reading
from hotline.core.doors import permits
from hotline.core.language import gettext, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staffing import forecast, plan, queries
from hotline.staffing.forecast import Tested
from hotline.staffing.plan import BOUNDS, Slot
from hotline.web import charts, forms

bp = Blueprint("staffing", __name__, url_prefix="/staffing")

WIDE: Final = 1120
FIELDS: Final = {
    "handling": N_("平均处理时长（秒）"),
    "patience": N_("平均耐心（秒）"),
    "soon": N_("应答时限（秒）"),
    "share": N_("时限内应答目标（%%）"),
    "shrinkage": N_("缺勤折减（%%）"),
}


@bp.get("")
@permits(Permission.BOARD)
def show() -> ResponseReturnValue:
    """Show what a day is expected to bring, the seats it needs and those rostered."""
    with reading() as session:
        return render_template(
            "staffing/show.html", fields=FIELDS, bounds=BOUNDS, **_found(session)
        )


def _found(session: Session) -> dict[str, Any]:
    now = utcnow()
    wanted = _day(local(now).date())
    usual = queries.usual(session, now=now)
    found = queries.day(session, wanted, plan.read(request.args, usual), now=now)
    return {
        "day": wanted,
        "plan": found,
        "usual": usual,
        "advice": queries.next_half_hour(session, now=now),
        "course": _course(found.slots),
        "seats": _seats(found.slots),
        "test": _test(found.tested),
        "errors": (forecast.error_by_day(found.tested), forecast.error_by_slot(found.tested)),
    }


def _day(today: dt.date) -> dt.date:
    return forms.day_of(request.args, "day") if request.args.get("day") else today


def _course(slots: Sequence[Slot]) -> Markup:
    """Draw the calls expected and those that came."""
    return charts.lines(
        charts.Chart(
            gettext(N_("半小时话务量")),
            gettext(N_("每半小时预计的来电和已经到来的来电。")),
            _labels(slots),
            [
                charts.Series(
                    gettext(N_("预计")),
                    [slot.expected for slot in slots],
                    [f"{slot.expected:.1f}" for slot in slots],
                ),
                charts.Series(gettext(N_("实际")), [slot.came for slot in slots]),
            ],
            width=WIDE,
        )
    )


def _seats(slots: Sequence[Slot]) -> Markup:
    """Draw whom to roster and who is."""
    return charts.lines(
        charts.Chart(
            gettext(N_("每半小时排班人数")),
            gettext(N_("按缺勤折减后应排的人数和已经排班的人数。")),
            _labels(slots),
            [
                charts.Series(gettext(N_("应排")), [slot.to_roster for slot in slots]),
                charts.Series(gettext(N_("已排")), [slot.rostered for slot in slots]),
            ],
            width=WIDE,
        )
    )


def _labels(slots: Sequence[Slot]) -> list[str]:
    return [f"{slot.begins:%H:%M}" for slot in slots]


def _test(tested: Sequence[Tested]) -> Markup | None:
    """Draw what would have been foreseen of the days that are over, and what came."""
    if not tested:
        return None
    return charts.lines(
        charts.Chart(
            gettext(N_("预测回测")),
            gettext(N_("每天只用此前的日子作出的预测，和当天实际进入排队的来电。")),
            [f"{one.forecast.day:%m-%d}" for one in tested],
            [
                charts.Series(
                    gettext(N_("预计")),
                    [one.forecast.total for one in tested],
                    [f"{one.forecast.total:.1f}" for one in tested],
                ),
                charts.Series(gettext(N_("实际")), [sum(one.came) for one in tested]),
            ],
            width=WIDE,
        )
    )
