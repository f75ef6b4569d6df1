"""The views of the ticket list that people keep: the list's address under a name."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staff import saved_views
from hotline.web import forms, views

bp = Blueprint("saved_views", __name__, url_prefix="/views")

DAYS: Final = ("received_from", "received_to")
FILTERS: Final = ("view", "q", "category", "unit", "tag", "caller", *DAYS)


def written(args: Mapping[str, str], view: str) -> str:
    """Return the list's address as it is kept: what narrows it, in one order, and nothing else."""
    given = {name: args.get(name, "").strip() for name in FILTERS} | {"view": view}
    return urlencode({name: value for name, value in given.items() if value})


@bp.post("")
@permits(Permission.TICKET_READ)
def save() -> ResponseReturnValue:
    """Keep the address of the list; it is the query of this request's own."""
    actor, now, query = current_actor(), utcnow(), _asked()

    def work(session: Session) -> None:
        _describe(session, saved_views.save(session, actor, query, now=now))

    transaction(work)
    return _list(query, _("视图已保存"))


@bp.post("/<int:view_id>")
@permits(Permission.TICKET_READ)
def change(view_id: int) -> ResponseReturnValue:
    """Call a view otherwise, share it or not, open the list with it or not."""
    actor = current_actor()

    def work(session: Session) -> str:
        found = saved_views.own(session, actor, view_id)
        _describe(session, found)
        return found.query

    return _list(transaction(work), _("视图已保存"))


@bp.post("/<int:view_id>/remove")
@permits(Permission.TICKET_READ)
def remove(view_id: int) -> ResponseReturnValue:
    """Keep a view no more; the list stays as it is."""
    actor = current_actor()
    query = transaction(lambda session: saved_views.remove(session, actor, view_id))
    return _list(query, _("视图已删除"))


def address(query: str) -> str:
    """Return the list's address with *query*."""
    return url_for("web.tickets.index", **dict[str, Any](parse_qsl(query)))


def _list(query: str, message: str) -> ResponseReturnValue:
    return forms.done(address(query), message)


def _describe(session: Session, view: saved_views.SavedView) -> None:
    form = request.form
    saved_views.describe(
        session, view, current_actor(), form.get("name", ""),
        shared="shared" in form, first="first" in form,
    )  # fmt: skip


def _asked() -> str:
    """Return the query to keep.

    Raises:
        Invalid: It is not one of the ticket list's.
    """
    view = request.args.get("view", "")
    if view not in views.BY_ID or not set(request.args) <= set(FILTERS):
        raise Invalid({"view": N_("不是工单列表的筛选条件")})
    for name in DAYS:
        if text := request.args.get(name):
            forms.moment_of(name, text)
    return written(request.args, view)
