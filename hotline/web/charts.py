"""Charts drawn on the server: bars, stacked bars and lines as SVG that reads aloud.

Each has a title, a sentence and a table of the same numbers. Colours and dashes are
classes of the style sheet, so a chart is at home by day, by night and in print.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from flask import render_template
from markupsafe import Markup

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 12, 24  # room for the numbers of the axes
WAVE: Final = 48
TALL: Final = HEIGHT - TOP - BOTTOM
MOST_LABELS: Final = 8
FULLEST: Final = 0.7  # how much of its place a bar takes


@dataclass(frozen=True)
class Series:
    """One row of numbers; None is a gap, never a nought. *printed* is what people read."""

    name: str
    values: Sequence[float | None]
    printed: Sequence[str] = ()

    def text(self, at: int) -> str:
        """Return the number at *at* as it is written."""
        if self.printed:
            return self.printed[at]
        value = self.values[at]
        return "–" if value is None else f"{value:g}"


@dataclass(frozen=True)
class Chart:
    """What is shown: a title, a sentence, the labels below, the rows of numbers.

    Attributes:
        most: The top of the scale; without it the next round number above the highest.
        percent: The numbers are shares, 1 for all.
        target: A line to compare with.
        width: Of the drawing, in the units of its letters; its height is always the same.
    """

    title: str
    about: str
    labels: Sequence[str]
    series: Sequence[Series]
    most: float | None = None
    percent: bool = False
    target: float | None = None
    width: int = WIDTH

    def place(self, at: float) -> float:
        """Return the middle of the place of label *at*."""
        return round(LEFT + (at + 0.5) * self.each, 1)

    @property
    def each(self) -> float:
        """Return how much room each label has."""
        return (self.width - LEFT - RIGHT) / max(len(self.labels), 1)

    @property
    def id(self) -> str:
        """Return a name for the page, the same each time the chart is drawn."""
        return f"chart-{crc32((self.title + self.about).encode()):08x}"


@dataclass(frozen=True)
class Shape:
    """One mark on the chart: a bar by its corners, or a line through points."""

    kind: str
    row: int
    title: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    points: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart with the place of everything in it."""

    chart: Chart
    top: float
    shapes: Sequence[Shape]
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM

    @property
    def right(self) -> int:
        """Return where the scale's lines end."""
        return self.chart.width - RIGHT

    @property
    def wide(self) -> bool:
        """Return whether it is drawn so wide that a telephone must write larger on it."""
        return self.chart.width > WIDTH

    @property
    def ticks(self) -> Sequence[tuple[float, str]]:
        """Return the heights of the scale with their numbers."""
        parts = (0, self.top / 2, self.top)
        return [(_y(part, self.top), self._written(part)) for part in parts]

    @property
    def marks(self) -> Sequence[tuple[float, str]]:
        """Return the places along the base with their labels, no more than there is room for."""
        labels = self.chart.labels
        step = math.ceil(len(labels) / MOST_LABELS) or 1
        return [(self.chart.place(at), labels[at]) for at in range(0, len(labels), step)]

    @property
    def target(self) -> float | None:
        """Return the height of the line to compare with."""
        return None if self.chart.target is None else _y(self.chart.target, self.top)

    def _written(self, value: float) -> str:
        return f"{value:.0%}" if self.chart.percent else f"{value:g}"


def bars(chart: Chart) -> Markup:
    """Draw a bar for each label, those of several rows side by side."""
    return _drawn(chart, _highest(chart), _bars)


def stacked(chart: Chart) -> Markup:
    """Draw one bar a label, its rows on top of each other."""
    sums = [sum(row.values[at] or 0 for row in chart.series) for at in range(len(chart.labels))]
    return _drawn(chart, max(sums, default=0), _stacked)


def lines(chart: Chart) -> Markup:
    """Draw a line for each row, broken where a number is missing."""
    return _drawn(chart, _highest(chart), _lines)


def _drawn(chart: Chart, highest: float, draw: Callable[[Chart, float], Sequence[Shape]]) -> Markup:
    top = chart.most or rounded_up(highest)
    picture = Picture(chart, top, draw(chart, top))
    return Markup(render_template("charts/picture.html", picture=picture, chart=chart))  # noqa: S704 - a template escapes


def rounded_up(value: float) -> float:
    """Return the next number that is 1, 2 or 5 with noughts; at least 2, so that half is whole."""
    if value <= 2:  # noqa: PLR2004 - a scale of 0, 1, 2
        return 2
    size = 10 ** math.floor(math.log10(value))
    return float(next(step * size for step in (1, 2, 5, 10) if step * size >= value))


def _highest(chart: Chart) -> float:
    return max((value or 0 for row in chart.series for value in row.values), default=0)


def _y(value: float, top: float) -> float:
    return round(TOP + TALL * (1 - min(value / top, 1)), 1)


def _title(chart: Chart, row: Series, at: int) -> str:
    return f"{chart.labels[at]} {row.name} {row.text(at)}"


def _bars(chart: Chart, top: float) -> Sequence[Shape]:
    width = chart.each * FULLEST / max(len(chart.series), 1)
    shift = [(n - len(chart.series) / 2) * width for n in range(len(chart.series))]
    return [
        Shape(
            "bar",
            n,
            _title(chart, row, at),
            x=round(chart.place(at) + shift[n], 1),
            y=_y(value, top),
            width=round(width, 1),
            height=round(_y(0, top) - _y(value, top), 1),
        )
        for n, row in enumerate(chart.series)
        for at, value in enumerate(row.values)
        if value
    ]


def _stacked(chart: Chart, top: float) -> Sequence[Shape]:
    width = chart.each * FULLEST
    shapes = []
    for at in range(len(chart.labels)):
        below = 0.0
        for n, row in enumerate(chart.series):
            value = row.values[at] or 0
            if value:
                high, low = _y(below + value, top), _y(below, top)
                x = round(chart.place(at) - width / 2, 1)
                title = _title(chart, row, at)
                tall = round(low - high, 1)
                shapes.append(
                    Shape("bar", n, title, x=x, y=high, width=round(width, 1), height=tall)
                )
            below += value
    return shapes


def _lines(chart: Chart, top: float) -> Sequence[Shape]:
    shapes = []
    for n, row in enumerate(chart.series):
        run: list[str] = []
        for at, value in enumerate([*row.values, None]):
            if value is not None:
                x, y = chart.place(at), _y(value, top)
                run.append(f"{x},{y}")
                shapes.append(Shape("dot", n, _title(chart, row, at), x=x, y=y))
            elif run:
                shapes.append(Shape("line", n, points=" ".join(run)))
                run = []
    return shapes


def wave(peaks: bytes) -> str:
    """Return how loud the parts of a sound are as the path of an SVG: 48 high, 4 wide a part.

    The loudest part fills the height: what is drawn is the course, not the volume.
    """
    middle, loudest = WAVE // 2, max(peaks, default=0) or 1
    heights = (max(1, peak * (middle - 1) // loudest) for peak in peaks)
    return "".join(
        f"M{4 * at + 2} {middle - height}v{2 * height}" for at, height in enumerate(heights)
    )
