"""Share pictures: what other sites show for a link, and a story's takeaways on one sheet.

A picture is drawn at its first request and then kept in the storage. Its URL contains a hash of all
that it shows, so a picture that changes gets another URL.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageOps

from founders.models import Founder
from stories.models import Story
from stories_project.paths import path_to
from stories_project.pictures.drawings import PAPER, Drawing, Inks, cover_for, painted
from stories_project.pictures.lettering import can_set, fit, measure, set_line, wrap
from stories_project.pictures.renditions import Picture, picture_of
from stories_project.pictures.uploads import stored_in
from stories_project.publication.contrast import on_paper
from stories_project.publication.current import current

# Raise this when the drawing code changes, so that every picture gets another URL.
VERSION = 2
FOLDER = "sharing"
LINK_SIZE = (1200, 630)
SHEET_SIZE = (1080, 1350)
TEXT, QUIET = "#1f1a15", "#655b4e"
TITLE_SIZES = (76, 68, 60, 52, 46, 40)
TAKEAWAY_SIZES = (54, 48, 42, 38, 34, 30)


@dataclass(frozen=True)
class Card:
    """Everything that a share picture shows.

    `picture` is the story's cover or the founder's portrait, `focus` its focal point ("50 50", in
    per cent), and `points` the takeaways of a story below the words of a `heading`.
    """

    title: str
    names: tuple[str, ...]
    picture: Picture | Drawing
    inks: Inks
    focus: str = ""
    points: tuple[str, ...] = ()
    heading: str = ""

    @property
    def version(self) -> str:
        """Eight hexadecimal digits that change with anything that the picture shows."""
        return self.digest[:8]

    @property
    def digest(self) -> str:
        """The hash of everything that the picture shows, in hexadecimal digits."""
        shown = repr((VERSION, current().name, self))
        return sha256(shown.encode()).hexdigest()

    def address(self, view: str, *slug: str) -> str:
        """Return the URL of the picture that a view serves, without scheme and host."""
        return path_to(view, *slug, self.version)

    def with_points(self, points: Iterable[str]) -> "Card":
        """Return the Card with the takeaways of its story, in the active language."""
        return replace(self, points=tuple(points), heading=gettext("Key Takeaways"))


def card_of_publication() -> Card:
    """Return the Card of the publication itself."""
    publication, drawing = current(), cover_for(None, None)
    picture = picture_of(publication.share_picture) or drawing
    return Card(publication.promise, (), picture, drawing.inks)


def card_of_story(story: Story, founders: Iterable[Founder]) -> Card:
    """Return the Card of a story, without its takeaways."""
    names = tuple(_names(founder) for founder in founders)
    return Card(story.title, names, story.cover_picture, story.drawn_cover.inks, story.cover_focus)


def card_of_founder(founder: Founder) -> Card:
    """Return the Card of an approved founder."""
    names = tuple(filter(None, [founder.native_name, founder.headline]))
    inks = founder.drawn_seal.inks
    return Card(founder.name, names, founder.portrait_picture, inks, founder.portrait_focus)


def jpeg_of(card: Card, kind: str, draw: Callable[[Card], Image.Image]) -> bytes:
    """Return the picture of a Card as JPEG; `draw` is called only if the storage does not have it.

    Each `kind` of picture has its own files.
    """
    name = f"{FOLDER}/{kind}-{card.digest[:32]}.jpg"
    if not default_storage.exists(name):
        buffer = BytesIO()
        draw(card).save(buffer, "JPEG", quality=86, optimize=True, progressive=True)
        default_storage.save(name, ContentFile(buffer.getvalue()))
    with default_storage.open(name) as file:
        return file.read()


def forget_pictures() -> None:
    """Delete every stored picture: one may show a person who is erased. They are drawn again."""
    for name in stored_in(FOLDER):
        default_storage.delete(name)


def draw_link(card: Card) -> Image.Image:
    """Return the picture for a link: the title beside the cover, 1200 × 630 pixels."""
    sheet, draw = _sheet(LINK_SIZE)
    art = _art(card, (480, 630))
    sheet.paste(art, (720, 0))
    first, second = card.inks
    draw.rectangle((708, 0, 719, 630), fill=f"#{first}")
    set_line(draw, (64, 92), current().name, 30, _for_words(card))
    size, lines = fit(card.title, TITLE_SIZES, 590, 5) if can_set(card.title) else (40, [])
    leading = round(size * 1.1)
    for number, line in enumerate(lines):
        set_line(draw, (64, 170 + size // 2 + number * leading), line, size, TEXT)
    draw.rectangle((64, 512, 64 + 96, 518), fill=f"#{second}")
    _set_names(draw, card.names, (64, 566), 590, 28)
    return sheet


def draw_takeaways(card: Card) -> Image.Image:
    """Return the takeaways of a story on one sheet, 1080 × 1350 pixels."""
    sheet, draw = _sheet(SHEET_SIZE)
    first, second = card.inks
    sheet.paste(_art(card, (1080, 330)), (0, 0))
    draw.rectangle((0, 330, 1080, 342), fill=f"#{first}")
    set_line(draw, (80, 424), card.heading, 38, _for_words(card))
    size, blocks = _blocks(card.points)
    y = 424 + round(size * 1.75)
    for number, lines in enumerate(blocks, start=1):
        set_line(draw, (80, y), str(number), size, _for_words(card))
        for line in lines:
            set_line(draw, (80 + round(size * 1.3), y), line, size, TEXT)
            y += round(size * 1.26)
        y += round(size * 0.6)
    draw.rectangle((80, 1200, 80 + 96, 1206), fill=f"#{second}")
    _, title = fit(card.title, (30,), 920, 1) if can_set(card.title) else (30, [""])
    set_line(draw, (80, 1258), title[0], 30, TEXT)
    set_line(draw, (80, 1306), current().name, 26, QUIET)
    return sheet


def _for_words(card: Card) -> str:
    """Return the ink that is easier to read on paper."""
    return max((f"#{ink}" for ink in card.inks), key=on_paper)


def _names(founder: Founder) -> str:
    if founder.is_approved and founder.native_name:
        return f"{founder.name}  {founder.native_name}"
    return founder.name


def _sheet(size: tuple[int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("RGB", size, f"#{PAPER}")
    return sheet, ImageDraw.Draw(sheet)


def _art(card: Card, size: tuple[int, int]) -> Image.Image:
    """Return the picture of a Card, cropped to a size (pixels) around its focal point."""
    if isinstance(card.picture, Drawing):
        source = painted(card.picture, 900 / card.picture.height)
    else:
        with default_storage.open(f"{card.picture.name.stem}.webp") as file:
            source = Image.open(file).convert("RGB")
    x, y = (int(part) / 100 for part in (card.focus or "50 50").split())
    return ImageOps.fit(source, size, Image.Resampling.LANCZOS, centering=(x, y))


def _blocks(points: Iterable[str]) -> tuple[int, list[list[str]]]:
    """Return the largest size (pixels) at which the points fit the sheet, and the lines of each.

    At the smallest size, the last points are left out until the others fit.
    """
    points = [point for point in points if can_set(point)]
    for size in TAKEAWAY_SIZES:
        blocks = [wrap(point, size, 920 - round(size * 1.3)) for point in points]
        height = sum(len(lines) * size * 1.26 + size * 0.6 for lines in blocks)
        if height <= 1170 - 424 - size * 1.2:
            return size, blocks
    while height > 700:
        height -= len(blocks.pop()) * size * 1.26 + size * 0.6
    return size, blocks


def _set_names(
    draw: ImageDraw.ImageDraw,
    names: Iterable[str],
    position: tuple[int, int],
    width: int,
    size: int,
) -> None:
    """Set the names on one line of `width` pixels.

    Leaves out letters for which there is no typeface, and names for which there is no room.
    """
    shown = ""
    for name in names:
        settable = "".join(letter for letter in name if can_set(letter)).strip()
        longer = f"{shown}, {settable}" if shown else settable
        if settable and measure(longer, size) <= width:
            shown = longer
    set_line(draw, position, shown, size, QUIET)
