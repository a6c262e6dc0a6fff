"""The contrast of two colours, and the nearest colour that has enough of it.

https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

LIGHT_PAGES = ("#faf5ea", "#fffdf7")
DARK_PAGES = ("#171411", "#211c17")
PAPER = "#f3ead8"
# For text, and for what is as large as a heading.
FOR_TEXT, FOR_LARGE = 4.5, 3.0
STEPS = 100


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours ("#rrggbb"), from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def on_paper(colour: str) -> float:
    """Return the contrast of a colour with the paper of the drawings."""
    return contrast(colour, PAPER)


def least_contrast(colour: str, pages: tuple[str, ...]) -> float:
    """Return the lowest contrast of a colour with some pages."""
    return min(contrast(colour, page) for page in pages)


def nearest(colour: str, pages: tuple[str, ...], enough: float) -> str:
    """Return the colour that has enough contrast with the pages and is nearest to this one.

    It is made darker if the pages are lighter than grey, and lighter if not.
    """
    end = "#000000" if contrast(pages[0], "#000000") > contrast(pages[0], "#ffffff") else "#ffffff"
    mixed = (_mix(colour, end, step / STEPS) for step in range(STEPS + 1))
    return next(each for each in mixed if least_contrast(each, pages) >= enough)


def _luminance(colour: str) -> float:
    return sum(
        weight * _linear(channel / 255)
        for weight, channel in zip((0.2126, 0.7152, 0.0722), _channels(colour), strict=True)
    )


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> bytes:
    return bytes.fromhex(colour.removeprefix("#"))


def _mix(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()
