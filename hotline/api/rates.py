"""The rates by request: each with both numbers, what it leaves out, and links to its rows."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from flask import url_for
from pydantic import Field

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.api.tickets import Limit
from hotline.core.language import gettext, local
from hotline.core.roles import Permission
from hotline.rates import evidence, queries, questions
from hotline.rates.fact import LIMITS
from hotline.rates.formulas import Rate
from hotline.rates.groups import Group
from hotline.rates.queries import Report
from hotline.rates.questions import Question
from hotline.rates.words import COHORTS
from hotline.units import queries as units

Limited = Annotated[int, Field(ge=LIMITS[0], le=LIMITS[-1])]


class Period(Model):
    """Days from `from` to `to`, both included, in the hotline's zone; by default this month."""

    from_: Annotated[dt.date | None, Field(alias="from")] = None
    to: dt.date | None = None
    unit: str | None = None
    alone: Annotated[Literal["1"] | None, Field(description="the unit without those below")] = None
    region: str | None = None
    category: str | None = None
    channel: str | None = None
    operator: Annotated[
        str | None,
        Field(description="their id; one of these three, without the above"),
    ] = None
    language: str | None = None
    hour: Annotated[str | None, Field(description="of the day, 00 to 23")] = None
    weekday: Annotated[str | None, Field(description="of that hour, 0 for Monday")] = None
    soon: Annotated[Limited | None, Field(description="a good answer, in seconds: 15")] = None
    short: Annotated[Limited | None, Field(description="a short abandon, in seconds: 5")] = None

    def question(self, now: dt.datetime) -> Question:
        """Return what is asked."""
        given = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        texts = {name: str(value) for name, value in given.items()}
        return questions.read(texts, local(now).date())


class RatesQuery(Period):
    """A period, and what to break the rates down by."""

    group_by: (
        Literal["unit", "region", "category", "channel", "operator", "language", "hour", "day"]
        | None
    ) = None


class RowsQuery(Period):
    """The fact whose rows are wanted, and the question it was counted for."""

    fact: str
    limit: Limit = 50
    cursor: str | None = None


class GroupShape(Model):
    """What a rate is of, where rates are broken down."""

    by: str
    key: str
    name: str


class RowLinks(Model):
    """Where the rows behind both numbers are."""

    numerator: str
    denominator: str


class RateShape(Model):
    """A rate. `value` is a share, 1 for all, null where the denominator is 0.

    Of a mean it is seconds, its numerator milliseconds, and `quantiles` say within how many
    seconds so many per cent ended. `limits` are those asked for, in seconds.
    """

    code: str
    name: str
    numerator: int
    denominator: int
    value: float | None
    printed: str
    interval: Annotated[tuple[float, float] | None, Field(description="95 %, Wilson")]
    unit: Literal["share", "seconds"]
    sums: Annotated[
        Literal["", "ms", "fen"], Field(description="both numbers are sums of it, not counts")
    ]
    limits: Mapping[str, int]
    quantiles: Mapping[int, int | None]
    excluded: Mapping[str, int]
    definition: str
    cohort: str
    as_of: dt.datetime | None
    calendar: Annotated[str, Field(description="version of the calendar that deadlines are of")]
    service_classes: Annotated[str, Field(description="version of the limits")]
    group: GroupShape | None
    rows: RowLinks


class RowShape(Model):
    """A call, callback or ticket that a number counts; `at` put it into its day."""

    kind: Literal["call", "callback", "ticket", "presence"]
    id: str
    at: dt.datetime
    unit: str | None
    region: str | None
    category: str | None
    channel: str | None
    link: str | None


@endpoint(
    Operation(
        "GET", "/rates", "the rates of a period", Permission.RATES,
        shapes.Listed[RateShape], query=RatesQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """Give every rate, once or once a group."""
    way = asked.query.group_by
    report = queries.rates(asked.session, asked.actor, asked.query.question(asked.now), way)
    items = [_shape(rate, group, way, report) for group in report.groups for rate in group.rates]
    return shapes.Listed[RateShape](items=items, next=None)


@endpoint(
    Operation(
        "GET", "/rates/rows", "the calls or tickets behind a number, newest first",
        Permission.RATES, shapes.Listed[RowShape], query=RowsQuery,
    )
)  # fmt: skip
def rows(asked: Asked) -> Model:
    """Give the rows that a fact counts."""
    query = asked.query
    fact, question = evidence.fact(query.fact), query.question(asked.now)
    page = evidence.rows(asked.session, asked.actor, fact, question, query.cursor, query.limit)
    known = units.units_by_ids(asked.session, {row.unit_id for row in page.items if row.unit_id})
    codes = {key: unit.code for key, unit in known.items()}
    items = [_row(row, codes.get(row.unit_id or 0)) for row in page.items]
    return shapes.Listed[RowShape](items=items, next=page.next)


def _shape(rate: Rate, group: Group, way: str | None, report: Report) -> RateShape:
    metric = rate.metric
    asked: dict[str, Any] = group.question.parts()
    links = {
        name: url_for("api.rates_rows", fact=getattr(metric, name), **asked)
        for name in RowLinks.model_fields
    }
    return RateShape(
        code=metric.code,
        name=gettext(metric.name),
        numerator=rate.numerator,
        denominator=rate.denominator,
        value=rate.value,
        printed=rate.printed,
        interval=rate.interval,
        unit="seconds" if metric.mean else "share",
        sums=metric.sums,
        limits=rate.limits,
        quantiles=rate.quantiles,
        excluded=rate.excluded,
        definition=gettext(metric.definition),
        cohort=gettext(COHORTS[metric.cohort]),
        as_of=report.as_of,
        calendar=report.versions.calendar,
        service_classes=report.versions.limits,
        group=GroupShape(by=way, key=group.key, name=gettext(group.name)) if way else None,
        rows=RowLinks(**links),
    )


def _row(row: evidence.Row, unit: str | None) -> RowShape:
    ticket = row.kind == "ticket"
    return RowShape(
        kind=row.kind,
        id=row.label,
        at=row.at,
        unit=unit,
        region=row.region,
        category=row.category,
        channel=row.channel,
        link=url_for("api.tickets_show", number=row.label) if ticket else None,
    )
