"""Words on a picture, in any script for which there is a typeface.

Latin is set in the typeface of the site, which lies beside this module; other scripts in the Noto
typefaces that the operating system has (Debian: fonts-noto-core, fonts-noto-cjk).
"""

import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

TYPEFACES = Path(__file__).parent / "typefaces"
SYSTEM = Path("/usr/share/fonts")
# Scripts by the first word of their characters' names; the others are called as Noto's files are.
HAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "HALFWIDTH", "IDEOGRAPHIC"}
OWN_NOTO = {"GREEK": "NotoSerif", "CYRILLIC": "NotoSerif", "ARABIC": "NotoNaskhArabic"}
LATIN, LATIN_EXTENDED = "fraunces-latin.ttf", "fraunces-latin-ext.ttf"


def can_set(text):
    """Whether there is a typeface for every letter of a text."""
    return all(_file_for(character) for character in text if not character.isspace())


def measure(text, size):
    """Return how many pixels wide a line of text is."""
    return sum(font.getlength(run) for run, font in _runs(text, size))


def set_line(draw, position, text, size, fill):
    """Draw one line, whose base line begins at a position (x, y)."""
    x, y = position
    for run, font in _runs(text, size):
        draw.text((x, y), run, font=font, fill=fill, anchor="ls")
        x += font.getlength(run)


def wrap(text, size, width):
    """Return a text in lines no wider than so many pixels; what has no spaces breaks anywhere."""
    lines, line = [], ""
    for word in _words(text):
        if line and measure(f"{line}{word}".strip(), size) > width:
            lines.append(line.strip())
            line = ""
        line += word
    return [*lines, line.strip()] if line.strip() else lines


def fit(text, sizes, width, most_lines):
    """Return (size, lines) of the largest of some sizes at which a text fits, or cut short."""
    for size in sizes:
        lines = wrap(text, size, width)
        if len(lines) <= most_lines and all(measure(line, size) <= width for line in lines):
            return size, lines
    lines = wrap(text, sizes[-1], width)[:most_lines]
    while lines and measure(f"{lines[-1]}…", sizes[-1]) > width:
        lines[-1] = lines[-1][:-1]
    return sizes[-1], [*lines[:-1], f"{lines[-1]}…"]


def _words(text):
    """Yield the words of a text with the space behind them; letters of Han one by one."""
    for word in text.split():
        if any(_script(character) in HAN for character in word):
            yield from word
        else:
            yield f"{word} "


def _runs(text, size):
    """Yield (part of a text, typeface); spaces and marks stay with what they follow."""
    files, last = [], LATIN
    for character in text:
        is_neutral = character.isspace() or unicodedata.category(character)[0] in "MPZ"
        last = last if is_neutral and files else _file_for(character) or last
        files.append(last)
    for file, group in groupby(zip(files, text, strict=True), key=lambda pair: pair[0]):
        yield "".join(character for _, character in group), _font(file, size)


@lru_cache(4096)
def _file_for(character):
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
def _found(name):
    return next((str(path) for path in sorted(SYSTEM.rglob(name))), None)


@lru_cache(64)
def _font(file, size):
    return ImageFont.truetype(str(TYPEFACES / file), size)


def _script(character):
    return unicodedata.name(character, "UNKNOWN").split()[0].split("-")[0]
