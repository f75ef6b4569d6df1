"""The lead's page of the desk's people: what they can do, when they work, how today went."""

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staff import days, roster, swaps
from hotline.staff import queries as staff
from hotline.staff.skills import Duty, Skill
from hotline.web import forms

bp = Blueprint("roster", __name__, url_prefix="/roster")


@bp.get("")
@permits(Permission.BOARD)
def show() -> ResponseReturnValue:
    """Show the people of the desk, the coming shifts, and today's attendance."""
    actor, now = current_actor(), utcnow()
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with reading() as session:
        people = roster.people(session, actor)
        return render_template(
            "roster/show.html",
            people=people,
            able=roster.skills(session, people),
            shifts=roster.coming(session, now),
            attended=days.attended(session, midnight.astimezone(dt.UTC), now),
            skills=list(Skill),
            duties=list(Duty),
            swaps=swaps.undecided(session),
        )


@bp.get("/mine")
@permits(Permission.DESK)
def mine() -> ResponseReturnValue:
    """Show one's own coming shifts, those of the others, and the swaps one is asked for."""
    actor, now = current_actor(), utcnow()
    with reading() as session:
        shifts = roster.coming(session, now)
        waiting = swaps.undecided(session, actor.id)
        ids = {one.staff_id for one in shifts} | {
            each.staff_id for one in waiting for each in (one.mine, one.other)
        }
        return render_template(
            "roster/mine.html",
            me=actor.id,
            shifts=shifts,
            swaps=waiting,
            people=staff.staff_by_ids(session, ids),
        )


@bp.post("/swaps")
@permits(Permission.DESK)
def swap() -> ResponseReturnValue:
    """Ask somebody to exchange a shift."""
    actor, now = current_actor(), utcnow()
    try:
        both = int(request.form["shift"]), int(request.form["other"])
    except (KeyError, ValueError) as error:
        raise Invalid({"other": N_("请选择")}) from error
    transaction(lambda session: swaps.ask(session, *both, actor=actor, now=now).id)
    return forms.done(url_for("web.roster.mine"), _("已请求换班"))


@bp.post("/swaps/<int:swap_id>/agree")
@permits(Permission.DESK)
def agree(swap_id: int) -> ResponseReturnValue:
    """Agree to exchange one's shift."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: swaps.agree(session, swap_id, actor=actor, now=now))
    return forms.done(url_for("web.roster.mine"), _("已同意换班，等待班长批准"))


@bp.post("/swaps/<int:swap_id>/decide")
@permits(Permission.BOARD)
def decide(swap_id: int) -> ResponseReturnValue:
    """Approve a swap, or refuse it."""
    actor, now, approve = current_actor(), utcnow(), request.form.get("approve") == "1"
    transaction(
        lambda session: swaps.decide(session, swap_id, approve=approve, actor=actor, now=now)
    )
    return forms.done(url_for("web.roster.show"), _("已批准换班") if approve else _("未批准换班"))


@bp.post("/people/<int:staff_id>/skills")
@permits(Permission.BOARD)
def skills(staff_id: int) -> ResponseReturnValue:
    """Say what somebody can do."""
    actor, now = current_actor(), utcnow()
    wanted = [skill for skill in Skill if skill.value in request.form.getlist("skill")]
    transaction(lambda session: roster.set_skills(session, staff_id, wanted, actor=actor, now=now))
    return forms.done(url_for("web.roster.show"), _("技能已更新"))


@bp.post("/shifts")
@permits(Permission.BOARD)
def add() -> ResponseReturnValue:
    """Roster somebody."""
    actor, now = current_actor(), utcnow()
    staff_id, duty, begins_at, ends_at = _shift(request.form)
    transaction(
        lambda session: (
            roster.add_shift(session, staff_id, duty, begins_at, ends_at, actor=actor, now=now).id
        )
    )
    return forms.done(url_for("web.roster.show"), _("已排班"))


def _shift(form: forms.Form) -> tuple[int, Duty, dt.datetime, dt.datetime]:
    """Read the shift that the form describes.

    Raises:
        Invalid: A field is missing or cannot be read.
    """
    try:
        return (
            int(form["staff"]),
            Duty(form["duty"]),
            forms.moment(form["begins_at"]).astimezone(dt.UTC),
            forms.moment(form["ends_at"]).astimezone(dt.UTC),
        )
    except (KeyError, ValueError) as error:
        raise Invalid({"begins_at": N_("请填写人员、班次和起止时间")}) from error


@bp.post("/shifts/<int:shift_id>/remove")
@permits(Permission.BOARD)
def remove(shift_id: int) -> ResponseReturnValue:
    """Take a shift off the roster."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: roster.remove_shift(session, shift_id, actor=actor, now=now))
    return forms.done(url_for("web.roster.show"), _("已取消排班"))
