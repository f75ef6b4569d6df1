"""Our client of the carrier: what it asks, and what each failure means."""

import datetime as dt
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hotline.telephony import carrier as carrier_module
from hotline.telephony.carrier import TwilioCarrier
from hotline.telephony.port import CarrierBusy, CarrierError, CarrierRefused, CarrierUncertain
from simulator import Answer, Carrier, Faults, VirtualClock
from simulator.inprocess import InProcessHttp

ACCOUNT, TOKEN, OURS = "AC" + "1" * 32, "0" * 32, "+8647112351"
START = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
TO = "+8613800000001"


def simulated(**faults: object) -> tuple[TwilioCarrier, Carrier]:
    """Return our client and the carrier it talks to."""
    there = Carrier(
        VirtualClock(START),
        ACCOUNT,
        TOKEN,
        "https://h",
        lambda _webhook: Answer(204, {}, b""),
        faults=Faults(**faults),
    )
    return TwilioCarrier(ACCOUNT, TOKEN, OURS, http_client=InProcessHttp(there)), there


def text(client: TwilioCarrier, to: str = TO) -> object:
    """Send one SMS."""
    return client.send_sms(to, "工资", status_callback="https://h/s?o=1", valid_for=3600)


def test_an_sms_is_handed_over_and_found_again() -> None:
    client, there = simulated()
    sent = text(client)
    assert sent.segments == 1
    assert [(m.to, m.body) for m in there.ledger] == [(TO, "工资")]
    (found,) = client.list_sms(START - dt.timedelta(minutes=1), to=TO)
    assert (found.sid, found.body, found.from_) == (sent.sid, "工资", OURS)
    assert list(client.list_sms(START + dt.timedelta(minutes=1), to=TO)) == []


def test_a_call_is_placed_redirected_found_and_ended() -> None:
    client, there = simulated()
    sid = client.place_call(TO, url="https://h/d", status_callback="https://h/c", timeout=20)
    there.advance(1)
    (found,) = client.list_calls(START - dt.timedelta(minutes=1))
    assert (found.sid, found.from_, found.direction) == (sid, OURS, "outbound-api")
    client.end_call(sid)
    ended = client.fetch_call(sid)
    assert ended is not None
    assert (ended.status, ended.ended_at) == ("canceled", there.clock.now())
    assert client.fetch_call("CA" + "0" * 32) is None
    with pytest.raises(CarrierRefused) as refused:
        client.redirect_call(sid, "https://h/e")
    assert refused.value.code == 21220


def test_a_list_is_read_to_its_last_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier_module, "PAGE", 2)
    client, there = simulated()
    for _ in range(5):
        there.call(TO)
        there.text(TO, "工资")
        there.advance(60)
    assert len(client.list_calls(START)) == len(client.list_sms(START)) == 5


def test_a_list_ends_no_sooner_than_the_day_asked_for() -> None:
    client, there = simulated()
    there.text(TO, "工资")
    there.advance(24 * 3600)
    there.text(TO, "没发")
    assert [sms.body for sms in client.list_sms(START, START)] == ["工资"]
    assert len(client.list_sms(START, there.clock.now())) == 2


def test_somebody_in_a_conference_is_held_muted_and_made_a_coach() -> None:
    room = b'<?xml version="1.0"?><Response><Dial><Conference>call-7</Conference></Dial></Response>'
    there = Carrier(
        VirtualClock(START),
        ACCOUNT,
        TOKEN,
        "https://h",
        lambda _webhook: Answer(200, {"Content-Type": "text/xml"}, room),
    )
    client = TwilioCarrier(ACCOUNT, TOKEN, OURS, http_client=InProcessHttp(there))
    assert client.find_conference("call-7") is None
    caller = there.call(TO)
    browser = "client:operator-3"
    sid = client.place_call(
        browser, url="https://h/d", status_callback="https://h/c", timeout=20, time_limit=60
    )
    there.advance(3)
    conference = client.find_conference("call-7")
    assert conference is not None
    client.adjust_participant(conference, caller.sid, hold=True, hold_url="https://h/held/7")
    client.adjust_participant(conference, sid, muted=True, coaching=caller.sid)
    held, coach = there.exchange.conferences[conference].members
    assert (held.hold, coach.muted, coach.coach) == (True, True, caller.sid)
    client.adjust_participant(conference, sid, muted=False, coaching="")
    assert (coach.muted, coach.coach) == (False, None)
    there.advance(60)
    assert there.phone(browser).calls[-1].end_reason == "time limit"
    with pytest.raises(CarrierRefused):
        client.adjust_participant(conference, sid, muted=True)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("too_many", CarrierBusy),
        ("server_error", CarrierUncertain),
        ("hang", CarrierUncertain),
        ("accept_then_reset", CarrierUncertain),
    ],
)
def test_each_fault_has_its_meaning(fault: str, error: type[CarrierError]) -> None:
    client, _ = simulated(**{fault: 1.0})
    with pytest.raises(error):
        text(client)


@pytest.mark.parametrize("fault", ["too_many", "server_error", "hang"])
def test_asking_again_harms_nothing_when_only_reading(fault: str) -> None:
    client, _ = simulated(**{fault: 1.0})
    with pytest.raises(CarrierBusy):
        client.list_sms(START, to=TO)


@pytest.mark.parametrize(
    ("to", "code"),
    [("+15005550001", 21211), ("+15005550004", 21610), ("+15005550009", 21614)],
)
def test_a_number_that_will_never_do_is_refused_for_good(to: str, code: int) -> None:
    client, _ = simulated()
    with pytest.raises(CarrierRefused) as refused:
        text(client, to)
    assert (refused.value.code, refused.value.permanent) == (code, True)


def test_wrong_credentials_are_ours_to_mend() -> None:
    _, there = simulated()
    client = TwilioCarrier(ACCOUNT, "wrong", OURS, http_client=InProcessHttp(there))
    with pytest.raises(CarrierRefused) as refused:
        text(client)
    assert not refused.value.permanent


# ---------------------------------------------------------------- over a real socket

Reply = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Reply], str]]:
    """Start a server on loopback that does one thing to each request; return its address."""
    running: list[HTTPServer] = []

    def start(reply: Reply) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                reply(self)

            do_GET = do_POST  # noqa: N815 - as the base calls it

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/elsewhere"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def over_http(address: str) -> TwilioCarrier:
    """Return our client pointed at *address*."""
    return TwilioCarrier(ACCOUNT, TOKEN, OURS, api_key="SK1", api_secret="s", api_url=address)


def test_the_configured_address_is_asked_with_the_api_key(
    serve: Callable[[Reply], str],
) -> None:
    seen = []

    def reply(request: BaseHTTPRequestHandler) -> None:
        seen.append((request.path, request.headers["Authorization"]))
        request.send_response(429)
        request.end_headers()

    with pytest.raises(CarrierBusy):
        text(over_http(serve(reply)))
    assert seen == [(f"/elsewhere/2010-04-01/Accounts/{ACCOUNT}/Messages.json", "Basic U0sxOnM=")]


def test_the_next_page_of_a_list_may_be_named_by_its_whole_path(
    serve: Callable[[Reply], str],
) -> None:
    seen = []
    again = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1"

    def reply(request: BaseHTTPRequestHandler) -> None:
        seen.append(request.path.partition("?")[0])
        more = {1: f"/elsewhere{again}", 2: again}.get(len(seen))
        body = json.dumps({"messages": [{"sid": f"SM{len(seen)}"}], "next_page_uri": more})
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())

    found = over_http(serve(reply)).list_sms(START, to=TO)
    assert [message.sid for message in found] == ["SM1", "SM2", "SM3"]
    assert set(seen) == {f"/elsewhere{again.partition('?')[0]}"}


def test_nobody_listening_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(CarrierBusy):
        text(over_http(f"http://127.0.0.1:{port}"))


def test_a_connection_cut_before_the_answer_is_uncertain(serve: Callable[[Reply], str]) -> None:
    with pytest.raises(CarrierUncertain):
        text(over_http(serve(lambda request: request.connection.close())))


def test_silence_is_uncertain_and_is_not_waited_for_for_ever(
    serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier_module, "PATIENCE", 0.2)
    done = threading.Event()
    address = serve(lambda _request: done.wait(5) and None)
    try:
        with pytest.raises(CarrierUncertain):
            text(over_http(address))
    finally:
        done.set()
