"""Draw text on a picture, in any script for which there is a typeface.

Latin uses the typeface of the site, in the folder beside this module. Other scripts use the Noto
typefaces that are installed on the system (Debian: fonts-noto-core, fonts-noto-cjk).
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

TYPEFACES = Path(__file__).parent / "typefaces"
SYSTEM = Path("/usr/share/fonts")
# Scripts, named by the first word of their characters' names. Noto's files have the same names,
# except for those in OWN_NOTO.
HAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "HALFWIDTH", "IDEOGRAPHIC"}
OWN_NOTO = {"GREEK": "NotoSerif", "CYRILLIC": "NotoSerif", "ARABIC": "NotoNaskhArabic"}
LATIN, LATIN_EXTENDED = "fraunces-latin.ttf", "fraunces-latin-ext.ttf"


def can_set(text: str) -> bool:
    """Whether there is a typeface for every character of a text."""
    return all(_file_for(character) for character in text if not character.isspace())


def measure(text: str, size: int) -> float:
    """Return the width of a line of text in pixels; `size` is the font size in pixels."""
    return sum(font.getlength(run) for run, font in _runs(text, size))


def set_line(
    draw: ImageDraw.ImageDraw, position: tuple[float, float], text: str, size: int, fill: str
) -> None:
    """Draw a line of text; its baseline starts at the position (x, y) in pixels."""
    x, y = position
    for run, font in _runs(text, size):
        draw.text((x, y), run, font=font, fill=fill, anchor="ls")
        x += font.getlength(run)


def wrap(text: str, size: int, width: float) -> list[str]:
    """Split a text into lines of at most `width` pixels; scripts without spaces break anywhere."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and measure(f"{line}{word}".strip(), size) > width:
            lines.append(line.strip())
            line = ""
        line += word
    return [*lines, line.strip()] if line.strip() else lines


def fit(text: str, sizes: Sequence[int], width: float, most_lines: int) -> tuple[int, list[str]]:
    """Return (size, lines) for the first of `sizes`, largest first, at which a text fits.

    If none fits, the text is cut at the last size, and ends with an ellipsis.
    """
    for size in sizes:
        lines = wrap(text, size, width)
        if len(lines) <= most_lines and all(measure(line, size) <= width for line in lines):
            return size, lines
    lines = wrap(text, sizes[-1], width)[:most_lines]
    while lines and measure(f"{lines[-1]}…", sizes[-1]) > width:
        lines[-1] = lines[-1][:-1]
    return sizes[-1], [*lines[:-1], f"{lines[-1]}…"]


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text, each with a space after it; in Han scripts, single characters."""
    for word in text.split():
        if any(_script(character) in HAN for character in word):
            yield from word
        else:
            yield f"{word} "


def _runs(text: str, size: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
    """Yield (part of a text, typeface); spaces and marks use the typeface before them."""
    files: list[str] = []
    last = LATIN
    for character in text:
        is_neutral = character.isspace() or unicodedata.category(character)[0] in "MPZ"
        last = last if is_neutral and files else _file_for(character) or last
        files.append(last)
    for file, group in groupby(zip(files, text, strict=True), key=lambda pair: pair[0]):
        yield "".join(character for _, character in group), _font(file, size)


@lru_cache(4096)
def _file_for(character: str) -> str | None:
    script = _script(character)
    if ord(character) < 0x100 or 0x2000 <= ord(character) < 0x2070:
        return LATIN
    if script == "LATIN":
        return LATIN_EXTENDED
    if script in HAN:
        return _found("NotoSerifCJK-Bold.ttc") or _found("NotoSansCJK-Bold.ttc")
    name = script.title()
    families = [OWN_NOTO.get(script), f"NotoSerif{name}", f"NotoSans{name}"]
    return next(
        (file for family in families if family and (file := _found(f"{family}-Bold.ttf"))), None
    )


@lru_cache(64)
def _found(name: str) -> str | None:
    return next((str(path) for path in sorted(SYSTEM.rglob(name))), None)


@lru_cache(64)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(TYPEFACES / file), size)


def _script(character: str) -> str:
    return unicodedata.name(character, "UNKNOWN").split()[0].split("-")[0]
