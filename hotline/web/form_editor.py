"""The editor of a form without a script: its fields travel with each press of a button."""

from collections.abc import Mapping, Sequence
from typing import Final

from werkzeug.datastructures import MultiDict

from hotline.core.errors import Invalid
from hotline.core.words import N_
from hotline.tickets import facts
from hotline.tickets.forms import WIDTHS, Kind, Question

Row = dict[str, str]
PARTS: Final = (
    "key", "label", "label_en", "kind", "width", "options", "needs_field", "needs_answer",
)  # fmt: skip
KINDS: Final = {
    Kind.TEXT: N_("一行文字"),
    Kind.LONG: N_("多行文字"),
    Kind.NUMBER: N_("数字"),
    Kind.DATE: N_("日期"),
    Kind.YES_NO: N_("是否"),
    Kind.CHOICE: N_("单选"),
    Kind.CHOICES: N_("多选"),
}
WIDE: Final = dict(zip(WIDTHS, (N_("三分之一"), N_("一半"), N_("整行")), strict=True))
LABELS: Final = {
    "label": N_("中文名称"),
    "label_en": N_("英文名称"),
    "kind": N_("类型"),
    "width": N_("宽度"),
    "options": N_("选项"),
    "needs": N_("什么时候问"),
}
BAR: Final = "|"  # between an option and its English


def read(form: MultiDict[str, str]) -> list[Row]:
    """Return the fields that the page held, in order."""
    numbers = sorted(
        int(name.removeprefix("key."))
        for name in form
        if name.startswith("key.") and name[4:].isdecimal()
    )
    return [
        {part: form.get(f"{part}.{number}", "").strip() for part in PARTS} for number in numbers
    ]


def rows_of(asked: Sequence[Question]) -> list[Row]:
    """Return the fields of a version as the page shows them."""
    return [
        {
            "key": each.key,
            "label": each.label,
            "label_en": each.label_en,
            "kind": each.kind.value,
            "width": each.width,
            "options": "\n".join(BAR.join(option) for option in each.options),
            "needs_field": each.needs[0] if each.needs else "",
            "needs_answer": each.needs[1] if each.needs else "",
        }
        for each in asked
    ]


def pressed(rows: list[Row], button: str) -> tuple[list[Row], int | None]:
    """Return the fields after a button (`up.2`, `down.2`, `remove.2`, `add`), and which to show."""
    verb, _, number = button.partition(".")
    at = int(number) if number.isdecimal() and int(number) < len(rows) else None
    if verb == "add":
        blank = dict.fromkeys(PARTS, "") | {"kind": Kind.TEXT.value, "width": WIDTHS[0]}
        return [*rows, blank | {"key": _unused(rows)}], len(rows)
    if at is None:
        return rows, None
    if verb == "remove":
        return rows[:at] + rows[at + 1 :], None
    to = {"up": max(at - 1, 0), "down": min(at + 1, len(rows) - 1)}.get(verb, at)
    moved = rows[:at] + rows[at + 1 :]
    return [*moved[:to], rows[at], *moved[to:]], to


def questions(rows: Sequence[Row]) -> list[Question]:
    """Return the fields as a version would ask them; what is wrong with them `faults` says."""
    return [_question(row) for row in rows]


def faults(asked: Sequence[Question]) -> Mapping[int, str]:
    """Return what is wrong with which field."""
    try:
        facts.check(asked)
    except Invalid as error:
        return {int(name.partition(".")[2]): text for name, text in error.errors.items()}
    return {}


def prior(rows: Sequence[Row], at: int) -> list[tuple[str, str]]:
    """Return the fields before one that it may depend on: those with a choice of answers."""
    chosen = {Kind.YES_NO.value, Kind.CHOICE.value, Kind.CHOICES.value}
    return [(row["key"], row["label"] or row["key"]) for row in rows[:at] if row["kind"] in chosen]


def _question(row: Row) -> Question:
    kind = Kind(row["kind"]) if row["kind"] in set(Kind) else Kind.TEXT
    lines = [line.partition(BAR) for line in row["options"].splitlines() if line.strip()]
    chosen = kind in {Kind.CHOICE, Kind.CHOICES}
    return Question(
        key=row["key"],
        kind=kind,
        label=row["label"],
        label_en=row["label_en"],
        width=row["width"] if row["width"] in WIDTHS else WIDTHS[0],
        options=tuple((own.strip(), other.strip()) for own, _, other in lines) if chosen else (),
        needs=(row["needs_field"], row["needs_answer"]) if row["needs_field"] else None,
    )


def _unused(rows: Sequence[Row]) -> str:
    taken = {row["key"] for row in rows}
    return next(key for n in range(1, len(rows) + 2) if (key := f"field_{n}") not in taken)
