"""Pictures for what has none: flat shapes in two inks on paper, like one printmaker's series.

The inks are a founder's, the shapes a story's, so that a story always has the same picture and the
stories of a founder look like relatives. A drawing follows from its address alone: nothing is
stored, and nothing about a story can be read from it.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from django.urls import reverse
from PIL import Image, ImageChops, ImageDraw

from stories_project.pictures.motifs import FIGURES, GROUNDS

PAPER = "f3ead8"
INKS = (
    *(("bc3f24", "1d3f5c"), ("d8912c", "2e4034"), ("2a6c78", "cf5a3c"), ("7a3a56", "e0a846")),
    *(("3f5f3f", "d66c3e"), ("26386a", "dc8a62"), ("a22a36", "4a7474"), ("5a4c88", "e2943e")),
    *(("17584f", "d2606a"), ("8f5c28", "28486c"), ("c4512e", "5d7a4a"), ("1f2f3f", "d9a441")),
)
SIZES = {"cover": (1600, 900), "seal": (400, 400)}
ADDRESS = re.compile(r"(?P<kind>cover|seal)-(?P<ink>\d{1,2})-(?P<seed>[0-9a-f]{8})")


@dataclass(frozen=True)
class Drawing:
    """A drawing as a page shows it; `templates/_picture.html` writes it down."""

    kind: str
    ink: int
    seed: str

    @property
    def width(self):
        """Units of the drawing, which tell its proportions."""
        return SIZES[self.kind][0]

    @property
    def height(self):
        """Units of the drawing."""
        return SIZES[self.kind][1]

    @property
    def src(self):
        """The address of the drawing as SVG."""
        return reverse("drawing", args=[f"{self.kind}-{self.ink}-{self.seed}"])


def cover_for(story_key, founder_key):
    """Return the Drawing of a story about a founder; keys are primary keys, or None."""
    return Drawing("cover", ink_of(founder_key), _seed("story", story_key))


def seal_for(founder_key):
    """Return the Drawing that stands for a founder without a portrait."""
    return Drawing("seal", ink_of(founder_key), _seed("founder", founder_key))


def drawing_at(name):
    """Return the Drawing of an address's last part, or None where there is none."""
    match = ADDRESS.fullmatch(name)
    if not match or int(match["ink"]) >= len(INKS):
        return None
    return Drawing(match["kind"], int(match["ink"]), match["seed"])


def ink_of(founder_key):
    """Return the number of a founder's two inks."""
    return (founder_key or 0) * 5 % len(INKS)


def as_svg(drawing):
    """Return a Drawing as an SVG 1.1 document."""
    width, height = SIZES[drawing.kind]
    plates = "".join(
        f'<g fill="#{ink}" class="ink">{"".join(_svg_shape(shape) for shape in shapes)}</g>'
        for ink, shapes in plates_of(drawing)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        "<style>.ink{mix-blend-mode:multiply}</style>"
        f'<rect width="{width}" height="{height}" fill="#{PAPER}"/>{plates}</svg>'
    )


def painted(drawing, scale=1):
    """Return a Drawing as an RGB image, `scale` times as large as its size."""
    size = tuple(round(side * scale) for side in SIZES[drawing.kind])
    paper = Image.new("RGB", size, f"#{PAPER}")
    for ink, shapes in plates_of(drawing):
        # Inks are transparent: where two plates overlap, the colours multiply.
        plate = Image.new("L", (size[0] * 2, size[1] * 2), 0)
        draw = ImageDraw.Draw(plate)
        for shape in shapes:
            _paint(draw, shape, 2 * scale)
        white, inked = Image.new("RGB", size, "white"), Image.new("RGB", size, f"#{ink}")
        paper = ImageChops.multiply(paper, Image.composite(inked, white, plate.resize(size)))
    return paper


def plates_of(drawing):
    """Return (ink, shapes) of both plates. A shape is a list of points, or (x, y, radius)."""
    chance = Random(sha256(drawing.seed.encode()).digest())  # noqa: S311  a drawing, no secret
    first, second = INKS[drawing.ink]
    width, height = SIZES[drawing.kind]
    which = int(drawing.seed[:2], 16)
    figure, ground = FIGURES[which % len(FIGURES)], GROUNDS[which % len(GROUNDS)]
    return [
        (second, ground(chance, width, height)),
        (first, figure(chance, width, height)),
    ]


def _seed(kind, key):
    """Return what decides the shapes: in its first two digits which, so that neighbours differ."""
    digest = sha256(f"{kind} {key}".encode()).hexdigest()
    return f"{(key or 0) * 13 % 256:02x}{digest[:6]}"


def _svg_shape(shape):
    if isinstance(shape, tuple):
        x, y, radius = (round(number) for number in shape)
        return f'<circle cx="{x}" cy="{y}" r="{radius}"/>'
    return f'<path d="M{"L".join(f"{round(x)} {round(y)}" for x, y in shape)}Z"/>'


def _paint(draw, shape, scale):
    if isinstance(shape, tuple):
        x, y, radius = (number * scale for number in shape)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    else:
        draw.polygon([(x * scale, y * scale) for x, y in shape], fill=255)
