"""How values are written on a page: moments, spans, masked people, words for codes."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, url_for
from markupsafe import Markup, escape

from hotline.core import chinese
from hotline.core.language import english, gettext, local, written
from hotline.core.privacy import mask_name, mask_phone
from hotline.core.time import utcnow
from hotline.deadlines import telling
from hotline.money.amounts import yuan
from hotline.rates.formulas import percent
from hotline.tickets.review import LABELS as REMARKS
from hotline.web import charts, clocks, looks, sides, softphone, words
from hotline.web.commands import KEYS

STATIC: Final = Path(__file__).parent / "static"


def register(app: Flask) -> None:
    """Teach the templates."""
    app.jinja_env.filters.update(
        moment=moment,
        second=lambda at: local(at).strftime("%H:%M:%S"),
        written=written,
        iso_moment=lambda text: moment(dt.datetime.fromisoformat(text)),
        span=span,
        seconds_span=lambda seconds: span(dt.timedelta(seconds=seconds)),
        phone=mask_phone,
        masked=mask_name,
        yuan=yuan,
        said=gettext,
        word=words.word,
        named=named,
        worded=lambda codes: [(code, words.word(code)) for code in codes],
        spoken=lambda texts: [(key, gettext(text)) for key, text in texts.items()],
        called=name_of,
        derivation=telling.all_told,
        limit=telling.limit_words,
        percent=percent,
        subject=subject_of,
        initials=chinese.initials,
    )
    app.jinja_env.globals.update(
        _=said,
        asset=asset,
        english=english,
        clock=clocks.chip,
        icon=icon,
        keys_of=KEYS.__getitem__,
        looks=looks,
        sides=sides.open_to,
        softphone=softphone,
        track=looks.track,
        texts=words,
        remark_labels=REMARKS,
        wave=charts.wave,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


@cache
def icon(name: str, extra: str = "") -> Markup:
    """Return a symbol of the sprite; it is silent, a word stands beside it."""
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        extra, asset("vendor/icons.svg"), name
    )


@cache
def asset(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return url_for("web.static", filename=name, v=mark)


def moment(at: dt.datetime | None, *, full: bool = False) -> Markup | str:
    """Write a moment shortly, with the whole of it on hover: `14:05`, `11-22 14:05`."""
    if at is None:
        return "–"
    whole, there, here = written(at), local(at), local(utcnow())
    if full or there.year != here.year:
        text = whole
    else:
        text = whole[11:] if there.date() == here.date() else whole[5:]
    return Markup(f'<time datetime="{at.isoformat()}" title="{whole}">{text}</time>')  # noqa: S704 - digits only


def said(text: str, /, **values: Any) -> Markup:
    """Return a template's own *text* in the reader's language; the *values* are escaped."""
    safe = {name: escape(value) for name, value in values.items()}
    return Markup(gettext(text) % safe)  # noqa: S704 - the catalogue's words


def span(length: dt.timedelta | float | None) -> str:
    """Write a length of time in its two largest parts: `3 时 20 分`; numbers are seconds."""
    if length is None:
        return "–"
    if not isinstance(length, dt.timedelta):
        length = dt.timedelta(seconds=length)
    return " ".join(f"{number} {gettext(unit)}" for number, unit in clocks.parts(length))


def name_of(row: Any) -> str:
    """Return a row's name in the reader's language."""
    return str((english() and getattr(row, "name_en", None)) or row.name)


def subject_of(category: Any) -> str:
    """Return a category with its group: `工伤·认定`."""
    group = category.group_name_en if english() else category.group_name
    return f"{group}·{name_of(category)}"


def named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the codes and names of *rows*, for a field that chooses one."""
    return [(row.code, name_of(row)) for row in rows]
