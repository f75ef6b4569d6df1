"""Lists of what is late begin with what was due first: the index of open tickets has their ids."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

OPEN = sa.text(
    "state IN ('awaiting_caller', 'dispatched', 'in_progress', 'received', "
    "'result_review', 'return_review', 'suspended')"
)


def upgrade() -> None:
    _index_by("due_at", "id")


def downgrade() -> None:
    _index_by("due_at")


def _index_by(*columns: str) -> None:
    op.drop_index("ix_ticket_due", "ticket")
    op.create_index("ix_ticket_due", "ticket", [*columns], postgresql_where=OPEN, sqlite_where=OPEN)
