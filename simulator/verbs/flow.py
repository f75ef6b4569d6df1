"""Redirect, Hangup, Reject and Leave: where the call goes next."""

from xml.etree.ElementTree import Element

from simulator import lifecycle
from simulator.interpreter import Run, verb
from simulator.verbs.enqueue import Waiting


@verb("Redirect")
def redirect(run: Run, element: Element) -> bool:
    """Go on with the document at another address."""
    url = (element.text or "").strip() or run.source.address
    run.follow(run.source.relative(url, element.get("method")), "voice.redirect")
    return False


@verb("Hangup")
def hang_up(run: Run, _: Element) -> bool:
    """End the call."""
    status = "completed" if run.leg.answered_at else "busy"
    lifecycle.finish(run.exchange, run.leg, status, reason="hotline hung up")
    return False


@verb("Reject")
def reject(run: Run, element: Element) -> bool:
    """Refuse a call that nothing has answered yet."""
    if run.leg.answered_at:
        return True
    status = "busy" if element.get("reason") == "busy" else "failed"
    lifecycle.finish(run.exchange, run.leg, status, reason="rejected")
    return False


@verb("Leave")
def leave(run: Run, _: Element) -> bool:
    """Leave the queue; outside of one, nothing to leave."""
    if not isinstance(run.host, Waiting):
        return True
    run.host.depart("leave")
    return False
