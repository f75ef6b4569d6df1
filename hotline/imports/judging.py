"""Rows judged: good, wrong with the reason under each head, or known already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from hotline.core.errors import Invalid
from hotline.core.words import N_
from hotline.imports import columns, of_employers, of_tickets, of_units
from hotline.imports.columns import Faults
from hotline.imports.models import Kind, RowState
from hotline.imports.sorts import Sort

SORTS: Final[Mapping[Kind, Sort]] = {
    Kind.TICKETS: of_tickets.SORT,
    Kind.EMPLOYERS: of_employers.SORT,
    Kind.UNITS: of_units.SORT,
}
WHOLE_ROW: Final = ""  # the head of what is wrong with no cell in particular
CHUNK: Final = 500  # keys asked for at once


class Judged(NamedTuple):
    """A row as it was judged: where it stands, its values, and what is wrong by head."""

    state: RowState
    values: Mapping[str, Any]
    faults: Faults


def places(kind: Kind, heads: Sequence[str]) -> dict[int, columns.Column]:
    """Return which column stands at each place of a file.

    Raises:
        Invalid: A head that must be there is missing; all of them are named.
    """
    sort = SORTS[kind]
    found = columns.placed(sort.columns, heads)
    there = found.values()
    missing = [each.head for each in sort.columns if each.required and each not in there]
    if missing:
        raise Invalid(dict.fromkeys(missing, N_("文件里没有这一列，请照示例文件写表头")))
    return found


def unused(kind: Kind, heads: Sequence[str]) -> list[str]:
    """Return the heads that nothing is read from."""
    read = columns.placed(SORTS[kind].columns, heads)
    return [head for place, head in enumerate(heads) if head and place not in read]


def judge(
    session: Session,
    kind: Kind,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    now: datetime,
) -> list[Judged]:
    """Judge rows in the order of the file; of two alike the second is wrong."""
    sort, where = SORTS[kind], places(kind, heads)
    read = [columns.read(where, row) for row in rows]
    besides = sort.faults(session, [values for values, _ in read], now)
    keys = [sort.key_of(values) for values, _ in read]
    known = _known(session, sort, [key for key in keys if key])
    seen: set[str] = set()
    found = []
    for row, (values, faults), more, key in zip(rows, read, besides, keys, strict=True):
        wrong = {sort.heads()[name]: text for name, text in more.items()} | faults
        if len(row) > len(heads):
            wrong[WHOLE_ROW] = N_("这一行的格子比表头多")
        if key and key in seen:
            wrong[sort.heads()[sort.key[0]]] = N_("与本文件前面的一行重复")
        if key:
            seen.add(key)
        found.append(Judged(_state(wrong, is_known=key in known), values, wrong))
    return found


def _known(session: Session, sort: Sort, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        found |= sort.known(session, keys[start : start + CHUNK])
    return found


def _state(wrong: Faults, *, is_known: bool) -> RowState:
    if is_known:
        return RowState.THERE
    return RowState.BAD if wrong else RowState.GOOD
