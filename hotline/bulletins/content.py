"""A snapshot as the text that is signed, and back: plain JSON that `bin/verify` reads too.

Definitions are written out, so that a bulletin says what its figures meant on the day it was
published, whatever the code says later. Names are Chinese, with English where tables have it.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hotline.bulletins.snapshot import Snapshot
from hotline.core.language import zone
from hotline.deadlines.versions import Versions
from hotline.rates import formulas, questions
from hotline.rates.formulas import Metric, Rate
from hotline.rates.groups import Group
from hotline.rates.hourly import Window
from hotline.rates.queries import Stock

FORMAT: Final = "hotline-bulletin-1"
OF_A_METRIC: Final = [field.name for field in dataclasses.fields(Metric)]

Content = Mapping[str, Any]


def text(content: Content) -> str:
    """Return *content* as the one text it has."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def written(snapshot: Snapshot) -> dict[str, Any]:
    """Return the numbers of *snapshot* as JSON has them."""
    return {
        "format": FORMAT,
        "zone": str(zone()),
        "as_of": snapshot.as_of.astimezone(dt.UTC).isoformat() if snapshot.as_of else None,
        "question": snapshot.question.parts(),
        "versions": _versions(snapshot.versions),
        "metrics": [_metric(rate.metric) for rate in snapshot.whole.rates],
        "rates": [_rate(rate) for rate in snapshot.whole.rates],
        "counts": {name: n for name, n in sorted(snapshot.counts.items()) if n},
        "parts": {way: [_part(one) for one in parts] for way, parts in snapshot.parts.items()},
        "worst": _window(snapshot.worst),
        "stock": [[one.question.parts(), one.open, one.suspended] for one in snapshot.stock],
    }


def _metric(metric: Metric) -> dict[str, Any]:
    return {name: getattr(metric, name) for name in OF_A_METRIC} | {
        "excluded": dict(metric.excluded)
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "code": rate.metric.code,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "excluded": dict(rate.excluded),
        "printed": rate.printed,
        "interval": [round(end, 6) for end in rate.interval] if rate.interval else None,
        "limits": dict(rate.limits),
        "quantiles": {str(share): n for share, n in rate.quantiles.items()},
    }


def _part(group: Group) -> dict[str, Any]:
    """Write a part by its counts: what its rates divide, and every fact."""
    made = {name: n for rate in group.rates for name, n in _divided(rate)}
    counts = {name: n for name, n in group.counts.items() if ":" not in name} | made
    return {
        "key": group.key,
        "name": group.name,
        "name_en": group.name_en,
        "question": group.question.parts(),
        "counts": {name: n for name, n in sorted(counts.items()) if n},
    }


def _divided(rate: Rate) -> Sequence[tuple[str, int]]:
    apart = [(rate.metric.excluded[reason], n) for reason, n in rate.excluded.items()]
    two = (rate.metric.numerator, rate.numerator), (rate.metric.denominator, rate.denominator)
    return [*two, *apart]


def _versions(found: Versions) -> dict[str, Any]:
    until = found.confirmed_until.isoformat() if found.confirmed_until else None
    return dataclasses.asdict(found) | {"classes": [*found.classes], "confirmed_until": until}


def _window(window: Window | None) -> list[Any] | None:
    return [window.start.isoformat(), window.answered, window.queued] if window else None


def read(content: Content) -> Snapshot:
    """Return the snapshot that `written` wrote down."""
    today = dt.date.min  # every question names its days
    question = questions.read(content["question"], today)
    metrics = {one["code"]: Metric(**one) for one in content["metrics"]}
    rates = [_read_rate(one, metrics[one["code"]]) for one in content["rates"]]
    return Snapshot(
        question=question,
        as_of=_moment(content["as_of"]),
        whole=Group("", "", question, rates, counts=content["counts"]),
        parts={
            way: [_read_part(one, metrics, today) for one in parts]
            for way, parts in content["parts"].items()
        },
        worst=_read_window(content["worst"]),
        stock=[Stock(questions.read(q, today), *two) for q, *two in content["stock"]],
        versions=_read_versions(content["versions"]),
    )


def _read_rate(one: Mapping[str, Any], metric: Metric) -> Rate:
    quantiles = {int(share): n for share, n in one["quantiles"].items()}
    numbers = one["numerator"], one["denominator"], one["excluded"]
    return Rate(metric, *numbers, one["limits"], quantiles)


def _read_part(one: Mapping[str, Any], metrics: Mapping[str, Metric], today: dt.date) -> Group:
    rates = [formulas.fill(metric, one["counts"]) for metric in metrics.values()]
    question = questions.read(one["question"], today)
    return Group(one["key"], one["name"], question, rates, one["name_en"], one["counts"])


def _read_window(found: Sequence[Any] | None) -> Window | None:
    return Window(dt.datetime.fromisoformat(found[0]), found[1], found[2]) if found else None


def _read_versions(found: Mapping[str, Any]) -> Versions:
    until = found["confirmed_until"]
    return Versions(**{**found, "confirmed_until": until and dt.date.fromisoformat(until)})


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
