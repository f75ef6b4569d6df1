"""The few columns of other rooms that an SMS needs, by name: rooms on one floor never import."""

from typing import Final

from sqlalchemy import LargeBinary, String, column, table

from hotline.core.db import BigInt
from hotline.core.time import UTCDateTime

# The foreign keys of `message` name the same tables.
ticket: Final = table(
    "ticket",
    column("id", BigInt),
    column("number", String),
    column("unit_id", BigInt),
    column("class_code", String),
    column("due_at", UTCDateTime),
)
worker: Final = table(
    "worker",
    column("id", BigInt),
    column("phone_key", LargeBinary),
    column("opted_out_at", UTCDateTime),
)
opt_out: Final = table(
    "opt_out",
    column("worker_id", BigInt),
    column("source", String),
    column("left_at", UTCDateTime),
)
REFUSED: Final = "by_refusal"  # of its sources
unit: Final = table("unit", column("id", BigInt), column("path", String))
