"""A carrier that writes down what it is asked about calls, for the rooms' tests."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import jobs, sending
from hotline.calls.models import Call, CallOrder
from hotline.telephony.port import CarrierCall
from tests.rooms.telling import at, at_once, play, told

URL = "https://hotline.example"


class Switchboard:
    """A carrier that writes down what it is asked, and answers as it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.error = error
        self.rooms: dict[str, str] = {}
        self.shown: CarrierCall | None = None

    def place_call(
        self,
        to: str,
        *,
        url: str,
        status_callback: str,
        timeout: int,
        time_limit: int | None = None,
    ) -> str:
        """Ring a telephone."""
        limit = () if time_limit is None else (str(time_limit),)
        return self._do("dial", to, url, status_callback, str(timeout), *limit)

    def redirect_call(self, sid: str, url: str) -> None:
        """Lead a call elsewhere."""
        self._do("redirect", sid, url)

    def end_call(self, sid: str) -> None:
        """Hang up."""
        self._do("hang_up", sid)

    def find_conference(self, name: str) -> str | None:
        """Look a conference up."""
        return self.rooms.get(name)

    def adjust_participant(self, conference: str, sid: str, **changes: bool | str | None) -> None:
        """Change somebody in a conference."""
        told = (f"{name}={value}" for name, value in sorted(changes.items()))
        self._do("adjust", conference, sid, *told)

    def fetch_call(self, sid: str) -> CarrierCall | None:
        """Say what is known of a call."""
        self._do("fetch", sid)
        return self.shown

    def _do(self, *what: str) -> str:
        self.asked.append(what)
        if self.error is not None:
            raise self.error
        return "CAdesk"


def send(session: Session, carrier: Switchboard, seconds: float = 11) -> None:
    """Send the orders that wait."""
    sending.send_orders(
        at_once(session),
        carrier,  # type: ignore[arg-type] # only calls are placed here
        public_url=URL,
        owner="test",
        clock=lambda: at(seconds),
    )
    session.expire_all()


def expire_offers(session: Session, carrier: Switchboard, seconds: float) -> int:
    """Take back what rang too long."""
    late = jobs.expire_offers(
        at_once(session),
        carrier,  # type: ignore[arg-type] # only one call is asked for
        clock=lambda: at(seconds),
    )
    session.expire_all()
    return late


def close_silent(session: Session, carrier: Switchboard, seconds: float) -> int:
    """Ask the carrier about lines that are silent."""
    ended = jobs.close_silent(
        at_once(session),
        carrier,  # type: ignore[arg-type] # only one call is asked for
        clock=lambda: at(seconds),
    )
    session.expire_all()
    return ended


def order(session: Session) -> CallOrder:
    """Return the newest order."""
    return session.scalars(select(CallOrder).order_by(CallOrder.id.desc()).limit(1)).one()


def waiting_call(session: Session) -> Call:
    """Let somebody wait."""
    return play(session, told("voice", 0), told("wait", 10))
