"""What was recorded of our prompts: the carrier fetches it to play it to a caller."""

from flask import Blueprint, Response, abort, send_file

from hotline.core.doors import public
from hotline.telephony import prompts

bp = Blueprint("phone_prompts", __name__, url_prefix="/prompts")


@bp.get("/<language>/<name>")
@public("every caller hears it, and the carrier fetches sounds without a signature")
def show(language: str, name: str) -> Response:
    """Return the recording of a prompt."""
    path = prompts.recording(language, name)
    if path is None or not path.is_file():
        abort(404)
    return send_file(path, mimetype=prompts.FORMATS[path.suffix], conditional=True)
