"""Quality inspection: the score sheet, draws by seed, samples and scorings."""

import datetime as dt
import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SHEET = Path(__file__).parents[1] / "data/score_sheet.json"
PUBLISHED = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def upgrade() -> None:
    sheet = op.create_table(
        "score_sheet",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_score_sheet"),
    )
    definition = json.loads(SHEET.read_text("utf-8"))
    op.bulk_insert(sheet, [{"version": 1, "definition": definition, "published_at": PUBLISHED}])
    op.create_table(
        "inspection_draw",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(32), nullable=False),
        sa.Column("drawn_by", BIG_INT, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["staff.id"], name="fk_inspection_draw_drawn_by"),
        sa.PrimaryKeyConstraint("id", name="pk_inspection_draw"),
        sa.UniqueConstraint("month", name="uq_inspection_draw_month"),
    )
    _create_sample()
    _create_score()


def downgrade() -> None:
    for table in ("inspection_score", "inspection_sample", "inspection_draw", "score_sheet"):
        op.drop_table(table)


def _create_sample() -> None:
    op.create_table(
        "inspection_sample",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("draw_id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("call_id", BIG_INT, nullable=True),
        sa.Column("ticket_id", BIG_INT, nullable=True),
        sa.Column("double", sa.Boolean(), nullable=False),
        sa.Column("appeal", sa.LargeBinary(), nullable=True),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(call_id IS NULL) <> (ticket_id IS NULL)", name="ck_inspection_sample_one_subject"
        ),
        sa.CheckConstraint(
            "(appeal IS NULL) = (appealed_at IS NULL)",
            name="ck_inspection_sample_appeal_has_moment",
        ),
        *(
            sa.ForeignKeyConstraint([column], [there], name=f"fk_inspection_sample_{column}")
            for column, there in (
                ("call_id", "call.id"), ("draw_id", "inspection_draw.id"),
                ("staff_id", "staff.id"), ("ticket_id", "ticket.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inspection_sample"),
        sa.UniqueConstraint("call_id", name="uq_inspection_sample_call_id"),
        sa.UniqueConstraint(
            "draw_id", "ticket_id", name="uq_inspection_sample_draw_id_ticket_id"
        ),
    )  # fmt: skip
    for second in ("draw_id", "staff_id"):
        op.create_index(f"ix_inspection_sample_{second}_id", "inspection_sample", [second, "id"])


def _create_score() -> None:
    op.create_table(
        "inspection_score",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("sample_id", BIG_INT, nullable=False),
        sa.Column("round", sa.String(40), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("fatal", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.Column("scored_by", BIG_INT, nullable=False),
        sa.Column("scored_at", MOMENT, nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="ck_inspection_score_score_on_scale"),
        *(
            sa.ForeignKeyConstraint([column], [there], name=f"fk_inspection_score_{column}")
            for column, there in (
                ("sample_id", "inspection_sample.id"), ("scored_by", "staff.id"),
                ("sheet_version", "score_sheet.version"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inspection_score"),
        sa.UniqueConstraint("sample_id", "round", name="uq_inspection_score_sample_id_round"),
        sa.UniqueConstraint(
            "sample_id", "scored_by", name="uq_inspection_score_sample_id_scored_by"
        ),
    )  # fmt: skip
