"""Many tickets at once, made by the database itself: one in twenty is open."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from bench.databases import Database
from bench.servers import KEYS
from hotline.core import privacy
from hotline.tickets.models import Ticket
from hotline.workers.models import Worker

OPEN_SHARE: Final = 20  # one of so many
WORKERS_SHARE: Final = 10
EMPLOYER: Final = "演示建筑有限公司"
SUBJECT: Final = "演示工地三个月没有发工资，十几个人都在等"

SPELLED: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {
        "series": "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < :n)",
        "from": "s",
        "ago": "strftime('%Y-%m-%d %H:%M:%S', '2026-11-20', '-' || (:n - i) || ' minutes')"
        " || '.000000'",
        "number": "printf('%06d-%04d', i / 10000, i % 10000)",
        "key": "randomblob(16)",
    },
    "postgresql": {
        "series": "",
        "from": "generate_series(1, :n) AS s(i)",
        "ago": "timestamptz '2026-11-20' - (:n - i) * interval '1 minute'",
        "number": "lpad((i / 10000)::text, 6, '0') || '-' || lpad((i % 10000)::text, 4, '0')",
        "key": "decode(md5(i::text), 'hex')",
    },
}
WORKER: Final = (
    "INSERT INTO worker (id, phone, phone_key, language, created_at) {series}"
    " SELECT i, :phone, {key}, 'zh', {ago} FROM {from}"
)
CONSTANT: Final = {
    "version": "1",
    "cycle": "1",
    "channel": "'sms'",
    "anonymous": "FALSE",
    "subject": ":subject",
    "narrative": ":narrative",
    "category_code": "'A1'",
    "demand_type": "'complaint'",
    "region_code": "'150102'",
    "confidential_level": "0",
    "employer": ":employer",
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
ENDED: Final = {
    "state": ("'in_progress'", "'archived'"),
    "outcome": ("NULL", "'solved'"),
    "survey_outcome": ("NULL", "'satisfied'"),
    "resolved_at": ("NULL", "{ago}"),
    "archived_at": ("NULL", "{ago}"),
}


def tickets(database: Database, count: int, handler: int) -> None:
    """Write *count* tickets; each twentieth is in the hands of the staff member *handler*.

    Indexes are made afterwards and foreign keys not looked up, for time's sake; the
    checks of the tables hold.
    """
    privacy.use(privacy.read_keys(KEYS))
    spelled = SPELLED[database.engine]
    tables = [Worker.__table__, Ticket.__table__]
    values = {
        "phone": privacy.seal("+8613800000001", "worker.phone"),
        "subject": privacy.seal(SUBJECT, "ticket.subject"),
        "narrative": privacy.seal(SUBJECT * 4, "ticket.narrative"),
        "employer": privacy.seal(EMPLOYER, "ticket.employer"),
        "handler": handler,
    }
    with database.connect() as connection:
        _hurry(connection, database.engine)
        indexes = [index for table in tables for index in table.indexes]  # type: ignore[attr-defined]
        for index in indexes:
            index.drop(connection)
        _run(connection, WORKER.format(**spelled), values, max(count // WORKERS_SHARE, 1))
        _run(connection, _ticket(spelled), values, count)
        for index in indexes:
            index.create(connection)
        if database.engine == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE worker")
            connection.exec_driver_sql("VACUUM ANALYZE ticket")
    database.rest()


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
    connection.execute(sa.text(text), {n: v for n, v in given.items() if f":{n}" in text})
