"""What is owed after a crisis in a call: the leader's brief and a second call."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWED = {
    "unbriefed": sa.text("briefed_at IS NULL AND brief_alarmed_at IS NULL"),
    "unfollowed": sa.text("followed_at IS NULL AND follow_alarmed_at IS NULL"),
}


def upgrade() -> None:
    op.create_table(
        "crisis",
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("brief", sa.LargeBinary(), nullable=True),
        sa.Column("briefed_by", BIG_INT, nullable=True),
        sa.Column("briefed_at", MOMENT, nullable=True),
        sa.Column("brief_alarmed_at", MOMENT, nullable=True),
        sa.Column("follow_up", sa.LargeBinary(), nullable=True),
        sa.Column("followed_by", BIG_INT, nullable=True),
        sa.Column("followed_at", MOMENT, nullable=True),
        sa.Column("follow_alarmed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(brief IS NULL) = (briefed_at IS NULL)", name="ck_crisis_brief_has_moment"
        ),
        sa.CheckConstraint(
            "(follow_up IS NULL) = (followed_at IS NULL)", name="ck_crisis_call_has_moment"
        ),
        sa.ForeignKeyConstraint(["briefed_by"], ["staff.id"], name="fk_crisis_briefed_by"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_crisis_call_id"),
        sa.ForeignKeyConstraint(["followed_by"], ["staff.id"], name="fk_crisis_followed_by"),
        sa.PrimaryKeyConstraint("call_id", name="pk_crisis"),
    )
    for what, owed in OWED.items():
        op.create_index(
            f"ix_crisis_{what}", "crisis", ["raised_at"], postgresql_where=owed, sqlite_where=owed
        )


def downgrade() -> None:
    op.drop_table("crisis")
