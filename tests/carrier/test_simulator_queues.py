"""The queue's corners: who goes while the other is about to come."""

from simulator import Carrier
from tests.carrier.scripted_app import (
    APP,
    DESK,
    NUMBER,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

QUEUE = '<Enqueue action="/phone/end" waitUrl="/phone/wait">main</Enqueue>'
TAKE = '<Dial action="/phone/dialled" timeout="20"><Queue url="/phone/intro">main</Queue></Dial>'
INTRO = '<Say>正在接通</Say><Pause length="5"/><Say>请讲</Say>'


def taking() -> tuple[ScriptedApp, Carrier]:
    app = ScriptedApp(
        voice=QUEUE,
        wait='<Play>/hold.mp3</Play><Pause length="60"/>',
        desk=TAKE,
        intro=INTRO,
        end='<Say>请稍后再拨</Say><Pause length="9"/>',
        dialled="<Say>没有来电</Say>",
    )
    carrier = carrier_of(app)
    client_of(carrier).calls.create(to=DESK, from_=NUMBER, url=f"{APP}/phone/desk")
    return app, carrier


def test_the_caller_hangs_up_while_being_put_through() -> None:
    app, carrier = taking()
    call = carrier.call(WORKER)
    carrier.advance(4)
    assert (call.state, call.heard[-1]) == ("queued", "正在接通")
    call.hang_up()
    assert app.form("/phone/end")["QueueResult"] == "bridged"
    form = app.form("/phone/dialled")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "false")
    assert carrier.phone(DESK).calls[-1].heard == ["没有来电"]


def test_the_operator_hangs_up_while_the_caller_is_being_put_through() -> None:
    app, carrier = taking()
    call = carrier.call(WORKER)
    carrier.advance(4)
    carrier.phone(DESK).calls[-1].hang_up()
    assert call.heard[-2:] == ["正在接通", "请稍后再拨"]
    carrier.advance(60)
    assert call.heard[-1] == "请稍后再拨"
    assert (call.state, call.bridged_to) == ("ended", None)
    assert app.form("/phone/dialled")["CallStatus"] == "completed"


def test_an_operator_for_whom_nobody_comes_goes_on_after_the_timeout() -> None:
    app, carrier = taking()
    carrier.advance(21)
    assert app.forms("/phone/dialled") == []
    carrier.advance(1)
    assert app.form("/phone/dialled")["DialCallStatus"] == "no-answer"
    call = carrier.call(WORKER)
    assert call.state == "queued"


def test_an_operator_who_hangs_up_no_longer_waits_for_a_caller() -> None:
    app, carrier = taking()
    carrier.advance(5)
    carrier.phone(DESK).calls[-1].hang_up()
    assert app.form("/phone/dialled")["DialCallStatus"] == "canceled"
    call = carrier.call(WORKER)
    assert call.state == "queued"
    assert call.heard == [f"{APP}/hold.mp3"]


def test_callers_are_taken_in_the_order_they_came() -> None:
    _, carrier = taking()
    carrier.phone(DESK).answers_after = 30
    calls = [carrier.call(f"+861380000000{n}") for n in range(3)]
    for call in calls:
        carrier.advance(2)
        assert call.state == "queued"
    carrier.advance(36)
    assert [call.state for call in calls] == ["bridged", "queued", "queued"]


def test_a_queue_without_action_goes_on_with_the_next_verb() -> None:
    app = ScriptedApp(
        voice="<Enqueue>main</Enqueue><Say>感谢来电</Say>", desk="<Dial><Queue>main</Queue></Dial>"
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    client_of(carrier).calls.create(to=DESK, from_=NUMBER, url=f"{APP}/phone/desk")
    carrier.advance(10)
    carrier.phone(DESK).calls[-1].hang_up()
    assert call.heard == ["感谢来电"]


def test_a_redirect_in_the_wait_document_stays_in_the_queue() -> None:
    app = ScriptedApp(
        voice=QUEUE, wait="<Redirect>/phone/music</Redirect>", music='<Pause length="30"/>'
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER, patience=None)
    carrier.advance(20)
    assert call.state == "queued"
    assert len(app.forms("/phone/music")) == 1


def test_what_may_not_stand_in_a_wait_document_is_passed_over() -> None:
    app = ScriptedApp(voice=QUEUE, wait=f'<Dial>{DESK}</Dial><Pause length="30"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(10)
    assert call.state == "queued"
    assert carrier.phone(DESK).calls == []
