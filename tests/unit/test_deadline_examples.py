"""The forty examples of docs/reference/deadlines.md, counted again: the page is their source."""

import re
from pathlib import Path

import pytest

from hotline.deadlines.arithmetic import Limit, Start
from hotline.deadlines.engine import Begun, Extended, Later, Merged, Paused, reckon
from tests.unit.test_deadlines import CALENDAR, ZONE, at

PAGE = Path(__file__).parents[2] / "docs/reference/deadlines.md"
ROW = re.compile(
    r"^\| (\d+) \| ([^|]+) \| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE
)
STARTS = {"next day": Start.NEXT_DAY, "at once": Start.INSTANT}
EXAMPLES = ROW.findall(PAGE.read_text("utf-8"))


def happened(text: str) -> list[Later]:
    """Read what happens: `pause A to B; extension to C; merge due D`."""
    found: list[Later] = []
    for part in filter(None, text.replace("–", "").strip().split("; ")):
        if pause := re.fullmatch(r"pause (.+) to (.+)", part):
            found.append(Paused(at(pause[1]), at(pause[2])))
        elif extension := re.fullmatch(r"extension to (.+)", part):
            found.append(Extended(at(extension[1])))
        elif merge := re.fullmatch(r"merge due (.+)", part):
            found.append(Merged(at(merge[1]), "261123-0002"))
        else:
            raise AssertionError(part)
    return found


def test_there_are_forty_in_order() -> None:
    """R39: a published table of 40 examples."""
    assert [int(number) for number, *_ in EXAMPLES] == [*range(1, 41)]


@pytest.mark.parametrize(
    ("received", "limit", "counted", "happens", "due"), [row[1:] for row in EXAMPLES]
)
def test_each_example_is_counted_as_it_is_published(
    received: str, limit: str, counted: str, happens: str, due: str
) -> None:
    begun = Begun(at(received), Limit.parse(limit), STARTS[counted])
    found = reckon(begun, happened(happens), CALENDAR, ZONE)
    assert found.at == at(due.removesuffix(" provisional"))
    assert found.provisional == due.endswith(" provisional")
