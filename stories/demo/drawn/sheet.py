"""A sheet of paper for maps, charts and covers: shapes in a founder's two inks, and words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw

from stories_project.pictures.drawings import Inks, printed
from stories_project.pictures.lettering import measure, set_line
from stories_project.pictures.shapes import Point, Shape

TEXT = "#1f1a15"


@dataclass
class Sheet:
    """A picture while it is drawn. Lengths are in units, of which `scale` gives the pixels.

    Ink 0 is the founder's first ink, ink 1 the second one.
    """

    width: int
    height: int
    inks: Inks
    scale: float = 2
    shapes: tuple[list[Shape], list[Shape]] = field(default_factory=lambda: ([], []))
    words: list[tuple[str, Point, int, float]] = field(default_factory=list)

    def fill(self, ink: int, *shapes: Shape) -> None:
        """Print shapes."""
        self.shapes[ink].extend(shapes)

    def line(
        self, ink: int, points: Sequence[Point], breadth: float, dashes: Iterable[float] = ()
    ) -> None:
        """Print a line through points, with round ends; `dashes` are a dash and a gap in units."""
        pieces = list(_dashed(points, *dashes)) if dashes else list(pairwise(points))
        for start, end in pieces:
            self.fill(ink, *_stroke(start, end, breadth))

    def write(self, text: str, at: Point, size: int, align: float = 0) -> None:
        """Set a line of text on a baseline; `align`: 0 begins, 0.5 is centred, 1 ends there."""
        self.words.append((text, at, size, align))

    def image(self) -> Image.Image:
        """Return the sheet as an RGB image."""
        first, second = self.inks
        plates = [(second, self.shapes[1]), (first, self.shapes[0])]
        image = printed(plates, (self.width, self.height), self.scale)
        draw = ImageDraw.Draw(image)
        for text, (x, y), size, align in self.words:
            pixels = round(size * self.scale)
            left = x * self.scale - align * measure(text, pixels)
            set_line(draw, (left, y * self.scale), text, pixels, TEXT)
        return image


def smooth(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """Return a closed curve through points (Catmull and Rom, 1974)."""
    count = len(points)
    curve = []
    for n in range(count):
        a, b, c, d = (points[(n + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return curve


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    square, cube = t * t, t * t * t
    bent = (2 * a - 5 * b + 4 * c - d) * square + (3 * b - a - 3 * c + d) * cube
    return (2 * b + (c - a) * t + bent) / 2


def _stroke(start: Point, end: Point, breadth: float) -> list[Shape]:
    (x, y), (to_x, to_y) = start, end
    length = hypot(to_x - x, to_y - y) or 1
    across, along = (y - to_y) / length * breadth / 2, (to_x - x) / length * breadth / 2
    bar = [(x + across, y + along), (to_x + across, to_y + along)]
    back = [(to_x - across, to_y - along), (x - across, y - along)]
    return [[*bar, *back], (x, y, breadth / 2), (to_x, to_y, breadth / 2)]


def _dashed(points: Sequence[Point], dash: float, gap: float) -> Iterable[tuple[Point, Point]]:
    for (x, y), (to_x, to_y) in pairwise(points):
        length = hypot(to_x - x, to_y - y)
        count = max(1, round((length + gap) / (dash + gap)))
        step = (length + gap) / count
        for n in range(count):
            start, end = n * step / length, (n * step + step - gap) / length
            yield (
                (x + (to_x - x) * start, y + (to_y - y) * start),
                (x + (to_x - x) * end, y + (to_y - y) * end),
            )
