"""The door of whoever has a terminal: `flask staff add`, `flask settings` …"""

from flask import Flask

from hotline.cli.demo import demo
from hotline.cli.imports import import_file
from hotline.cli.ledger import ledger
from hotline.cli.people import staff, token
from hotline.cli.policy import calendar
from hotline.cli.prompts import prompts
from hotline.cli.rates import rates
from hotline.cli.reconcile import reconcile
from hotline.cli.record import audit
from hotline.cli.search import search
from hotline.cli.settings import settings

COMMANDS = (
    staff, token, rates, reconcile, ledger, audit, search, settings, calendar, prompts,
    import_file, demo,
)  # fmt: skip


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
