"""Say, Play and Pause: what the person hears."""

from typing import Final
from xml.etree.ElementTree import Element

from simulator.interpreter import Run, verb

_FOREVER: Final = 1000  # how often a loop without an end is played
_WAITING_CHARACTER: Final = 0.25
_WAITING_CLIP: Final = 10.0


@verb("Say")
def say(run: Run, element: Element) -> bool:
    """Read a text out."""
    run.answer()
    return run.pause(sounded(run, element))


@verb("Play")
def play(run: Run, element: Element) -> bool:
    """Play a file."""
    run.answer()
    return run.pause(sounded(run, element))


@verb("Pause")
def pause(run: Run, element: Element) -> bool:
    """Wait in silence; as the first verb of a call it does not pick up."""
    if not run.is_first_verb:
        run.answer()
    return run.pause(sounded(run, element))


def sounded(run: Run, element: Element) -> float:
    """Let the person hear *element* and return how many seconds it takes."""
    if element.tag == "Pause":
        return float(element.get("length", "1"))
    times = int(element.get("loop", "1")) or _FOREVER
    text = "".join(element.itertext()).strip()
    pace = run.exchange.pace
    if element.tag == "Say":
        run.leg.heard.append(text)
        character = max(pace.character, _WAITING_CHARACTER if run.waits else 0.0)
        return times * character * len(text)
    if text:
        run.leg.heard.append(run.source.relative(text).address)
    return times * max(pace.clip, _WAITING_CLIP if run.waits else 0.0)
