"""What the carrier is answered when something fails: always a document it can read."""

from collections.abc import Callable

from flask import Blueprint, Response
from werkzeug.exceptions import InternalServerError

from hotline.core.errors import HotlineError

XML = "text/xml"


def answer_errors(blueprint: Blueprint, document: Callable[[], str]) -> None:
    """Let every error of *blueprint* be answered with its status and *document*.

    The carrier takes the number's fallback on a status of 5xx; a document it cannot
    parse would make it drop the caller.
    """

    def spoken(error: HotlineError) -> Response:
        return Response(document(), status=error.status, mimetype=XML)

    def broken(_error: InternalServerError) -> Response:
        return Response(document(), status=500, mimetype=XML)

    blueprint.register_error_handler(HotlineError, spoken)
    blueprint.register_error_handler(InternalServerError, broken)
