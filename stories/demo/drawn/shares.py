"""The shares of Au Bon Marché: how one was divided, what the sales of a year paid, the cover."""

from stories.demo.drawn.sheet import Sheet
from stories_project.pictures.drawings import Inks
from stories_project.pictures.shapes import (
    Polygon,
    half_disc,
    pierced,
    rectangle,
    ring,
    sector,
)

SHARES, IN_A_ROW, PARTS = 400, 20, 8
# In millions of francs, for 1893 (d'Avenel, 1894).
SALES = (("goods", 118), ("costs", 24), ("profit", 8))
PROFIT = (("to the holders of shares", 6.8), ("to the reserves", 1.2))


def ledger(inks: Inks) -> Sheet:
    """Draw the four hundred shares, and one of them with its eight parts."""
    sheet = Sheet(640, 430, inks)
    for number in range(SHARES):
        x, y = 20 + number % IN_A_ROW * 15.2, 24 + number // IN_A_ROW * 15.2
        sheet.fill(0 if number == 59 else 1, rectangle(x, y, 12, y + 12))
    sheet.line(0, [(320, 60), (392, 26)], 3)
    sheet.line(0, [(320, 64), (392, 322)], 3)
    for part in range(PARTS):
        y = 24 + part * 37.5
        sheet.fill(0, pierced(rectangle(392, y, 226, y + 34), rectangle(398, y + 6, 214, y + 28)))
        sheet.write("6,250 francs", (505, y + 25), 23, 0.5)
    sheet.write("400 shares", (20, 366), 28)
    sheet.write("= 20 million francs", (20, 402), 26)
    sheet.write("one share: 50,000", (392, 366), 26)
    sheet.write("in eight parts", (392, 402), 26)
    return sheet


def sales_of_1893(inks: Inks) -> Sheet:
    """Draw what became of the 150 million francs that customers paid in 1893."""
    sheet = Sheet(800, 400, inks)
    left, breadth = 30, 740
    x: float = left
    sheet.write("1893: 150 million francs of sales", (left, 46), 28)
    for number, (_, millions) in enumerate(SALES):
        step = breadth * millions / 150
        sheet.fill(0 if number == 2 else 1, rectangle(x, 66, step - 5, 136))
        x += step
    sheet.write("118 to suppliers", (left, 172), 26)
    sheet.write("24 costs", (left + 640, 172), 26, 0.5)
    sheet.write("8 profit", (752, 226), 26, 1)
    sheet.line(0, [(735, 186), (left, 262)], 3)
    sheet.line(0, [(768, 186), (768, 262)], 3)
    split = breadth * 6.8 / 8
    sheet.fill(0, rectangle(left, 266, split - 5, 326))
    sheet.fill(0, rectangle(left + split, 266, breadth - split, 326))
    sheet.write("6.8 to the holders of shares", (left, 362), 26)
    sheet.write("1.2 reserves", (left + breadth, 362), 26, 1)
    return sheet


def cover(inks: Inks) -> Sheet:
    """Draw the corner of the store, printed over the border of a share."""
    sheet = Sheet(1600, 900, inks, 0.8)
    border = pierced(rectangle(60, 50, 1480, 850), rectangle(110, 100, 1380, 800))
    sheet.fill(1, border, *((60 + n * 1480, 50 + m * 800, 44) for n in (0, 1) for m in (0, 1)))
    sheet.fill(1, *(rectangle(180, 190 + n * 76, 380, 214 + n * 76) for n in range(8)))
    for x, breadth, floors in ((640, 250, 3), (900, 240, 4), (1150, 250, 3)):
        top = 800 - floors * 130
        for floor in range(floors):
            y = top + floor * 130
            wall = rectangle(x, y, breadth, y + 122)
            for n in range(3):
                at, radius = x + breadth * (n + 0.5) / 3, 25
                gate: Polygon = [(at - radius, y + 108), *half_disc(at, y + 54, radius)]
                wall = pierced(wall, [*gate, (at + radius, y + 108)])
            sheet.fill(0, wall)
    sheet.fill(0, half_disc(1020, 274, 118), rectangle(1012, 90, 16, 170))
    sheet.fill(0, sector(1020, 100, 0, 26, 0, 6.2832), ring(1020, 180, 20))
    return sheet
