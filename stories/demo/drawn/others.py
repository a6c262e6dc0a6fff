"""Covers of stories that have no picture in their text."""

from math import pi

from stories.demo.drawn.sheet import Sheet
from stories_project.pictures.drawings import Inks
from stories_project.pictures.shapes import (
    Polygon,
    half_disc,
    lens,
    pierced,
    pill,
    rectangle,
    ring,
    turned,
)
from stories_project.pictures.wares import HALF_BOTTLE


def broken_thread(inks: Inks) -> Sheet:
    """Draw the warp of a loom, of which one thread is broken, and the cloth below it."""
    sheet = Sheet(1600, 900, inks, 0.8)
    sheet.fill(1, rectangle(0, 600, 1600, 900))
    for number in range(40):
        x = 25 + number * 40
        if number == 24:
            sheet.line(0, [(x, 0), (x, 150)], 9)
            sheet.line(0, [(x, 150), (x + 26, 190), (x + 10, 236), (x + 44, 262)], 9)
            sheet.line(0, [(x + 6, 480), (x - 22, 452), (x - 8, 410)], 9)
            sheet.line(0, [(x + 6, 480), (x, 900)], 9)
        else:
            sheet.fill(0, rectangle(x - 4, 0, 8, 900))
    for row in range(9):
        sheet.fill(1, rectangle(0, 616 + row * 32, 1600, 630 + row * 32))
    shuttle = lens(330, 520, 620, pi / 2)
    sheet.fill(0, pierced(shuttle, pill(500, 496, 280, 48)), pill(530, 508, 220, 24))
    return sheet


def table_with_holes(inks: Inks) -> Sheet:
    """Draw a board with holes, in which bottles stand on their necks."""
    sheet = Sheet(1600, 900, inks, 0.8)
    board: Polygon = rectangle(120, 430, 1360, 640)
    for column in range(9):
        board = pierced(board, ring(200 + column * 150, 535, 36))
    legs = [rectangle(180, 640, 46, 900), rectangle(1374, 640, 46, 900)]
    sheet.fill(1, board, *legs, rectangle(120, 760, 1360, 790))
    for column in (0, 1, 3, 4, 5, 7, 8):
        upright = turned(HALF_BOTTLE, 200 + column * 150, 0, 400)
        sheet.fill(0, [(x, 560 - y) for x, y in upright])
    return sheet


def hotel_by_the_sea(inks: Inks) -> Sheet:
    """Draw a long hotel with a dome in its middle and two towers, above the waves."""
    sheet = Sheet(1600, 900, inks, 0.8)
    for row in range(3):
        for number in range(12):
            x, y = 70 + number * 140 - row % 2 * 70, 800 + row * 60
            sheet.fill(1, half_disc(x, y, 66))
    for x, breadth, floors in (
        (200, 160, 5),
        (400, 380, 4),
        (800, 0, 0),
        (820, 380, 4),
        (1240, 160, 5),
    ):
        for floor in range(floors):
            wall = rectangle(x, 660 - floor * 90, breadth, 742 - floor * 90)
            count = breadth // 60
            for n in range(count):
                at = x + breadth * (n + 0.5) / count
                hole = [(at - 13, 734 - floor * 90), *half_disc(at, 692 - floor * 90, 13)]
                wall = pierced(wall, [*hole, (at + 13, 734 - floor * 90)])
            sheet.fill(0, wall)
    for x in (280, 1320):
        sheet.fill(0, half_disc(x, 290, 66), rectangle(x - 4, 170, 8, 240))
    sheet.fill(
        0, rectangle(690, 300, 220, 380), half_disc(800, 292, 120), rectangle(794, 90, 12, 180)
    )
    sheet.fill(1, (1260, 150, 90))
    return sheet
