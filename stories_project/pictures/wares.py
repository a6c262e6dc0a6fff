"""Wares in front of the ground of a drawing: motifs, as `motifs.py` says what one is."""

from math import pi
from random import Random

from stories_project.pictures.shapes import (
    Polygon,
    Shape,
    middle,
    pierced,
    pill,
    rectangle,
    ring,
    sector,
    turned,
)

# The left half of an outline from its top to its bottom: see `turned`.
HALF_BOTTLE = (
    *((0.085, 0.0), (0.085, 0.05), (0.07, 0.06), (0.07, 0.3), (0.1, 0.4), (0.16, 0.5)),
    *((0.175, 0.6), (0.175, 0.97), (0.15, 1.0)),
)
HALF_VASE = (
    *((0.2, 0.0), (0.22, 0.03), (0.12, 0.09), (0.1, 0.2), (0.2, 0.3), (0.29, 0.42), (0.3, 0.52)),
    *((0.25, 0.68), (0.13, 0.84), (0.09, 0.9), (0.18, 0.95), (0.18, 1.0)),
)


def bear(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a sitting toy bear."""
    x, unit = middle(rng, width, height), height / 10
    paws: list[Shape] = []
    for side in (-1, 1):
        paws += [
            (x + side * 1.55 * unit, 1.9 * unit, 0.75 * unit),
            (x + side * 2.1 * unit, 8.6 * unit, 1.05 * unit),
            _limb(x + side * 1.2 * unit, 5.3 * unit, x + side * 2.9 * unit, 6.8 * unit, unit / 2),
            _limb(x + side * 0.9 * unit, 8.2 * unit, x + side * 2.1 * unit, 8.7 * unit, unit / 2),
        ]
    eye = rng.choice((-0.7, 0.7)) * unit
    head: Polygon = pierced(
        ring(x, 3.1 * unit, 1.85 * unit), ring(x + eye, 2.7 * unit, 0.24 * unit)
    )
    return [*paws, head, (x, 6.8 * unit, 2.15 * unit)]


def blocks(rng: Random, width: float, height: float) -> list[Shape]:
    """Return building blocks: three rows, and a roof on the highest."""
    x, side = middle(rng, width, height), 0.21 * height
    lean = rng.uniform(-0.25, 0.25) * side
    rows: list[Shape] = []
    for row, count in enumerate((3, 2, 1)):
        top = height * 0.94 - (row + 1) * 1.06 * side
        left = x - count * 0.53 * side + row * lean
        rows += [rectangle(left + n * 1.06 * side, top, side, top + side) for n in range(count)]
    left, top = x - 0.53 * side + 2 * lean, height * 0.94 - 3 * 1.06 * side
    roof: Polygon = [(left - 10, top - 12), (left + side / 2, top - 0.75 * side)]
    return [*rows, [*roof, (left + side + 10, top - 12)]]


def book(rng: Random, width: float, height: float) -> list[Shape]:
    """Return an open book with lines on its pages."""
    x, half, low = middle(rng, width, height), 0.52 * height, rng.uniform(0.8, 0.86) * height
    lines: list[Shape] = []
    for side in (-1, 1):
        page: Polygon = [
            (x + side * 8, 0.3 * height),
            (x + side * half, 0.2 * height),
            (x + side * half, low - 0.1 * height),
            (x + side * 8, low),
        ]
        for n in range(4):
            level = (0.36 + 0.1 * n) * height
            far, near = x + side * half * 0.86, x + side * half * 0.16
            hole: Polygon = [
                (near, level),
                (far, level - 0.075 * height),
                (far, level - 0.045 * height),
                (near, level + 0.03 * height),
            ]
            page = pierced(page, hole)
        lines.append(page)
    return lines


def bottle(rng: Random, width: float, height: float) -> list[Shape]:
    """Return one bottle, or three in a row."""
    x, step = middle(rng, width, height), 0.4 * height
    places = rng.choice(((0,), (-1, 0, 1)))
    return [turned(HALF_BOTTLE, x + n * step, 0.1 * height, 0.82 * height) for n in places]


def camera(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a camera from the front: a box with a finder, around its lens."""
    x, y, side = middle(rng, width, height), 0.55 * height, 0.36 * height
    blades, turn = rng.choice((5, 6, 7)), rng.uniform(0, pi)
    box = rectangle(x - 1.3 * side, y - 0.9 * side, 2.6 * side, y + 0.95 * side)
    step = 2 * pi / blades
    return [
        pierced(box, ring(x, y, 0.72 * side)),
        rectangle(x - 0.35 * side, y - 1.2 * side, 0.7 * side, y - 0.88 * side),
        *(
            sector(x, y, 0.26 * side, 0.62 * side, turn + n * step, step * 0.86)
            for n in range(blades)
        ),
    ]


def coins(rng: Random, width: float, height: float) -> list[Shape]:
    """Return piles of coins, seen from the side."""
    x, breadth, thick = middle(rng, width, height), 0.34 * height, 0.075 * height
    piles: list[Shape] = []
    for place, count in zip((-1, 0, 1), rng.choice(((3, 6, 9), (8, 4, 6), (5, 9, 3))), strict=True):
        left = x + place * 1.12 * breadth - breadth / 2
        piles += [
            pill(
                left + rng.uniform(-0.04, 0.04) * breadth,
                height * 0.94 - (n + 1) * thick,
                breadth,
                thick * 0.82,
            )
            for n in range(count)
        ]
    return piles


def jar(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a low tin with its lid, as creams were sold."""
    x, half = middle(rng, width, height), rng.uniform(0.36, 0.42) * height
    label = ring(x, 0.67 * height, 0.13 * height)
    body = rectangle(x - half, 0.48 * height, 2 * half, 0.9 * height)
    lid = pill(x - 1.06 * half, 0.28 * height, 2.12 * half, 0.16 * height)
    return [pierced(body, label), lid, (x, 0.67 * height, 0.08 * height)]


def vase(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a vase with two handles."""
    x, top, size = middle(rng, width, height), 0.1 * height, 0.82 * height
    y, radius = top + 0.27 * size, rng.uniform(0.13, 0.16) * size
    return [
        turned(HALF_VASE, x, top, size),
        sector(x - 0.2 * size, y, radius * 0.72, radius, 0.4 * pi, 1.2 * pi),
        sector(x + 0.2 * size, y, radius * 0.72, radius, -0.6 * pi, 1.2 * pi),
    ]


def _limb(x: float, y: float, to_x: float, to_y: float, radius: float) -> Polygon:
    """Return a thick line with a round end."""
    length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
    across, along = (y - to_y) / length * radius, (to_x - x) / length * radius
    return [
        (x + across, y + along),
        (to_x + across * 1.3, to_y + along * 1.3),
        (to_x - across * 1.3, to_y - along * 1.3),
        (x - across, y - along),
    ]
