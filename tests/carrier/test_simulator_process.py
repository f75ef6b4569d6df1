"""The simulator as a program, on real sockets and in real time."""

import datetime as dt
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from simulator import Carrier, Faults, RealClock
from simulator.personas import Stories, is_survey
from simulator.public import Public
from simulator.server import Station, over_http
from simulator.webhook import Webhook
from tests.carrier.scripted_app import ACCOUNT, DESK, NUMBER, TOKEN, WORKER, ScriptedApp, carrier_of

ROOT = Path(__file__).parents[2]


class Listener(BaseHTTPRequestHandler):
    """A hotline on a socket that only counts."""

    paths: list[str] = []  # noqa: RUF012 - one list for all requests of a test
    goes_on = threading.Event()

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def do_POST(self) -> None:
        self.paths.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/phone/slow":
            self.goes_on.wait(30)
        body = b"<Response><Say>ok</Say></Response>"
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it
        pass


@pytest.fixture
def app_url() -> Iterator[str]:
    Listener.paths = []
    Listener.goes_on.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _station(app_url: str, **knobs: float) -> tuple[Carrier, Station]:
    carrier = Carrier(
        RealClock(20), ACCOUNT, TOKEN, app_url, over_http, faults=Faults(seed=1, **knobs)
    )
    station = Station(carrier, 0)
    station.start()
    return carrier, station


def _wait(condition: object, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator] - a callable
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def test_the_api_answers_over_http_and_receipts_come_by_themselves(app_url: str) -> None:
    carrier, station = _station(app_url)
    base = f"http://127.0.0.1:{station.port}/2010-04-01/Accounts/{ACCOUNT}"
    form = {"To": WORKER, "From": NUMBER, "Body": "您好", "StatusCallback": f"{app_url}/phone/sent"}
    try:
        assert requests.get(f"{base}/Messages.json", timeout=20).status_code == 401
        answer = requests.post(
            f"{base}/Messages.json", data=form, auth=(ACCOUNT, TOKEN), timeout=20
        )
        assert (answer.status_code, answer.json()["body"]) == (201, "您好")
        assert carrier.phone(WORKER).inbox == ["您好"]
        _wait(lambda: Listener.paths.count("/phone/sent") == 2)
        page = requests.get(f"http://127.0.0.1:{station.port}/", timeout=20)
        assert "sms.status.delivered" in page.text
    finally:
        station.stop()


def test_the_api_answers_while_a_webhook_is_under_way(app_url: str) -> None:
    carrier, station = _station(app_url)
    carrier.exchange.line.sms = carrier.exchange.line.sms.relative("/phone/slow")
    try:
        threading.Thread(target=carrier.text, args=(WORKER, "您好"), daemon=True).start()
        _wait(lambda: "/phone/slow" in Listener.paths)
        assert requests.get(f"http://127.0.0.1:{station.port}/", timeout=20).ok
    finally:
        Listener.goes_on.set()
        station.stop()


def test_a_lost_answer_is_a_broken_connection(app_url: str) -> None:
    carrier, station = _station(app_url, accept_then_reset=1.0)
    url = f"http://127.0.0.1:{station.port}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    try:
        with pytest.raises(requests.ConnectionError):
            requests.post(
                url,
                data={"To": WORKER, "From": NUMBER, "Body": "您好"},
                auth=(ACCOUNT, TOKEN),
                timeout=20,
            )
        assert len(carrier.ledger) == 1
    finally:
        station.stop()


def test_nobody_listening_is_a_connection_error() -> None:
    with pytest.raises(ConnectionError):
        over_http(Webhook("POST", "http://127.0.0.1:9/phone/voice", {}, "a=1"))


def test_the_program_says_it_is_ready_brings_people_and_stops_at_once(app_url: str) -> None:
    program = subprocess.Popen(
        [
            sys.executable, "-m", "simulator", "--port", "0", "--app-url", app_url,
            "--account-sid", ACCOUNT, "--auth-token", TOKEN, "--fast", "50",
            "--callers-per-hour", "3600", "--texts-per-hour", "3600", "--faults", "dup=0.01",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert program.stdout is not None
        assert NUMBER in program.stdout.readline()
        _wait(lambda: {"/phone/voice", "/phone/sms", "/phone/status"} <= set(Listener.paths), 60)
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
        assert time.monotonic() - began < 5
    finally:
        program.kill()
        program.wait()
        if program.stdout:
            program.stdout.close()


def test_a_program_that_cannot_start_says_why() -> None:
    result = subprocess.run(
        [
            sys.executable, "-m", "simulator", "--app-url", "http://127.0.0.1:1", "--account-sid",
            ACCOUNT, "--auth-token", TOKEN, "--faults", "sunspots=1",
        ],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert result.returncode == 1
    assert "sunspots" in result.stdout


def test_the_people_of_the_stories_are_many_and_invented() -> None:
    stories = Stories(seed=3)
    assert len(stories.callers) >= 25
    assert any(caller.anonymous for caller in stories.callers)
    assert {caller.language for caller in stories.callers} == {"zh", "mn"}
    assert all(stories.number().startswith("+861380000") for _ in range(100))
    replies = {reply.body for reply in stories.replies}
    assert {"1", "２", "满意", "5分", "不满意，钱还没给", "退订", None} <= replies


def test_a_survey_is_known_by_its_scale() -> None:
    assert is_survey("【工会12351】请评价本次服务：1非常满意…5非常不满意")
    assert not is_survey("感谢您的评价")
    assert not is_survey("您的编号是1")


def test_the_public_calls_writes_and_answers_surveys() -> None:
    app = ScriptedApp(voice='<Enqueue waitUrl="/phone/wait">main</Enqueue>')
    app.pages["/phone/wait"] = '<Pause length="10"/>'
    app.pages["/phone/sms"] = "<Message>请评价 1到5</Message>"
    carrier = carrier_of(app)
    public = Public(carrier, seed=2, answering=["+8613900000xxx"])
    public.begin()
    carrier.advance(3600)
    assert 90 < len(carrier.journal.of("voice.inbound")) < 150
    bodies = {form["Body"] for form in app.forms("/phone/sms")}
    assert bodies & {reply.body for reply in Stories(0).replies}
    assert carrier.phone(DESK).answers
    assert carrier.phone(DESK).on_text is None


def test_the_public_is_the_same_for_the_same_seed() -> None:
    def day(seed: int) -> list[str]:
        app = ScriptedApp(voice="<Hangup/>")
        carrier = carrier_of(app)
        Public(carrier, seed=seed).begin()
        carrier.advance(1800)
        return [webhook.body for webhook in app.requests]

    assert day(4) == day(4)
    assert day(4) != day(5)


def test_the_clock_of_a_story_moves_forward_only() -> None:
    carrier = carrier_of(ScriptedApp())
    began = carrier.clock.now()
    carrier.advance(90)
    assert carrier.clock.now() - began == dt.timedelta(seconds=90)
    real = Carrier(RealClock(), ACCOUNT, TOKEN, "http://h.test", ScriptedApp())
    with pytest.raises(TypeError):
        real.advance(1)
    assert real.run_due() == 0
