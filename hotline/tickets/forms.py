"""The facts a category asks for: a form is data, a JSON Schema with the order of its fields.

A definition is `{"schema": …, "layout": […]}`. The schema (JSON Schema 2020-12) says what
each fact may be; null is a value of each: the caller does not know. A line of the layout
names a field, how wide it is, and the answer of an earlier field it depends on.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hotline.core.errors import Invalid
from hotline.core.words import N_

Definition = Mapping[str, Any]
LONGEST: Final = 2000
MOST_FIELDS: Final = 40
UNKNOWN: Final = None  # what the caller does not know; what was not asked is absent


class Kind(StrEnum):
    """What sort of answer a field takes."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"


#: The schema of each kind, null besides; a choice adds its list.
SCHEMAS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.TEXT: {"type": ["string", "null"], "maxLength": 200},
    Kind.LONG: {"type": ["string", "null"], "maxLength": LONGEST},
    Kind.NUMBER: {"type": ["number", "null"], "minimum": 0, "maximum": 1e12},
    Kind.DATE: {"type": ["string", "null"], "format": "date"},
    Kind.YES_NO: {"type": ["boolean", "null"]},
    Kind.CHOICE: {"type": ["string", "null"]},
    Kind.CHOICES: {"type": ["array", "null"], "uniqueItems": True},
}
WIDTHS: Final = ("third", "half", "full")


class Question(NamedTuple):
    """One field of a form, as a page draws it.

    Attributes:
        key: Its name in the schema.
        options: The choices with their English words.
        needs: The field and the answer it depends on; None where it is always asked.
    """

    key: str
    kind: Kind
    label: str
    label_en: str
    width: str = "third"
    options: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, str] | None = None


def questions(definition: Definition) -> list[Question]:
    """Return the fields of a form in the order in which they are asked."""
    properties = definition["schema"]["properties"]
    return [_question(line, properties[line["field"]]) for line in definition["layout"]]


def define(asked: Sequence[Question]) -> dict[str, Any]:
    """Return the definition of a form that asks these questions; `questions` is its inverse."""
    properties: dict[str, Any] = {}
    layout: list[dict[str, Any]] = []
    for each in asked:
        properties[each.key] = {
            "title": each.label,
            "title_en": each.label_en,
            "kind": each.kind.value,
            **_schema(each),
        }
        line: dict[str, Any] = {"field": each.key, "width": each.width}
        if each.needs:
            line["when"] = {"field": each.needs[0], "is": each.needs[1]}
        layout.append(line)
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"schema": schema, "layout": layout}


def is_asked(question: Question, facts: Mapping[str, Any]) -> bool:
    """Return whether a field is asked once *facts* are known."""
    if question.needs is None:
        return True
    field, answer = question.needs
    given = facts.get(field)
    return answer in given if isinstance(given, list) else _as_text(given) == answer


def read(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts in *given* (texts of a form, lists, or JSON values), by field.

    What is blank was not asked and is left out, and so is what depends on another answer
    than the one given; None is what the caller does not know.

    Raises:
        Invalid: A field is unknown or holds what its schema does not allow; all are named.
    """
    asked = {each.key: each for each in questions(definition)}
    faults = {key: N_("没有这一项") for key in given if key not in asked}
    facts: dict[str, Any] = {}
    for key, question in asked.items():
        if key not in given or not is_asked(question, facts):
            continue
        try:
            value = READERS[question.kind](given[key]) if given[key] is not None else None
        except ValueError:
            faults[key] = N_("内容不合要求")
            continue
        if value not in ("", []):
            facts[key] = value
    faults |= _against_schema(definition["schema"], facts)
    if faults:
        raise Invalid({f"facts.{key}": text for key, text in faults.items()})
    return facts


def _question(line: Mapping[str, Any], field: Mapping[str, Any]) -> Question:
    when = line.get("when")
    listed = field.get("items", field).get("enum", ())
    words = [each for each in listed if each is not None]
    return Question(
        key=line["field"],
        kind=Kind(field["kind"]),
        label=field["title"],
        label_en=field["title_en"],
        width=line.get("width", "third"),
        options=tuple(zip(words, field.get("enum_en", words), strict=False)),
        needs=(when["field"], when["is"]) if when else None,
    )


def _schema(question: Question) -> dict[str, Any]:
    schema = dict(SCHEMAS[question.kind])
    words = [word for word, _ in question.options]
    if question.kind is Kind.CHOICE:
        schema["enum"] = [*words, None]
    if question.kind is Kind.CHOICES:
        schema["items"] = {"enum": words}
    if question.options:
        schema["enum_en"] = [english for _, english in question.options]
    return schema


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None else str(value)


def _against_schema(schema: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, str]:
    from jsonschema import Draft202012Validator, FormatChecker  # a sixth of a second to load

    checker = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    return {str(error.path[0]): N_("内容不合要求") for error in checker.iter_errors(facts)}


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.replace(",", "").replace("，", "").strip()
    return "" if not text else float(text) if "." in text else int(text)


def _date(value: Any) -> Any:
    text = _text(value)
    return dt.date.fromisoformat(text).isoformat() if text else ""


def _yes_no(value: Any) -> Any:
    return {"yes": True, "no": False, "": ""}.get(value, value) if isinstance(value, str) else value


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) and value else value or []


READERS: Final = {
    Kind.TEXT: _text,
    Kind.LONG: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _text,
    Kind.CHOICES: _list,
}
