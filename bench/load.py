"""Many tickets at once, made by the database itself: one in twenty is open."""

import re
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from bench.databases import Database
from bench.servers import KEYS
from hotline.calls.models import Call
from hotline.core import privacy
from hotline.search import index
from hotline.search.models import TicketWords, spelled
from hotline.tickets.intake import employer_key
from hotline.tickets.models import Ticket
from hotline.workers.models import Worker

OPEN_SHARE: Final = 20  # one of so many
WORKERS_SHARE: Final = 10
#: Workers with open tickets, each found by their number: all others share the first one's.
KNOWN: Final = range(1, 20 * OPEN_SHARE, OPEN_SHARE)
NUMBER: Final = "+861380000{:04d}"
CALLER: Final = NUMBER.format(1)
EMPLOYER: Final = "演示建筑有限公司"
SUBJECT: Final = "演示工地三个月没有发工资，十几个人都在等"
RARE: Final = "劳动仲裁裁决书"
RARELY: Final = 20  # tickets hold it, however many there are

SPELLED: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {
        "series": "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < :n)",
        "from": "s",
        "ago": "strftime('%Y-%m-%d %H:%M:%S', '2026-11-20', '-' || (:n - i) || ' minutes')"
        " || '.000000'",
        "number": "printf('%06d-%04d', i / 10000, i % 10000)",
        "key": "randomblob(16)",
        "array": "TEXT",
    },
    "postgresql": {
        "series": "",
        "from": "generate_series(1, :n) AS s(i)",
        "ago": "timestamptz '2026-11-20' - (:n - i) * interval '1 minute'",
        "number": "lpad((i / 10000)::text, 6, '0') || '-' || lpad((i % 10000)::text, 4, '0')",
        "key": "decode(md5(i::text), 'hex')",
        "array": "INTEGER[]",
    },
}
WORKER: Final = (
    "INSERT INTO worker (id, phone, phone_key, language, created_at) {series}"
    " SELECT i, :phone, {key}, 'zh', {ago} FROM {from}"
)
HOLDS_IT: Final = f"i % CASE WHEN :n < {RARELY} THEN 1 ELSE :n / {RARELY} END = 0"
WORDS: Final = (
    "INSERT INTO ticket_words (ticket_id, keys) {series}"
    f" SELECT i, CAST(CASE WHEN {HOLDS_IT} THEN :rare_keys ELSE :keys END AS {{array}})"
    " FROM {from}"
)
CONSTANT: Final = {
    "version": "1",
    "cycle": "1",
    "channel": "'sms'",
    "anonymous": "FALSE",
    "subject": ":subject",
    "narrative": f"CASE WHEN {HOLDS_IT} THEN :rare ELSE :narrative END",
    "category_code": "'A1'",
    "demand_type": "'complaint'",
    "region_code": "'150102'",
    "confidential_level": "0",
    "employer": ":employer",
    "employer_key": ":employer_key",
    "urgency": "'normal'",
    "mass": "FALSE",
    "unit_id": "2",
    "handler_id": ":handler",
    "class_code": "'complaint'",
    "due_explained": "'[]'",
    "due_provisional": "FALSE",
    **dict.fromkeys(
        (
            "escalation_level",
            "supervision_level",
            "urge_count",
            "caller_reminders",
            "returns_refused",
            "reworks",
            "reopens",
        ),
        "0",
    ),
}
MOMENTS: Final = ("received_at", "due_at", "due_original", "clock_from", "touched_at")
#: How the open ones stand, in turn.
STANDS: Final = ("in_progress", "received", "dispatched", "result_review")
STATE: Final = " ".join(f"WHEN {n} THEN '{state}'" for n, state in enumerate(STANDS))
ENDED: Final = {
    "state": (f"CASE i / {OPEN_SHARE} % {len(STANDS)} {STATE} END", "'archived'"),
    "outcome": ("NULL", "'solved'"),
    "survey_outcome": ("NULL", "'satisfied'"),
    "resolved_at": ("NULL", "{ago}"),
    "archived_at": ("NULL", "{ago}"),
}


CALLS: Final = {
    "direction": "'inbound'",
    "worker_id": "worker_id",
    "raw_from": ":raw_from",
    "language": "'zh'",
    "state": "'ended'",
    "end_state": "'answered'",
    "disposition": "'registered'",
    "ticket_id": "id",
    "staff_id": ":handler",
    **dict.fromkeys(
        ("received_at", "heard_at", "queued_at", "answered_at", "ended_at"), "received_at"
    ),
    **dict.fromkeys(("rang", "left_queue", "left_message", "asked_back", "after_hours"), "FALSE"),
    **dict.fromkeys(("offers", "held_ms"), "0"),
    "carrier_sequence": "-1",
}
CALL: Final = (
    f"INSERT INTO call (id, {', '.join(CALLS)}) SELECT id, {', '.join(CALLS.values())} FROM ticket"
)

OWED: Final = (
    "INSERT INTO first_contact (ticket_id, unit_id, due_at, next_at)"
    " SELECT id, unit_id, due_at, due_at FROM ticket WHERE state = 'in_progress'"
)


def tickets(database: Database, count: int, handler: int) -> None:
    """Write *count* tickets and the calls they came by; each twentieth is open.

    Those are in the hands of the staff member *handler*. Indexes are made afterwards and
    foreign keys not looked up, for time's sake; the checks of the tables hold.
    """
    privacy.use(privacy.read_keys(KEYS))
    spelled_as, values = SPELLED[database.engine], _values(database.engine, handler)
    tables = [Worker.__table__, Ticket.__table__, Call.__table__]
    with database.connect() as connection:
        _hurry(connection, database.engine)
        indexes = [index for table in tables for index in table.indexes]  # type: ignore[attr-defined]
        if database.engine == "postgresql":
            indexes += TicketWords.__table__.indexes  # type: ignore[attr-defined]
        for each in indexes:
            each.drop(connection)
        _run(connection, WORKER.format(**spelled_as), values, max(count // WORKERS_SHARE, 1))
        for text in (_ticket(spelled_as), CALL, WORDS.format(**spelled_as), OWED):
            _run(connection, text, values, count)
        for number in KNOWN:
            key = privacy.blind_index(NUMBER.format(number))
            known = sa.update(Worker).where(Worker.id == number)
            connection.execute(known.values(phone_key=key))
        for each in indexes:
            each.create(connection)
    database.rest()


def _values(engine: str, handler: int) -> dict[str, Any]:
    texts = {"narrative": SUBJECT * 4, "rare": f"{SUBJECT * 3}，{RARE}"}
    keys = {
        name: index.keys([SUBJECT, text, EMPLOYER], ["/", "/1/"]) for name, text in texts.items()
    }
    written = {name: _array(engine, each) for name, each in keys.items()}
    return {
        "phone": privacy.seal(CALLER, "worker.phone"),
        "raw_from": privacy.seal(CALLER, "call.raw_from"),
        "subject": privacy.seal(SUBJECT, "ticket.subject"),
        **{name: privacy.seal(text, "ticket.narrative") for name, text in texts.items()},
        "keys": written["narrative"],
        "rare_keys": written["rare"],
        "employer": privacy.seal(EMPLOYER, "ticket.employer"),
        "employer_key": employer_key(EMPLOYER),
        "handler": handler,
    }


def _array(engine: str, keys: list[int]) -> str:
    """Return *keys* as the engine's own text for them."""
    return f"{{{','.join(map(str, keys))}}}" if engine == "postgresql" else spelled(keys)


def _hurry(connection: sa.Connection, engine: str) -> None:
    quick = (
        ("SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'")
        if engine == "postgresql"
        else ("PRAGMA foreign_keys=OFF", "PRAGMA cache_size=-500000", "PRAGMA synchronous=OFF")
    )
    for statement in quick:
        connection.exec_driver_sql(statement)


def _ticket(spelled: Mapping[str, str]) -> str:
    ended = {
        name: f"CASE WHEN i % {OPEN_SHARE} = 0 THEN {now} ELSE {then} END".format(**spelled)
        for name, (now, then) in ENDED.items()
    }
    columns = {
        "id": "i",
        "number": spelled["number"],
        "worker_id": f"1 + i % (1 + (:n - 1) / {WORKERS_SHARE})",
        **CONSTANT,
        **dict.fromkeys(MOMENTS, spelled["ago"]),
        **ended,
    }
    return (
        f"INSERT INTO ticket ({', '.join(columns)}) {spelled['series']}"
        f" SELECT {', '.join(columns.values())} FROM {spelled['from']}"
    )


def _run(connection: sa.Connection, text: str, values: Mapping[str, Any], count: int) -> None:
    given = {"n": count, **values}
    named = set(re.findall(r":(\w+)", text))
    connection.execute(sa.text(text), {n: v for n, v in given.items() if n in named})
