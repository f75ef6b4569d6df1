"""The wall: the hotline's numbers for a whole room, without a login and without anybody's name."""

import datetime as dt
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.calls import queries as calls
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits, public
from hotline.core.language import _, local
from hotline.core.roles import Permission, system
from hotline.core.time import utcnow
from hotline.rates import queries as rates
from hotline.reports import walls
from hotline.staff import queries as staff
from hotline.staff.presence import BUSY_OR_READY
from hotline.web import board, forms

bp = Blueprint("wall", __name__)

SHOWN: Final = ("C1", "C5b", "T4", "V4")
DAYS: Final = 14
STALE: Final = dt.timedelta(seconds=30)  # the rollup is brought level every two seconds
NIGHT: Final = (21, 7)  # hours between which the wall is dark
VIEWER: Final = system("wall")


@bp.get("/wall/<secret>")
@public("a screen in the room: its secret is in the address, and it shows no personal data")
def show(secret: str) -> ResponseReturnValue:
    """Show the wall to whoever has its address."""
    with reading() as session:
        if not walls.known(session, secret):
            return render_template("wall/down.html"), 403
        return render_template("wall/show.html", **_found(session))


@bp.get("/board/walls")
@permits(Permission.BOARD)
def index() -> ResponseReturnValue:
    """List the walls that hang."""
    with reading() as session:
        return render_template("wall/index.html", walls=walls.hanging(session), address=None)


@bp.post("/board/walls")
@permits(Permission.BOARD)
def hang() -> ResponseReturnValue:
    """Make a wall and show its address, this once."""
    actor, now, name = current_actor(), utcnow(), request.form.get("name", "")
    secret = transaction(lambda session: walls.hang(session, name, actor=actor, now=now))
    address = url_for("web.wall.show", secret=secret, _external=True)
    with reading() as session:
        return render_template("wall/index.html", walls=walls.hanging(session), address=address)


@bp.post("/board/walls/<wall_id>/take-down")
@permits(Permission.BOARD)
def take_down(wall_id: str) -> ResponseReturnValue:
    """Let a wall's address show nothing any more."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: walls.take_down(session, wall_id, actor=actor, now=now))
    return forms.done(url_for("web.wall.index"), _("大屏地址已停用"))


def _found(session: Session) -> dict[str, Any]:
    now = utcnow()
    today = rates.today(session, VIEWER, now=now)
    by_code = {rate.metric.code: rate for rate in today.rates}
    there = [
        presence for _person, presence in staff.seats(session) if presence.state in BUSY_OR_READY
    ]
    hour, (dusk, dawn) = local(now).hour, NIGHT
    return {
        "waiting": calls.waiting(session),
        "present": len(there),
        "today": today,
        "shown": [by_code[code] for code in SHOWN],
        "charts": board.drawn(rates.trend(session, VIEWER, DAYS, now=now)),
        "stale": today.as_of is None or now - today.as_of > STALE,
        "night": hour >= dusk or hour < dawn,
        "at": now,
    }
