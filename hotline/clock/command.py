"""`flask clock`: the schedule in the foreground, until it is told to stop."""

import os
import signal
import sys
import threading

import click
from flask import Flask, current_app

from hotline.clock import runner


@click.command("clock")
def clock() -> None:
    """Run the schedule in the foreground; any number may share one database.

    SIGTERM or Ctrl-C stops it within two seconds.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Flask's own way to hand the app to a thread
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    running = runner.start(app)
    asked.wait()
    if not running.stop():
        sys.stdout.flush()
        os._exit(0)  # a job hangs on the carrier; its row tells the next clock how far it came
