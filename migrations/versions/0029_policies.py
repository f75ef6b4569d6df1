"""Who made a version of the rules and why, calendar files, and what each of them moved."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("service_class", sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("service_class", sa.Column("made_by", sa.String(120), nullable=True))
    op.add_column("service_class", sa.Column("why", sa.String(300), nullable=True))
    op.create_table(
        "calendar_import",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by", sa.String(120), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_import"),
    )
    op.create_table(
        "deadline_move",
        sa.Column("import_id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["calendar_import.id"], name="fk_deadline_move_import_id"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_deadline_move_ticket_id"),
        sa.PrimaryKeyConstraint("import_id", "ticket_id", name="pk_deadline_move"),
    )


def downgrade() -> None:
    op.drop_table("deadline_move")
    op.drop_table("calendar_import")
    op.drop_column("service_class", "why")
    op.drop_column("service_class", "made_by")
    op.drop_column("service_class", "made_at")
