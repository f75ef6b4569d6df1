"""The least a server can do: a bare Flask view that does one INSERT and COMMIT.

    FLOOR_DATABASE=… gunicorn bench.floor:app

No signature is checked, no second delivery noticed; one row, durable, and an answer.
"""

import datetime as dt
import json
import os
import sqlite3
import threading
from typing import Any, Final

from flask import Flask, Response, request

DATABASE: Final = os.environ["FLOOR_DATABASE"]  # a PostgreSQL address, or SQLite's file
PRAGMAS: Final = json.loads(os.environ.get("FLOOR_PRAGMAS", "[]"))
MARK: Final = "?" if PRAGMAS else "%s"
INSERT: Final = (
    f"INSERT INTO inbound (sid, sender, body, at) VALUES ({MARK}, {MARK}, {MARK}, {MARK})"
)

app = Flask("floor")
_mine = threading.local()


def _connection() -> Any:
    """Return this thread's connection, in autocommit: the INSERT commits itself."""
    if not hasattr(_mine, "connection"):
        _mine.connection = _open()
    return _mine.connection


def _open() -> Any:
    if not PRAGMAS:
        import psycopg

        return psycopg.connect(DATABASE, autocommit=True)
    connection = sqlite3.connect(DATABASE, timeout=8, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


@app.post("/phone/sms")
def inbound() -> Response:
    """Keep one SMS."""
    form = request.form
    now = dt.datetime.now(dt.UTC).isoformat()
    _connection().execute(INSERT, (form["MessageSid"], form["From"], form["Body"], now))
    return Response("<Response/>", mimetype="text/xml")


@app.get("/healthz")
def alive() -> str:
    """Answer while the process lives."""
    return "ok"
