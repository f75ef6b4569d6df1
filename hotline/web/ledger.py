"""The ledger: the eight invariants with their exceptions, and the sheet of a day."""

import datetime as dt
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.core import signing
from hotline.core.db import reading
from hotline.core.doors import current_actor, permits
from hotline.core.language import local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.ledger import days, queries
from hotline.ledger.faults import SENTENCES
from hotline.web import forms

bp = Blueprint("ledger", __name__, url_prefix="/audit/ledger")

LINKS: Final = {  # a kind of exception: the permission, the page, and the page's own name for it
    "ticket": (Permission.TICKET_READ, "web.tickets.show", "number"),
    "difference": (Permission.BOARD, "web.differences.index", "sid"),
    "call": (Permission.CALL_READ, "web.calls.show", "call_id"),
}


@bp.get("")
@permits(Permission.LEDGER)
def show() -> ResponseReturnValue:
    """Show the ledger."""
    today = local(utcnow()).date()
    with reading() as session:
        return render_template(
            "ledger/show.html",
            standings=queries.standings(session, current_actor()),
            sentences=SENTENCES,
            links=LINKS,
            sheet=days.sheet(session, _day(today)),
            today=today,
            seals=queries.seals(session),
            public_key=signing.public_key(),
        )


def _day(today: dt.date) -> dt.date:
    return min(forms.day_of(request.args, "day"), today) if request.args.get("day") else today
