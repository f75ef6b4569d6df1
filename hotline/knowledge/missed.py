"""What was searched for in vain: counted by words and day, so that an owner can answer it."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core import chinese, upsert
from hotline.knowledge.models import MissedSearch

LONGEST: Final = 40
NUMBER: Final = re.compile(r"\d{5,}")  # a telephone, a ticket, an identity card: never a question
SHOWN: Final = 100


def normal(words: str) -> str | None:
    """Return *words* as they are counted; None for what is no question or may name somebody."""
    plain = chinese.fold(words)
    if not plain or len(plain) > LONGEST or NUMBER.search(plain):
        return None
    return plain


def count(session: Session, words: str, today: dt.date) -> None:
    """Count a search that found nothing."""
    plain = normal(words)
    if plain is None:
        return
    first = upsert.into(session, MissedSearch).values(day=today, words=plain, times=1)
    again = first.on_conflict_do_update(
        index_elements=[MissedSearch.day, MissedSearch.words],
        set_={"times": MissedSearch.times + 1},
    )
    session.execute(again)


def since(session: Session, day: dt.date) -> Sequence[Any]:
    """Return words, how often and when last they were missed since *day*, the most missed first."""
    times = func.sum(MissedSearch.times).label("times")
    query = (
        select(MissedSearch.words, times, func.max(MissedSearch.day).label("last"))
        .where(MissedSearch.day >= day)
        .group_by(MissedSearch.words)
        .order_by(times.desc(), MissedSearch.words)
        .limit(SHOWN)
    )
    return session.execute(query).all()
