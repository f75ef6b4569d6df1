"""The door of whoever has a terminal: `flask staff add`, `flask settings` …"""

from flask import Flask

from hotline.cli.demo import demo
from hotline.cli.ledger import ledger
from hotline.cli.people import staff, token
from hotline.cli.policy import calendar
from hotline.cli.rates import rates
from hotline.cli.reconcile import reconcile
from hotline.cli.record import audit
from hotline.cli.settings import settings

COMMANDS = (staff, token, rates, reconcile, ledger, audit, settings, calendar, demo)


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
