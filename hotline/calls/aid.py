"""Words between the desk and who leads it: a call for help, a crisis, a line for everybody.

They are notices on desks, and so reach a page within the live stream's own time.
"""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.calls.rows import note, spoken_by
from hotline.core import audit
from hotline.core.errors import Invalid
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.messages import desk
from hotline.staff import queries as staff

HELP: Final = "aid_asked"
WORD: Final = "broadcast"
ASKED: Final = N_("%(name)s 请求班长旁听支援")
SAID: Final = N_("%(name)s 通知：%(text)s")
LONGEST: Final = 200


def ask(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Ask who leads the desk to come into *actor*'s call; once a call is enough.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not in this conversation.
        NotFound: There is no such call.
    """
    call = spoken_by(session, actor, call_id)
    note(session, call, HELP, now=now, staff_id=actor.id)
    tell_leads(session, actor, call_id, HELP, ASKED, now=now)


def tell_leads(
    session: Session, actor: Actor, call_id: int, kind: str, text: str, *, now: dt.datetime
) -> None:
    """Put a notice about a call on the desks of all who lead *actor*'s unit."""
    for lead in staff.leads(session, actor.unit_id or 0, Role.SUPERVISOR):
        if lead.id != actor.id:
            desk.notify(
                session,
                lead.id,
                kind,
                text,
                now=now,
                params={"name": actor.name, "call": str(call_id)},
                purpose=f"{kind}:{call_id}:{lead.id}",
            )


def broadcast(session: Session, actor: Actor, text: str, *, now: dt.datetime) -> int:
    """Put a line on the desk of everybody who is signed in; return how many that are.

    Raises:
        Forbidden: *actor* does not lead the desk.
        Invalid: There are no words, or too many.
    """
    require(actor, Permission.BOARD)
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Invalid({"text": N_("请填写，不超过 200 字")})
    seats = [person for person, _ in staff.seats(session) if person.id != actor.id]
    params = {"name": actor.name, "text": words}
    for person in seats:
        desk.notify(session, person.id, WORD, SAID, now=now, params=params)
    audit.note(session, actor, "desk.broadcast", "desk", now=now, heard_by=len(seats))
    return len(seats)
