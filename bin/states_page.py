"""Writes docs/reference/states.md from the state table: `python -m bin.states_page`."""

from pathlib import Path

from hotline.core.roles import Role
from hotline.tickets.guards import CHECKS
from hotline.tickets.states import (
    ACTION_LABELS,
    ENDED,
    LABELS,
    OPEN,
    SETTLED,
    TRANSITIONS,
    UNDO_FOR,
    Guard,
    State,
    Transition,
    diagram,
)

PAGE = Path(__file__).parents[1] / "docs/reference/states.md"
KINDS = {**dict.fromkeys(OPEN, "open"), **dict.fromkeys(SETTLED, "settled")}

OPENING = """\
# States of a ticket

Written from `hotline/tickets/states.py` by `make docs`; a test compares the two. No other
transition exists. Urgency, supervision, urging, extension, confidentiality and escalation are
attributes, not states; overdue is computed.

*Open*: somebody works on it. *Settled*: it has an outcome and the moment of it. *Ended*: nothing
but an exception (`unmerge`, `unseal`) leads out.
"""


def page() -> str:
    """Return the whole page."""
    parts = [OPENING, "## The states\n", _states(), "## The transitions\n", _transitions()]
    parts += ["## What may be undone\n", _undone()]
    parts += ["## The guards, and what is said when one does not hold\n", _guards()]
    return "\n".join([*parts, "## The diagram\n", f"```mermaid\n{diagram()}\n```\n"])


def _states() -> str:
    rows = [f"| `{state}` | {LABELS[state]} | {_kind(state)} |" for state in State]
    return _table(("state", "中文", "kind"), rows)


def _kind(state: State) -> str:
    kinds = [KINDS[state]] if state in KINDS else []
    return ", ".join(kinds + ["ended"] * (state in ENDED))


def _transitions() -> str:
    heads = ("from", "action", "中文", "to", "who", "guards")
    return _table(heads, [_row(row) for row in TRANSITIONS])


def _row(row: Transition) -> str:
    cells = [
        ", ".join(f"`{source}`" for source in row.sources),
        f"`{row.action}`",
        ACTION_LABELS[row.action],
        f"`{row.target}`",
        _who(row),
        ", ".join(_spoken(guard) for guard in row.guards),
    ]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _undone() -> str:
    text = (
        f"For {UNDO_FOR.seconds} seconds, by whoever did it, while nobody has gone on: the inverse"
    )
    rows = [f"- `{row.action}` by `{row.undo}`" for row in TRANSITIONS if row.undo]
    told = "is taken and its entry names the one it undoes (`detail.undoes`); an SMS to the caller"
    return "\n".join([text, told, "waits so long and is cancelled.\n", *rows, ""])


def _guards() -> str:
    rows = [f"| {_spoken(guard)} | {sentence} |" for guard, (_, sentence) in CHECKS.items()]
    return _table(("guard", "中文"), rows)


def _spoken(guard: Guard) -> str:
    return guard.replace("_", " ")


def _who(row: Transition) -> str:
    asks = ", ".join(_role(role) for role in row.who)
    return f"{asks}, then a second person: {', '.join(row.second)}" if row.second else asks


def _role(role: Role) -> str:
    return "the system" if role is Role.SYSTEM else role.value


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    head = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
