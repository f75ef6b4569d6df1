"""One day at a hotline that another carrier serves: who works, who calls, what is known of it."""

import contextlib
import datetime as dt
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from tests.outside.carrier import Carrier
from tests.outside.installation import Api, Installation, fetch
from tests.outside.line import Leg

DESK_PHONE: Final = "+8613900000001"
OTHER: Final = "+8613800000102"  # calls, and writes no word
MOMENT: Final = re.compile(r"_at$|^at$|^since$|^as_of$")

CLASSIFIED: Final = {
    "category": "A1",
    "demand_type": "inquiry",
    "region": "150102",
    "confidential_level": 0,
}
COMPLAINT: Final = {**CLASSIFIED, "demand_type": "complaint", "employer": "演示建筑公司"}
RESULT: Final = {
    "reply": "已协调补发，请查收。",
    "result_code": "solved",
    "contact": "电话联系职工本人",
}


class Watch:
    """What the operator does, as somebody beside the desk would write it down."""

    def __init__(self) -> None:
        self._notes: list[tuple[float, str]] = []

    def note(self, doing: str) -> None:
        """Write down what begins now."""
        self._notes.append((time.monotonic(), doing))

    def spent(self) -> Mapping[str, float]:
        """Return the milliseconds of each doing, up to the last note."""
        found: dict[str, float] = defaultdict(float)
        for (since, doing), (until, _) in pairwise(self._notes):
            found[doing] += 1000 * (until - since)
        return found


class Day:
    """The hotline, its carrier, and the hands at both.

    Attributes:
        desk: Operator and dispatcher, with a telephone on the desk.
        unit: Handler of a banner's union.
        check: Reviewer and supervisor.
        lines: The callers' legs, by what became of them.
        numbers: The tickets' numbers, by what became of them.
    """

    def __init__(self, carrier: Carrier, site: Installation) -> None:
        self.carrier, self.site = carrier, site
        self.lines: dict[str, Leg] = {}
        self.numbers: dict[str, str] = {}
        self.watch = Watch()
        self.desk: Api
        self.unit: Api
        self.check: Api

    def hire(self) -> None:
        """Hire everybody."""
        self.desk, self.unit, self.check = self.site.hire(
            f"desk --role operator dispatcher --phone {DESK_PHONE} --name 演示话务员甲",
            "unit --role handler --unit 150102",
            "check --role reviewer supervisor",
        )

    def call(self, name: str, begin: Callable[[], Leg]) -> Leg:
        """Let a call begin, and remember it by *name*."""
        self.lines[name] = begin()
        return self.lines[name]

    def row(self, name: str) -> Any:
        """Return the API's row of a call: one number may call more than once."""
        leg = self.lines[name]
        same = [line for line in self.lines.values() if line.from_ == leg.from_]
        rows = [row for row in self.desk.items("/calls") if row["caller_masked"] == masked(leg)]
        return rows[::-1][same.index(leg)] if len(rows) > same.index(leg) else None

    def ended(self, name: str) -> str:
        """Wait until a call is over for the hotline too, and return how it ended."""
        look = lambda: (self.row(name) or {}).get("end_state")  # noqa: E731 - looked at again and again
        return str(self.carrier.wait(look, f"the end of {name}"))

    def ticket(self, name: str, api: Api | None = None) -> Any:
        """Return a ticket as it stands, its times as they were promised."""
        found = (api or self.desk).get(f"/tickets/{self.numbers[name]}")
        assert_moments(found)
        return found

    def wrote(self, name: str, caller: str) -> Any:
        """Wait for the one ticket an SMS of *caller* has become."""
        look = lambda: self.desk.get("/tickets", caller=caller)["items"]  # noqa: E731 - the same
        (row,) = self.carrier.wait(look, f"a ticket of {caller}")
        self.numbers[name] = row["number"]
        return self.ticket(name)

    def register(self, name: str, **fields: Any) -> Any:
        """Write a matter down by the API."""
        made = self.desk.post("/tickets", {"narrative": "演示诉求", **fields}, expect=201)
        self.numbers[name] = made["number"]
        return made

    def finds(self, look: Callable[[], object], expected: object) -> None:
        """Look until something is as expected: what the clock does takes its seconds."""
        with contextlib.suppress(AssertionError):
            self.carrier.wait(lambda: look() == expected, "", 12)
        assert look() == expected

    def becomes(self, name: str, state: str) -> Any:
        """Wait until a ticket is in *state*."""
        return self.carrier.wait(
            lambda: found if (found := self.ticket(name))["state"] == state else None,
            f"{name} to be {state}",
        )

    def presence(self, state: str, line: str = "desk") -> Any:
        """Let the operator choose."""
        chosen = self.desk.put("/presence", {"state": state, "line": line})
        self.watch.note(state)
        return chosen

    def rate(self, code: str) -> tuple[int, int, dict[str, int]]:
        """Return both numbers of a rate of these days, and what stands outside it."""
        today = dt.datetime.now(dt.UTC).date()
        span = {"from": today - dt.timedelta(days=2), "to": today + dt.timedelta(days=2)}
        (found,) = (one for one in self.check.get("/rates", **span)["items"] if one["code"] == code)
        return found["numerator"], found["denominator"], found["excluded"]

    def metric(self, name: str) -> float:
        """Return a figure of `/metrics`, summed over its labels."""
        _, _, text = fetch(f"{self.site.base}/metrics")
        lines = [line for line in text.splitlines() if line.startswith(name)]
        return sum(float(line.rpartition(" ")[2]) for line in lines)


def masked(leg: Leg) -> str:
    """Return a caller's number as the hotline shows it."""
    return f"{leg.from_[:6]}****{leg.from_[-4:]}" if leg.from_.startswith("+") else "–"


def together(errands: Sequence[Callable[[], object]]) -> None:
    """Run several things at once."""
    threads = [threading.Thread(target=errand) for errand in errands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def assert_moments(found: Any) -> None:
    """Have every time in an answer written by ISO 8601 with an offset."""
    if isinstance(found, list):
        for part in found:
            assert_moments(part)
    if isinstance(found, dict):
        for name, value in found.items():
            assert_moments(value)
            if MOMENT.search(name) and value is not None:
                assert dt.datetime.fromisoformat(value).tzinfo is not None, f"{name}: {value}"
