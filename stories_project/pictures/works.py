"""Where wares are made and sold, and with what: motifs, as `motifs.py` says what one is."""

from math import pi
from random import Random

from stories_project.pictures.shapes import (
    Polygon,
    Shape,
    half_disc,
    lens,
    middle,
    pierced,
    pill,
    rectangle,
    sector,
    turned,
)

# The left half of an outline from its top to its bottom: see `turned`.
HALF_DOME = (
    *((0.008, 0.0), (0.014, 0.16), (0.05, 0.2), (0.14, 0.26), (0.25, 0.36), (0.31, 0.47)),
    *((0.31, 0.55), (0.28, 0.62)),
)


def awning(rng: Random, width: float, height: float) -> list[Shape]:
    """Return the awning of a shop above its window and its door."""
    x, half, count = middle(rng, width, height), 0.5 * height, rng.choice((5, 6, 7))
    step, low = 2 * half / count, 0.42 * height
    cloth: list[Shape] = []
    for n in range(count):
        left = x - half + n * step
        slope = [
            (x + (left - x) * 0.84, 0.14 * height),
            (x + (left + step * 0.9 - x) * 0.84, 0.14 * height),
        ]
        cloth.append([*slope, (left + step * 0.9, low), (left, low)])
        drop = half_disc(left + step * 0.45, -low, step * 0.45)
        cloth.append([(at, -level) for at, level in drop])
    glass = rectangle(x - 0.4 * height, 0.58 * height, 0.42 * height, 0.86 * height)
    frame = rectangle(x - 0.46 * height, 0.53 * height, 0.54 * height, 0.94 * height)
    return [
        *cloth,
        pierced(frame, glass),
        rectangle(x + 0.16 * height, 0.53 * height, 0.3 * height, 0.94 * height),
    ]


def dome(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a dome above a row of arches."""
    x, size, count = middle(rng, width, height), 0.9 * height, rng.choice((3, 5))
    low, step = 0.05 * height + 0.64 * size, 0.96 * size / count
    walls: list[Shape] = []
    for n in range(count):
        left = x - 0.48 * size + n * step
        wall = rectangle(left, low, step, height)
        gate_at, radius = left + step / 2, step * 0.3
        arc = half_disc(gate_at, low + 1.5 * radius, radius)
        gate: Polygon = [(gate_at - radius, height - 1), *arc, (gate_at + radius, height - 1)]
        walls.append(pierced(wall, gate))
    return [turned(HALF_DOME, x, 0.05 * height, size), *walls]


def girder(rng: Random, width: float, height: float) -> list[Shape]:
    """Return rolled beams, seen at their ends, in a stack."""
    x, side = middle(rng, width, height), 0.27 * height
    beams: list[Shape] = []
    for row, count in enumerate(rng.choice(((3, 2, 1), (3, 3, 2)))):
        for n in range(count):
            left = x + (n - count / 2) * 1.1 * side
            beams.append(_beam(left, height * 0.95 - (row + 1) * 1.08 * side, side))
    return beams


def lamp(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a light bulb with its rays."""
    x, y, radius = middle(rng, width, height), 0.44 * height, 0.22 * height
    count, low = rng.choice((9, 11, 13)), 0.76 * height
    rays = [
        sector(x, y, 1.4 * radius, rng.uniform(1.7, 2.0) * radius, pi * (n / (count - 1) - 1), 0.07)
        for n in range(count)
    ]
    neck: Polygon = [
        *((x - 0.92 * radius, y + 0.4 * radius), (x + 0.92 * radius, y + 0.4 * radius)),
        *((x + 0.42 * radius, low), (x - 0.42 * radius, low)),
    ]
    socket = [
        pill(x - 0.45 * radius, low + (0.12 + 0.3 * n) * radius, 0.9 * radius, 0.2 * radius)
        for n in range(3)
    ]
    return [(x, y, radius), neck, *socket, *rays]


def loom(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a loom from the front: a frame, the warp, the woven cloth and a shuttle."""
    x, half, top = middle(rng, width, height), 0.42 * height, 0.1 * height
    post, cloth = 0.05 * height, rng.uniform(0.58, 0.66) * height
    threads = [x - half + post * 2 + n * (2 * half - 4 * post) / 14 for n in range(15)]
    return [
        *(rectangle(at, top, post, height) for at in (x - half, x + half - post)),
        rectangle(x - half - post, top + post, 2 * (half + post), top + 2.2 * post),
        *(rectangle(at - 3, top + 2 * post, 6, cloth) for at in threads),
        rectangle(threads[0] - 8, cloth, threads[-1] - threads[0] + 16, cloth + 4.4 * post),
        lens(x - 0.22 * height, cloth - 1.6 * post, 0.44 * height, pi / 2),
        rectangle(x - half - post, cloth + 4.4 * post, 2 * (half + post), cloth + 5.4 * post),
    ]


def spool(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a spool of thread, and a needle beside it."""
    x, half, count = middle(rng, width, height), 0.26 * height, rng.choice((7, 9))
    step = 0.52 * height / count
    threads: list[Shape] = [
        [
            (x - half, 0.26 * height + n * step + 10),
            (x + half, 0.26 * height + n * step - 6),
            (x + half, 0.26 * height + (n + 0.74) * step - 6),
            (x - half, 0.26 * height + (n + 0.74) * step + 10),
        ]
        for n in range(count)
    ]
    rims = [pill(x - 0.34 * height, at * height, 0.68 * height, 0.1 * height) for at in (0.12, 0.8)]
    side = rng.choice((-1, 1))
    needle = lens(x + side * 0.5 * height, 0.92 * height, 0.82 * height, -0.1 * side)
    return [
        *threads,
        *rims,
        [
            (x + side * 0.5 * height + (at - x - side * 0.5 * height) * 0.28, level)
            for at, level in needle
        ],
    ]


def _beam(left: float, top: float, side: float) -> Polygon:
    """Return the outline of a beam with two flanges."""
    flange, web = 0.2 * side, 0.38 * side
    right, low = left + side, top + side
    return [
        (left, top), (right, top), (right, top + flange), (right - web, top + flange),
        (right - web, low - flange), (right, low - flange), (right, low), (left, low),
        (left, low - flange), (left + web, low - flange), (left + web, top + flange),
        (left, top + flange),
    ]  # fmt: skip
