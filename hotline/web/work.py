"""What is done to a ticket: actions of the state table, and what happens beside it."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.callbacks import dialling
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.tickets import casework, queries, service
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval
from hotline.tickets.states import Action
from hotline.web import choices, forms, sides, softphone
from hotline.workers import service as workers

bp = Blueprint("work", __name__, url_prefix="/tickets/<number>")

LARGEST_UPLOAD = casework.LARGEST_FILE + 64 * 1024


def ticket_of(session: Session, number: str) -> Ticket:
    """Return the ticket, locked for a change."""
    return queries.by_number(session, current_actor(), number, lock=True)


def back(number: str, message: str) -> ResponseReturnValue:
    """Lead back to the ticket's page."""
    return forms.done(url_for("web.tickets.show", number=number), message)


@bp.get("/actions/<action>")
@permits(Permission.TICKET_ACT)
def form(number: str, action: str) -> ResponseReturnValue:
    """Show the fields that one action asks for."""
    move = known(action)
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        lists = choices.for_action(session, current_actor(), ticket, move)
        return render_template("tickets/move.html", ticket=ticket, action=move, **lists)


@bp.post("/actions/<action>")
@permits(Permission.TICKET_ACT)
def act(number: str, action: str) -> ResponseReturnValue:
    """Take one row of the state table."""
    actor, now, move = current_actor(), utcnow(), known(action)
    given, seen = forms.action_fields(move, request.form), forms.version(request.form)

    def work(session: Session) -> bool:
        ticket = ticket_of(session, number)
        done = service.perform(session, ticket, move, given, actor=actor, now=now, version=seen)
        return isinstance(done, Approval)

    waits = transaction(work)
    return back(number, _("已提交，等待另一人审批") if waits else _("已完成"))


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
    transaction(
        lambda session: casework.add_note(
            session, ticket_of(session, number), text, actor=actor, now=now
        )
    )
    return back(number, _("备注已保存"))


@bp.post("/edit")
@permits(Permission.TICKET_WRITE)
def correct(number: str) -> ResponseReturnValue:
    """Correct what was taken down."""
    actor, now = current_actor(), utcnow()
    seen = forms.version(request.form)

    def work(session: Session) -> None:
        ticket = ticket_of(session, number)
        changes = sides.corrections(request.form, ticket.channel)
        casework.edit(session, ticket, changes, actor=actor, now=now, version=seen)

    transaction(work)
    return back(number, _("登记内容已更正"))


@bp.get("/sides/<side>")
@permits(Permission.TICKET_READ)
def side_form(number: str, side: str) -> ResponseReturnValue:
    """Show the fields of something that happens beside the state table."""
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        return render_template(
            "tickets/side.html", ticket=ticket, side=sides.known(side, current_actor())
        )


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
    actor, now, file = current_actor(), utcnow(), request.files.get("file")
    name, content = (file.filename or "", file.read()) if file else ("", b"")
    transaction(
        lambda session: casework.attach(
            session, ticket_of(session, number), name, content, actor=actor, now=now
        )
    )
    return back(number, _("附件已保存"))


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
        return workers.reveal(session, actor, ticket.worker_id, reason, now)

    return render_template("tickets/revealed.html", revealed=transaction(work))
