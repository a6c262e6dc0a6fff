"""The grounds of drawings, which fill the sheet from below: see `motifs.py`."""

from random import Random

from stories_project.pictures.shapes import Polygon, Shape, band, half_disc, rectangle


def _hills(rng: Random, width: float, height: float) -> list[Shape]:
    hills: list[Shape] = []
    for _ in range(3):
        radius = rng.uniform(0.35, 0.6) * width
        top = rng.uniform(0.5, 0.75) * height
        hills.append((rng.uniform(0, width), top + radius, radius))
    return hills


def _furrows(rng: Random, width: float, height: float) -> list[Shape]:
    count, horizon = rng.randint(5, 8), rng.uniform(0.35, 0.55) * height
    middle, step = rng.uniform(0.3, 0.7) * width, 3 * width / count
    return [
        [
            (middle, horizon),
            (middle - 1.5 * width + number * step, height),
            (middle - 1.5 * width + (number + 0.5) * step, height),
        ]
        for number in range(count)
    ]


def _stripes(rng: Random, width: float, height: float) -> list[Shape]:
    count, slant = rng.randint(6, 10), rng.choice((-0.5, -0.25, 0, 0.25, 0.5)) * height
    step = width / count
    return [
        band(number * step, step / 2, slant, height)
        for number in range(-count, 2 * count)
        if -abs(slant) - step <= number * step <= width + abs(slant)
    ]


def _roofs(rng: Random, width: float, height: float) -> list[Shape]:
    """Return a street of houses as one shape: two shapes would have a visible seam."""
    count = rng.randint(4, 7)
    step = width / count
    street: Polygon = [(0, height)]
    for number in range(count):
        left, top = number * step, rng.uniform(0.4, 0.75) * height
        ridge = top - rng.choice((0, step / 3, step / 2))
        street += [(left, top), (left + step / 2, ridge), (left + step, top)]
    return [[*street, (width, height)]]


def _steps(rng: Random, width: float, height: float) -> list[Shape]:
    count = rng.randint(5, 8)
    order = range(count) if rng.random() < 0.6 else range(count - 1, -1, -1)
    step = width / count
    return [
        rectangle(place * step, height * (1 - (level + 1) / (count + 1)), step * 0.84, height)
        for place, level in enumerate(order)
    ]


def _waves(rng: Random, width: float, height: float) -> list[Shape]:
    count, rows = rng.randint(5, 8), rng.randint(3, 4)
    radius = width / count / 2
    top = height - rows * radius
    return [
        half_disc((2 * number + row % 2) * radius, top + (row + 1) * radius, radius)
        for row in range(rows)
        for number in range(count + 2)
    ]


def _dots(rng: Random, width: float, height: float) -> list[Shape]:
    count = rng.randint(7, 10)
    step = width / count
    rows = round(height / step) + 1
    growth = rng.choice((1, -1))
    return [
        (
            (x + 0.5) * step,
            (y + 0.5) * step,
            step * (0.14 + 0.3 * (y if growth > 0 else rows - y) / rows),
        )
        for x in range(count)
        for y in range(rows)
    ]


GROUNDS = (_hills, _furrows, _stripes, _roofs, _steps, _waves, _dots)
