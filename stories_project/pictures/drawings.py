"""Drawn pictures for stories and founders without one: flat shapes in two inks on paper.

The founder decides the inks, and the subject of the story its motif: a story has the same drawing
for as long as it has the same title and excerpt, and the stories of one founder look related. The
URL of a drawing holds all that is needed to draw it: nothing is stored, and the URL tells no more
about the story than the name of the motif.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from PIL import Image, ImageChops, ImageDraw

from stories_project.paths import path_to
from stories_project.pictures.grounds import GROUNDS
from stories_project.pictures.motifs import FIGURES
from stories_project.pictures.shapes import Shape
from stories_project.pictures.subjects import MOTIFS, motif_for
from stories_project.publication.current import current
from stories_project.publication.values import Publication

PAPER = "f3ead8"
# Each as six hexadecimal digits.
Inks = tuple[str, str]
# (ink, what is printed with it)
Plates = list[tuple[str, list[Shape]]]
SIZES = {"cover": (1600, 900), "seal": (400, 400)}
ADDRESS = re.compile(
    r"(?P<kind>cover|seal)-(?:(?P<first>[0-9a-f]{6})-(?P<second>[0-9a-f]{6})|(?P<number>\d{1,2}))"
    r"-(?P<seed>[0-9a-f]{8})(?:-(?P<motif>[a-z]{1,20}))?"
)


@dataclass(frozen=True)
class Drawing:
    """A drawing as a page shows it; `templates/_picture.html` renders it.

    In the address of an old release there is no motif: the seed chooses it.
    """

    kind: str
    inks: Inks
    seed: str
    motif: str = ""

    def shown(self) -> dict[str, str]:
        """Return what the template shows: no `sources`, since a drawing has no renditions."""
        return {"src": self.src, "width": str(self.width), "height": str(self.height)}

    @property
    def width(self) -> int:
        """Width in units of the drawing."""
        return SIZES[self.kind][0]

    @property
    def height(self) -> int:
        """Height in units of the drawing."""
        return SIZES[self.kind][1]

    @property
    def src(self) -> str:
        """The URL of the drawing as SVG."""
        parts = (self.kind, *self.inks, self.seed, self.motif)
        return path_to("drawing", "-".join(filter(None, parts)))


def cover_for(story_key: int | None, founder_key: int | None, *texts: str) -> Drawing:
    """Return the Drawing of a story about a founder; keys are primary keys, or None.

    The texts say what the story is about, the most telling first.
    """
    motif = motif_for(texts, story_key or 0)
    return Drawing("cover", inks_of(founder_key), _seed("story", story_key), motif)


def seal_for(founder_key: int | None, *texts: str) -> Drawing:
    """Return the Drawing that replaces the portrait of a founder, of whom the texts tell."""
    motif = motif_for(texts, founder_key or 0)
    return Drawing("seal", inks_of(founder_key), _seed("founder", founder_key), motif)


def drawing_at(name: str) -> Drawing | None:
    """Return the Drawing whose URL ends with this name, or None if the name is invalid."""
    match = ADDRESS.fullmatch(name)
    if not match:
        return None
    inks = (match["first"], match["second"])
    if match["number"]:  # The address of a drawing in an old release.
        known = Publication().pairs_of_inks
        if int(match["number"]) >= len(known):
            return None
        inks = known[int(match["number"])]
    motif = match["motif"] or ""
    if motif and motif not in MOTIFS:
        return None
    return Drawing(match["kind"], inks, match["seed"], motif)


def inks_of(founder_key: int | None) -> Inks:
    """Return a founder's two inks."""
    pairs = current().pairs_of_inks
    return pairs[(founder_key or 0) * 5 % len(pairs)]


def as_svg(drawing: Drawing) -> str:
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


def painted(drawing: Drawing, scale: float = 1) -> Image.Image:
    """Return a Drawing as an RGB image with `scale` pixels per unit."""
    return printed(plates_of(drawing), (drawing.width, drawing.height), scale)


def printed(plates: Plates, size: tuple[int, int], scale: float = 1) -> Image.Image:
    """Print plates on paper: `size` is in units, and the RGB image has `scale` pixels per unit."""
    pixels = round(size[0] * scale), round(size[1] * scale)
    paper = Image.new("RGB", pixels, f"#{PAPER}")
    for ink, shapes in plates:
        # Inks are transparent: where two plates overlap, the colours multiply.
        plate = Image.new("L", (pixels[0] * 2, pixels[1] * 2), 0)
        draw = ImageDraw.Draw(plate)
        for shape in shapes:
            _paint(draw, shape, 2 * scale)
        white, inked = Image.new("RGB", pixels, "white"), Image.new("RGB", pixels, f"#{ink}")
        paper = ImageChops.multiply(paper, Image.composite(inked, white, plate.resize(pixels)))
    return paper


def plates_of(drawing: Drawing) -> Plates:
    """Return (ink, shapes) of the ground and of the figure."""
    rng = Random(sha256(drawing.seed.encode()).digest())  # noqa: S311  a drawing, not a secret
    first, second = drawing.inks
    width, height = SIZES[drawing.kind]
    which = int(drawing.seed[:2], 16)
    figure = MOTIFS.get(drawing.motif, FIGURES[which % len(FIGURES)])
    ground = GROUNDS[which % len(GROUNDS)]
    return [
        (second, ground(rng, width, height)),
        (first, figure(rng, width, height)),
    ]


def _seed(kind: str, key: int | None) -> str:
    """Return the seed of a drawing. Its first two digits choose the motifs: neighbours differ."""
    digest = sha256(f"{kind} {key}".encode()).hexdigest()
    return f"{(key or 0) * 13 % 256:02x}{digest[:6]}"


def _svg_shape(shape: Shape) -> str:
    if isinstance(shape, tuple):
        x, y, radius = (round(number) for number in shape)
        return f'<circle cx="{x}" cy="{y}" r="{radius}"/>'
    return f'<path d="M{"L".join(f"{round(x)} {round(y)}" for x, y in shape)}Z"/>'


def _paint(draw: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    if isinstance(shape, tuple):
        x, y, radius = (number * scale for number in shape)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    else:
        draw.polygon([(x * scale, y * scale) for x, y in shape], fill=255)
