"""The lives of founders on one axis of time, drawn as SVG.

Across, everything is in percent of the width, so one drawing fits a phone and a desktop without a
script. Down, it is in pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from founders.models import Founder
from stories_project.text.years import year_in_words

TOP, ROW, BAR = 36, 44, 10
# A living person is at most so old, as far as a page may say without being told.
LONGEST_LIFE = 110
STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MOST_TICKS, ROUNDED = 6, 10
# So many characters fit beside the axis on a phone, in the part of the width that a name has.
NAME_LENGTH, NAME_WIDTH = 28, 60
Pair = tuple[int, int]


@dataclass(frozen=True)
class Tick:
    """A year on the axis."""

    x: str
    name: str


@dataclass(frozen=True)
class Bar:
    """One life. Its label begins at `label_x`, ends there, or has its middle there (`anchor`).

    `kind` is "whole", "open" for who may live, and "point" if nothing says how long it was.
    """

    founder: Founder
    kind: str
    x: str
    width: str
    top: int
    name: str
    label_x: str
    anchor: str

    @property
    def label_y(self) -> int:
        """The line on which the name stands."""
        return self.top + 17

    @property
    def bar_y(self) -> int:
        """The upper edge of the bar."""
        return self.top + 24


@dataclass(frozen=True)
class Joint:
    """A line from one life to another, in years that they have in common if there are some."""

    x1: str
    y1: int
    x2: str
    y2: int


@dataclass(frozen=True)
class Axis:
    """The drawing: its height in pixels, and what stands in it."""

    height: int
    first: str
    last: str
    ticks: list[Tick]
    bars: list[Bar]
    joints: list[Joint]


def draw(founders: Sequence[Founder], pairs: Iterable[Pair], this_year: int) -> Axis:
    """Return the Axis with the lives of these founders, one a row; all have a year of birth.

    `pairs` are the primary keys of those who are joined.
    """
    spans = [_span(founder, this_year) for founder in founders]
    scale = Scale.of(spans)
    rows = {founder.pk: row for row, founder in enumerate(founders)}
    lives = zip(founders, spans, strict=True)
    return Axis(
        height=TOP + ROW * len(founders) + 8,
        first=year_in_words(scale.first),
        last=year_in_words(scale.last),
        ticks=[Tick(_percent(scale.at(year)), year_in_words(year or 1)) for year in scale.ticks()],
        bars=[_bar(founder, span, scale, row) for row, (founder, span) in enumerate(lives)],
        joints=[_joint(spans, scale, rows[a], rows[b]) for a, b in pairs],
    )


@dataclass(frozen=True)
class Scale:
    """From years to percent of the width. A year with a line stands at each whole `step`."""

    first: int
    last: int
    step: int

    @classmethod
    def of(cls, spans: Iterable[Pair]) -> "Scale":
        """Return the scale on which all spans of years fit, with a step that keeps lines apart."""
        years = [year for span in spans for year in span]
        first, last = min(years) // ROUNDED * ROUNDED, -(-max(years) // ROUNDED) * ROUNDED
        last = max(last, first + ROUNDED)
        apart = (step for step in STEPS if (last - first) / step <= MOST_TICKS)
        return cls(first, last, next(apart, STEPS[-1]))

    def ticks(self) -> range:
        """The years with a line; one at the end would stand outside."""
        end = self.last - (self.last - self.first) // 20
        return range(-(-self.first // self.step) * self.step, end, self.step)

    def at(self, year: float) -> float:
        """Return where a year stands, from 0 to 100."""
        return 100 * (year - self.first) / (self.last - self.first)


def _span(founder: Founder, this_year: int) -> Pair:
    """Return the first and the last year that are drawn."""
    born, died = founder.birth_year or 0, founder.death_year
    if died is not None:
        return born, died
    return born, max(born, this_year) if this_year - born <= LONGEST_LIFE else born


def _bar(founder: Founder, span: Pair, scale: Scale, row: int) -> Bar:
    kind = "whole" if founder.death_year is not None else "open"
    if kind == "open" and span[0] == span[1]:
        kind = "point"
    begin, end = map(scale.at, span)
    anchors = {"start": begin, "end": end, "middle": 50.0}
    # The first that leaves a name its part of the width.
    room = {"start": 100 - begin, "end": end, "middle": 100.0}
    anchor = next(anchor for anchor in anchors if room[anchor] >= NAME_WIDTH)
    return Bar(
        founder=founder,
        kind=kind,
        x=_percent(begin),
        width=_percent(end - begin),
        top=TOP + ROW * row,
        name=_short(founder.name),
        label_x=_percent(anchors[anchor]),
        anchor=anchor,
    )


def _joint(spans: Sequence[Pair], scale: Scale, row: int, other: int) -> Joint:
    """Return the line between two rows: upright in the middle of the common years."""
    (a, b), (c, d) = spans[row], spans[other]
    begin, end = max(a, c), min(b, d)
    years = ((begin + end) / 2,) * 2 if begin <= end else (b, c) if b < c else (a, d)
    (x1, x2), (y1, y2) = map(scale.at, years), (TOP + ROW * n + 24 + BAR // 2 for n in (row, other))
    return Joint(_percent(x1), y1, _percent(x2), y2)


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"


def _percent(value: float) -> str:
    """Return a length as an attribute of SVG, whatever the language."""
    return f"{value:.2f}%"
