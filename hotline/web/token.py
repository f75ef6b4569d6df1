"""The pass of the browser line: what the operator's page needs to be a telephone."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from hotline.core.doors import current_actor, permits
from hotline.core.errors import GuardFailed
from hotline.core.roles import Permission
from hotline.core.words import N_
from hotline.staff.presence import Line
from hotline.telephony import access, spoken
from hotline.web import softphone

bp = Blueprint("token", __name__, url_prefix="/desk")


@bp.post("/token")
@permits(Permission.DESK)
def issue() -> ResponseReturnValue:
    """Give an operator's browser its pass for an hour.

    Raises:
        GuardFailed: The carrier's API key is not set, so there is no browser line.
    """
    settings = current_app.extensions["hotline"].settings
    if Line.BROWSER not in softphone.lines():
        raise GuardFailed(
            N_("浏览器线路没有开通：请管理员设置 TWILIO_API_KEY 和 TWILIO_API_SECRET。"),
            guard="browser-line",
        )
    token = access.browser_pass(
        settings.twilio_account_sid,
        settings.twilio_api_key,
        settings.twilio_api_secret.get_secret_value(),
        spoken.identity(current_actor().id or 0),
    )
    return jsonify(token=token, seconds=access.LIVES)
