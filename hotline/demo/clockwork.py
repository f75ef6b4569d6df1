"""What the clock did in the history: the same jobs, run as of that time."""

from hotline.callbacks import jobs as callbacks
from hotline.core.db import Transact
from hotline.demo import outbox
from hotline.demo.stage import Stage
from hotline.masses import jobs as masses
from hotline.sla import alarm, contacts, jobs, reminders, urged, waiting
from hotline.surveys import jobs as surveys


def look(transact: Transact, stage: Stage) -> None:
    """Do all that is due at `stage.now`."""
    now = stage.now
    jobs.time_out_replies(transact, now=now)
    jobs.resume_suspended(transact, now=now)
    surveys.invite_resolved(transact, rules=stage.rules, now=now)
    surveys.chase(transact, rules=stage.rules, now=now)
    callbacks.close_unreachable(transact, now=now)
    jobs.archive_settled(transact, now=now)
    reminders.wind(transact)
    reminders.remind(transact, now=now)
    contacts.remind(transact, now=now)
    waiting.remind_callers(transact, rules=stage.rules, now=now)
    jobs.escalate(transact, now=now)
    masses.propose(transact, now=now)
    urged.tell(transact, now=now)
    urged.tell_late(transact, now=now)
    alarm.text_staff(transact, now=now)
    transact(lambda session: outbox.settle(session, stage.chance, now))
