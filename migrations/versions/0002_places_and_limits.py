"""Places and limits: regions, units, routing, the calendar, service classes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "calendar_day",
    "region",
    "service_class",
    "unit",
    "routing_rule",
)


def upgrade() -> None:
    _create_calendar_day()
    _create_region()
    _create_service_class()
    _create_unit()
    _create_routing_rule()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=True),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "scope", name="pk_calendar_day"),
    )


def _create_region() -> None:
    op.create_table(
        "region",
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("parent_code", sa.String(6), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name="fk_region_parent_code"),
        sa.PrimaryKeyConstraint("code", name="pk_region"),
    )
    op.create_index(("ix_region_parent_code"), "region", ["parent_code"])


def _create_service_class() -> None:
    op.create_table(
        "service_class",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("sign", sa.String(12), nullable=False),
        sa.Column("first_contact", sa.String(12), nullable=True),
        sa.Column("review", sa.String(12), nullable=False),
        sa.Column("reply", sa.String(12), nullable=False),
        sa.Column("finish", sa.String(12), nullable=False),
        sa.Column("start", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", "version", name="pk_service_class"),
    )


def _create_unit() -> None:
    op.create_table(
        "unit",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("parent_id", BIG_INT, nullable=True),
        sa.Column("path", sa.String(120), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("duty_phone", sa.LargeBinary(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name="ck_unit_ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_unit_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", name="uq_unit_code"),
        sa.UniqueConstraint("path", name="uq_unit_path"),
    )
    op.create_index(("ix_unit_parent_id"), "unit", ["parent_id"])
    op.create_index(("ix_unit_region_code"), "unit", ["region_code"])


def _create_routing_rule() -> None:
    op.create_table(
        "routing_rule",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=True),
        sa.Column("category_code", sa.String(4), nullable=True),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_routing_rule_region_code"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_routing_rule_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_routing_rule"),
    )
    op.create_index(("ix_routing_rule_party_region_code"), "routing_rule", ["party", "region_code"])
