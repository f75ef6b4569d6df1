"""The unit tree as far as accounts need it: which part of it somebody sees."""

from sqlalchemy import BigInteger, ColumnElement, String, case, column, func, literal, table

# Rooms of one floor do not import each other: these are the columns of the units' room.
unit = table(
    "unit",
    column("id", BigInteger),
    column("path", String),
    column("kind", String),
)


def scope() -> ColumnElement[str]:
    """Return the path somebody of the joined `unit` sees.

    Everyone sees their own unit and those below it. The hotline's centre serves the whole of
    the unit above it, so its people see from there: `/1/2/` becomes `/1/`.
    """
    own = func.length(unit.c.path) - func.length(func.cast(unit.c.id, String)) - literal(1)
    above = func.substr(unit.c.path, 1, own)
    return case((unit.c.kind == "centre", above), else_=unit.c.path)
