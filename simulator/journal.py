"""Every webhook the carrier sent, with its answer: the simulator's request inspector."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass
class Entry:
    """One attempt to deliver one webhook.

    `status` is None when no answer came; `error` then is the carrier's code.
    `warnings` are complaints about the answer that did not end the call.
    """

    at: dt.datetime
    kind: str
    method: str
    url: str
    params: dict[str, str]
    token: str
    attempt: int = 1
    fault: str = ""
    status: int | None = None
    content_type: str = ""
    body: str = ""
    ms: float = 0.0
    error: int | None = None
    warnings: list[str] = field(default_factory=list)


class Journal(list[Entry]):
    """Entries in order of sending; a long-running carrier keeps the last *limit*."""

    def __init__(self, limit: int | None = None) -> None:
        super().__init__()
        self._limit = limit

    def write(self, entry: Entry) -> Entry:
        """Add *entry* and forget the oldest beyond the limit."""
        self.append(entry)
        if self._limit and len(self) > self._limit:
            del self[: self._limit // 10]
        return entry

    def of(self, kind: str) -> list[Entry]:
        """Return the entries whose kind is *kind* or begins with it and a dot."""
        return [e for e in self if e.kind == kind or e.kind.startswith(f"{kind}.")]

    def troubles(self) -> list[Entry]:
        """Return the entries that failed or were complained about, forgeries left out."""
        return [e for e in self if (e.error or e.warnings) and not e.fault]
