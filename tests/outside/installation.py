"""An installation of the hotline as somebody else has one: a folder, settings, a process.

The code is linked into a folder of its own, so that `instance/` is this installation's
alone. Everything else happens as on any machine: `python -m hotline.serve`, the `flask`
command, and HTTP.
"""

import base64
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from tests.outside.carrier import Carrier

ROOT: Final = Path(__file__).parents[2]
CODE: Final = ("hotline", "config.py", "wsgi.py", "migrations")
CSRF: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
PASSWORD: Final = "correct horse battery staple"
COMMANDS: Final = """
import shlex, sys
from flask.cli import cli
for line in sys.argv[1:]:
    cli.main(shlex.split(line), prog_name="flask", standalone_mode=False)
"""


class Refused(AssertionError):
    """The API answered with another status than was expected."""


class Api:
    """The API in the hands of a program with one token."""

    def __init__(self, base: str, token: str) -> None:
        self._base, self._token = base, token

    def get(self, path: str, *, expect: int = 200, **query: Any) -> Any:
        """Ask; *path* may be a link that the API gave."""
        path = path if path.startswith("/api/") else f"/api/v1{path}"
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path, None, expect, {})

    def items(self, path: str, **query: Any) -> list[Any]:
        """Return a whole list, page after page."""
        found, cursor = [], {}
        while True:
            page = self.get(path, **query, **cursor)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    def post(self, path: str, body: Any = None, *, expect: int = 200, key: str = "") -> Any:
        """Send a body."""
        more = {"Idempotency-Key": key} if key else {}
        return self._send("POST", f"/api/v1{path}", body or {}, expect, more)

    def put(self, path: str, body: Any, *, expect: int = 200) -> Any:
        """Put a body."""
        return self._send("PUT", f"/api/v1{path}", body, expect, {})

    def patch(self, path: str, body: Any, *, expect: int = 200) -> Any:
        """Patch with a body."""
        return self._send("PATCH", f"/api/v1{path}", body, expect, {})

    def act(self, ticket: Any, action: str, *, expect: int = 200, **fields: Any) -> Any:
        """Take one transition at the version the ticket was read at."""
        body = {"version": ticket["version"], **fields}
        return self.post(f"/tickets/{ticket['number']}/actions/{action}", body, expect=expect)

    def _send(self, method: str, path: str, body: Any, expect: int, more: Mapping[str, str]) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", **more}
        payload = None if body is None else json.dumps(body).encode()
        if payload is not None:
            headers["Content-Type"] = "application/json"
        status, kind, text = fetch(f"{self._base}{path}", payload, headers, method=method)
        if status != expect:
            raise Refused(f"{method} {path} {body}: {status} instead of {expect}: {text}")
        wanted = "application/json" if status < 400 else "application/problem+json"
        assert kind == wanted, f"{method} {path}: {kind}"
        return json.loads(text)


class Installation:
    """One hotline, its process and its database."""

    def __init__(self, folder: Path, database_url: str, carrier: Carrier, token: str) -> None:
        self.port = _free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log.txt"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        for name in CODE:
            (folder / name).symlink_to(ROOT / name)
        self._settings = {
            "HOTLINE_ENV": "production",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATA_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "DATABASE_URL": database_url,
            "PUBLIC_URL": self.base,
            "PORT": str(self.port),
            "WEB_WORKERS": "2",
            "CARRIER": "twilio",
            "TWILIO_ACCOUNT_SID": carrier.account,
            "TWILIO_AUTH_TOKEN": token,
            "TWILIO_API_URL": carrier.url,
            "HOTLINE_NUMBER": carrier.number,
            "HOTLINE_QUIET_HOURS": "off",
            "SMS_PER_NUMBER_PER_DAY": "12",  # a matter that is worked on twice within a minute
        }

    def start(self) -> None:
        """Start what `make run` starts once everything is installed."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hotline.serve"],
                cwd=self._folder,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit status; nothing of it may be left."""
        assert self._process is not None
        family = descendants(self._process.pid)
        self._process.send_signal(number)
        status = self._process.wait(20)
        assert len(family) >= 3, family  # web server, its workers, clock
        assert not any(map(_lives, family)), family
        return status

    def kill(self) -> None:
        """End everything, whatever state it is in; for after a failure."""
        if self._process is not None and self._process.poll() is None:
            family = descendants(self._process.pid)
            self._process.kill()
            self._process.wait(10)
            for pid in family:
                if _lives(pid):
                    os.kill(pid, signal.SIGKILL)

    def hire(self, *people: str) -> list[Api]:
        """Add members of staff, each written as for `flask staff add`, and issue tokens."""
        lines = [f"staff add {person} --password-stdin" for person in people]
        lines += [f"token issue {person.split()[0]}" for person in people]
        printed = self._commands(lines, given=f"{PASSWORD}\n" * len(people))
        tokens = [line for line in printed.splitlines() if line.startswith("hl_")]
        return [Api(self.base, token) for token in tokens]

    def _commands(self, lines: Sequence[str], *, given: str) -> str:
        """Run `flask …` for each line in one interpreter: starting it costs most."""
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS, *lines],
            cwd=self._folder,
            env=self._environment(),
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | self._settings | {"PYTHONUTF8": "1"}


class Visitor:
    """A browser without a screen."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        self._token = ""

    def signs_in(self, login: str) -> None:
        """Log in by the page's own form."""
        self.sees("/login")
        page = self.sends("/login", login=login, password=PASSWORD)
        assert "csrf_token" in page

    def sees(self, path: str) -> str:
        """Open a page."""
        with self._open(self._base + path, timeout=15) as page:
            return self._read(page)

    def sends(self, path: str, **form: str) -> str:
        """Send a form with the token of the page seen last."""
        body = urlencode({"csrf_token": self._token, **form}).encode()
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self._base + path, body, {"Referer": f"{self._base}/"}
        )
        with self._open(request, timeout=15) as page:
            return self._read(page)

    @contextmanager
    def listens(self) -> Iterator[Any]:
        """Keep the live stream open."""
        with self._open(f"{self._base}/live", timeout=15) as stream:
            yield stream

    def _read(self, page: Any) -> str:
        text = str(page.read().decode())
        if found := CSRF.search(text):
            self._token = found[1]
        return text


def fetch(
    url: str,
    payload: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
) -> tuple[int, str, str]:
    """Send one request and return status, media type and text."""
    request = urllib.request.Request(url, payload, dict(headers or {}), method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
            return answer.status, answer.headers.get_content_type(), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read().decode()
    except OSError as error:
        return 0, "", str(error)


def descendants(pid: int) -> list[int]:
    """Return the processes below *pid*, however deep."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, ahead = [], [pid]
    while ahead:
        below = parents.get(ahead.pop(), [])
        found += below
        ahead += below
    return found


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
