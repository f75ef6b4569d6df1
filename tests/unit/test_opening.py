"""Opening hours as people write them, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.hours import Span
from hotline.calls.opening import FULL_DAY, read, written


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("08:30-12:00", [(510, 720)]),
        ("14:30-18:00，8:30–12:00", [(510, 720), (870, 1080)]),
        ("8：30至12：00、14:30-24:00", [(510, 720), (870, 1440)]),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, spans: list[tuple[int, int]]) -> None:
    assert read(2, text) == [Span(2, *each) for each in spans]


@pytest.mark.parametrize(
    "text", ["全天", "08:30", "08:30-12:61", "12:00-08:30", "8:00-25:00", "8:00-12:00,11:00-13:00"]
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"时段|结束|写成"):
        read(0, text)


@given(st.lists(st.integers(0, FULL_DAY), max_size=8, unique=True).map(sorted))
def test_what_is_written_is_read_again(moments: list[int]) -> None:
    spans = [Span(0, *pair) for pair in zip(moments[::2], moments[1::2], strict=False)]
    assert read(0, written(spans)) == spans
