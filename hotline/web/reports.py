"""Reports: of a day, a week, a month, a year, or of one subject; on screen, as XLSX and PDF."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.bulletins.periods import KINDS
from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import english, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.rates import questions
from hotline.reports import printed, reports, sheets
from hotline.reports.document import Document
from hotline.tickets import catalogue as tickets
from hotline.web import cockpit
from hotline.web.filters import name_of

bp = Blueprint("reports", __name__, url_prefix="/reports")

KINDS_OF_FILE: Final[dict[str, tuple[str, Callable[[Document], bytes]]]] = {
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        sheets.workbook,
    ),
    "pdf": (
        "application/pdf",
        lambda document: printed.pdf(document, lang="en" if english() else "zh"),
    ),
}


@bp.get("")
@permits(Permission.RATES)
def show() -> ResponseReturnValue:
    """Show the report of the period that the address names; by default this week's."""
    period = cockpit.period_asked()
    with reading() as session:
        return render_template(
            "reports/show.html",
            document=_periodical(session),
            period=period,
            names=KINDS,
            subjects=tickets.categories(session),
            **cockpit.addresses(period),
        )


@bp.get("/special")
@permits(Permission.RATES)
def special() -> ResponseReturnValue:
    """Show the report of one subject over the days that the address names."""
    with reading() as session:
        return render_template(
            "reports/special.html",
            document=_special(session),
            question=_question(),
            subjects=tickets.categories(session),
        )


@bp.get("/file.<ending>", defaults={"which": "period"})
@bp.get("/special.<ending>", defaults={"which": "special"})
@permits(Permission.RATES)
def file(ending: str, which: str) -> ResponseReturnValue:
    """Give the report of the same address as a file."""
    with reading() as session:
        document = _special(session) if which == "special" else _periodical(session)
    return attached(document, ending)


def attached(document: Document, ending: str) -> Response:
    """Return *document* as a file of that kind.

    Raises:
        NotFound: There is no such kind.
    """
    if ending not in KINDS_OF_FILE:
        raise NotFound
    kind, make = KINDS_OF_FILE[ending]
    answer = Response(make(document), content_type=kind)
    name = f"{document.name}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _periodical(session: Session) -> Document:
    return reports.periodical(session, current_actor(), cockpit.period_asked(), now=utcnow())


def _question() -> Any:
    asked = questions.read(request.args, local(utcnow()).date())
    if not asked.category:
        raise Invalid({"category": N_("请选择类别")})
    return asked


def _special(session: Session) -> Document:
    asked = _question()
    names = {one.code: name_of(one) for one in tickets.categories(session)}
    if asked.category not in names:
        raise NotFound
    subject = names[asked.category]
    return reports.special(session, current_actor(), asked, subject, now=utcnow())
