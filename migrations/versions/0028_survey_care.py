"""Surveys by people: tries, second opinions, and numbers that nobody asks."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("outcome IS NULL")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    _create_survey_try()
    _create_survey_check()
    _create_survey_exemption()
    op.execute("DELETE FROM rollup_mark")  # the journals are read again, for the new facts


def downgrade() -> None:
    for table in ("survey_exemption", "survey_check", "survey_try"):
        op.drop_table(table)
    op.execute("DELETE FROM daily_count")
    op.execute("DELETE FROM rollup_mark")


def _create_survey_try() -> None:
    op.create_table(
        "survey_try",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("survey_id", BIG_INT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_try_survey_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_try"),
    )
    op.create_index("ix_survey_try_survey_id", "survey_try", ["survey_id"])


def _create_survey_check() -> None:
    op.create_table(
        "survey_check",
        sa.Column("survey_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("taken_by", BIG_INT, nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("checked_by", BIG_INT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (checked_at IS NULL)", name="ck_survey_check_outcome_has_moment"
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_check_survey_id"),
        sa.PrimaryKeyConstraint("survey_id", name="pk_survey_check"),
    )
    op.create_index(
        "ix_survey_check_waiting",
        "survey_check",
        ["drawn_at"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )


def _create_survey_exemption() -> None:
    op.create_table(
        "survey_exemption",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("worker_id", BIG_INT, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", BIG_INT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", BIG_INT, nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_survey_exemption_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_exemption"),
    )
    op.create_index(
        "uq_survey_exemption_open",
        "survey_exemption",
        ["worker_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
