"""Lines by number with hours of their own, holidays among them; who was called out."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "presence", sa.Column("called_out", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("call", sa.Column("need", sa.String(40), nullable=True))
    op.add_column("call", sa.Column("turn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "service_line",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("need", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_service_line"),
    )
    with op.batch_alter_table("opening_hours") as batch:
        batch.add_column(sa.Column("line", sa.String(20), nullable=False, server_default=""))
        batch.drop_constraint("pk_opening_hours", type_="primary")
        batch.create_primary_key("pk_opening_hours", ["line", "weekday", "opens"])


def downgrade() -> None:
    op.execute("DELETE FROM opening_hours WHERE line <> ''")
    with op.batch_alter_table("opening_hours") as batch:
        batch.drop_constraint("pk_opening_hours", type_="primary")
        batch.create_primary_key("pk_opening_hours", ["weekday", "opens"])
        batch.drop_column("line")
    op.drop_table("service_line")
    op.drop_column("call", "turn_at")
    op.drop_column("call", "need")
    op.drop_column("presence", "called_out")
