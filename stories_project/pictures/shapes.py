"""The shapes that drawings consist of: polygons, which are lists of points, and circles.

All lengths are in units of the drawing. Points are (x, y), with y growing downwards.
"""

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

Point = tuple[float, float]
Polygon = list[Point]
Circle = tuple[float, float, float]  # x, y, radius
Shape = Polygon | Circle


def band(left: float, breadth: float, slant: float, height: float) -> Polygon:
    """Return a slanted band that is as high as the sheet; `slant` moves its top to the right."""
    return [
        (left, height),
        (left + breadth, height),
        (left + breadth + slant, 0),
        (left + slant, 0),
    ]


def rectangle(left: float, top: float, breadth: float, bottom: float) -> Polygon:
    """Return a rectangle that ends at `bottom`."""
    return [(left, top), (left + breadth, top), (left + breadth, bottom), (left, bottom)]


def half_disc(x: float, y: float, radius: float) -> Polygon:
    """Return the upper half of a disc."""
    return [(x - radius * cos(pi * n / 20), y - radius * sin(pi * n / 20)) for n in range(21)]


def sector(x: float, y: float, inner: float, outer: float, start: float, breadth: float) -> Polygon:
    """Return a part of a ring around (x, y): it starts at an angle, and both angles are radians."""
    count = max(8, round(breadth * 14))
    angles = [start + breadth * n / count for n in range(count + 1)]
    there = [(x + outer * cos(angle), y + outer * sin(angle)) for angle in angles]
    back = [(x + inner * cos(angle), y + inner * sin(angle)) for angle in reversed(angles)]
    return there + back


def lens(x: float, y: float, length: float, tilt: float) -> Polygon:
    """Return a leaf that grows from a point, tilted by an angle in radians."""
    sides = [(sin(pi * n / 16) * 0.17 * length, -length * n / 16) for n in range(17)]
    outline = sides + [(-across, along) for across, along in reversed(sides)]
    return [
        (x + a * cos(tilt) - b * sin(tilt), y + a * sin(tilt) + b * cos(tilt)) for a, b in outline
    ]


def ring(x: float, y: float, radius: float) -> Polygon:
    """Return a circle as a polygon, from which something can be cut."""
    return [(x + radius * cos(pi * n / 30), y + radius * sin(pi * n / 30)) for n in range(60)]


def pill(left: float, top: float, breadth: float, thickness: float) -> Polygon:
    """Return a lying bar with round ends."""
    radius, y = thickness / 2, top + thickness / 2
    right = left + breadth - radius
    turns = [pi * n / 12 for n in range(13)]
    end = [(right + radius * sin(turn), y - radius * cos(turn)) for turn in turns]
    return end + [(left + radius - radius * sin(turn), y + radius * cos(turn)) for turn in turns]


def pierced(outline: Polygon, hole: Polygon) -> Polygon:
    """Return a polygon with a hole in it.

    A cut without breadth leads from the outline to the hole, which is drawn the other way round: it
    is empty by the rule of SVG and by that of Pillow.
    """
    if _area(outline) * _area(hole) > 0:
        hole = hole[::-1]
    start = min(
        range(len(hole)),
        key=lambda n: (hole[n][0] - outline[0][0]) ** 2 + (hole[n][1] - outline[0][1]) ** 2,
    )
    turned = hole[start:] + hole[: start + 1]
    return [outline[0], *turned, *outline, outline[0]]


def _area(outline: Polygon) -> float:
    """Return twice the area of a polygon; its sign says in which direction it runs."""
    following = [*outline[1:], outline[0]]
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in zip(outline, following, strict=True))


def turned(half: Sequence[Point], x: float, top: float, size: float) -> Polygon:
    """Return the outline of a thing with two equal sides, such as one from a potter's wheel.

    `half` is its left side from the top down, as parts of `size`: (distance from the middle,
    level).
    """
    left = [(x - away * size, top + level * size) for away, level in half]
    return [*left, *((2 * x - at, level) for at, level in reversed(left))]


def middle(rng: Random, width: float, height: float) -> float:
    """Return where the middle of a thing stands: it needs 55 % of the height on both sides."""
    play = max(0.0, width / 2 - 0.62 * height)
    return width / 2 + rng.uniform(-1, 1) * min(play, 0.2 * width)
