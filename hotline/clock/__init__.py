"""The door through which time comes in: what happens by itself, and how often."""

from flask import Flask

from hotline.clock.command import clock


def register(app: Flask) -> None:
    """Add `flask clock`."""
    app.cli.add_command(clock)
