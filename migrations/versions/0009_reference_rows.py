"""The reference rows: regions, units, categories, reasons, routing, calendar, classes, ladder."""

from alembic import op

from migrations.reference import ORDER, load

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    load(op.get_bind())


def downgrade() -> None:
    for table in reversed(ORDER):
        op.execute(f"DELETE FROM {table}")
