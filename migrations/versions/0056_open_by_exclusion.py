"""Partial indexes of open tickets leave out what is settled: no engine prefers that of states."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_ticket_open": ("id",),
    "ix_ticket_due": ("due_at", "id"),
    "ix_ticket_open_employer_id": ("employer_id", "id"),
    "ix_ticket_open_employer_key": ("employer_key", "id"),
    "ix_ticket_open_project_key": ("project_key", "id"),
    "ix_ticket_open_region_code": ("region_code", "category_code", "id"),
}
GIVEN = {name for name in INDEXES if name.startswith("ix_ticket_open_")}
BEFORE = (
    "state IN ('awaiting_caller', 'dispatched', 'in_progress', 'received', "
    "'result_review', 'return_review', 'suspended')"
)
AFTER = "state NOT IN ('appraisal_review', 'archived', 'merged', 'resolved', 'surveyed', 'voided')"


def upgrade() -> None:
    _index_while(AFTER)


def downgrade() -> None:
    _index_while(BEFORE)


def _index_while(is_open: str) -> None:
    for name, columns in INDEXES.items():
        given = f" AND {columns[0]} IS NOT NULL" if name in GIVEN else ""
        where = sa.text(is_open + given)
        op.drop_index(name, "ticket")
        op.create_index(name, "ticket", [*columns], postgresql_where=where, sqlite_where=where)
