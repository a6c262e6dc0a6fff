"""What drawings show: grounds that fill the sheet from below, and figures in front of them.

A motif takes a random generator and the width and height of the sheet, and returns its shapes. The
figures of this module stand for no subject, or for several; `wares.py` and `works.py` have those of
one subject. In addresses of old releases, the seed chooses one of `FIGURES`: there are eight, and
seven grounds, because these numbers have no common divisor, so that neighbours differ in both.
"""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random

from stories_project.pictures.shapes import Shape, lens, rectangle, sector

Motif = Callable[[Random, float, float], list[Shape]]


def sun(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a disc."""
    radius = rng.uniform(0.28, 0.4) * height
    return [(rng.uniform(0.3, 0.7) * width, rng.uniform(0.36, 0.6) * height, radius)]


def wheel(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a wheel with spokes."""
    x, y = rng.uniform(0.3, 0.7) * width, rng.uniform(0.42, 0.6) * height
    radius, spokes = rng.uniform(0.34, 0.44) * height, rng.choice((8, 10, 12, 16))
    wedges = [
        sector(x, y, radius * 0.3, radius, 2 * pi * n / spokes, pi / spokes) for n in range(spokes)
    ]
    return [*wedges, (x, y, radius * 0.2)]


def rings(rng: Random, width: float, height: float) -> list[Shape]:
    """Return rings around a point."""
    x = rng.choice((0, width / 2, width))
    count = rng.randint(4, 6)
    step = 0.95 * height / count
    half = pi if x in (0, width) else 2 * pi
    start = -pi / 2 if x == 0 else pi / 2
    return [
        sector(
            x,
            height if half == 2 * pi else height / 2,
            (n + 0.5) * step,
            (n + 0.95) * step,
            start,
            half,
        )
        for n in range(count)
    ]


def kiln(rng: Random, width: float, height: float) -> list[Shape]:
    """Return one or two bottle kilns."""
    kilns: list[Shape] = []
    for x in rng.sample((0.25, 0.5, 0.75), rng.randint(1, 2)):
        half, top = rng.uniform(0.11, 0.15) * width, rng.uniform(0.12, 0.3) * height
        left = [(-1, 1), (-1, 0.72), (-0.85, 0.5), (-0.5, 0.28), (-0.32, 0.12), (-0.34, 0)]
        outline = [*left, *((-side, level) for side, level in reversed(left))]
        kilns.append([(x * width + s * half, top + level * (height - top)) for s, level in outline])
    return kilns


def arches(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a row of arches."""
    count = rng.randint(2, 4)
    step, top = width / count, rng.uniform(0.3, 0.5) * height
    arches: list[Shape] = []
    for number in range(count):
        middle, radius = (number + 0.5) * step, step * 0.36
        arc = [
            (middle - radius * cos(pi * n / 24), top + radius - radius * sin(pi * n / 24))
            for n in range(25)
        ]
        arches.append([(middle - radius, height), *arc, (middle + radius, height)])
    return arches


def ladder(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a ladder that leans."""
    count, lean = rng.randint(6, 9), rng.uniform(-0.18, 0.18) * width
    x, half = rng.uniform(0.35, 0.65) * width, 0.11 * width
    rail = 0.018 * width
    rungs = [
        rectangle(
            x - half + lean * (1 - n / count),
            height * n / count,
            2 * half,
            height * n / count + rail,
        )
        for n in range(1, count)
    ]
    rails = [
        [
            (x + side + lean, 0),
            (x + side + rail + lean, 0),
            (x + side + rail, height),
            (x + side, height),
        ]
        for side in (-half, half - rail)
    ]
    return [*rails, *rungs]


def leaf(rng: Random, width: float, height: float) -> list[Shape]:
    """Return one leaf, or a fan of leaves."""
    x, y, length = rng.uniform(0.35, 0.65) * width, height / 2, 0.46 * height
    tilt, count = rng.uniform(-0.6, 0.6), rng.choice((1, 3, 5))
    return [
        lens(x, y + length * 0.9, 2 * length * (0.75 if n else 1), tilt + n * 0.55)
        for n in range(-(count // 2), count // 2 + 1)
    ]


def windows(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a wall of windows, some of them missing."""
    columns, rows = rng.randint(4, 6), rng.randint(3, 4)
    side = min(0.6 * width / columns, 0.7 * height / rows)
    left, top = rng.uniform(0.1, 0.9) * (width - columns * side), 0.15 * height
    return [
        rectangle(left + x * side, top + y * side, side * 0.72, top + (y + 0.72) * side)
        for x in range(columns)
        for y in range(rows)
        if rng.random() < 0.8
    ]


FIGURES: tuple[Motif, ...] = (sun, wheel, rings, kiln, arches, ladder, leaf, windows)
