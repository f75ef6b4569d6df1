"""The time from one moment to another, in SQL on both engines."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

DAY: Final = 86_400_000  # ms
Moment = SQLColumnExpression[Any]


class Elapsed(FunctionElement[int]):
    """Whole milliseconds from the first moment to the second; NULL where one is missing."""

    type = BigInteger()
    name = "elapsed"
    inherit_cache = True


def elapsed(since: Moment, until: Moment) -> ColumnElement[int]:
    """Return the milliseconds from *since* to *until*, two columns of moments."""
    return Elapsed(since, until)


@compiles(Elapsed, "postgresql")
def _on_postgresql(element: Elapsed, compiler: SQLCompiler, **given: Any) -> str:
    since, until = (compiler.process(part, **given) for part in element.clauses)
    return f"CAST(round(extract(epoch FROM ({until} - {since})) * 1000) AS BIGINT)"


@compiles(Elapsed, "sqlite")
def _on_sqlite(element: Elapsed, compiler: SQLCompiler, **given: Any) -> str:
    since, until = (compiler.process(part, **given) for part in element.clauses)
    return f"CAST(round((julianday({until}) - julianday({since})) * {DAY}) AS INTEGER)"
