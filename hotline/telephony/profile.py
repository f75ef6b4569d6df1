"""What the carrier can do besides speaking and dialling, as data; set once at start.

`full` is Twilio and whoever speaks all of its TwiML; `basic` is the least that carriers
share: Say, Play, Gather, Dial with a number, Redirect, Record, Hangup, and a REST API that
creates, redirects and ends calls (protocol reference, section 6).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Profile:
    """What may be asked of a carrier.

    Attributes:
        queues: A caller can wait in a queue: `<Enqueue>`, `<Leave>`, `<Pause>`.
        conferences: Several can be in one room, be held, muted and coached.
        browsers: A call can go to a browser: `<Client>`.
    """

    name: str
    queues: bool
    conferences: bool
    browsers: bool


FULL: Final = Profile("full", queues=True, conferences=True, browsers=True)
BASIC: Final = Profile("basic", queues=False, conferences=False, browsers=False)
PROFILES: Final = {profile.name: profile for profile in (FULL, BASIC)}

_current = [FULL]


def use(name: str) -> None:
    """Set what the installation's carrier can do; the app does it once at start.

    Raises:
        KeyError: There is no such profile.
    """
    _current[0] = PROFILES[name]


def current() -> Profile:
    """Return what the installation's carrier can do."""
    return _current[0]
