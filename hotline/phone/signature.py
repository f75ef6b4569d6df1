"""Whether a request comes from the carrier; what does not is counted and leaves no trace."""

from typing import Final

from flask import current_app, request
from prometheus_client import Counter

from hotline.core.errors import Forbidden
from hotline.telephony import signature

HEADER: Final = "X-Twilio-Signature"
REFUSED: Final = Counter(
    "hotline_phone_refused", "Requests the carrier did not sign, or for another account", ["why"]
)
for why in ("signature", "account"):
    REFUSED.labels(why)  # none so far is a figure too


def check_signature() -> None:
    """Refuse a request without our account's signature; a blueprint's `before_request`.

    Raises:
        Forbidden: The signature is missing or wrong, or the account is not ours.
    """
    settings = current_app.extensions["hotline"].settings
    is_form = request.mimetype in signature.FORMS
    signed = signature.verify(
        settings.auth_tokens,
        signature.public_url(settings.public_url, request.environ),
        request.form.items(multi=True) if is_form else (),
        request.headers.get(HEADER),
        body=b"" if is_form else request.get_data(),
        content_type=request.mimetype,
    )
    ours = request.values.getlist("AccountSid") == [settings.twilio_account_sid]
    if not signed or not ours:
        REFUSED.labels("account" if signed else "signature").inc()
        raise Forbidden
