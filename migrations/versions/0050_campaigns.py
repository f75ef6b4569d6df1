"""Tags on tickets, campaigns, and the views of the list that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_tags()
    op.create_table(
        "campaign",
        sa.Column("tag_id", BIG_INT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("target_settled", sa.Integer(), nullable=True),
        sa.Column("target_paid", BIG_INT, nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_campaign_ends_after_it_begins"),
        sa.CheckConstraint("target_settled > 0 AND target_paid > 0", name="ck_campaign_positive"),
        sa.CheckConstraint(
            "target_settled IS NOT NULL OR target_paid IS NOT NULL",
            name="ck_campaign_has_a_target",
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_campaign_tag_id"),
        sa.PrimaryKeyConstraint("tag_id", name="pk_campaign"),
    )
    op.create_index("ix_campaign_ends_on_tag_id", "campaign", ["ends_on", "tag_id"])
    _create_views()


def downgrade() -> None:
    for table in ("saved_view", "campaign", "ticket_tag", "tag"):
        op.drop_table(table)


def _create_tags() -> None:
    op.create_table(
        "tag",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=True),
        sa.Column("made_by", BIG_INT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_tag_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", name="uq_tag_name"),
    )
    op.create_table(
        "ticket_tag",
        sa.Column("tag_id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("added_by", BIG_INT, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_ticket_tag_tag_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_tag_ticket_id"),
        sa.PrimaryKeyConstraint("tag_id", "ticket_id", name="pk_ticket_tag"),
    )
    op.create_index("ix_ticket_tag_ticket_id", "ticket_tag", ["ticket_id"])


def _create_views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("query", sa.LargeBinary(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_saved_view_staff_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_saved_view_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("staff_id", "name", name="uq_saved_view_staff_id_name"),
    )
    first, shared = sa.text("is_default"), sa.text("unit_id IS NOT NULL")
    op.create_index(
        "uq_saved_view_default", "saved_view", ["staff_id"], unique=True,
        postgresql_where=first, sqlite_where=first,
    )  # fmt: skip
    op.create_index(
        "ix_saved_view_unit_id", "saved_view", ["unit_id"],
        postgresql_where=shared, sqlite_where=shared,
    )  # fmt: skip
