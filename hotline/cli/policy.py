"""`flask calendar import`: the year's arrangement of working days."""

import csv
from pathlib import Path

import click

from hotline.cli.speaking import ACTOR, Group, plainly
from hotline.core.db import transaction
from hotline.core.errors import Invalid
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.deadlines import service


@click.group("calendar", cls=Group)
def calendar() -> None:
    """The calendar of working days."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@plainly
def import_days(file: Path) -> None:
    """Take in FILE, a CSV with the columns day, kind, name, source and perhaps scope.

    Kinds are holiday, makeup, workday and rest. A year named for everybody is confirmed
    whole: days that the file does not name follow the week.
    """
    rows = _rows(file)
    changed = transaction(
        lambda session: service.import_days(session, rows, actor=ACTOR, now=utcnow())
    )
    click.echo(f"{changed} days changed")


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            return list(csv.DictReader(lines))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid({"file": N_("文件须为 UTF-8 编码的 CSV")}) from None
