"""Results with evidence of contact and an internal part; reasons for none, two more defects."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMNS = (
    ("contact_way", sa.String(40)),
    ("contact_at", sa.DateTime(timezone=True)),
    ("contact_reason", sa.String(40)),
    ("internal", sa.LargeBinary()),
    ("reply_key", sa.LargeBinary(16)),
)
REASONS = (
    ("no_contact", "anonymous", "匿名，无法联系", "Anonymous, nobody to contact"),
    ("no_contact", "no_number", "没有号码", "No number"),
    ("no_contact", "unreachable", "多次联系未果", "Tried several times in vain"),
    ("no_contact", "refused", "职工拒绝联系", "The worker refused contact"),
    ("no_contact", "unsafe", "联系不安全", "Contact is unsafe"),
    ("bounce", "boilerplate", "套话、千篇一律", "Boiler-plate reply"),
    ("bounce", "wrong_unit", "承办单位不对", "The wrong unit"),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("ticket_result", sa.Column(name, kind, nullable=True))
    op.create_index("ix_ticket_result_reply_key", "ticket_result", ["reply_key"])
    op.bulk_insert(
        _reason(),
        [dict(zip(("list", "code", "name", "name_en"), row, strict=True)) for row in REASONS],
    )


def downgrade() -> None:
    reason = _reason()
    for list_, code, *_ in REASONS:
        op.execute(reason.delete().where(reason.c.list == list_, reason.c.code == code))
    op.drop_index("ix_ticket_result_reply_key", "ticket_result")
    for name, _ in reversed(COLUMNS):
        op.drop_column("ticket_result", name)


def _reason() -> sa.TableClause:
    return sa.table("reason", *(sa.column(name) for name in ("list", "code", "name", "name_en")))
