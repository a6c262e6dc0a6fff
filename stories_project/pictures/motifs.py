"""What is drawn where there is no picture: grounds that fill a sheet from below, figures upon them.

A motif takes a chance, the width and the height of the sheet, and returns its shapes: each a list
of points, or (x, y, radius). There are seven grounds and eight figures: without a common divisor,
neighbours differ in both.
"""

from math import cos, pi, sin


def _hills(chance, width, height):
    hills = []
    for _ in range(3):
        radius = chance.uniform(0.35, 0.6) * width
        top = chance.uniform(0.5, 0.75) * height
        hills.append((chance.uniform(0, width), top + radius, radius))
    return hills


def _furrows(chance, width, height):
    count, horizon = chance.randint(5, 8), chance.uniform(0.35, 0.55) * height
    middle, step = chance.uniform(0.3, 0.7) * width, 3 * width / count
    return [
        [
            (middle, horizon),
            (middle - 1.5 * width + number * step, height),
            (middle - 1.5 * width + (number + 0.5) * step, height),
        ]
        for number in range(count)
    ]


def _stripes(chance, width, height):
    count, slant = chance.randint(6, 10), chance.choice((-0.5, -0.25, 0, 0.25, 0.5)) * height
    step = width / count
    return [
        _band(number * step, step / 2, slant, height)
        for number in range(-count, 2 * count)
        if -abs(slant) - step <= number * step <= width + abs(slant)
    ]


def _band(left, breadth, slant, height):
    return [
        (left, height),
        (left + breadth, height),
        (left + breadth + slant, 0),
        (left + slant, 0),
    ]


def _roofs(chance, width, height):
    """A street, as one shape: between two there would be a seam."""
    count = chance.randint(4, 7)
    step = width / count
    street = [(0, height)]
    for number in range(count):
        left, top = number * step, chance.uniform(0.4, 0.75) * height
        ridge = top - chance.choice((0, step / 3, step / 2))
        street += [(left, top), (left + step / 2, ridge), (left + step, top)]
    return [[*street, (width, height)]]


def _steps(chance, width, height):
    count = chance.randint(5, 8)
    order = range(count) if chance.random() < 0.6 else range(count - 1, -1, -1)
    step = width / count
    return [
        _rectangle(place * step, height * (1 - (level + 1) / (count + 1)), step * 0.84, height)
        for place, level in enumerate(order)
    ]


def _waves(chance, width, height):
    count, rows = chance.randint(5, 8), chance.randint(3, 4)
    radius = width / count / 2
    top = height - rows * radius
    return [
        _half_disc((2 * number + row % 2) * radius, top + (row + 1) * radius, radius)
        for row in range(rows)
        for number in range(count + 2)
    ]


def _dots(chance, width, height):
    count = chance.randint(7, 10)
    step = width / count
    rows = round(height / step) + 1
    growth = chance.choice((1, -1))
    return [
        (
            (x + 0.5) * step,
            (y + 0.5) * step,
            step * (0.14 + 0.3 * (y if growth > 0 else rows - y) / rows),
        )
        for x in range(count)
        for y in range(rows)
    ]


def _sun(chance, width, height):
    radius = chance.uniform(0.28, 0.4) * height
    return [(chance.uniform(0.3, 0.7) * width, chance.uniform(0.36, 0.6) * height, radius)]


def _wheel(chance, width, height):
    x, y = chance.uniform(0.3, 0.7) * width, chance.uniform(0.42, 0.6) * height
    radius, spokes = chance.uniform(0.34, 0.44) * height, chance.choice((8, 10, 12, 16))
    wedges = [
        _sector(x, y, radius * 0.3, radius, 2 * pi * n / spokes, pi / spokes) for n in range(spokes)
    ]
    return [*wedges, (x, y, radius * 0.2)]


def _rings(chance, width, height):
    x = chance.choice((0, width / 2, width))
    count = chance.randint(4, 6)
    step = 0.95 * height / count
    half = pi if x in (0, width) else 2 * pi
    start = -pi / 2 if x == 0 else pi / 2
    return [
        _sector(
            x,
            height if half == 2 * pi else height / 2,
            (n + 0.5) * step,
            (n + 0.95) * step,
            start,
            half,
        )
        for n in range(count)
    ]


def _kiln(chance, width, height):
    """A bottle kiln, or two."""
    kilns = []
    for x in chance.sample((0.25, 0.5, 0.75), chance.randint(1, 2)):
        half, top = chance.uniform(0.11, 0.15) * width, chance.uniform(0.12, 0.3) * height
        left = [(-1, 1), (-1, 0.72), (-0.85, 0.5), (-0.5, 0.28), (-0.32, 0.12), (-0.34, 0)]
        outline = [*left, *((-side, level) for side, level in reversed(left))]
        kilns.append([(x * width + s * half, top + level * (height - top)) for s, level in outline])
    return kilns


def _arches(chance, width, height):
    count = chance.randint(2, 4)
    step, top = width / count, chance.uniform(0.3, 0.5) * height
    arches = []
    for number in range(count):
        middle, radius = (number + 0.5) * step, step * 0.36
        arc = [
            (middle - radius * cos(pi * n / 24), top + radius - radius * sin(pi * n / 24))
            for n in range(25)
        ]
        arches.append([(middle - radius, height), *arc, (middle + radius, height)])
    return arches


def _ladder(chance, width, height):
    count, lean = chance.randint(6, 9), chance.uniform(-0.18, 0.18) * width
    x, half = chance.uniform(0.35, 0.65) * width, 0.11 * width
    rail = 0.018 * width
    rungs = [
        _rectangle(
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


def _leaf(chance, width, height):
    x, y, length = chance.uniform(0.35, 0.65) * width, height / 2, 0.46 * height
    tilt, count = chance.uniform(-0.6, 0.6), chance.choice((1, 3, 5))
    return [
        _lens(x, y + length * 0.9, 2 * length * (0.75 if n else 1), tilt + n * 0.55)
        for n in range(-(count // 2), count // 2 + 1)
    ]


def _windows(chance, width, height):
    columns, rows = chance.randint(4, 6), chance.randint(3, 4)
    side = min(0.6 * width / columns, 0.7 * height / rows)
    left, top = chance.uniform(0.1, 0.9) * (width - columns * side), 0.15 * height
    return [
        _rectangle(left + x * side, top + y * side, side * 0.72, top + (y + 0.72) * side)
        for x in range(columns)
        for y in range(rows)
        if chance.random() < 0.8
    ]


def _rectangle(left, top, breadth, bottom):
    return [(left, top), (left + breadth, top), (left + breadth, bottom), (left, bottom)]


def _half_disc(x, y, radius):
    arc = ((x - radius * cos(pi * n / 20), y - radius * sin(pi * n / 20)) for n in range(21))
    return list(arc)


def _sector(x, y, inner, outer, start, breadth):
    """A part of a ring: from an angle on, so many radians broad."""
    count = max(8, round(breadth * 14))
    angles = [start + breadth * n / count for n in range(count + 1)]
    there = [(x + outer * cos(angle), y + outer * sin(angle)) for angle in angles]
    back = [(x + inner * cos(angle), y + inner * sin(angle)) for angle in reversed(angles)]
    return there + back


def _lens(x, y, length, tilt):
    """A leaf that grows from a point, leaning by an angle."""
    sides = [(sin(pi * n / 16) * 0.17 * length, -length * n / 16) for n in range(17)]
    outline = sides + [(-across, along) for across, along in reversed(sides)]
    return [
        (x + a * cos(tilt) - b * sin(tilt), y + a * sin(tilt) + b * cos(tilt)) for a, b in outline
    ]


GROUNDS = (_hills, _furrows, _stripes, _roofs, _steps, _waves, _dots)
FIGURES = (_sun, _wheel, _rings, _kiln, _arches, _ladder, _leaf, _windows)
