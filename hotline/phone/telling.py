"""From a signed form to an answer: one transaction, or the disk while there is no database."""

import re
from pathlib import Path
from typing import Final

from flask import Response, current_app, request

from hotline.callbacks import service as callbacks
from hotline.calls import events, spool
from hotline.calls.events import Told
from hotline.core.db import Session, transaction
from hotline.core.errors import Invalid, Unavailable
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.phone.errors import XML

SID: Final = re.compile(r"[A-Za-z0-9-]{2,64}")


def told(route: str, about: int = 0) -> Told:
    """Return what the carrier tells in the present request.

    What is told of a conference names no call; the address does.

    Raises:
        Invalid: It names neither.
    """
    named = request.form.get("CallSid") or request.form.get("ConferenceSid", "")
    if not SID.fullmatch(named):
        raise Invalid({"CallSid": N_("不是有效的编号")})
    base = current_app.extensions["hotline"].settings.public_url
    return Told(route, request.form.to_dict(), utcnow(), about, base)


def answer(event: Told) -> Response:
    """Take *event*, with what follows from it, and answer as it was first answered."""
    document = transaction(lambda session: _take(session, event))
    if event.route != "voice":  # nothing waits for a call that hears its greeting
        current_app.extensions["hotline"].nudge()
    return speak(document)


def _take(session: Session, event: Told) -> str | None:
    document = events.take(session, event)
    if event.route not in events.LOOKING:
        call = events.concerned(session, event)
        if call is not None:
            callbacks.heed(session, call, now=event.at)
    return document


def answer_or_keep(event: Told, meanwhile: str | None = None) -> Response:
    """Take *event*; while the database is down keep it on disk, which is as durable."""
    try:
        return answer(event)
    except Unavailable:
        keep(event)
        return speak(meanwhile)


def keep(event: Told) -> None:
    """Write *event* to disk; the clock enters it once there is a database again."""
    spool.keep(folder(), event)


def folder() -> Path:
    """Return where events wait."""
    return Path(current_app.instance_path) / "spool"


def speak(document: str | None) -> Response:
    """Answer with a *document*, or with 204 where none is wanted."""
    if document is None:
        return Response(status=204)
    return Response(document, mimetype=XML)
