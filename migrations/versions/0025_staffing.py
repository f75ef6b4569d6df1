"""Forecasts of arrivals."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_forecast",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.Column("handling", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_day_forecast"),
    )


def downgrade() -> None:
    op.drop_table("day_forecast")
