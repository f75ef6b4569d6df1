"""How the engines walk the longest lists: by the index that ends a page early, sorting nothing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.tickets import narrowing
from hotline.tickets.models import Ticket
from hotline.tickets.narrowing import Filter
from hotline.tickets.states import State
from tests.matters import MONDAY
from tests.people import Staff

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
#: The tables of a test are too small for PostgreSQL to take an index by itself.
LARGE = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
SORTS = ("TEMP B-TREE", "Sort")


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter(overdue=True), "ix_ticket_due"),
        (Filter(due_before=MONDAY), "ix_ticket_due"),
        (Filter(uncontacted=True), "ix_first_contact_due_at_ticket_id"),
        (Filter(q="演示建筑公司"), "ix_ticket_employer_key_id"),
        (Filter(handler_id=1, states={State.IN_PROGRESS}), "ix_ticket_handler_id_id"),
    ],
    ids=["overdue", "soon", "to_call", "employer", "mine"],
)
def test_a_list_is_walked_by_its_index(
    app: Flask, engine_name: str, staff: Staff, wanted: Filter, index: str
) -> None:
    """A list of fifty reads about fifty rows, however many there are."""
    walk = narrowing.soonest if wanted.runs_out else narrowing.newest

    def planned(session: Session) -> str:
        for setting in LARGE if engine_name == "postgresql" else ():
            session.connection().exec_driver_sql(f"SET LOCAL {setting} = off")
        query = walk(select(Ticket.id), session, staff.supervisor, wanted, None, MONDAY)
        return _plan(session, EXPLAIN[engine_name], query.limit(50))

    plan = transaction(planned)
    assert index in plan, plan
    assert not any(sign in plan for sign in SORTS), plan


def _plan(session: Session, explain: str, query: Any) -> str:
    """Return how the engine would walk *query*, as it is sent: with its values bound."""

    def asked(
        _c: Any, _u: Any, statement: str, given: Any, _x: Any, _many: bool
    ) -> tuple[str, Any]:
        return explain + statement, given

    event.listen(db.engine, "before_cursor_execute", asked, retval=True)
    try:
        connection = session.connection()
        return "\n".join(str(row) for row in connection.execute(query).cursor.fetchall())
    finally:
        event.remove(db.engine, "before_cursor_execute", asked)
