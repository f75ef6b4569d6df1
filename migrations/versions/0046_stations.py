"""Stations: places and numbers that callers are told of."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "station",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("address", sa.String(80), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("hours", sa.String(70), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "address IS NOT NULL OR phone IS NOT NULL", name="ck_station_can_be_reached"
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name="ck_station_ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_station_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_station"),
    )
    op.create_index("ix_station_region_code_id", "station", ["region_code", "id"])
    op.create_index("ix_station_kind_region_code_id", "station", ["kind", "region_code", "id"])


def downgrade() -> None:
    op.drop_table("station")
