"""Lists in pages, filtered by what the query asks."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from simulator.rest.request import ApiError, Request, Response, reply

T = TypeVar("T")

_PAGE: Final = 50
_LARGEST_PAGE: Final = 1000


def page(
    request: Request, key: str, items: Sequence[T], show: Callable[[T], Mapping[str, Any]]
) -> Response:
    """Return the page of *items* the query asks for, under the name *key*.

    Only what stands on the page is written out with *show*: a list may be long.
    """
    size = max(1, min(int(request.number("PageSize", _PAGE)), _LARGEST_PAGE))
    number = max(0, int(request.number("Page", 0)))
    start = number * size
    shown = [show(item) for item in items[start : start + size]]
    more = start + size < len(items)
    return reply(
        {
            key: shown,
            "page": number,
            "page_size": size,
            "start": start,
            "end": start + max(0, len(shown) - 1),
            "uri": _address(request, number, size),
            "first_page_uri": _address(request, 0, size),
            "previous_page_uri": _address(request, number - 1, size) if number else None,
            "next_page_uri": _address(request, number + 1, size) if more else None,
        }
    )


def within(request: Request, name: str) -> Callable[[dt.datetime | None], bool]:
    """Return a filter of moments by the parameters *name*, `name<` and `name>`.

    A plain date means that day; `<` and `>` include the moment they name, and a date
    there means its midnight in UTC.
    """
    on, until, since = (_moment(request, f"{name}{sign}") for sign in ("", "<", ">"))

    def fits(moment: dt.datetime | None) -> bool:
        if moment is None:
            return on is None and until is None and since is None
        return (
            (on is None or moment.date() == on.date())
            and (until is None or moment <= until)
            and (since is None or moment >= since)
        )

    return fits


def equal(request: Request, **names: str) -> Callable[[object], bool]:
    """Return a filter: each parameter given must equal the attribute named for it."""
    wanted = {
        attribute: value
        for attribute, parameter in names.items()
        if (value := request.get(parameter)) is not None
    }
    return lambda item: all(getattr(item, name) == value for name, value in wanted.items())


def _address(request: Request, number: int, size: int) -> str:
    query = {k: v[0] for k, v in request.query.items() if k not in ("Page", "PageSize")}
    return f"{request.path}?{urlencode(query | {'PageSize': size, 'Page': number})}"


def _moment(request: Request, name: str) -> dt.datetime | None:
    text = request.get(name)
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = _rfc(text, name)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment


def _rfc(text: str, name: str) -> dt.datetime:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        raise ApiError(400, 20001, f"Parameter '{name}' is not valid") from None
