"""The shapes that drawings consist of: polygons, which are lists of points, and circles.

All lengths are in units of the drawing. Points are (x, y), with y growing downwards.
"""

from math import cos, pi, sin

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
