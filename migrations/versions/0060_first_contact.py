"""The first contact that is owed stands in a table of its own until the worker was reached."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0066"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENTS = sa.text(
    "SELECT ticket.id AS ticket_id, ticket.unit_id, ticket_event.action, ticket_event.kind,"
    " ticket_event.detail"
    " FROM ticket JOIN ticket_event ON ticket_event.ticket_id = ticket.id"
    " WHERE ticket.state IN ('in_progress', 'awaiting_caller', 'suspended')"
    " AND (ticket_event.action IN ('sign', 'take') OR ticket_event.kind = 'contact')"
    " ORDER BY ticket_event.id"
).columns(ticket_id=BIG_INT, unit_id=BIG_INT, detail=sa.JSON())


def upgrade() -> None:
    made = op.create_table(
        "first_contact",
        sa.Column("ticket_id", BIG_INT, nullable=False, autoincrement=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_first_contact_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_first_contact"),
    )
    op.create_index("ix_first_contact_due_at_ticket_id", "first_contact", ["due_at", "ticket_id"])
    op.create_index("ix_first_contact_next_at", "first_contact", ["next_at"])
    if owed := _owed():
        op.bulk_insert(made, owed)


def downgrade() -> None:
    op.drop_table("first_contact")


def _owed() -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for ticket_id, unit_id, action, kind, detail in op.get_bind().execute(EVENTS):
        if action and (by := detail.get("contact_by")):
            due = dt.datetime.fromisoformat(by)
            row = {"ticket_id": ticket_id, "unit_id": unit_id, "due_at": due, "next_at": due}
            found[ticket_id] = row
        elif action or (kind == "contact" and detail.get("reached")):
            found.pop(ticket_id, None)
    return [*found.values()]
