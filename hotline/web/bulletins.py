"""What is published: the list of periods, each with its numbers, its definitions, its changes."""

from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.bulletins import changes, claims, export, queries, service
from hotline.bulletins.changes import Change
from hotline.bulletins.models import Bulletin
from hotline.bulletins.periods import KINDS, Period, PeriodKind, of
from hotline.bulletins.snapshot import Snapshot, snapshot
from hotline.core import signing
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.rates.facts import FACTS
from hotline.rates.questions import Question
from hotline.rates.words import COHORTS, LIMITS, REASONS
from hotline.web import forms

bp = Blueprint("bulletins", __name__, url_prefix="/bulletins")

PAGE: Final = 50
HEADLINES: Final = ("C1", "C3", "C7", "T1", "T4", "V4", "V6")
BY_UNIT: Final = ("T1", "T4", "T2", "V4", "V6", "V8")
WORDS: Final[dict[str, Any]] = {
    "kinds": KINDS,
    "cohorts": COHORTS,
    "reasons": REASONS,
    "limits": LIMITS,
    "facts": FACTS,
    "headlines": HEADLINES,
    "by_unit": BY_UNIT,
    "stock_bands": (N_("7 天以内"), N_("8 至 30 天"), N_("31 至 90 天"), N_("90 天以上")),
}


@bp.get("")
@permits(Permission.RATES)
def index() -> ResponseReturnValue:
    """List what was published, the latest period first."""
    kind = forms.member(PeriodKind, request.args.get("kind"))
    with reading() as session:
        page = queries.page(session, kind=kind, cursor=request.args.get("cursor"), limit=PAGE)
        return render_template("bulletins/index.html", page=page, kind=kind, **WORDS)


@bp.get("/<int:bulletin_id>")
@permits(Permission.RATES)
def show(bulletin_id: int) -> ResponseReturnValue:
    """Show one edition as it was signed, and whether anything has changed since."""
    with reading() as session:
        found = queries.bulletin(session, bulletin_id)
        return render_template("bulletins/show.html", **_opened(session, found), **WORDS)


@bp.get("/<int:bulletin_id>/definitions")
@permits(Permission.RATES)
def definitions(bulletin_id: int) -> ResponseReturnValue:
    """Show what each published figure means, and all that must stand beside it."""
    with reading() as session:
        opened = _opened(session, queries.bulletin(session, bulletin_id))
        told = claims.claims(opened["numbers"])
        bands = claims.waits(opened["numbers"])
        return render_template(
            "bulletins/definitions.html", claims=told, waits=bands, **opened, **WORDS
        )


@bp.get("/<int:bulletin_id>/changes")
@permits(Permission.RATES)
def changed(bulletin_id: int) -> ResponseReturnValue:
    """Show what is different by now and what made it so; whoever may, restates it here."""
    with reading() as session:
        opened = _opened(session, queries.bulletin(session, bulletin_id))
        found = opened["bulletin"]
        causes = changes.all_causes(
            session, queries.period(found), found.as_of, opened["different"]
        )
        return render_template(
            "bulletins/changes.html", causes=causes, words=changes.CAUSES, **opened, **WORDS
        )


@bp.get("/<int:bulletin_id>/file")
@permits(Permission.RATES)
def file(bulletin_id: int) -> ResponseReturnValue:
    """Give every edition of the period as a file that `bin/verify` checks."""
    with reading() as session:
        found = queries.bulletin(session, bulletin_id)
        name = f"bulletin-{found.kind}-{found.first}.jsonl"
        answer = Response("".join(f"{line}\n" for line in export.lines(session, found)))
    answer.headers["Content-Type"] = "application/jsonl; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("")
@permits(Permission.PUBLISH)
def freeze() -> ResponseReturnValue:
    """Freeze a closed period before the clock does."""
    actor, now, period = current_actor(), utcnow(), _period(request.form)
    made = transaction(lambda session: service.freeze(session, period, actor=actor, now=now).id)
    return forms.done(url_for(".show", bulletin_id=made), _("已发布并签名"))


@bp.post("/<int:bulletin_id>/restate")
@permits(Permission.PUBLISH)
def restate(bulletin_id: int) -> ResponseReturnValue:
    """Publish what changed as another edition, with its causes and a reason."""
    actor, now, reason = current_actor(), utcnow(), request.form.get("reason", "")

    def work(session: Session) -> int:
        period = queries.period(queries.bulletin(session, bulletin_id))
        return service.restate(session, period, reason, actor=actor, now=now).id

    return forms.done(url_for(".show", bulletin_id=transaction(work)), _("更正已发布并签名"))


def _opened(session: Session, found: Bulletin) -> dict[str, Any]:
    """Return a bulletin with its numbers, its editions, and what is different by now."""
    numbers, period = queries.opened(found), queries.period(found)
    editions = queries.editions(session, period)
    return {
        "bulletin": found,
        "numbers": numbers,
        "told": queries.said(found)["restates"],
        "editions": editions,
        "newest": editions[-1],
        "different": _different(session, numbers, period),
        "public_key": signing.public_key(),
    }


def _different(session: Session, numbers: Snapshot, period: Period) -> list[Change]:
    asked = Question(period.first, period.last)
    return [*changes.changes(numbers, snapshot(session, service.CLOCK, asked, now=utcnow()))]


def _period(form: forms.Form) -> Period:
    """Read which period is meant.

    Raises:
        Invalid: The kind or the day is none.
    """
    kind = forms.member(PeriodKind, form.get("kind"))
    day = forms.day_of(form, "day")
    if kind is None:
        raise Invalid({"kind": N_("请选择期别")})
    return of(kind, day)
