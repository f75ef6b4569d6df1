"""Two corrections of one look: what one left alone is the other's, what both changed is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.tickets.merging import ABSENT, Clash, three_way

FIELDS = st.dictionaries(st.sampled_from("abc"), st.sampled_from([None, "", "x", "y"]))


@pytest.mark.parametrize(
    ("was", "mine", "theirs", "changes", "clash"),
    [
        ("x", "x", "y", {}, None),
        ("x", "y", "x", {"f": "y"}, None),
        ("x", "y", "y", {}, None),
        ("x", "y", "z", {"f": "y"}, Clash("y", "z")),
        ("a\nb", "a\r\nb ", "z", {}, None),
        (None, "y", None, {"f": "y"}, None),
    ],
)
def test_a_field_is_whose_who_changed_it(was, mine, theirs, changes, clash) -> None:  # noqa: ANN001 - of any kind
    merged = three_way(["f"], {"f": was}, {"f": mine}, {"f": theirs})
    assert merged == (changes, {"f": clash} if clash else {})


def test_what_is_not_there_is_not_what_is_unknown() -> None:
    merged = three_way(["a", "b"], {"a": None}, {"b": None}, {"a": None})
    assert merged.changes == {"a": ABSENT, "b": None}


@given(FIELDS, FIELDS, FIELDS)
def test_nothing_written_is_overwritten_unasked(was: dict, mine: dict, theirs: dict) -> None:
    names = {*was, *mine, *theirs}
    merged = three_way(names, was, mine, theirs)
    for name in names - merged.changes.keys():
        assert mine.get(name) in (was.get(name), theirs.get(name))
    for name in merged.changes.keys() - merged.clashes.keys():
        assert theirs.get(name, ABSENT) == was.get(name, ABSENT)
