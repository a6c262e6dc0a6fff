"""Pictures to share: what a link looks like elsewhere, and the takeaways of a story on one sheet.

Drawn when they are first asked for, which no reader of a page does, and kept. An address carries
the hash of all that the picture shows, so that a change is another address.
"""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageDraw, ImageOps

from stories_project.pictures.drawings import INKS, PAPER, Drawing, cover_for, painted
from stories_project.pictures.lettering import can_set, fit, measure, set_line, wrap

# Raise it whenever the same content gives another picture.
VERSION = 1
LINK_SIZE = (1200, 630)
SHEET_SIZE = (1080, 1350)
TEXT, QUIET = "#1f1a15", "#655b4e"
TITLE_SIZES = (76, 68, 60, 52, 46, 40)
TAKEAWAY_SIZES = (54, 48, 42, 38, 34, 30)


@dataclass(frozen=True)
class Card:
    """All that a picture to share shows. `picture` is that of the story or founder."""

    title: str
    names: tuple
    picture: object
    ink: int
    focus: str = ""
    points: tuple = ()

    @property
    def version(self):
        """Eight hexadecimal digits that change with anything the picture shows."""
        shown = repr((VERSION, settings.PUBLICATION_NAME, self))
        return sha256(shown.encode()).hexdigest()[:8]

    def address(self, view, *slug):
        """Return the address of the picture that a view draws, without scheme and host."""
        return reverse(view, args=[*slug, self.version])


def card_of_publication():
    """Return the Card of the publication itself."""
    drawing = cover_for(None, None)
    return Card(settings.PUBLICATION_PROMISE, (), drawing, drawing.ink)


def card_of_story(story, founders, points=()):
    """Return the Card of a story; with `points`, its takeaways, the Card of those."""
    names = tuple(_names(founder) for founder in founders)
    ink = story.drawn_cover.ink
    picture = story.cover_picture
    return Card(story.title, names, picture, ink, story.cover_focus, tuple(points))


def card_of_founder(founder):
    """Return the Card of an approved founder."""
    picture = founder.portrait_picture
    names = tuple(filter(None, [founder.native_name, founder.headline]))
    return Card(founder.name, names, picture, founder.drawn_seal.ink, founder.portrait_focus)


def stored(card, kind, draw):
    """Return the bytes of a Card's picture, which `draw` makes of it once."""
    name = f"sharing/{kind}-{sha256(repr((VERSION, kind, card)).encode()).hexdigest()[:32]}.jpg"
    if not default_storage.exists(name):
        buffer = BytesIO()
        draw(card).save(buffer, "JPEG", quality=86, optimize=True, progressive=True)
        default_storage.save(name, ContentFile(buffer.getvalue()))
    with default_storage.open(name) as file:
        return file.read()


def draw_link(card):
    """Return what a link looks like elsewhere: the title beside the picture, 1200 × 630 pixels."""
    sheet, draw = _sheet(LINK_SIZE)
    art = _art(card, (480, 630))
    sheet.paste(art, (720, 0))
    first, second = INKS[card.ink]
    draw.rectangle((708, 0, 719, 630), fill=f"#{first}")
    set_line(draw, (64, 92), settings.PUBLICATION_NAME, 30, f"#{first}")
    size, lines = fit(card.title, TITLE_SIZES, 590, 5) if can_set(card.title) else (40, [])
    leading = round(size * 1.1)
    for number, line in enumerate(lines):
        set_line(draw, (64, 170 + size // 2 + number * leading), line, size, TEXT)
    draw.rectangle((64, 512, 64 + 96, 518), fill=f"#{second}")
    _set_names(draw, card, (64, 566), 590, 28)
    return sheet


def draw_takeaways(card):
    """Return the takeaways on one sheet, 1080 × 1350 pixels."""
    sheet, draw = _sheet(SHEET_SIZE)
    first, second = INKS[card.ink]
    sheet.paste(_art(card, (1080, 330)), (0, 0))
    draw.rectangle((0, 330, 1080, 342), fill=f"#{first}")
    set_line(draw, (80, 424), "Key Takeaways", 38, f"#{first}")
    size, blocks = _blocks(card.points)
    y = 424 + round(size * 1.75)
    for number, lines in enumerate(blocks, start=1):
        set_line(draw, (80, y), str(number), size, f"#{first}")
        for line in lines:
            set_line(draw, (80 + round(size * 1.3), y), line, size, TEXT)
            y += round(size * 1.26)
        y += round(size * 0.6)
    draw.rectangle((80, 1200, 80 + 96, 1206), fill=f"#{second}")
    _, title = fit(card.title, (30,), 920, 1) if can_set(card.title) else (30, [""])
    set_line(draw, (80, 1258), title[0], 30, TEXT)
    set_line(draw, (80, 1306), settings.PUBLICATION_NAME, 26, QUIET)
    return sheet


def _names(founder):
    if founder.is_approved and founder.native_name:
        return f"{founder.name}  {founder.native_name}"
    return founder.name


def _sheet(size):
    sheet = Image.new("RGB", size, f"#{PAPER}")
    return sheet, ImageDraw.Draw(sheet)


def _art(card, size):
    """Return the picture of a Card, cut to a size around its focus."""
    if isinstance(card.picture, Drawing):
        source = painted(card.picture, 900 / card.picture.height)
    else:
        with default_storage.open(f"{card.picture.name.stem}.webp") as file:
            source = Image.open(file).convert("RGB")
    x, y = (int(part) / 100 for part in (card.focus or "50 50").split())
    return ImageOps.fit(source, size, Image.Resampling.LANCZOS, centering=(x, y))


def _blocks(points):
    """Return the size at which all points fit the sheet, and their lines."""
    points = [point for point in points if can_set(point)]
    for size in TAKEAWAY_SIZES:
        blocks = [wrap(point, size, 920 - round(size * 1.3)) for point in points]
        height = sum(len(lines) * size * 1.26 + size * 0.6 for lines in blocks)
        if height <= 1170 - 424 - size * 1.2:
            return size, blocks
    while height > 700:
        height -= len(blocks.pop()) * size * 1.26 + size * 0.6
    return size, blocks


def _set_names(draw, card, position, width, size):
    """Set the names in one line, leaving out those for which there is no room or no typeface."""
    shown = ""
    for name in card.names:
        longer = f"{shown}, {name}" if shown else name
        if not can_set(longer):
            longer = longer if can_set(longer) else "".join(c for c in longer if can_set(c)).strip()
        if measure(longer, size) <= width:
            shown = longer
    set_line(draw, position, shown, size, QUIET)
