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
from hotline.core.words import N_
from hotline.intake.form import IntakeForm
from hotline.tickets.fields import Field, Kind, fields_of
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
    return int(text) if text.isdigit() else None


def moment(text: str) -> dt.datetime:
    """Read a local moment of a form as one with a zone."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone())


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


def _facts(field: Field, form: Form) -> dict[str, str]:
    start = f"{field.name}."
    return {
        name.removeprefix(start): value.strip()
        for name, value in form.items()
        if name.startswith(start) and value.strip()
    }


READERS: Final[dict[Kind, Callable[[Field, Form], Any]]] = {
    Kind.UNIT: _code,
    Kind.UNITS: _codes,
    Kind.MOMENT: _moment,
    Kind.FACTS: _facts,
}


MATTER: Final = frozenset(IntakeForm.model_fields)
CODES: Final = ("category", "region")  # chosen by `A1 工程建设领域欠薪`
TICKS: Final = ("anonymous", "mass")


def matter(form: Form, **known: Any) -> IntakeForm:
    """Read the intake form, with what is *known* besides it.

    Raises:
        Invalid: One message for each field that is wrong.
    """
    texts: dict[str, Any] = {name: value for name, value in form.items() if name in MATTER}
    texts |= {name: code_of(texts.get(name)) for name in CODES}
    texts |= {name: name in form for name in TICKS}
    if not texts.get("urgency"):
        texts.pop("urgency", None)
    return IntakeForm.read(texts | known)


def member(kind: type[Kept], value: str | None) -> Kept | None:
    """Return the member of the enumeration *kind* with that value, or None."""
    return next((each for each in kind if each.value == value), None)
