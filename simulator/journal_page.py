"""The journal as a web page: what the carrier asked and what the hotline answered."""

from html import escape
from typing import Final

from simulator.exchange import Exchange
from simulator.journal import Entry
from simulator.rest.request import Request, Response

_HTML: Final = "text/html; charset=utf-8"
_SHOWN: Final = 200
_PAGE: Final = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta http-equiv="refresh" content="5"><title>模拟运营商</title>
<style>body{{font:14px/1.5 system-ui,sans-serif;margin:1rem 2rem;color:#1d2733}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;vertical-align:top;
padding:.3rem .6rem;border-bottom:1px solid #d8dee5}}pre{{white-space:pre-wrap;margin:0}}
.bad{{color:#a1161b}}summary{{cursor:pointer}}</style>
<h1>模拟运营商 {number}</h1>
<p>通话中 {live} · 排队 {waiting} · 短信 {texts} · 回调 {hooks}</p>
<table><thead><tr><th>时间<th>事件<th>地址<th>状态<th>毫秒<th>内容</tr></thead>
<tbody>{rows}</tbody></table></html>"""


def respond(exchange: Exchange, request: Request) -> Response:
    """Answer with the page at `/` and 404 elsewhere."""
    if request.path != "/":
        return Response(404, b"", _HTML)
    rows = "".join(_row(entry) for entry in reversed(exchange.journal[-_SHOWN:]))
    page = _PAGE.format(
        number=escape(exchange.line.number),
        live=sum(not leg.ended for leg in exchange.legs.values()),
        waiting=sum(len(queue.members) for queue in exchange.queues.values()),
        texts=len(exchange.messages),
        hooks=len(exchange.journal),
        rows=rows,
    )
    return Response(200, page.encode(), _HTML)


def _row(entry: Entry) -> str:
    trouble = " ".join(filter(None, [entry.fault, str(entry.error or ""), *entry.warnings]))
    params = "\n".join(f"{name}={value}" for name, value in entry.params.items() if value)
    cells = (
        f"{entry.at:%H:%M:%S}",
        escape(entry.kind),
        escape(f"{entry.method} {entry.url}"),
        f"{entry.status or '—'} <span class=bad>{escape(trouble)}</span>",
        f"{entry.ms:.0f}",
        f"<details><summary>…</summary><pre>{escape(params)}\n\n{escape(entry.body)}</pre></details>",
    )
    return f"<tr>{''.join(f'<td>{cell}' for cell in cells)}</tr>"
