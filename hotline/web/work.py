"""What is done to a ticket: actions of the state table, and what happens beside it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.callbacks import dialling
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Forbidden, NotFound, Stale
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.tickets import casework, correcting, queries, service, sight
from hotline.tickets.correcting import Collision
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval
from hotline.tickets.secrecy import Part
from hotline.tickets.states import Action
from hotline.web import choices, clashes, forms, sides, softphone
from hotline.web.drafts import spent
from hotline.workers import service as workers

bp = Blueprint("work", __name__, url_prefix="/tickets/<number>")

VERDICTS = frozenset({Action.APPROVE, Action.BOUNCE})  # on a result that was under review
LARGEST_UPLOAD = casework.LARGEST_FILE + 64 * 1024


def ticket_of(session: Session, number: str) -> Ticket:
    """Return the ticket, locked for a change."""
    return queries.by_number(session, current_actor(), number, lock=True)


def back(number: str, message: str) -> ResponseReturnValue:
    """Lead back to the ticket's page."""
    return forms.done(url_for("web.tickets.show", number=number), message)


def write(
    number: str, message: str, verb: Callable[..., Any], *given: Any, **more: Any
) -> ResponseReturnValue:
    """Let *verb* write on the ticket what was *given*, and lead back to its page."""
    actor, now = current_actor(), utcnow()
    transaction(
        lambda session: verb(
            session, ticket_of(session, number), *given, actor=actor, now=now, **more
        )
    )
    return back(number, message)


@bp.get("/actions/<action>")
@permits(Permission.TICKET_ACT)
def form(number: str, action: str) -> ResponseReturnValue:
    """Show the fields that one action asks for; a merge is shown before it is made."""
    move = known(action)
    if move is Action.MERGE:
        return forms.done(url_for("web.joins.preview", number=number))
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        lists = choices.for_action(session, current_actor(), ticket, move)
        shown = {"ticket": ticket, "action": move, "stood": clashes.stood(ticket)}
        return render_template("tickets/move.html", **shown, **lists)


@bp.post("/actions/<action>")
@permits(Permission.TICKET_ACT)
def act(number: str, action: str) -> ResponseReturnValue:
    """Take one row of the state table."""
    actor, now, move = current_actor(), utcnow(), known(action)
    given = forms.action_fields(move, request.form)

    def work(session: Session) -> bool:
        ticket = clashes.standing(ticket_of(session, number))
        done = service.perform(session, ticket, move, given, actor=actor, now=now)
        return isinstance(done, Approval)

    try:
        waits = transaction(work)
    except Stale:
        return clashes.moved(number)
    return on_from(number, move, _("已提交，等待另一人审批") if waits else _("已完成"))


def on_from(number: str, move: Action, message: str) -> ResponseReturnValue:
    """Lead on: whoever gave a verdict goes to the next result, all others back to the ticket."""
    if move in VERDICTS:
        return forms.done(url_for("web.reviews.index"), message)
    return back(number, message)


def known(action: str) -> Action:
    """Return the action of that name.

    Raises:
        NotFound: There is none.
    """
    found = forms.member(Action, action)
    if found is None:
        raise NotFound
    return found


@bp.post("/notes")
@permits(Permission.TICKET_WRITE)
def note(number: str) -> ResponseReturnValue:
    """Write something down that only staff see."""
    actor, now, text = current_actor(), utcnow(), request.form.get("text", "")

    def work(session: Session) -> None:
        spent(session)
        casework.add_note(session, ticket_of(session, number), text, actor=actor, now=now)

    transaction(work)
    return back(number, _("备注已保存"))


@bp.post("/edit")
@permits(Permission.TICKET_WRITE)
def correct(number: str) -> ResponseReturnValue:
    """Correct what was taken down; where another was faster, ask about what both changed."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> None:
        ticket = ticket_of(session, number)
        correcting.correct(session, ticket, *clashes.typed(ticket.channel), actor=actor, now=now)

    try:
        transaction(work)
    except Collision as collision:
        return clashes.asked(number, collision)
    return back(number, _("登记内容已更正"))


@bp.get("/sides/<side>")
@permits(Permission.TICKET_READ)
def side_form(number: str, side: str) -> ResponseReturnValue:
    """Show the fields of something that happens beside the state table."""
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        chosen = sides.known(side, current_actor())
        lists = choices.for_side(session, chosen.fields)
        return render_template("tickets/side.html", ticket=ticket, side=chosen, **lists)


@bp.post("/sides/<side>")
@permits(Permission.TICKET_READ)
def do_side(number: str, side: str) -> ResponseReturnValue:
    """Urge, supervise, make urgent or ask for more time."""
    actor, now = current_actor(), utcnow()
    chosen = sides.known(side, actor)
    given = chosen.read(request.form)
    transaction(lambda session: chosen.work(session, ticket_of(session, number), given, actor, now))
    return back(number, _("已完成"))


@bp.post("/approvals/<int:approval_id>")
@permits(Permission.TICKET_ACT)
def decide(number: str, approval_id: int) -> ResponseReturnValue:
    """Approve or deny as the second person."""
    actor, now = current_actor(), utcnow()
    approve = request.form.get("decision") == "approve"
    reason = request.form.get("reason", "").strip() or None

    def work(session: Session) -> None:
        asked, ticket = queries.approval(session, actor, approval_id)
        service.decide(session, asked, ticket, approve=approve, reason=reason, actor=actor, now=now)

    transaction(work)
    return back(number, _("已同意") if approve else _("已拒绝"))


@bp.post("/files")
@permits(Permission.TICKET_WRITE)
def attach(number: str) -> ResponseReturnValue:
    """Keep a file on the ticket."""
    request.max_content_length = LARGEST_UPLOAD
    file = request.files.get("file")
    name, content = (file.filename or "", file.read()) if file else ("", b"")
    return write(number, _("附件已保存"), casework.attach, name, content)


@bp.get("/files/<int:file_id>")
@permits(Permission.TICKET_READ)
def download(number: str, file_id: int) -> Response:
    """Send a file as a download: nothing that somebody uploaded runs in our pages."""
    with reading() as session:
        found = queries.attachment(session, current_actor(), file_id)
        response = make_response(found.content)
        response.content_type = found.media_type
        response.headers.set("Content-Disposition", "attachment", filename=found.name)
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.post("/dial")
@permits(Permission.CALLBACK_WORK)
def dial(number: str) -> ResponseReturnValue:
    """Ring one's own line, and then the worker whose matter it is."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> None:
        ticket = queries.by_number(session, actor, number)
        dialling.dial_for_ticket(session, actor, ticket, now=now)

    transaction(work)
    return softphone.after(_("正在接通您的线路，随后呼叫职工"))


@bp.post("/reveal")
@permits(Permission.REVEAL)
def reveal(number: str) -> ResponseReturnValue:
    """Show the caller's number in clear; who asked and why is kept."""
    actor, now, reason = current_actor(), utcnow(), request.form.get("reason", "")

    def work(session: Session) -> Any:
        ticket = queries.by_number(session, actor, number)
        if ticket.worker_id is None:
            abort(404)
        if sight.sight(session, actor, ticket).hides(Part.NUMBER):
            raise Forbidden(N_("职工的号码保密，请经热线中心联系。"))
        return workers.reveal(session, actor, ticket.worker_id, reason, now)

    return render_template("tickets/revealed.html", revealed=transaction(work))
