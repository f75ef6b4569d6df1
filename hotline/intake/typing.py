"""What is looked up while an operator types: open tickets like it, articles that answer it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hotline.calls import queries as calls
from hotline.core import chinese
from hotline.core.language import local
from hotline.core.roles import Actor
from hotline.deadlines.arithmetic import Due
from hotline.employers import naming
from hotline.employers import queries as employers
from hotline.intake.form import IntakeForm
from hotline.knowledge import queries as knowledge
from hotline.knowledge.queries import Entry
from hotline.stations import asking
from hotline.stations import queries as stations
from hotline.stations.models import Station
from hotline.tickets import clocks, confidence, duplicates, telltale
from hotline.tickets.duplicates import Duplicate
from hotline.tickets.intake import Intake, employer_key, project_key
from hotline.tickets.likeness import Matter
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.workers import queries as workers

MEANT: Final = 3  # employers of the register that a name may mean


def similar(session: Session, actor: Actor, form: IntakeForm) -> list[Duplicate]:
    """Return the open tickets most like what the form holds so far, the likeliest first."""
    return duplicates.similar(
        session,
        actor,
        Matter(
            worker_id=worker_of(session, form),
            employers=_employers(session, form),
            project_key=project_key(form.project),
            region=form.region,
            category=form.category,
            words=chinese.bigrams(form.narrative),
        ),
    )


@dataclass(frozen=True)
class Foreseen:
    """Where a matter would go and by when, as far as the form tells; None where it does not."""

    unit: Unit | None
    reason: str
    due: Due


def foresee(session: Session, form: IntakeForm, *, now: dt.datetime) -> Foreseen:
    """Return the unit the routing table names and the deadline, were it registered now.

    Raises:
        NotFound: There is no such region.
        GuardFailed: No rule fits.
    """
    matter = Intake(
        channel=form.channel,
        narrative=form.narrative,
        category_code=form.category,
        demand_type=form.demand_type,
        region_code=form.region,
        confidential_level=form.confidential_level,
        urgency=form.urgency,
        mass=form.mass,
    )
    due = clocks.finish(session, clocks.class_of(matter, now), now)
    if not form.region or not form.category:
        return Foreseen(None, "", due)
    found = units.route(session, region=form.region, category=form.category, now=now)
    return Foreseen(units.by_id(session, found.unit_id), found.reason, due)


def telling(form: IntakeForm) -> Sequence[str]:
    """Return what in the form may give the caller away, where their name is kept from somebody."""
    level = form.confidential_level
    if level is None:
        level = confidence.default_level(form.demand_type, form.employer)
    return telltale.signs(form.narrative, form.head_count) if level in telltale.KEPT else ()


def answering(session: Session, form: IntakeForm) -> list[Entry]:
    """Return the articles that answer what the form holds so far, the closest first."""
    return knowledge.suggest(session, form.narrative, form.category, form.region)


def places(session: Session, form: IntakeForm, *, now: dt.datetime) -> Sequence[Station]:
    """Return the nearest stations, if the form asks where to go or whom to ring."""
    if not asking.asks(form.narrative, form.category):
        return ()
    where = form.region or stations.WHOLE_REGION
    return stations.near(session, where, local(now).date())


def worker_of(session: Session, form: IntakeForm) -> int | None:
    """Return who speaks: the caller of the call, else whose number it is; None if unknown."""
    if form.call is not None:
        return calls.call(session, form.call).worker_id
    found = workers.find(session, form.caller) if form.caller else None
    return found.id if found else None


def _employers(session: Session, form: IntakeForm) -> frozenset[int | bytes]:
    if not form.employer:
        return frozenset()
    likely = employers.find(session, form.employer, MEANT)
    meant = [each for each in likely if each.likeness >= employers.ALIKE]
    names = {form.employer, *(name for each in meant for name in (each.employer.name, each.by))}
    keys = {employer_key(each) for name in names for each in (name, naming.core(name))}
    named = (*keys, form.employer_id, *(each.employer.id for each in meant))
    return frozenset(each for each in named if each is not None)
