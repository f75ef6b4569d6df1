"""What the intake form asks while somebody talks: facts, likeness, route, employers."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.employers import queries as employers
from hotline.intake import service as intake
from hotline.intake import typing
from hotline.knowledge import basis
from hotline.tickets import facts
from hotline.tickets import forms as category_forms
from hotline.tickets.models import Ticket
from hotline.web import forms
from hotline.web.drafts import spent

bp = Blueprint("typing", __name__, url_prefix="/intake")

SHORTEST = 2  # characters before employers are looked up


@bp.post("/similar")
@permits(Permission.TICKET_WRITE)
def similar() -> ResponseReturnValue:
    """Show the open tickets that may be about what is being typed, and what answers it."""
    given, read = forms.unfinished(request.form), request.form.getlist("read")
    with reading() as session:
        found = typing.similar(session, current_actor(), given)
        answers = typing.answering(session, given)
        known = {"answers": answers, "read": read, "written": basis.written}
        places = typing.places(session, given, now=utcnow())
        return render_template(
            "intake/similar.html", found=found, form=given, places=places, **known
        )


@bp.post("/facts")
@permits(Permission.TICKET_WRITE)
def asked() -> ResponseReturnValue:
    """Show the fields that the category chosen asks for; what was typed in them stays."""
    with reading() as session:
        form = facts.form_of(session, forms.code_of(request.form.get("category")))
        given = forms.facts(request.form)
        return render_template("intake/facts.html", **questions_of(form, given))


def of_ticket(session: Session, ticket: Ticket) -> dict[str, Any] | None:
    """Return the facts of *ticket* in the form they were asked by, else in its category's."""
    kept = facts.of(session, ticket.id)
    if kept is not None:
        return questions_of(*kept)
    return questions_of(facts.form_of(session, ticket.category_code), {})


def questions_of(form: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return what the fragment of facts shows."""
    asked = category_forms.questions(form.definition) if form else []
    return {"form": form, "questions": asked, "given": given}


@bp.post("/route")
@permits(Permission.TICKET_WRITE)
def route() -> ResponseReturnValue:
    """Show where the matter would go, and by when an answer would be promised."""
    given = forms.unfinished(request.form)
    with reading() as session:
        foreseen = _foreseen(session, given)
        telling = typing.telling(given)
        return render_template("intake/route.html", foreseen=foreseen, telling=telling)


def _foreseen(session: Session, given: Any) -> Any:
    try:
        return typing.foresee(session, given, now=utcnow())
    except (NotFound, GuardFailed):
        return None


@bp.get("/employers")
@permits(Permission.TICKET_WRITE)
def look_up() -> ResponseReturnValue:
    """Return the employers of the register that what is typed may mean."""
    text = request.args.get("q", "").strip()
    with reading() as session:
        found = employers.find(session, text) if len(text) >= SHORTEST else []
        return render_template("intake/employers.html", found=found)


@bp.post("/attach/<number>")
@permits(Permission.TICKET_WRITE)
def attach(number: str) -> ResponseReturnValue:
    """Add what was typed to an open ticket of the same caller, instead of a new one."""
    actor, now, given = current_actor(), utcnow(), forms.unfinished(request.form)

    def work(session: Session) -> None:
        intake.attach(session, actor, given, number, now=now)
        spent(session)

    transaction(work)
    return forms.done(url_for("web.tickets.show", number=number), _("已加入工单 %(n)s", n=number))
