"""Which language to speak, and how a moment is written for people."""

import datetime as dt
import zoneinfo
from typing import Any, NamedTuple

from flask import g
from flask_babel import Babel, LazyString, get_locale, get_translations

__all__ = [
    "Babel",
    "_",
    "_l",
    "english",
    "gettext",
    "local",
    "ngettext",
    "use_zone",
    "written",
    "zone",
]


class Reader(NamedTuple):
    """The catalogue of whoever reads, and whether it is the English one."""

    catalogue: Any
    english: bool


def _reader() -> Reader:
    """Return the present reader's, looked up once a request: a page asks some hundred times."""
    try:
        found: Reader = g.reader
    except AttributeError:
        found = g.reader = Reader(get_translations(), str(get_locale()) == "en")
    except RuntimeError:  # nobody asks: a job, a pure test
        return Reader(get_translations(), english=False)
    return found


def gettext(text: str, /, **values: Any) -> str:
    """Return *text* in the reader's language, its gaps filled with *values*."""
    found: str = _reader().catalogue.ugettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """Return *one* or *many*, as *n* has it, in the reader's language."""
    found: str = _reader().catalogue.ungettext(one, many, n)
    return found % {"num": n, **values}


def english() -> bool:
    """Return whether the reader reads English."""
    return _reader().english


def _later(text: str, /, **values: Any) -> Any:
    """Return *text* as what becomes the reader's language when it is shown."""
    return LazyString(gettext, text, **values)


_ = gettext
_l: Any = _later

_zone = [zoneinfo.ZoneInfo("Asia/Shanghai")]


def use_zone(name: str) -> None:
    """Set the hotline's zone; the app does it once at start."""
    _zone[0] = zoneinfo.ZoneInfo(name)


def zone() -> zoneinfo.ZoneInfo:
    """Return the hotline's zone."""
    return _zone[0]


def local(moment: dt.datetime) -> dt.datetime:
    """Return *moment* in the hotline's zone."""
    return moment.astimezone(_zone[0])


def written(moment: dt.datetime | None) -> str:
    """Write *moment* as people read it here: `2026-11-22 14:05`; `–` for none."""
    return local(moment).strftime("%Y-%m-%d %H:%M") if moment else "–"
