"""What the caller asks for and what they were promised, on the ticket's page."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from hotline.core.doors import permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.words import N_
from hotline.tickets import demands
from hotline.web import forms
from hotline.web.work import write

bp = Blueprint("demands", __name__, url_prefix="/tickets/<number>")


@bp.post("/demands")
@permits(Permission.TICKET_WRITE)
def add(number: str) -> ResponseReturnValue:
    """Write down one more thing the caller asks for."""
    return write(number, _("诉求已加上"), demands.add, request.form.get("demand", ""))


@bp.post("/demands/<int:demand_id>/withdraw")
@permits(Permission.TICKET_WRITE)
def withdraw(number: str, demand_id: int) -> ResponseReturnValue:
    """Strike out what the caller no longer asks for."""
    return write(number, _("这一项已撤回"), demands.withdraw, demand_id)


@bp.post("/promises")
@permits(Permission.TICKET_WRITE)
def promise(number: str) -> ResponseReturnValue:
    """Write down what was promised, and by when."""
    words = request.form.get("promise", "")
    if not request.form.get("promise_at"):
        raise Invalid({"promise_at": N_("请填写")})
    due_at = forms.moment_of("promise_at", request.form["promise_at"])
    return write(number, _("承诺已记下"), demands.promise, words, due_at)


@bp.post("/promises/<int:promise_id>/keep")
@permits(Permission.TICKET_WRITE)
def keep(number: str, promise_id: int) -> ResponseReturnValue:
    """Note that a promise was kept."""
    return write(number, _("承诺已兑现"), demands.keep, promise_id)
