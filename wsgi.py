"""The application as WSGI servers and the `flask` command find it."""

import sys

import config
from hotline.app import create_app

try:
    app = create_app()
except config.SettingsError as error:
    sys.exit(f"hotline: {error}")
