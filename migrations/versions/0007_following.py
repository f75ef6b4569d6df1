"""What follows from a ticket: surveys, reminders, escalations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHERE_1 = sa.text("texted_at IS NULL")
WHERE_2 = sa.text("next_at IS NOT NULL")

TABLES = (
    "ladder_rung",
    "alert",
    "countdown",
    "escalation",
    "reminder",
    "survey",
)


def upgrade() -> None:
    _create_ladder_rung()
    _create_alert()
    _create_countdown()
    _create_escalation()
    _create_reminder()
    _create_survey()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_ladder_rung() -> None:
    op.create_table(
        "ladder_rung",
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("rung", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("patience", sa.String(12), nullable=True),
        sa.PrimaryKeyConstraint("urgency", "rung", name="pk_ladder_rung"),
    )


def _create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_alert_staff_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_alert_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index(("ix_alert_staff_id_texted_at"), "alert", ["staff_id", "texted_at"])
    op.create_index(
        "ix_alert_untold",
        "alert",
        ["staff_id", "id"],
        postgresql_where=WHERE_1,
        sqlite_where=WHERE_1,
    )


def _create_countdown() -> None:
    op.create_table(
        "countdown",
        sa.Column("ticket_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("class_code", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_countdown_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_countdown"),
    )
    op.create_index(
        "ix_countdown_next",
        "countdown",
        ["next_at"],
        postgresql_where=WHERE_2,
        sqlite_where=WHERE_2,
    )


def _create_escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_escalation_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sa.UniqueConstraint(
            "ticket_id", "cycle", "rung", name="uq_escalation_ticket_id_cycle_rung"
        ),
    )
    op.create_index(("ix_escalation_at"), "escalation", ["at"])


def _create_reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("occasion", sa.String(60), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_reminder_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint(
            "ticket_id", "occasion", "percent", name="uq_reminder_ticket_id_occasion_percent"
        ),
    )


def _survey_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("worker_id", BIG_INT, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("first_score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
    ]


def _survey_rules() -> list[Any]:
    return [
        sa.CheckConstraint(
            "(state = 'answered') = (score IS NOT NULL)", name="ck_survey_answered_has_score"
        ),
        sa.CheckConstraint(
            "(state IN ('due', 'asked', 'unclear')) = (next_at IS NOT NULL)",
            name="ck_survey_open_has_timer",
        ),
        sa.CheckConstraint(
            "(score IS NULL) = (answered_at IS NULL)", name="ck_survey_score_has_moment"
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_survey_score_on_scale"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_survey_ticket_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name="fk_survey_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
        sa.UniqueConstraint("ticket_id", "cycle", name="uq_survey_ticket_id_cycle"),
    ]


def _create_survey() -> None:
    op.create_table("survey", *_survey_columns(), *_survey_rules())
    op.create_index(("ix_survey_answered_at"), "survey", ["answered_at"])
    op.create_index(
        "ix_survey_open", "survey", ["next_at"], postgresql_where=WHERE_2, sqlite_where=WHERE_2
    )
    op.create_index(("ix_survey_worker_id_asked_at"), "survey", ["worker_id", "asked_at"])
