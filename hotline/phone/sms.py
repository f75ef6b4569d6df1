"""Webhooks for SMS: what the public writes, and what became of what we wrote."""

import re
from typing import Final

from flask import Blueprint, Response, request

from hotline.core.db import transaction
from hotline.core.doors import signed
from hotline.core.errors import Invalid
from hotline.core.rows import id_in
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.intake import service as intake
from hotline.messages import service as messages
from hotline.phone.errors import XML, answer_errors
from hotline.phone.signature import check_signature
from hotline.telephony import twiml
from hotline.telephony.port import InboundSms

SID: Final = re.compile(r"[A-Za-z0-9-]{2,64}")

bp = Blueprint("phone_sms", __name__, url_prefix="/phone/sms")
bp.before_request(check_signature)
answer_errors(bp, twiml.silence)


@bp.post("")
@signed
def inbound() -> Response:
    """Take one SMS. Every answer to the sender goes by the outbox, none in this document.

    The clock sends it within two seconds. Nobody is nudged: a worker that talks to the
    carrier during a rush of SMS would take them in many times slower.
    """
    sms, now = InboundSms.from_form(request.form), utcnow()
    _check(sms.sid)
    transaction(lambda session: intake.receive_sms(session, sms, now))
    return Response(twiml.silence(), mimetype=XML)


@bp.post("/status")
@signed
def delivery() -> tuple[str, int]:
    """Take a report on an SMS we sent; `o` is our own id of it."""
    sid, status = request.form.get("MessageSid", ""), request.form.get("MessageStatus", "")
    error, ours, now = _number("ErrorCode"), _number("o"), utcnow()
    _check(sid)
    transaction(
        lambda session: messages.settle_delivery(session, sid, status, error, now, message_id=ours)
    )
    return "", 204


def _check(sid: str) -> None:
    if not SID.fullmatch(sid):
        raise Invalid({"MessageSid": N_("不是有效的编号")})


def _number(name: str) -> int | None:
    return id_in(request.values.get(name, ""))
