"""What a form carries of the ticket it was made from, and what it shows when another was faster."""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading
from hotline.core.doors import current_actor
from hotline.core.errors import Stale
from hotline.core.language import _, english, gettext
from hotline.core.words import N_
from hotline.tickets import catalogue, correcting, facts, queries
from hotline.tickets import forms as category_forms
from hotline.tickets.correcting import Collision, Look
from hotline.tickets.forms import Question
from hotline.tickets.merging import Clash
from hotline.tickets.models import Ticket
from hotline.units import queries as units
from hotline.web import choices, forms, sides, typing
from hotline.web.filters import name_of
from hotline.web.words import CONFIDENTIAL, word

FIELD: Final = "was"
FACT: Final = forms.FACT
LABELS: Final = {
    "subject": N_("标题"),
    "narrative": N_("诉求内容"),
    "category_code": N_("诉求分类"),
    "demand_type": N_("诉求类型"),
    "region_code": N_("所在地"),
    "employer": N_("用人单位"),
    "employer_id": N_("用人单位名录"),
    "project": N_("项目、工地或站点"),
    "confidential_level": N_("保密要求"),
    "anonymous": N_("职工要求匿名"),
    "head_count": N_("涉及人数"),
    "foreign_number": N_("其他平台编号"),
    "mass": N_("群体性诉求（10 人以上）"),
}
FOLLOWS: Final = {"employer_id": "employer"}  # chosen together
THEIRS: Final = "theirs"
MOVED: Final = "moved"  # the facts on the form are those of another category than theirs


class Row(NamedTuple):
    """One field that both changed, in the reader's words."""

    name: str
    label: str
    mine: str
    theirs: str


class Typed(NamedTuple):
    """What a form of corrections says, its choices between two words made."""

    columns: dict[str, Any]
    facts: dict[str, Any]
    was: Look | None


def packed(look: Look) -> str:
    """Return what a form carries along of what its writer saw."""
    return json.dumps({"columns": look.columns, "facts": look.facts, "form": look.form})


def typed(channel: str) -> Typed:
    """Read the form: where the other's word was chosen, the writer's own is set aside.

    Raises:
        Invalid: One message for each field that is wrong.
    """
    columns, told, was = sides.corrections(request.form, channel), forms.facts(request.form), _was()
    if was is not None:
        for name in list(columns):
            if _chosen(name) == THEIRS:
                columns[name] = was.columns.get(name)
        if _chosen(correcting.CATEGORY) == THEIRS and MOVED in request.form:
            told = dict(was.facts)
        told |= {n: was.facts.get(n) for n in list(told) if _chosen(FACT + n) == THEIRS}
    return Typed(columns, told, was)


def _chosen(name: str) -> str | None:
    leader = f"choice.{FOLLOWS.get(name, name)}"
    return request.form.get(f"choice.{name}", request.form.get(leader))


def _was() -> Look | None:
    """Return what the form was made from; None where it does not say so as `packed` does."""
    try:
        look = Look(**json.loads(request.form.get(FIELD, "")))
    except (ValueError, TypeError):
        return None
    sound = isinstance(look.columns, dict) and isinstance(look.facts, dict)
    return look if sound and isinstance(look.form, int | None) else None


def asked(number: str, collision: Collision) -> ResponseReturnValue:
    """Show both words for each field and ask which counts; nothing that was typed is lost."""
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        known = _known(session, ticket, collision.clashes)
        if "HX-Request" in request.headers:
            return render_template("tickets/clash.html", **known), collision.status
        given = _as_typed(session, ticket)
        return render_template("tickets/edit.html", **known, **given), collision.status


def _known(session: Session, ticket: Ticket, clashes: Mapping[str, Clash]) -> dict[str, Any]:
    """Return the rows to choose from, and what their reader has seen from then on."""
    there = correcting.look(session, ticket)
    was = _was() or there
    moved = correcting.CATEGORY in clashes and was.form != there.form
    columns, told = dict(was.columns), dict(there.facts if moved else was.facts)
    for name, clash in clashes.items():
        if name.startswith(FACT):
            told[name.removeprefix(FACT)] = clash.theirs
        else:
            columns[name] = clash.theirs
    shown = [name for name in clashes if FOLLOWS.get(name) not in clashes]
    rows = [_row(session, ticket, name, clashes[name]) for name in shown]
    seen = Look(columns, told, there.form if moved else was.form)
    return {"rows": rows, "base": packed(seen), "moved": moved}


def _row(session: Session, ticket: Ticket, name: str, clash: Clash) -> Row:
    if name.startswith(FACT):
        kept = facts.of(session, ticket.id)
        found = category_forms.questions(kept[0].definition) if kept else []
        key = name.removeprefix(FACT)
        label = next((_label(each) for each in found if each.key == key), key)
    else:
        label = gettext(LABELS[name])
    return Row(name, label, *(_said(session, name, value) for value in clash))


def _label(question: Question) -> str:
    return question.label_en if english() else question.label


def _said(session: Session, name: str, value: Any) -> str:
    """Return a value of a field in the reader's words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    return SHOWN[name](session, value) if name in SHOWN else str(value)


def _category(session: Session, code: str) -> str:
    row = catalogue.category(session, code)
    return f"{code} {name_of(row)}" if row else code


SHOWN: Final[dict[str, Callable[[Session, Any], str]]] = {
    "category_code": _category,
    "region_code": lambda session, code: f"{code} {name_of(units.region(session, code))}",
    "confidential_level": lambda _session, level: str(gettext(CONFIDENTIAL[level])),
    "demand_type": lambda _session, code: word(code),
    "state": lambda _session, code: word(code),
    "unit_id": lambda session, unit_id: name_of(units.by_id(session, unit_id)),
}


def _as_typed(session: Session, ticket: Ticket) -> dict[str, Any]:
    """Return the form as it was sent, for a browser without scripts."""
    given = sides.corrections(request.form, ticket.channel)
    mine = {**correcting.look(session, ticket).columns, **given}
    shown: Any = SimpleNamespace(number=ticket.number, unknown=ticket.unknown, **mine)
    form = facts.form_of(session, shown.category_code)
    return {
        "ticket": shown,
        "names": choices.names(session, shown),
        "asked": typing.questions_of(form, forms.facts(request.form)),
        **choices.for_intake(session),
    }


STOOD: Final = {"state": N_("状态"), "unit_id": N_("承办单位"), "cycle": N_("第几轮办理")}


def stood(ticket: Ticket) -> str:
    """Return how *ticket* stands, for the form of an action: what else moves does not matter."""
    return json.dumps({name: getattr(ticket, name) for name in STOOD})


def standing(ticket: Ticket) -> Ticket:
    """Return *ticket* where it stands as the form was made of it.

    Raises:
        Stale: It stands otherwise now.
    """
    if request.form.get("stood", stood(ticket)) != stood(ticket):
        raise Stale
    return ticket


def moved(number: str) -> ResponseReturnValue:
    """Show how the ticket stood and stands; whoever presses again has seen it."""
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        before = json.loads(request.form.get("stood", "{}"))
        rows = [
            Row(name, gettext(label), _said(session, name, before.get(name)),
                _said(session, name, getattr(ticket, name)))
            for name, label in STOOD.items()
            if before.get(name) != getattr(ticket, name)
        ]  # fmt: skip
        known = {"rows": rows, "stood": stood(ticket)}
        return render_template("tickets/moved.html", **known), Stale.status
