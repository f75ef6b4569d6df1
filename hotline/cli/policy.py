"""`flask calendar import`: the year's arrangement of working days."""

import csv
from pathlib import Path

import click

from hotline.cli.speaking import ACTOR, Failed, Group, plainly
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
@click.option("--despite-doubts", is_flag=True, help="Take it in though a library differs.")
@plainly
def import_days(file: Path, *, despite_doubts: bool) -> None:
    """Take in FILE, a CSV with the columns day, kind, name, source and perhaps until and scope.

    Kinds are holiday, makeup, workday and rest. A year named for everybody is confirmed
    whole: days that the file does not name follow the week. Years that the library of
    holidays knows are compared with it, and a file that differs is refused.
    """
    rows = _rows(file)
    doubts = service.second_opinion(rows)
    if doubts and not despite_doubts:
        days = ", ".join(f"{each.day}" for each in doubts)
        raise Failed(f"the library of holidays differs on {days}; --despite-doubts takes it in")
    changed = transaction(
        lambda session: service.import_days(
            session, rows, actor=ACTOR, now=utcnow(), name=file.name
        )
    )
    click.echo(f"{changed} days changed")


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            return list(csv.DictReader(lines))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid({"file": N_("文件须为 UTF-8 编码的 CSV")}) from None
