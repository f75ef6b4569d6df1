"""The score sheet as lines: read as it was written, and what is wrong is named by its line."""

import json

import pytest

from hotline.inspection import sheets
from migrations.reference import DATA

SHIPPED = json.loads((DATA / "score_sheet.json").read_text("utf-8"))
LINES = sheets.written(SHIPPED)


def test_the_sheet_that_comes_with_the_hotline_reads_as_it_is_written() -> None:
    assert sheets.read(LINES) == SHIPPED
    assert sheets.changes(SHIPPED, SHIPPED) == []


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("items", "all|全部|All|99", ("items", 0)),
        ("items", "all|全部|All", ("items", 1)),
        ("items", "all|全部|All|50\n\nall|全部|All|50", ("items", 3)),
        ("items", "全部|全部|All|100", ("items", 1)),
        ("items", "all|全部|All|-1", ("items", 1)),
        ("fatal", "disclosed|泄露||", ("fatal", 1)),
        ("fatal", "opening|开头|Opening", ("fatal", 1)),
    ],
)
def test_a_line_that_cannot_be_read_is_named(name: str, text: str, where: object) -> None:
    with pytest.raises(sheets.Wrong) as refused:
        sheets.read({**LINES, name: text})
    assert refused.value.args == where


def test_what_changed_is_told_by_code() -> None:
    new = sheets.read({**LINES, "items": "all|全部|All|100"})
    found = sheets.changes(SHIPPED, new)
    assert found[0] == (None, "all|全部|All|100")
    assert (LINES["items"].splitlines()[0], None) in found
    assert len(found) == 1 + len(SHIPPED["items"])
