"""Wedgwood's trials: how many there were, how far his thermometer was wrong, and the cover."""

from stories.demo.drawn.sheet import Sheet
from stories_project.pictures.drawings import Inks
from stories_project.pictures.shapes import pierced, rectangle, ring, turned
from stories_project.pictures.wares import HALF_VASE

# Trials in all, and those for jasper, in round numbers; trials that one square stands for.
ALL, JASPER, IN_ONE = 5000, 3000, 50
# (metal, melting point by Wedgwood's paper of 1784 in °F, melting point in °C as known today).
METALS = (
    ("Copper", 4587, 1085),
    ("Silver", 4717, 962),
    ("Gold", 5237, 1064),
    ("Cast iron", 17977, 1200),
)


def trials_counted(inks: Inks) -> Sheet:
    """Draw a square for every fifty trials; those for jasper are in the first ink."""
    sheet = Sheet(640, 420, inks)
    for number in range(ALL // IN_ONE):
        column, row = number % 20, number // 20
        x, y = 20 + column * 30.2, 30 + row * 44
        is_jasper = number < JASPER // IN_ONE
        piece = rectangle(x, y, 24, y + 34)
        sheet.fill(0 if is_jasper else 1, pierced(piece, ring(x + 12, y + 9, 3.6)))
    sheet.fill(0, rectangle(20, 282, 24, 316))
    sheet.write("jasper: nearly 3,000", (58, 308), 28)
    sheet.fill(1, rectangle(20, 330, 24, 364))
    sheet.write("all other trials: about 2,000", (58, 356), 28)
    sheet.write("one piece = 50 trials", (20, 402), 24)
    return sheet


def thermometer(inks: Inks) -> Sheet:
    """Draw the melting points of four metals: as Wedgwood reckoned them, and as known today."""
    sheet = Sheet(800, 400, inks)
    left, unit = 150, 480 / 10000
    for row, (metal, fahrenheit, today) in enumerate(METALS):
        top = 24 + row * 78
        wedgwood = (fahrenheit - 32) / 1.8
        sheet.write(metal, (left - 14, top + 38), 26, 1)
        sheet.fill(0, rectangle(left, top, wedgwood * unit, top + 28))
        sheet.fill(1, rectangle(left, top + 31, today * unit, top + 55))
        sheet.write(f"{round(wedgwood, -1):,.0f} °C", (left + wedgwood * unit + 12, top + 23), 25)
        sheet.write(f"{today:,} °C", (left + today * unit + 12, top + 54), 25)
    sheet.fill(0, rectangle(left, 352, 26, 378))
    sheet.write("as Wedgwood reckoned", (left + 38, 374), 25)
    sheet.fill(1, rectangle(left + 340, 352, 26, 378))
    sheet.write("as known today", (left + 378, 374), 25)
    return sheet


def cover(inks: Inks) -> Sheet:
    """Draw a tray of trial pieces, and the vase that came of them."""
    sheet = Sheet(1600, 900, inks, 0.8)
    for row in range(6):
        sheet.fill(1, rectangle(60, 126 + row * 136, 1480, 138 + row * 136))
        for column in range(14):
            x, y = 90 + column * 103, 40 + row * 136
            if (column * 7 + row * 5) % 11 == 0:
                continue
            piece = rectangle(x, y + (column * 13 + row * 7) % 18, 66, y + 88)
            sheet.fill(1, pierced(piece, ring(x + 33, y + 36, 8)))
    sheet.fill(0, turned(HALF_VASE, 1060, 60, 800))
    return sheet
