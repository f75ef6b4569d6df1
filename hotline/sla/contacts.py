"""The first contact: whoever holds a matter hears of it at half its time, and when it is late."""

import datetime as dt
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.language import written
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.sla import alarm, recipients
from hotline.tickets import reaching
from hotline.tickets.models import Ticket
from hotline.tickets.reaching import FirstContact

AGAIN: Final = dt.timedelta(days=1)


def remind(transact: Transact, *, now: dt.datetime) -> int:
    """Give each reminder that has fallen due; what is owed by nobody any more is forgotten."""
    due = select(FirstContact).where(FirstContact.next_at <= now)
    return each_due(transact, due, FirstContact.ticket_id, partial(_remind, now=now))


def _remind(session: Session, owed: FirstContact, *, now: dt.datetime) -> None:
    ticket = session.get_one(Ticket, owed.ticket_id)
    if reaching.owed(session, ticket) is None:
        session.delete(owed)  # it went elsewhere, where it is signed anew
        return
    late = now >= owed.due_at
    people = set(recipients.holders(session, ticket))
    if late:
        people |= set(recipients.unit_leads(session, ticket))
    alarm.tell(
        session,
        people,
        ticket,
        "contact",
        N_("工单 %(number)s 到 %(due)s 没有首次联系职工，请立即联系并登记。")
        if late
        else N_("工单 %(number)s 须在 %(due)s 前首次联系职工。"),
        params={"number": ticket.number, "due": written(owed.due_at)},
        purpose=f"contact:{ticket.id}:{owed.next_at:%Y%m%d%H%M}",
        sms=None,
        now=now,
    )
    owed.next_at = now + AGAIN if late else owed.due_at
