"""What the carrier lists and we do not know: the differences, and a person's word on each."""

from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.intake import explaining, queries
from hotline.intake.models import Gap, Kind
from hotline.staff import queries as staff
from hotline.web import forms

bp = Blueprint("differences", __name__, url_prefix="/board/differences")

PAGE: Final = 50
KINDS: Final = {
    Kind.CALL_IN: N_("来电"),
    Kind.CALL_OUT: N_("去电"),
    Kind.SMS_IN: N_("收到的短信"),
    Kind.SMS_OUT: N_("发出的短信"),
    Kind.RECORDING: N_("录音"),
}
GAPS: Final = {
    Gap.UNKNOWN: N_("运营商有，我方没有记录"),
    Gap.UNHEARD: N_("我方不知道何时开始"),
    Gap.UNENDED: N_("我方不知道已经结束"),
    Gap.UNSETTLED: N_("我方不知道是否送达"),
}


@bp.get("")
@permits(Permission.BOARD)
def index() -> ResponseReturnValue:
    """Show the differences that stand open, or those that are settled."""
    settled, cursor = "settled" in request.args, request.args.get("cursor")
    with reading() as session:
        page = queries.differences(session, settled=settled, cursor=cursor, limit=PAGE)
        people = (row.explained_by for row in page.items if row.explained_by)
        return render_template(
            "differences/index.html",
            page=page,
            settled=settled,
            kinds=KINDS,
            gaps=GAPS,
            people=staff.staff_by_ids(session, people),
        )


@bp.post("/<int:difference_id>")
@permits(Permission.BOARD)
def explain(difference_id: int) -> ResponseReturnValue:
    """Say why one is none."""
    actor, now, reason = current_actor(), utcnow(), request.form.get("reason", "")
    transaction(lambda session: explaining.explain(session, actor, difference_id, reason, now=now))
    return forms.done(url_for("web.differences.index"), _("已说明，不再报警"))
