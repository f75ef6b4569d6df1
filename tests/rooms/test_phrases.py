"""Canned texts: written by those who may, filled for a ticket, and silent about who called."""

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound, Stale
from hotline.core.roles import Actor
from hotline.phrases import queries, service
from hotline.phrases.models import Language
from hotline.phrases.service import Words
from hotline.tickets.models import Ticket
from hotline.units import queries as units
from hotline.workers.models import Worker
from tests.matters import MONDAY, in_progress
from tests.people import Staff
from tests.rooms.browsing import Browsers

EVERYBODY = 1
PAPERS = Words("材料", Language.CHINESE, "{caller}，请补充合同。编号{number}。", EVERYBODY)


def write(given: Words, actor: Actor) -> int:
    return transaction(lambda session: service.add(session, given, actor=actor, now=MONDAY).id)


def offered(session: Session, actor: Actor, ticket_id: int) -> list[str]:
    ticket = session.get_one(Ticket, ticket_id)
    return [each.words for each in queries.on_ticket(session, actor, ticket, MONDAY)]


def test_a_text_is_filled_for_the_ticket_and_names_nobody_who_is_kept_secret(
    session: Session, staff: Staff
) -> None:
    write(PAPERS, staff.supervisor)
    write(
        Words("papers", Language.ENGLISH, "{caller}, {unit}, {number}", EVERYBODY), staff.supervisor
    )
    open_one, number = in_progress(staff)
    kept, other = in_progress(staff, confidential_level=1)
    session.get_one(Worker, session.get_one(Ticket, open_one).worker_id).name = "演示甲"
    session.flush()
    first, english = offered(session, staff.handler, open_one)
    assert first == f"演示甲，请补充合同。编号{number}。"
    assert english.endswith(number)
    assert english.isascii() or "演示甲" in english
    for actor in (staff.handler, staff.operator):
        assert offered(session, actor, kept)[0] == f"职工，请补充合同。编号{other}。"


def test_a_unit_writes_for_itself_and_uses_what_stands_above_it(
    session: Session, staff: Staff
) -> None:
    here = units.unit(session, "150102").id
    own = Words("走访", Language.CHINESE, "已走访{employer}", here)
    write(PAPERS, staff.supervisor)
    phrase_id = write(own, staff.unit_lead)
    ticket_id, _ = in_progress(staff)
    assert len(offered(session, staff.handler, ticket_id)) == 2
    assert len(offered(session, staff.operator, ticket_id)) == 1, (
        "the hotline is not below the unit"
    )
    for given in (PAPERS, Words("高", Language.CHINESE, "好", EVERYBODY)):
        with pytest.raises(Invalid, match="改正"):
            write(given, staff.unit_lead)
    with pytest.raises(Forbidden):
        write(own, staff.handler)
    with pytest.raises(NotFound):
        queries.by_id(session, staff.other_handler, phrase_id)


def test_what_cannot_be_filled_or_found_is_refused(session: Session, staff: Staff) -> None:
    phrase_id = write(PAPERS, staff.supervisor)
    bad = ("", "{phone}", "{number", "长" * 1001)
    for words in bad:
        with pytest.raises(Invalid) as error:
            write(Words("a b", Language.CHINESE, words, EVERYBODY), staff.supervisor)
        assert set(error.value.errors) == {"shortcut", "words"}
    with pytest.raises(Invalid) as error:
        write(PAPERS, staff.supervisor)
    assert set(error.value.errors) == {"shortcut"}
    given = {"actor": staff.supervisor, "now": MONDAY, "version": 1}
    service.correct(session, phrase_id, Words("材料", Language.CHINESE, "新", EVERYBODY), **given)
    with pytest.raises(Stale):
        service.retire(session, phrase_id, **given)
    service.retire(session, phrase_id, **{**given, "version": 2})
    with pytest.raises(GuardFailed):
        service.retire(session, phrase_id, **{**given, "version": None})
    session.flush()
    assert service.add(session, PAPERS, actor=staff.supervisor, now=MONDAY).id != phrase_id


def test_a_supervisor_writes_one_and_an_operator_finds_it_on_the_ticket(
    staff: Staff, browser: Browsers
) -> None:
    _, number = in_progress(staff)
    lead, operator = browser(), browser()
    lead.signs_in("supervisor")
    assert "写好以后" in lead.get("/phrases").text
    lead.get("/phrases/new")
    form = {"shortcut": "/材料", "language": "zh", "words": "编号{number}<b>", "unit": "15 内蒙古"}
    assert lead.post("/phrases", **form | {"words": "{x}"}).status_code == 422
    assert lead.post("/phrases", **form).status_code == 303
    assert "/材料" in lead.get("/phrases?language=zh").text
    operator.signs_in("operator")
    assert f"编号{number}&lt;b&gt;" in operator.get(f"/tickets/{number}/phrases").text
    part = operator.get(f"/tickets/{number}/phrases", headers={"HX-Request": "true"}).text
    assert f'<option value="编号{number}&lt;b&gt;" data-shortcut="材料">汉语' in part
    assert f'data-phrases="/tickets/{number}/phrases"' in operator.get(f"/tickets/{number}").text
    assert operator.get("/phrases").status_code == 403
