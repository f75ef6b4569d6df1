"""What a form sent, read into the values that services take; and where it leads afterwards."""

import datetime as dt
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Response, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hotline.core.errors import Invalid
from hotline.core.language import zone
from hotline.core.time import of_our_age
from hotline.core.words import N_
from hotline.intake.form import IntakeForm
from hotline.tickets.fields import Field, Kind, fields_of
from hotline.tickets.models import Channel
from hotline.tickets.states import Action

Form = MultiDict[str, str]
Kept = TypeVar("Kept", bound=StrEnum)


def done(address: str, message: str | None = None) -> ResponseReturnValue:
    """Lead the browser on after something worked, by redirect or by htmx's header."""
    if message:
        flash(message)
    if "HX-Request" not in request.headers:
        return redirect(address, 303)
    response: Response = make_response("")
    response.headers["HX-Redirect"] = address
    return response


def code_of(text: str | None) -> str | None:
    """Return the code at the front of a choice such as `A1 工程建设领域欠薪`."""
    words = (text or "").split()
    return words[0] if words else None


def version(form: Form) -> int | None:
    """Return the version of the row that the form was made for."""
    text = form.get("version", "")
    return int(text) if text.isdecimal() else None


def day_of(form: Form, name: str) -> dt.date:
    """Read the day in the field *name*.

    Raises:
        Invalid: It is none, or of another age.
    """
    try:
        return of_our_age(dt.date.fromisoformat(form.get(name, "").strip()))
    except ValueError as error:
        raise Invalid({name: N_("请写成 2026-11-23 这样的日期")}) from error


def moment(text: str) -> dt.datetime:
    """Read a local moment of a form as one with a zone."""
    return of_our_age(dt.datetime.fromisoformat(text)).replace(tzinfo=zone())


def moment_of(name: str, text: str) -> dt.datetime:
    """Read the local moment in the field *name*.

    Raises:
        Invalid: It is not one.
    """
    try:
        return moment(text)
    except ValueError as error:
        raise Invalid({name: N_("内容不合要求")}) from error


def action_fields(action: Action, form: Form) -> dict[str, Any]:
    """Return what *form* says about the fields of *action*; blank ones are left out.

    Raises:
        Invalid: A moment is not one.
    """
    return _given(fields_of(action), form)


def read(fields: Iterable[Field], form: Form) -> dict[str, Any]:
    """Return what *form* says about *fields*.

    Raises:
        Invalid: One is missing, or cannot be read.
    """
    fields = tuple(fields)
    given = _given(fields, form)
    missing = [field.name for field in fields if field.required and field.name not in given]
    if missing:
        raise Invalid(dict.fromkeys(missing, N_("请填写")))
    return given


def _given(fields: Iterable[Field], form: Form) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for field in fields:
        try:
            value = READERS.get(field.kind, _text)(field, form)
        except ValueError as error:
            raise Invalid({field.name: N_("内容不合要求")}) from error
        if value:
            given[field.name] = value
    return given


def _text(field: Field, form: Form) -> str:
    return form.get(field.name, "").strip()


def _code(field: Field, form: Form) -> str | None:
    return code_of(form.get(field.name))


def _codes(field: Field, form: Form) -> list[str]:
    return [code for text in form.getlist(field.name) if (code := code_of(text))]


def _moment(field: Field, form: Form) -> dt.datetime | None:
    text = _text(field, form)
    return moment(text) if text else None


def _contact(field: Field, form: Form) -> dict[str, str]:
    parts = _facts(field, form)
    if "at" in parts:
        parts["at"] = moment_of(f"{field.name}.at", parts["at"]).isoformat()
    return parts


def _facts(field: Field, form: Form) -> dict[str, str]:
    start = f"{field.name}."
    return {
        name.removeprefix(start): value.strip()
        for name, value in form.items()
        if name.startswith(start) and value.strip()
    }


READERS: Final[dict[Kind, Callable[[Field, Form], Any]]] = {
    Kind.UNIT: _code,
    Kind.ARTICLE: _code,
    Kind.UNITS: _codes,
    Kind.MOMENT: _moment,
    Kind.FACTS: _facts,
    Kind.OUTCOMES: _facts,
    Kind.CONTACT: _contact,
}


MATTER: Final = frozenset(IntakeForm.model_fields)
CODES: Final = ("category", "region")  # chosen by `A1 工程建设领域欠薪`
TICKS: Final = ("anonymous", "mass")
FACT: Final = "facts."
WHOLE_REGION: Final = "150000"  # where it is, the caller does not know


def matter(form: Form, **known: Any) -> IntakeForm:
    """Read the intake form, with what is *known* besides it.

    Raises:
        Invalid: One message for each field that is wrong.
    """
    texts: dict[str, Any] = {name: value for name, value in form.items() if name in MATTER}
    texts |= {name: code_of(texts.get(name)) for name in CODES}
    texts |= {name: name in form for name in TICKS}
    texts["facts"] = facts(form)
    texts["unknown"] = frozenset(n for n in form.getlist("unknown") if not n.startswith(FACT))
    if "region" in texts["unknown"]:
        texts["region"] = WHOLE_REGION
    texts["demands"] = tuple(line for line in form.getlist("demands") if line.strip())
    if promised := texts.get("promise_at"):
        texts["promise_at"] = moment_of("promise_at", promised)
    if not texts.get("urgency"):
        texts.pop("urgency", None)
    return IntakeForm.read(texts | known)


def facts(form: Form) -> dict[str, Any]:
    """Return what *form* says of the facts of its category; None is what is not known."""
    names = {name for name in form if name.startswith(FACT)}
    given: dict[str, Any] = {
        name.removeprefix(FACT): values if len(values := form.getlist(name)) > 1 else values[0]
        for name in names
    }
    unknown = (name for name in form.getlist("unknown") if name.startswith(FACT))
    return given | dict.fromkeys(name.removeprefix(FACT) for name in unknown)


def unfinished(form: Form) -> IntakeForm:
    """Read an intake form that is still being typed: what cannot be read yet is left out.

    Raises:
        Invalid: Not even the rest can be read.
    """
    known = {"channel": form.get("channel") or Channel.CALL}
    texts = MultiDict(form)
    texts["narrative"] = form.get("narrative", "").strip() or "…"
    try:
        return matter(texts, **known)
    except Invalid as error:
        for name in error.errors:
            texts.poplist(name.split(".")[0])
        return matter(texts, **known)


def member(kind: type[Kept], value: str | None) -> Kept | None:
    """Return the member of the enumeration *kind* with that value, or None."""
    return next((each for each in kind if each.value == value), None)
