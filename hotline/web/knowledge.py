"""What the hotline answers: searched, read out, written, approved by another, taken down."""

import datetime as dt
import difflib
from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.knowledge import basis, missed, queries, service
from hotline.knowledge.models import ArticleVersion
from hotline.knowledge.queries import View
from hotline.knowledge.service import Words
from hotline.knowledge.states import LABELS, latest_review, state
from hotline.staff import queries as staff
from hotline.tickets import answers, catalogue
from hotline.units import queries as units
from hotline.web import choices, forms

bp = Blueprint("knowledge", __name__, url_prefix="/knowledge")

PAGE: Final = 50
ANSWERS: Final = 20
DAYS: Final = (7, 30, 90)
VIEWS: Final = {
    View.IN_FORCE: N_("在用"),
    View.REVIEW: N_("该复核的"),
    View.WAITING: N_("待批准"),
    View.WITHDRAWN: N_("已撤下"),
}
SHORTEST: Final = 2  # characters before articles are looked up


@bp.get("")
@permits(Permission.KNOWLEDGE_READ)
def index() -> ResponseReturnValue:
    """List articles, or those that hold the words asked for; what nobody finds is counted."""
    asked, today = request.args.get("q", "").strip(), local(utcnow()).date()
    view = forms.member(View, request.args.get("view")) or View.IN_FORCE
    with reading() as session:
        found = queries.find(session, asked) if asked else None
        page = queries.page(session, view, today, cursor=request.args.get("cursor"), limit=PAGE)
        known = {"found": found, "page": page, "view": view, "today": today}
        answer = render_template("knowledge/index.html", **known, **_places(session))
    if asked and not found:
        transaction(lambda session: missed.count(session, asked, today))
    return answer


def _places(session: Session) -> dict[str, Any]:
    """Return the names of the regions and categories that articles are about, by code."""
    return {
        "views": VIEWS,
        "state": state,
        "states": LABELS,
        "regions": {row.code: row for row in units.regions(session)},
        "categories": {row.code: row for row in catalogue.categories(session)},
        "written": basis.written,
    }


@bp.get("/look-up")
@permits(Permission.KNOWLEDGE_READ)
def look_up() -> ResponseReturnValue:
    """Return the articles that what is typed into a reply's field may mean."""
    text = request.args.get("q", "").strip()
    with reading() as session:
        found = queries.find(session, text, limit=8) if len(text) >= SHORTEST else []
        return render_template("knowledge/options.html", found=found)


@bp.get("/missed")
@permits(Permission.KNOWLEDGE_WRITE)
def missing() -> ResponseReturnValue:
    """Show what was searched for in vain, the most often first."""
    days = next((d for d in DAYS if str(d) == request.args.get("days")), DAYS[1])
    since = local(utcnow()).date() - dt.timedelta(days=days)
    with reading() as session:
        rows = missed.since(session, since)
        return render_template(
            "knowledge/missed.html", rows=rows, days=days, spans=DAYS, views=VIEWS
        )


@bp.get("/new")
@permits(Permission.KNOWLEDGE_WRITE)
def new() -> ResponseReturnValue:
    """Show an empty form, its title as the address asks."""
    given = {"title": request.args.get("title", ""), "variants": (), "answer": ""}
    with reading() as session:
        known = {
            "article": None,
            "words": given,
            "laws": (),
            "owner": units.unit(session, "hotline"),
        }
        return render_template("knowledge/form.html", **known, **_lists(session))


@bp.get("/<int:article_id>")
@permits(Permission.KNOWLEDGE_READ)
def show(article_id: int) -> ResponseReturnValue:
    """Show one article: the answer for speaking first, then its law, versions and uses."""
    actor, today = current_actor(), local(utcnow()).date()
    with reading() as session:
        known = _of(session, article_id)
        page = None
        if actor.may(Permission.TICKET_READ):
            cursor = request.args.get("cursor")
            page = answers.under_article(session, actor, article_id, cursor=cursor, limit=ANSWERS)
        days = {"today": today, "last": latest_review(today)}
        return render_template("knowledge/show.html", page=page, **known, **days)


def _of(session: Session, article_id: int) -> dict[str, Any]:
    article = queries.by_id(session, article_id)
    versions = queries.versions(session, article_id)
    laws = queries.laws(session, [each.id for each in versions])
    known = {each.number: each for each in versions}
    people = {each.written_by for each in versions} | {each.approved_by for each in versions}
    return {
        "article": article,
        "versions": versions,
        "laws": laws,
        "in_force": known.get(article.in_force or 0),
        "draft": known.get(article.draft or 0),
        "changes": {
            each.number: difference(known.get(each.number - 1), each, laws) for each in versions
        },
        "people": staff.staff_by_ids(session, [each for each in people if each]),
        "owner": units.by_id(session, article.owner_id),
        **_places(session),
    }


def difference(
    before: ArticleVersion | None, after: ArticleVersion, laws: dict[int, list[Any]]
) -> Sequence[tuple[str, str]]:
    """Return the lines of *after* and those of *before* that went: `("+", line)`, `("-", line)`."""
    if before is None:
        return ()
    old, new = (_lines(each, laws[each.id]) for each in (before, after))
    return [(line[0], line[2:]) for line in difflib.ndiff(old, new) if line[0] in "+-"]


def _lines(words: ArticleVersion, laws: Sequence[Any]) -> list[str]:
    sentences = words.answer.replace("。", "。\n").replace("；", "；\n").splitlines()
    return [words.title, *words.variants, *sentences, *basis.written(laws)]


@bp.get("/<int:article_id>/edit")
@permits(Permission.KNOWLEDGE_WRITE)
def edit(article_id: int) -> ResponseReturnValue:
    """Show the words that count to write the next version."""
    with reading() as session:
        article = queries.by_id(session, article_id)
        number = article.draft or article.in_force or 1
        words = queries.version(session, article_id, number)
        laws = queries.laws(session, [words.id])[words.id]
        owner = units.by_id(session, article.owner_id)
        known = {"article": article, "words": words, "laws": basis.written(laws), "owner": owner}
        return render_template("knowledge/form.html", **known, **_lists(session))


def _lists(session: Session) -> dict[str, Any]:
    lists = choices.for_intake(session)
    chosen = ("categories", "regions")
    return {name: lists[name] for name in chosen} | choices.for_filters(session)


@bp.post("")
@permits(Permission.KNOWLEDGE_WRITE)
def add() -> ResponseReturnValue:
    """Write a new article."""
    actor, now, words = current_actor(), utcnow(), _given()

    def work(session: Session) -> int:
        return service.add(session, words, _owner(session), actor=actor, now=now).id

    address = url_for(".show", article_id=transaction(work))
    return forms.done(address, _("已写好，等另一人批准"))


@bp.post("/<int:article_id>")
@permits(Permission.KNOWLEDGE_WRITE)
def revise(article_id: int) -> ResponseReturnValue:
    """Write the next version."""
    actor, now, words, seen = current_actor(), utcnow(), _given(), forms.version(request.form)

    def work(session: Session) -> None:
        owner = _owner(session)
        service.revise(session, article_id, words, owner, actor=actor, now=now, version=seen)

    transaction(work)
    return forms.done(url_for(".show", article_id=article_id), _("已写好，等另一人批准"))


def _given() -> Words:
    """Return what the form says.

    Raises:
        Invalid: A line names no law or no article of it.
    """
    form = request.form
    try:
        laws = basis.read(form.get("laws", ""))
    except ValueError as error:
        fault = _("第 %(n)s 行看不懂，请写成：劳动合同法 第30条", n=error.args[0])
        raise Invalid({"laws": fault}) from error
    return Words(
        title=form.get("title", ""),
        answer=form.get("answer", ""),
        variants=tuple(
            line.strip() for line in form.get("variants", "").splitlines() if line.strip()
        ),
        laws=laws,
        category_code=forms.code_of(form.get("category")),
        region_code=forms.code_of(form.get("region")),
        note=form.get("note", "").strip()[:200] or None,
    )


def _owner(session: Session) -> int:
    """Return the unit chosen, once the codes beside it are known to exist.

    Raises:
        Invalid: There is no such unit, region or category.
    """
    form, wrong = request.form, {}
    region, category = forms.code_of(form.get("region")), forms.code_of(form.get("category"))
    try:
        owner = units.unit(session, forms.code_of(form.get("unit")) or "hotline").id
    except NotFound:
        owner, wrong["unit"] = 0, N_("请从列表中选择")
    if region and region not in {row.code for row in units.regions(session)}:
        wrong["region"] = N_("请从列表中选择")
    if category and catalogue.category(session, category) is None:
        wrong["category"] = N_("请从列表中选择")
    if wrong:
        raise Invalid(wrong)
    return owner


@bp.post("/<int:article_id>/approval")
@permits(Permission.KNOWLEDGE_WRITE)
def approve(article_id: int) -> ResponseReturnValue:
    """Put what another wrote into force."""
    actor, now, review_on = current_actor(), utcnow(), forms.day_of(request.form, "review_on")
    number = request.form.get("number", 0, type=int)
    transaction(
        lambda session: service.approve(
            session, article_id, number, review_on, actor=actor, now=now
        )
    )
    return forms.done(url_for(".show", article_id=article_id), _("已批准，可以用来答复"))


@bp.post("/<int:article_id>/review")
@permits(Permission.KNOWLEDGE_WRITE)
def review(article_id: int) -> ResponseReturnValue:
    """Say that it still holds."""
    actor, now, review_on = current_actor(), utcnow(), forms.day_of(request.form, "review_on")
    transaction(
        lambda session: service.reviewed(session, article_id, review_on, actor=actor, now=now)
    )
    return forms.done(url_for(".show", article_id=article_id), _("已复核"))


@bp.post("/<int:article_id>/withdrawal")
@permits(Permission.KNOWLEDGE_WRITE)
def withdraw(article_id: int) -> ResponseReturnValue:
    """Take an article down."""
    actor, now, why = current_actor(), utcnow(), request.form.get("why", "")
    transaction(lambda session: service.withdraw(session, article_id, why, actor=actor, now=now))
    return forms.done(url_for(".show", article_id=article_id), _("已撤下"))
