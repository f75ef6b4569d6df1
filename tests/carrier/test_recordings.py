"""Our client and the carrier's recordings: fetched in pieces within bounds, deleted, listed."""

import datetime as dt
import io
import socket
import threading
import wave
from collections.abc import Iterator

import pytest

from hotline.telephony import sound
from hotline.telephony.carrier import TwilioCarrier
from hotline.telephony.port import CarrierBusy, CarrierRefused
from simulator import Carrier, recordings
from tests.carrier.test_client import ACCOUNT, OURS, START, TO, TOKEN, simulated

LARGE = 1 << 20
SID = "RE" + "1" * 32


def recorded(there: Carrier, seconds: int = 3) -> str:
    """Let there be one finished recording, and return its id."""
    found = recordings.begin(there.exchange, None, "RecordVerb")
    there.advance(seconds)
    recordings.complete(there.exchange, found)
    return found.sid


def test_the_sound_is_fetched_whole() -> None:
    client, there = simulated()
    sid = recorded(there)
    sound_file = b"".join(client.fetch_recording(sid, largest=LARGE))
    with wave.open(io.BytesIO(sound_file)) as heard:
        assert heard.getnframes() == 3 * heard.getframerate()


def test_what_is_deleted_is_gone_and_may_be_deleted_again() -> None:
    client, there = simulated()
    sid = recorded(there)
    client.delete_recording(sid)
    client.delete_recording(sid)
    client.delete_recording(SID)
    with pytest.raises(CarrierRefused) as refused:
        list(client.fetch_recording(sid, largest=LARGE))
    assert (refused.value.code, refused.value.permanent) == (404, True)


def test_the_list_holds_what_was_begun_in_a_time_and_still_sounds() -> None:
    client, there = simulated()
    early = recorded(there)
    there.advance(48 * 3600)
    late = recorded(there)
    (found,) = client.list_recordings(START, START + dt.timedelta(minutes=30))
    assert (found.sid, found.seconds, found.status) == (early, 3, "completed")
    assert [one.sid for one in client.list_recordings(START)] == [late, early]
    client.delete_recording(early)
    assert [one.sid for one in client.list_recordings(START)] == [late]


def test_more_than_is_allowed_is_refused() -> None:
    client, there = simulated()
    sid = recorded(there)
    with pytest.raises(CarrierRefused) as refused:
        list(client.fetch_recording(sid, largest=1000))
    assert refused.value.code == sound.TOO_LARGE


@pytest.mark.parametrize("fault", ["too_many", "server_error", "hang"])
def test_a_carrier_that_cannot_now_is_asked_again(fault: str) -> None:
    client, there = simulated()
    sid = recorded(there)
    setattr(there.faults, fault, 1.0)
    with pytest.raises(CarrierBusy):
        list(client.fetch_recording(sid, largest=LARGE))


def test_nothing_is_heard_of_what_was_said_in_a_pause() -> None:
    client, there = simulated()
    leg = there.call(TO, says=["工资"], stays=20)
    there.advance(1)
    found = recordings.begin(there.exchange, there.exchange.legs[leg.sid], "DialVerb")
    for paused in (True, False):
        there.advance(2)
        client.hold_recording(leg.sid, conference=False, paused=paused)
    there.advance(2)
    recordings.complete(there.exchange, found)
    with wave.open(io.BytesIO(b"".join(client.fetch_recording(found.sid, largest=LARGE)))) as heard:
        loud = [any(heard.readframes(heard.getframerate())) for _ in range(6)]
    assert loud == [True, True, False, False, True, True]
    with pytest.raises(CarrierRefused):
        client.hold_recording(leg.sid, conference=False, paused=True)


@pytest.fixture
def torn() -> Iterator[str]:
    """Serve a sound that ends before the length it announced."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        there, _ = listener.accept()
        with there:
            there.recv(65536)
            there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"RIFF" * 100)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread.join()
    listener.close()


def test_half_a_sound_is_none(torn: str) -> None:
    client = TwilioCarrier(ACCOUNT, TOKEN, OURS, api_url=torn)
    with pytest.raises(CarrierBusy):
        list(client.fetch_recording(SID, largest=LARGE))
