"""A difference from the carrier's lists: explained by who leads the desk, it alarms no more."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.audit import AuditEntry
from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.roles import Actor
from hotline.intake import explaining, queries
from hotline.intake.models import Difference, Gap, Kind
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.test_ledger import HOUR, NOW, look

REASON = "运营商测试电话"


@pytest.fixture
def difference(session: Session, staff: Staff) -> int:
    """A call that the carrier lists and nothing of ours explains."""
    row = Difference(
        kind=Kind.CALL_IN, gap=Gap.UNKNOWN, sid="CA1", at=MONDAY, found_at=MONDAY, mended_at=None
    )
    session.add(row)
    session.commit()
    return row.id


def explain(actor: Actor, difference_id: int, reason: str = REASON) -> None:
    """Explain it."""
    transaction(lambda s: explaining.explain(s, actor, difference_id, reason, now=NOW))


def test_it_is_explained_on_its_page_and_alarms_no_more(
    session: Session, staff: Staff, difference: int, browser: Browsers
) -> None:
    assert look(session) == ["I8 CA1 unmended"]
    lead = browser()
    lead.signs_in("supervisor")
    page = lead.get("/board/differences").get_data(as_text=True)
    assert "CA1" in page
    assert "运营商有，我方没有记录" in page
    assert lead.post(f"/board/differences/{difference}", reason=REASON).status_code == 303
    assert "CA1" not in lead.get("/board/differences").get_data(as_text=True)
    kept = lead.get("/board/differences?settled=1").get_data(as_text=True)
    assert REASON in kept
    assert "supervisor" in kept
    assert look(session, NOW + HOUR) == []
    noted = session.scalars(select(AuditEntry).where(AuditEntry.act == "difference.explain")).one()
    assert noted.actor_id == staff.supervisor.id


def test_who_may_explain_what_and_how_often(
    session: Session, staff: Staff, difference: int
) -> None:
    with pytest.raises(Forbidden):
        explain(staff.operator, difference)
    with pytest.raises(NotFound):
        explain(staff.supervisor, 0)
    for words in ("", "  ", "长" * 301):
        with pytest.raises(Invalid):
            explain(staff.supervisor, difference, words)
    explain(staff.supervisor, difference)
    with pytest.raises(GuardFailed):
        explain(staff.second_supervisor, difference, "别的")
    assert queries.differences(session, settled=False).items == []
