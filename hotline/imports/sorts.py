"""What a kind of file is to the rest: its columns, who may, what is known, how a row is kept."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from hotline.core.roles import Actor, Permission
from hotline.imports.columns import Column, Faults

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Sort:
    """One kind of file.

    Attributes:
        key: The columns by which what exists is known again; the first that is filled counts.
        known: Gives those of some rows' keys that exist already.
        faults: Gives what is wrong with each of some rows beside what a cell alone shows.
        keep: Writes a row down and gives its id.
    """

    permission: Permission
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    known: Callable[[Session, Sequence[str]], set[str]]
    faults: Callable[[Session, Sequence[Values], dt.datetime], Sequence[Faults]]
    keep: Callable[[Session, Values, int, Actor, dt.datetime], int]

    def key_of(self, values: Values) -> str | None:
        """Return what a row is known again by; None for nothing."""
        return next((str(values[name]) for name in self.key if values.get(name)), None)

    def heads(self) -> Mapping[str, str]:
        """Return the heads by the columns' names."""
        return {each.name: each.head for each in self.columns}
