"""What an article is to those who answer with it; the row's own facts say so."""

import datetime as dt
from enum import StrEnum
from typing import Final

from hotline.core.words import N_

REVIEWED_WITHIN: Final = dt.timedelta(days=183)  # domain, section 5: review ≤ 6 months


class State(StrEnum):
    """Whether an article may be answered with."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


LABELS: Final = {
    State.DRAFT: N_("待批准"),
    State.APPROVED: N_("已批准"),
    State.WITHDRAWN: N_("已撤下"),
}


def state(in_force: int | None, withdrawn_at: dt.datetime | None) -> State:
    """Return the state of an article from the version in force and when it was taken down."""
    if withdrawn_at is not None:
        return State.WITHDRAWN
    return State.DRAFT if in_force is None else State.APPROVED


def latest_review(today: dt.date) -> dt.date:
    """Return the last day on which what is approved *today* must be looked at again."""
    return today + REVIEWED_WITHIN
