"""What the person at the far end says: who hears it, and when the next words come."""

from functools import partial

from simulator import transcripts
from simulator.exchange import Exchange
from simulator.leg import Activity, Leg


def utter(exchange: Exchange, leg: Leg, words: str) -> None:
    """Let the person of *leg* say *words*."""
    if leg.ended:
        return
    leg.said.append(words)
    transcripts.note(exchange, leg, words, "inbound_track")
    if leg.activity:
        leg.activity.hear_words(words)


def converse(exchange: Exchange, leg: Leg, activity: Activity) -> None:
    """Have the person say their words one by one for as long as *activity* lasts."""
    exchange.agenda.after(exchange.pace.utterance, partial(_next_words, exchange, leg, activity))


def _next_words(exchange: Exchange, leg: Leg, activity: Activity) -> None:
    if leg.activity is not activity:
        return
    words = leg.script.next_words()
    if words is not None:
        utter(exchange, leg, words)
        converse(exchange, leg, activity)
    elif leg.script.stays is not None:
        exchange.agenda.after(leg.script.stays, partial(_say_goodbye, exchange, leg, activity))


def _say_goodbye(exchange: Exchange, leg: Leg, activity: Activity) -> None:
    from simulator.lifecycle import finish

    if leg.activity is activity:
        finish(exchange, leg, reason="caller hung up")
