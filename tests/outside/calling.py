"""Chapters of the day: who called, and what became of each call."""

from tests.outside.day import COMPLAINT, DESK_PHONE, OTHER, Day, assert_moments
from tests.outside.installation import Visitor
from tests.outside.line import Leg

CALLER, MUTE, WISHES, HASTY = (f"+861380000{n:04d}" for n in (101, 103, 104, 105))
LOST, LOSTER, BROWSED = (f"+861380000{n:04d}" for n in (106, 107, 109))


def nobody_is_at_the_desk(day: Day) -> None:
    """Let callers wait, leave, speak to a machine, ask to be called; and the fallback serve."""
    carrier = day.carrier
    patient = day.call("gave up", lambda: carrier.calls(CALLER))
    assert any("录音" in words for words in patient.heard)
    day.call("hung up at once", lambda: carrier.calls(HASTY)).hangs_up()
    message = day.call("left a message", lambda: carrier.calls(MUTE))
    message.presses("1")
    message.speaks(12)
    assert message.status == "completed"
    wish = day.call("asked to be called", lambda: carrier.calls(WISHES))
    wish.presses("9")  # means nothing: the wait goes on
    wish.presses("2")
    assert wish.status == "completed"
    day.call("a mistake", lambda: carrier.calls_by_mistake("anonymous"))
    day.call("a message in vain", lambda: carrier.calls_in_vain(LOST)).speaks(9)
    day.call("in vain", lambda: carrier.calls_in_vain(LOSTER)).hangs_up()


def who_waited_gives_up(day: Day) -> None:
    """End each unanswered call in one state, and owe each caller with a number a callback."""
    patient = day.lines["gave up"]
    day.carrier.wait(lambda: patient.waits > 6, "a caller's patience")
    patient.presses("")
    patient.hangs_up()
    ends = {
        "gave up": "abandoned_queue",
        "hung up at once": "abandoned_short",
        "left a message": "voicemail",
        "asked to be called": "callback_requested",
        "a mistake": "ivr_exit",
        "a message in vain": "voicemail",
        "in vain": "failed",
    }
    day.finds(lambda: {name: day.ended(name) for name in ends}, ends)  # the fallback's come late
    owed = day.desk.items("/callbacks")
    assert_moments(owed)
    assert sorted(row["state"] for row in owed) == ["closed_no_number", *["open"] * 6]
    assert {row["reason"] for row in owed} == set(ends.values())


def the_desk_telephone_rings(day: Day) -> None:
    """Ring the operator's telephone, again after a miss, and join it with the caller."""
    carrier = day.carrier
    carrier.refusals[DESK_PHONE] = [503]
    assert day.presence("ready")["state"] == "ready"
    caller = day.call("at the desk", lambda: carrier.calls(OTHER))
    day.watch.note("busy")  # the carrier refuses the first try to ring
    carrier.rings(DESK_PHONE).ignores()
    day.watch.note("missed")
    carrier.wait(lambda: day.row("at the desk")["state"] == "queued", "the call to be free again")
    day.presence("ready")
    talk(day, "at the desk", caller)
    caller.hangs_up()
    assert day.ended("at the desk") == "answered"
    call = day.row("at the desk")
    body = {"channel": "call", "call": call["id"], "subject": "欠薪", **COMPLAINT}
    made = day.register("registered", **body)
    day.watch.note("ready")
    assert made["caller_masked"] == call["caller_masked"]
    assert day.row("at the desk")["ticket"] == made["number"]
    carrier.hears(OTHER, made["number"])


def talk(day: Day, name: str, caller: Leg) -> Leg:
    """Let the operator take the telephone up and both speak."""
    operator = day.carrier.rings(DESK_PHONE)
    day.watch.note("busy")
    operator.answers()
    day.carrier.wait(lambda: caller.wants == "end", "the caller to be led to the operator")
    assert operator.wants == "end"
    assert day.row(name)["state"] == "talking"
    return operator


def dispose(day: Day, name: str, reason: str) -> None:
    """Say that a call needs no ticket."""
    path = f"/calls/{day.row(name)['id']}/disposition"
    assert day.desk.post(path, {"reason": reason})["disposition"] == reason
    day.watch.note("ready")


def news_comes_in_any_order(day: Day) -> None:
    """Hear of the end of a conversation twice, the last thing first."""
    carrier = day.carrier
    day.presence("ready")
    caller = day.call("out of order", lambda: carrier.calls(LOSTER))
    talk(day, "out of order", caller)
    carrier.hold()
    caller.hangs_up()
    carrier.release()
    assert day.ended("out of order") == "answered"
    dispose(day, "out of order", "thanks")


def a_carrier_that_tells_little(day: Day) -> None:
    """Do without numbers, reasons and the end of a Dial; the operator puts the receiver down."""
    carrier = day.carrier
    carrier.announces = False
    caller = day.call("told little", lambda: carrier.calls(CALLER))
    operator = talk(day, "told little", caller)
    operator.hangs_up()
    carrier.wait(lambda: caller.status == "completed", "the caller to be told farewell")
    assert "感谢您的来电" in caller.heard[-1]
    carrier.announces = True
    assert day.ended("told little") == "answered"
    dispose(day, "told little", "wrong_number")


def the_browser_line(day: Day) -> None:
    """Answer in the browser: the caller is led to it by REST, and led out by it."""
    visitor = Visitor(day.site.base)
    visitor.signs_in("desk")
    day.presence("ready", "simulated")
    caller = day.call("in the browser", lambda: day.carrier.calls(BROWSED))
    day.carrier.wait(lambda: day.row("in the browser")["state"] == "offered", "the offer")
    day.watch.note("busy")
    desk = f"/desk/calls/{day.row('in the browser')['id']}"
    visitor.sees("/desk")
    visitor.sends(f"{desk}/answer")
    day.carrier.wait(lambda: caller.wants == "end", "the browser to be joined")
    caller.says("想问年休假怎么算")
    assert "想问年休假怎么算" in visitor.sees(f"{desk}/words")
    visitor.sees("/desk")
    visitor.sends(f"{desk}/hang-up")
    day.carrier.wait(lambda: caller.status == "completed", "the hotline to hang up")
    assert day.ended("in the browser") == "answered"
    dispose(day, "in the browser", "thanks")
    day.presence("away")


def callbacks_are_worked(day: Day) -> None:
    """Close what was owed: by a ticket, by a try, by callers who came back themselves."""
    desk = day.desk
    owed = {row["caller_masked"][-4:]: row for row in desk.items("/callbacks")}
    assert owed[CALLER[-4:]]["state"] == owed[LOSTER[-4:]]["state"] == "closed_self_returned"
    wish, message = owed[WISHES[-4:]], owed[MUTE[-4:]]
    day.register("called back", channel="call", callback=wish["id"])
    tried = desk.post(f"/callbacks/{message['id']}/attempts", {"outcome": "no_answer"})
    assert (tried["state"], tried["tries"]) == ("open", 1)
    states = {row["id"]: row["state"] for row in desk.items("/callbacks")}
    assert states[wish["id"]] == "closed_reached"
