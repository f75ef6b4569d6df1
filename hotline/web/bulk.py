"""Many tickets at once: what would happen to each, what did, and taking it back."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import HotlineError, Invalid, NotFound
from hotline.core.language import _, gettext
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.tickets import bulk, queries, tags
from hotline.tickets.bulk import BulkAct
from hotline.tickets.states import ENDED, SETTLED, Action
from hotline.web import choices, forms
from hotline.web.filters import name_of

bp = Blueprint("bulk", __name__, url_prefix="/bulk")

WORDED: Final = frozenset({BulkAct.URGE, BulkAct.TAG})  # these need to be told what


@bp.get("/new")
@permits(Permission.TICKET_ACT)
def ask() -> ResponseReturnValue:
    """List each ticket that was chosen with what would happen to it."""
    act, numbers = _act(request.args), _numbers(request.args)
    with reading() as session:
        plan = [_foreseen(session, act, number) for number in numbers]
        offered = [(tag.name, tag.name) for tag in tags.settable(session, current_actor())]
        return render_template("bulk/new.html", act=act, plan=plan, offered=offered)


@bp.post("")
@permits(Permission.TICKET_ACT)
def do() -> ResponseReturnValue:
    """Do it to each by itself; one that is refused stops no other."""
    actor, now, act = current_actor(), utcnow(), _act(request.form)
    text = request.form.get("text", "").strip() or None
    if act in WORDED and text is None:
        raise Invalid({"text": N_("请填写")})
    bulk_id = transaction(lambda session: bulk.begin(session, act, text, actor=actor, now=now))
    for number in _numbers(request.form):
        why = _refused(bulk.do, bulk_id, number, actor=actor, now=now)
        if why:
            _refused(bulk.refuse, bulk_id, number, why, actor=actor)
    return forms.done(url_for(".show", bulk_id=bulk_id))


@bp.get("/<int:bulk_id>")
@permits(Permission.TICKET_ACT)
def show(bulk_id: int) -> ResponseReturnValue:
    """Show what came of it, ticket by ticket."""
    with reading() as session:
        found = bulk.own(session, bulk_id, current_actor())
        return render_template(
            "bulk/show.html", bulk=found, items=bulk.items(session, current_actor(), bulk_id)
        )


@bp.post("/<int:bulk_id>/undo")
@permits(Permission.TICKET_ACT)
def undo(bulk_id: int) -> ResponseReturnValue:
    """Take it back for each of the tickets named, as far as they have not moved on."""
    actor, now = current_actor(), utcnow()
    refused = [
        f"{number} {why}"
        for number in _numbers(request.form)
        if (why := _refused(bulk.undo, bulk_id, number, actor=actor, now=now))
    ]
    return forms.done(url_for(".show", bulk_id=bulk_id), "；".join(refused) or _("已撤销"))


def _refused(verb: Callable[..., None], *given: Any, **more: Any) -> str | None:
    """Run *verb* in a transaction of its own and return why it was refused, if it was."""
    try:
        transaction(lambda session: verb(session, *given, **more))
    except HotlineError as error:
        return gettext(error.detail) % error.values if error.values else gettext(error.detail)
    return None


def _foreseen(session: Session, act: BulkAct, number: str) -> tuple[Any, str, bool]:
    """Return a ticket, what would happen to it in words, and whether it can."""
    actor = current_actor()
    ticket = queries.by_number(session, actor, number)
    (shown,) = queries.as_seen(session, actor, [ticket])
    if act is BulkAct.URGE:
        can = ticket.state not in SETTLED | ENDED
        return shown, _("催办") if can else _("已办结的工单不用催办。"), can
    if act is BulkAct.TAG:
        can = ticket.state not in ENDED and shown.sight.clear
        return shown, _("加标签") if can else _("不能加标签"), can
    proposal = choices.proposed(session, ticket)
    if Action.DISPATCH not in queries.allowed(session, ticket, actor, utcnow()) or not proposal:
        return shown, _("现在不能派单"), False
    return shown, f"{name_of(proposal[0])} · {proposal[1].reason}", True


def _act(given: Any) -> BulkAct:
    found = forms.member(BulkAct, given.get("act"))
    if found is None:
        raise NotFound
    return found


def _numbers(given: Any) -> Sequence[str]:
    numbers = list(dict.fromkeys(given.getlist("number")))
    if not 0 < len(numbers) <= bulk.MOST:
        raise Invalid({"number": N_("请先勾选工单，一次最多 50 件")})
    return numbers
