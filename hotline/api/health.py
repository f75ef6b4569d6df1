"""Signs of life for whoever watches: alive, ready, and the figures."""

import datetime as dt
import hmac
import ipaddress
from functools import cache
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)

from hotline.core import heartbeat
from hotline.core.db import reading
from hotline.core.doors import public
from hotline.core.errors import Forbidden
from hotline.core.revision import head, present
from hotline.core.time import utcnow

bp: Final = Blueprint("health", __name__)
SILENCE: Final = dt.timedelta(seconds=60)


@bp.get("/healthz")
@public("says only that the process lives")
def alive() -> ResponseReturnValue:
    """Answer while the process lives."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public("says only what is not ready, in one word each")
def ready() -> ResponseReturnValue:
    """Answer 200 with database, migrations at head and a clock lately heard from; else 503."""
    failing = _failing()
    return jsonify(ready=not failing, failing=failing), 503 if failing else 200


@bp.get("/metrics")
@public("asks for loopback or a token itself")
def metrics() -> ResponseReturnValue:
    """Give the figures to loopback, or to whoever has the metrics token."""
    token = current_app.extensions["hotline"].settings.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    has_token = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not has_token and not _from_loopback(request.remote_addr or ""):
        raise Forbidden
    return Response(generate_latest(_figures()), content_type=CONTENT_TYPE_LATEST)


def _figures() -> CollectorRegistry:
    """Return the figures of all workers together, where `serve` made a place to share them.

    Whichever worker is asked, a count never falls from one reading to the next.
    """
    together = CollectorRegistry()
    try:
        multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call] # it says no types
    except ValueError:
        return REGISTRY
    return together


def _failing() -> list[str]:
    try:
        with reading() as session:
            revision = present(session)
            heard = heartbeat.last_heard(session)
    except Exception:  # noqa: BLE001 - whatever keeps the database from answering
        current_app.logger.warning("readyz: the database does not answer")
        return ["database"]
    failing = [] if revision == newest() else ["migrations"]
    if heard is None or utcnow() - heard > SILENCE:
        failing.append("clock")
    return failing


@cache
def newest() -> str:
    """Return the revision this code was written for."""
    return head(current_app.extensions["migrate"].directory)


def _from_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
