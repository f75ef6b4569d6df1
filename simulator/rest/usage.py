"""How much was used, in the REST API."""

from typing import Any, Final

from simulator.exchange import Exchange
from simulator.progress import API_VERSION
from simulator.rest.paging import page
from simulator.rest.request import Request, Response, route


def listing(exchange: Exchange, request: Request) -> Response:
    """List the use of calls and messages since the simulator started."""
    minutes = sum(-(-leg.seconds // 60) for leg in exchange.legs.values())
    sent = [m for m in exchange.messages.values() if m.direction != "inbound"]
    segments = sum(m.segments for m in sent)
    records = [
        _record(exchange, "calls", len(exchange.legs), "calls", minutes, "minutes"),
        _record(exchange, "sms-outbound", len(sent), "messages", segments, "segments"),
    ]
    wanted = request.get("Category")
    found = [r for r in records if wanted in (None, r["category"])]
    return page(request, "usage_records", found, dict[str, Any])


def _record(
    exchange: Exchange, category: str, count: int, count_unit: str, usage: int, usage_unit: str
) -> dict[str, Any]:
    today = exchange.clock.now()
    base = f"/2010-04-01/Accounts/{exchange.account.sid}/Usage/Records"
    return {
        "account_sid": exchange.account.sid,
        "api_version": API_VERSION,
        "as_of": today.isoformat(),
        "category": category,
        "count": str(count),
        "count_unit": count_unit,
        "description": category.replace("-", " ").capitalize(),
        "end_date": today.date().isoformat(),
        "price": 0,
        "price_unit": "usd",
        "start_date": today.date().isoformat(),
        "subresource_uris": {},
        "uri": f"{base}.json?Category={category}",
        "usage": str(usage),
        "usage_unit": usage_unit,
    }


ROUTES: Final = (
    route("GET", "Usage/Records.json", listing),
    route("GET", "Usage/Records/Today.json", listing),
)
