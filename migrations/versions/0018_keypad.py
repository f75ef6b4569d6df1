"""The keypad, its wrong PINs, and calls placed for callbacks and surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSETTLED = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.add_column("call", sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "wrong_pin",
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_wrong_pin"),
    )
    op.create_index("ix_wrong_pin_last_at", "wrong_pin", ["last_at"])
    _create_callback_dial()
    _create_survey_call()


def downgrade() -> None:
    op.drop_table("survey_call")
    op.drop_table("callback_dial")
    op.drop_table("wrong_pin")
    op.drop_column("call", "served_at")


def _create_callback_dial() -> None:
    op.create_table(
        "callback_dial",
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("callback_id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_callback_dial_call_id"),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callback.id"], name="fk_callback_dial_callback_id"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_callback_dial_staff_id"),
        sa.PrimaryKeyConstraint("call_id", name="pk_callback_dial"),
    )
    op.create_index("ix_callback_dial_callback_id", "callback_dial", ["callback_id"])
    op.create_index(
        "ix_callback_dial_open",
        "callback_dial",
        ["call_id"],
        postgresql_where=UNSETTLED,
        sqlite_where=UNSETTLED,
    )


def _create_survey_call() -> None:
    op.create_table(
        "survey_call",
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("survey_id", BIG_INT, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_survey_call_call_id"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_call_survey_id"),
        sa.PrimaryKeyConstraint("call_id", name="pk_survey_call"),
    )
    op.create_index("ix_survey_call_survey_id", "survey_call", ["survey_id"])
