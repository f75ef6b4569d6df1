"""The lead's page of the lines: when each is staffed, and what breaks may last."""

from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.calls import opening
from hotline.core.db import reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.deadlines.telling import WEEKDAYS
from hotline.staff import breaks
from hotline.staff.presence import ON_BREAK_OF
from hotline.web import forms

bp = Blueprint("lines", __name__, url_prefix="/lines")

KINDS: Final = (*WEEKDAYS, N_("节假日"), N_("调休上班日"))
OWN: Final = "own"  # how the address names the hotline's own line


@bp.get("")
@permits(Permission.BOARD)
def show() -> ResponseReturnValue:
    """Show the lines with their hours, and the reasons for breaks."""
    with reading() as session:
        return render_template(
            "lines/show.html",
            lines=opening.lines(session),
            kinds=KINDS,
            own=OWN,
            reasons=breaks.reasons(session),
            one_of=ON_BREAK_OF,
        )


@bp.post("/<number>/hours")
@permits(Permission.BOARD)
def hours(number: str) -> ResponseReturnValue:
    """Set the opening hours of one line."""
    actor, now = current_actor(), utcnow()
    line = opening.OWN if number == OWN else number
    given = {kind: request.form.get(f"hours-{kind}", "") for kind in opening.KINDS}
    transaction(lambda session: opening.set_hours(session, line, given, actor=actor, now=now))
    return forms.done(url_for("web.lines.show"), _("开放时间已更新，一分钟内生效"))


@bp.post("/breaks/<code>")
@permits(Permission.BOARD)
def limit(code: str) -> ResponseReturnValue:
    """Set what a break may last, and whether it counts."""
    actor, now = current_actor(), utcnow()
    minutes, counted = _minutes(request.form.get("minutes", "")), "counted" in request.form
    transaction(
        lambda session: breaks.change(
            session, code, minutes=minutes, counted=counted, actor=actor, now=now
        )
    )
    return forms.done(url_for("web.lines.show"), _("小休规则已更新"))


def _minutes(text: str) -> int | None:
    """Read a number of minutes; blank means without a limit.

    Raises:
        Invalid: It is no number.
    """
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise Invalid({"minutes": N_("请填整数分钟")})
    return int(text)
