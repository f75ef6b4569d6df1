"""Structured logs, one JSON line an event; numbers that could be somebody's are blanked."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

NUMBER: Final = re.compile(r"\+?\d[\d -]{8,}\d")  # telephone, identity and bank numbers
BLANKED: Final = "[number]"
#: Our own ids, and hashes.
KEPT: Final = frozenset({"timestamp", "ticket", "id", "message", "call", "order", "hash"})


def configure(level: str) -> None:
    """Set the level and the form of this process's logs."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            blank_numbers,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),  # as it is by then
        cache_logger_on_first_use=False,
    )


def blank_numbers(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blank whatever looks like a person's number, whoever put it there."""
    for key, value in event.items():
        if isinstance(value, str) and key not in KEPT:
            event[key] = NUMBER.sub(BLANKED, value)
    return event
