"""`flask reconcile`: our calls and messages against the carrier's own lists."""

import datetime as dt
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import click
from flask import current_app

from hotline.cli.speaking import Command, Failed, plainly, progress
from hotline.core.db import reading, transaction
from hotline.core.errors import Invalid
from hotline.core.language import written, zone
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.intake import quarters, queries
from hotline.intake.models import Kind
from hotline.intake.reconcile import Outcome, compare
from hotline.telephony.port import CarrierBusy, CarrierError

DAY: Final = dt.timedelta(days=1)
MOMENT: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
PAUSES: Final = (1.0, 3.0, 9.0)  # seconds; the carrier never began on what it was too busy for


@click.command("reconcile", cls=Command)
@click.option("--from", "since", type=MOMENT, help="In the hotline's zone; by default a day ago.")
@click.option("--to", "until", type=MOMENT, help="By default now.")
@plainly
def reconcile(since: dt.datetime | None, until: dt.datetime | None) -> None:
    """Compare with the carrier's own lists, and take in what lost webhooks left out.

    Whole quarters of an hour are compared. Running it again changes nothing. The status
    is 1 if the carrier does not answer, or lists something that no row of ours explains.
    """
    now = utcnow()
    end = min(_moment(until) or now, now)
    begin = _moment(since) or end - DAY
    if begin >= end:
        raise Invalid({"from": N_("开始时间须早于结束时间，也不能在将来")})
    outcome = Outcome()
    stretches = list(quarters.stretches(list(quarters.between(begin, end))))
    for stretch in progress(stretches, "Comparing"):
        outcome.add(_compare(stretch))
    _tell(outcome, stretches[0][0], stretches[-1][1])


def _moment(given: dt.datetime | None) -> dt.datetime | None:
    return given and given.replace(tzinfo=zone()).astimezone(dt.UTC)


def _compare(stretch: quarters.Stretch) -> Outcome:
    hotline = current_app.extensions["hotline"]
    ask = partial(
        compare,
        transaction,
        hotline.carrier,
        hotline.settings.hotline_number,
        stretch,
        clock=utcnow,
    )
    try:
        return _patiently(ask)
    except CarrierError as error:
        since = written(stretch[0])
        raise Failed(f"The carrier does not answer ({error}); not compared from {since}") from None


def _patiently(ask: Callable[[], Outcome]) -> Outcome:
    for pause in PAUSES:
        try:
            return ask()
        except CarrierBusy as busy:
            time.sleep(max(pause, busy.retry_after or 0.0))
    return ask()


def _tell(outcome: Outcome, since: dt.datetime, until: dt.datetime) -> None:
    click.echo(f"{written(since)} - {written(until)}")
    for kind in Kind:
        counts = outcome.listed[kind], outcome.found[kind], outcome.mended[kind]
        click.echo("{:9}{:6} listed{:6} differed{:6} mended".format(kind, *counts))
    with reading() as session:
        still_open = queries.open_differences(session, since, until)
        for one in still_open:
            click.echo(f"open: {one.kind} {one.gap} {one.sid} {written(one.at)}")
    if still_open:
        raise Failed(f"{len(still_open)} differences stay open: nothing of ours explains them")
