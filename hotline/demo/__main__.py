"""The demo: `python -m hotline.demo` starts all there is, and Ctrl-C stops all of it.

PORT names another port. Nothing of an installation's own settings is used: the demo has
its own database, keys and carrier.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import unicodedata
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Final

from hotline.app import create_app, upgrade_database
from hotline.calls import jobs as calls
from hotline.core.db import reading, transaction
from hotline.core.time import utcnow
from hotline.demo import history
from hotline.demo.cast import send_home
from hotline.demo.children import STOPS, Children, answers
from hotline.demo.people import DEMO_LOGINS
from hotline.serve import clock_command, web_command

HERE: Final = "127.0.0.1"
INSTANCE: Final = Path("instance")
LOG: Final = INSTANCE / "demo.log"
DATABASE: Final = f"sqlite:///{INSTANCE}/demo.db"
CARRIER_AWAY: Final = 1100  # from the port of the pages to that of the simulated carrier
LAST_PORT: Final = (1 << 16) - 1
CALLERS_PER_HOUR: Final = "60"
TEXTS_PER_HOUR: Final = "30"
NOT_OURS: Final = (
    "REDIS_URL", "SECRET_KEY", "DATA_KEYS", "HOTLINE_QUIET_HOURS", "HOTLINE_FAILPOINT", "CARRIER",
    "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET",
    "TWILIO_TWIML_APP_SID", "TRUSTED_PROXIES",
)  # fmt: skip


class CannotStart(Exception):
    """Why the demo does not run, in one line."""


def main() -> int:
    """Run the demo until it is told to stop; return 0 then, and 1 where a part of it failed."""
    for number in STOPS:  # until the children are watched, each stops us as Ctrl-C does
        signal.signal(number, signal.default_int_handler)
    os.chdir(Path(__file__).parents[2])
    INSTANCE.mkdir(exist_ok=True)
    try:
        with (INSTANCE / "demo.lock").open("w") as lock:
            _alone(lock.fileno())
            return _run(_port())
    except CannotStart as error:
        print(f"hotline: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _run(port: int) -> int:
    _settle_environment(port, _carrier_port(port))
    app = create_app()
    with app.app_context():
        upgrade_database()
        with reading() as session:
            fresh = history.is_untouched(session)
        calls.end_live(transaction, now=utcnow())
        transaction(lambda session: send_home(session, now=utcnow()))
    settings = app.extensions["hotline"].settings
    if fresh:
        _seed()
    children = Children(LOG)
    try:
        commands = {"simulator": _simulator_command(settings.auth_tokens[0], settings)}
        children.start(commands | {"web": web_command(settings), "clock": clock_command()})
        if children.wait(answers(f"{settings.public_url}/readyz")):
            print(_welcome(settings.public_url), flush=True)
            children.wait()
    except TimeoutError:
        print(f"hotline: the web server does not answer; see {LOG}", file=sys.stderr)
        return 1
    finally:
        dead = children.dead()
        children.stop()
    if children.told_to_stop:
        return 0
    print(f"hotline: the {dead} ended; see {LOG}", file=sys.stderr)
    return 1


def _alone(lock: int) -> None:
    """Take the demo's lock: two clocks on one SQLite file would harm it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart("the demo runs already in another terminal") from None


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) <= LAST_PORT:
        raise CannotStart(f"PORT: {text} is no port")
    if not _is_free(int(text)):
        raise CannotStart(f"port {text} is in use; PORT={int(text) + 1} make demo takes another")
    return int(text)


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
    return True


def _carrier_port(port: int) -> int:
    """Return a free port for the carrier, looked for from a place that is *port*'s own.

    So two demos that start at once do not meet there.
    """
    above = range(port + CARRIER_AWAY, LAST_PORT, 100)
    below = range(port - CARRIER_AWAY, 1024, -100)
    return next(each for each in chain(above, below) if _is_free(each))


def _settle_environment(port: int, carrier_port: int) -> None:
    """Give all parts the same settings; what the shell knows of a real hotline is left out."""
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ.update(
        HOTLINE_ENV="demo",
        DATABASE_URL=DATABASE,
        HOST=HERE,
        PORT=str(port),
        PUBLIC_URL=f"http://{HERE}:{port}",
        TWILIO_API_URL=f"http://{HERE}:{carrier_port}",
        PYTHONUNBUFFERED="1",
    )
    os.environ.setdefault("LOG_LEVEL", "warning")


def _seed() -> None:
    """Play the history, in a child that shows how far it is."""
    print("Preparing a fortnight of history (half a minute, once) …", flush=True)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "seed"]
    if subprocess.run(command, check=False).returncode:
        raise CannotStart("the demo's history could not be written")


def _simulator_command(token: str, settings: object) -> list[str]:
    given = {
        "--port": os.environ["TWILIO_API_URL"].rpartition(":")[2],
        "--app-url": os.environ["PUBLIC_URL"],
        "--account-sid": str(getattr(settings, "twilio_account_sid", "")),
        "--auth-token": token,
        "--number": str(getattr(settings, "hotline_number", "")),
        "--callers-per-hour": CALLERS_PER_HOUR,
        "--texts-per-hour": TEXTS_PER_HOUR,
    }
    return [sys.executable, "-m", "simulator", *(part for pair in given.items() for part in pair)]


def _welcome(address: str) -> str:
    """Return the address and a table of who a visitor may be."""
    rows = [("login", "password", "who"), *((d.login, d.password, d.name) for d in DEMO_LOGINS)]
    widths = [max(_width(row[n]) for row in rows) for n in range(2)]
    table = [
        "  " + "  ".join([_padded(row[0], widths[0]), _padded(row[1], widths[1]), row[2]])
        for row in rows
    ]
    return "\n".join(["", f"  {address}", "", *table, "", "  Ctrl-C stops everything.", ""])


def _width(text: str) -> int:
    """Return how many columns *text* takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # to take all modules apart first would cost a second
