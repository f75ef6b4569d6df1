"""The application as WSGI servers and the `flask` command find it."""

import sys

import config
from hotline.app import create_app, create_help

try:
    app = create_app()
except config.SettingsError as error:
    if "--help" not in sys.argv:
        sys.exit(f"hotline: {error}")
    app = create_help()
