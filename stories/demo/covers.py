"""Covers drawn by code: flat shapes in two inks, like one printmaker's series.

The inks come from the founder, the shapes from the story, so that the same story always has the
same cover and a founder's stories look like relatives.
"""

from hashlib import sha256
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageDraw

from stories_project.images import store_image

SIZE = (1600, 900)
PAPER = (244, 236, 221)
INKS = (
    ((188, 63, 36), (29, 63, 92)),
    ((222, 152, 44), (46, 64, 52)),
    ((42, 108, 120), (197, 80, 58)),
    ((120, 56, 84), (226, 168, 70)),
    ((64, 92, 60), (214, 108, 62)),
    ((36, 52, 96), (218, 130, 96)),
    ((160, 40, 52), (70, 110, 110)),
    ((88, 74, 130), (224, 144, 60)),
    ((24, 84, 78), (208, 92, 100)),
    ((140, 90, 40), (40, 72, 108)),
)
CREDIT = "Drawn for How They Began"


def store_cover(story_slug, founder_slug):
    """Draw the cover of a story, store it, and return its name in the storage."""
    buffer = BytesIO()
    draw_cover(story_slug, founder_slug).save(buffer, "PNG")
    return store_image(ContentFile(buffer.getvalue()), "covers")


def draw_cover(story_slug, founder_slug):
    """Return the cover as an RGB image of 1600 × 900 pixels."""
    first, second = _random(founder_slug).choice(INKS)
    chance = _random(story_slug)
    motifs = chance.sample(MOTIFS, 2)
    paper = Image.new("RGB", SIZE, PAPER)
    for ink, motif in zip((first, second), motifs, strict=True):
        # Inks are transparent: where two plates overlap, the colours multiply.
        plate = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2), 0)
        motif(ImageDraw.Draw(plate), chance, *plate.size)
        printed = Image.composite(
            Image.new("RGB", SIZE, ink), Image.new("RGB", SIZE, "white"), plate.resize(SIZE)
        )
        paper = ImageChops.multiply(paper, printed)
    return paper


def _random(text):
    return Random(sha256(text.encode()).digest())  # noqa: S311  a drawing, not a secret


def _sun(draw, chance, width, height):
    radius = chance.uniform(0.26, 0.42) * height
    x, y = chance.uniform(0.3, 0.7) * width, chance.uniform(0.4, 0.65) * height
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def _wheel(draw, chance, width, height):
    x, y = chance.uniform(0.25, 0.75) * width, chance.uniform(0.4, 0.7) * height
    radius = chance.uniform(0.35, 0.5) * height
    for ring in range(4, 0, -1):
        r = radius * ring / 4
        draw.ellipse((x - r, y - r, x + r, y + r), fill=255 * (ring % 2 == 0))


def _stripes(draw, chance, width, height):
    count, slant = chance.randint(7, 12), chance.uniform(-0.25, 0.25) * width
    step = width / count
    for number in range(-4, count + 4):
        left = number * step
        right = left + step / 2
        draw.polygon(
            ((left, height), (right, height), (right + slant, 0), (left + slant, 0)), fill=255
        )


def _roofs(draw, chance, width, height):
    count = chance.randint(4, 7)
    step = width / count
    for number in range(count):
        left, top = number * step, chance.uniform(0.35, 0.75) * height
        draw.polygon(
            (
                (left, height),
                (left, top),
                (left + step / 2, top - step / 3),
                (left + step, top),
                (left + step, height),
            ),
            fill=255,
        )


def _hills(draw, chance, width, height):
    for _ in range(3):
        x = chance.uniform(0, width)
        radius = chance.uniform(0.3, 0.55) * width
        top = chance.uniform(0.45, 0.7) * height
        draw.ellipse((x - radius, top, x + radius, top + 2 * radius), fill=255)


def _thread(draw, chance, width, height):
    count = chance.randint(5, 9)
    for number in range(count):
        radius = (number + 1) / count * 0.62 * width
        x = 0 if chance.random() < 0.5 else width
        draw.ellipse(
            (x - radius, height - radius, x + radius, height + radius),
            outline=255,
            width=round(height * 0.022),
        )


def _steps(draw, chance, width, height):
    count = chance.randint(5, 8)
    is_rising = chance.random() < 0.7
    for number in range(count):
        level = (number + 1) / (count + 1)
        level = level if is_rising else 1 - level
        left = number * width / count
        draw.rectangle((left, height * (1 - level), left + width / count * 0.82, height), fill=255)


MOTIFS = (_sun, _wheel, _stripes, _roofs, _hills, _thread, _steps)
