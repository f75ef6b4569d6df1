"""Charts: marks where the numbers are, gaps where none are, and the same numbers in a table."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from hotline.web import charts
from hotline.web.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Chart, Series

BASE = HEIGHT - BOTTOM


@pytest.fixture(autouse=True, scope="module")
def page() -> Iterator[None]:
    """Draw as the app does, with words as they stand."""
    app = Flask("hotline", root_path=charts.__file__.rpartition("/")[0])
    app.jinja_env.globals["_"] = str
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    with app.app_context():
        yield


def chart(*rows: Series, labels: str = "一二三", **given: object) -> Chart:
    return Chart("来电", "每天的来电", list(labels), rows, **given)  # type: ignore[arg-type]


def drawn(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own page


def marks(figure: ET.Element, tag: str) -> list[ET.Element]:
    svg = figure.find("svg")
    assert svg is not None
    return list(svg.iter(tag))


def test_a_bar_is_as_high_as_its_number() -> None:
    figure = drawn(charts.bars(chart(Series("来电", [10, 5, None]))))
    tall, low = (float(bar.attrib["height"]) for bar in marks(figure, "rect"))
    assert tall == BASE - TOP
    assert low == pytest.approx(tall / 2)


def test_stacked_bars_stand_on_each_other() -> None:
    rows = Series("接听", [6, 0, 1]), Series("放弃", [4, 0, 1])
    figure = drawn(charts.stacked(chart(*rows)))
    lower, upper = marks(figure, "rect")[:2]
    assert float(upper.attrib["y"]) == TOP
    assert float(upper.attrib["y"]) + float(upper.attrib["height"]) == float(lower.attrib["y"])


def test_a_line_is_broken_where_nothing_is_known() -> None:
    days = "一二三四五"
    row = Series("接通率", [1.0, 0.5, None, 0.2, 0.1], ["100%", "50%", "–", "20%", "10%"])
    figure = drawn(charts.lines(chart(row, labels=days, most=1, percent=True, target=0.95)))
    first, second = (line.attrib["points"].split() for line in marks(figure, "polyline"))
    assert (len(first), len(second)) == (2, 2)
    assert [text.text for text in marks(figure, "text")][:3] == ["0%", "50%", "100%"]
    assert len(marks(figure, "circle")) == 4


def test_the_numbers_are_said_and_shown_in_a_table() -> None:
    figure = drawn(charts.bars(chart(Series("来电", [10, 5, None]))))
    svg = figure.find("svg")
    assert svg is not None
    named = svg.attrib["aria-labelledby"].split()
    assert [svg.find(f"*[@id='{name}']").text for name in named] == ["来电", "每天的来电"]  # type: ignore[union-attr]
    assert [cell.text for cell in figure.iter("td")] == ["10", "5", "–"]


def test_what_people_wrote_is_only_text() -> None:
    markup = charts.bars(chart(Series("<script>alert(1)</script>", [1, 2, 3])))
    assert "<script>" not in markup
    assert "style=" not in markup


def test_an_empty_chart_is_drawn() -> None:
    for draw in (charts.bars, charts.stacked, charts.lines):
        assert not marks(drawn(draw(chart(labels=""))), "rect")


@given(st.floats(0, 1e9))
def test_the_scale_ends_at_a_round_number_that_holds_the_highest(value: float) -> None:
    top = charts.rounded_up(value)
    assert value <= top <= max(10 * value, 2)
    assert re.fullmatch(r"[125]0*", f"{top:.0f}")


@given(st.lists(st.one_of(st.none(), st.integers(0, 10_000)), min_size=1, max_size=40))
def test_every_mark_is_inside_the_picture(values: list[int | None]) -> None:
    labels = "日" * len(values)
    row = Series("来电", values)
    for draw in (charts.bars, charts.stacked):
        for bar in marks(drawn(draw(chart(row, row, labels=labels))), "rect"):
            x, y, width, height = (float(bar.attrib[k]) for k in ("x", "y", "width", "height"))
            assert x >= LEFT
            assert x + width <= WIDTH
            assert y >= TOP - 0.1
            assert y + height <= BASE + 0.1


def test_the_loudest_part_of_a_sound_fills_the_height() -> None:
    assert charts.wave(bytes([0, 50, 100])) == "M2 23v2M6 13v22M10 1v46"
    assert charts.wave(bytes(2)) == "M2 23v2M6 23v2"
