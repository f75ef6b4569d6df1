"""The programs' door: JSON over HTTP for whoever holds a token; contract, section 5."""

from flask import Flask

from hotline.api import (
    actions,
    articles,
    bulletins,
    callbacks,
    calls,
    campaigns,
    casework,
    directory,
    employers,
    health,
    ledger,
    messages,
    presence,
    problems,
    rates,
    schema,
    search,
    tickets,
)
from hotline.api.endpoint import bp

__all__ = ["register"]

ROOMS = (
    tickets,
    actions,
    casework,
    search,
    calls,
    callbacks,
    messages,
    directory,
    employers,
    articles,
    presence,
    rates,
    bulletins,
    campaigns,
    ledger,
)

problems.register(bp)


def register(app: Flask) -> None:
    """Open the door on *app*."""
    app.register_blueprint(bp)
    app.register_blueprint(schema.bp)
    app.register_blueprint(health.bp)
