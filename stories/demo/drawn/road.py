"""The road to Pforzheim: a map, a time line of who told of it when, and the cover."""

from stories.demo.drawn.sheet import Sheet
from stories_project.pictures.drawings import Inks
from stories_project.pictures.shapes import (
    Point,
    Polygon,
    Shape,
    lens,
    pierced,
    rectangle,
    ring,
    sector,
)

# Kilometres in one degree of latitude, and of longitude at 49.2° north.
LATITUDE, LONGITUDE = 111.2, 72.7
# In units of the sheet.
KILOMETRE = 9
# Degrees north and east (GeoNames).
PLACES = {
    "Mannheim": (49.489, 8.467),
    "Ladenburg": (49.472, 8.609),
    "Heidelberg": (49.410, 8.694),
    "Wiesloch": (49.294, 8.698),
    "Bruchsal": (49.124, 8.598),
    "Grötzingen": (49.007, 8.498),
    "Wilferdingen": (48.957, 8.583),
    "Pforzheim": (48.895, 8.704),
    "Bretten": (49.036, 8.706),
    "Hockenheim": (49.318, 8.547),
    "Schwetzingen": (49.383, 8.566),
}
THERE = "Mannheim Ladenburg Heidelberg Wiesloch Bruchsal Grötzingen Wilferdingen Pforzheim"
BACK = "Pforzheim Bretten Bruchsal Hockenheim Schwetzingen Mannheim"
# Where a name stands beside its place: (to the right, down, alignment).
NAMES = {
    "Mannheim": (-8, 34, 0),
    "Ladenburg": (-16, 2, 1),
    "Heidelberg": (0, -18, 0.5),
    "Wiesloch": (8, -18, 0),
    "Bruchsal": (26, 8, 0),
    "Grötzingen": (-10, 36, 0.7),
    "Wilferdingen": (44, 58, 0.5),
    "Pforzheim": (14, -20, 0.7),
    "Bretten": (0, -18, 0.5),
    "Schwetzingen": (10, 32, 0),
}
# (year, what is known from it)
TOLD = (
    (1925, "Carl Benz’s memoir"),
    (1933, "Bertha Benz is asked"),
    (1936, "Bertha and Eugen"),
    (1938, "Bertha and both sons"),
    (1956, "Eugen, the last one"),
)


def map_of_the_road(inks: Inks) -> Sheet:
    """Draw the two ways between Mannheim and Pforzheim to scale; north is on the left."""
    sheet = Sheet(800, 400, inks)
    there, back = ([_on_map(name) for name in way.split()] for way in (THERE, BACK))
    sheet.line(1, back, 7, dashes=(16, 14))
    sheet.line(0, there, 9)
    for name in PLACES:
        if name in NAMES:
            x, y = _on_map(name)
            is_end = name in ("Mannheim", "Pforzheim")
            sheet.fill(0, (x, y, 13 if is_end else 9))
            right, down, align = NAMES[name]
            sheet.write(name, (x + right, y + down), 26 if is_end else 23, align)
    sheet.line(0, [(60, 366), (90, 366)], 9)
    sheet.write("there", (102, 374), 23)
    sheet.line(1, [(190, 366), (236, 366)], 7, dashes=(16, 14))
    sheet.write("back", (248, 374), 23)
    sheet.fill(1, rectangle(640, 360, 10 * KILOMETRE, 370))
    sheet.write("10 km", (640 + 5 * KILOMETRE, 352), 23, 0.5)
    sheet.fill(1, [(40, 42), (64, 28), (64, 56)], [(64, 39), (100, 39), (100, 45), (64, 45)])
    sheet.write("N", (112, 50), 24)
    return sheet


def years_of_telling(inks: Inks) -> Sheet:
    """Draw in which years those who were there told of the journey."""
    sheet = Sheet(640, 470, inks)
    x, top, bottom = 110, 40, 430
    level = {year: top + (year - 1886) / 72 * (bottom - top) for year in range(1886, 1959)}
    sheet.line(1, [(x, level[1888]), (x, level[1925])], 16)
    sheet.line(0, [(x, level[1925]), (x, level[1956])], 16)
    sheet.fill(0, (x, level[1888], 17))
    sheet.write("1888", (x - 30, level[1888] + 8), 26, 1)
    sheet.write("the journey", (x + 44, level[1888] + 8), 26)
    sheet.write("37 years from which no word", (x + 44, level[1905]), 26)
    sheet.write("about it is known", (x + 44, level[1905] + 34), 26)
    for number, (year, what) in enumerate(TOLD):
        at = level[1925] + number * (level[1956] - level[1925]) / 4
        sheet.line(0, [(x, level[year]), (x + 30, at)], 4)
        sheet.fill(0, (x, level[year], 10))
        sheet.write(f"{year}  {what}", (x + 44, at + 9), 26)
    return sheet


def cover(inks: Inks) -> Sheet:
    """Draw the three-wheeled car with three people, on a road into the hills."""
    sheet = Sheet(1600, 900, inks, 0.8)
    sheet.fill(1, (260, 1240, 640), (1320, 1180, 620), (800, 1330, 640))
    sheet.fill(1, (1270, 210, 110))
    x, y = 760, 640
    sheet.fill(0, *_wheel(x + 150, y, 190, 20), *_wheel(x - 330, y + 62, 128, 14))
    frame = [(x - 330, y + 62), (x - 300, y - 60), (x - 120, y - 20), (x + 330, y - 20)]
    sheet.line(0, frame, 18)
    sheet.line(0, [(x - 300, y - 60), (x - 310, y - 190), (x - 210, y - 215)], 14)
    sheet.fill(0, [(x - 60, y - 40), (x - 70, y - 190), (x + 330, y - 200), (x + 345, y - 40)])
    sheet.fill(0, [(x + 330, y - 100), (x + 470, y - 90), (x + 470, y - 20), (x + 330, y - 20)])
    for left, height, has_hat in ((-30, 300, False), (120, 345, True), (270, 280, False)):
        sheet.fill(0, *_rider(x + left, y - 180, height, has_hat))
    return sheet


def _on_map(name: str) -> Point:
    north, east = PLACES[name]
    start_north, start_east = PLACES["Mannheim"]
    x = 140 + (start_north - north) * LATITUDE * KILOMETRE
    return x, 290 - (east - start_east) * LONGITUDE * KILOMETRE


def _wheel(x: float, y: float, radius: float, spokes: int) -> list[Shape]:
    turn = 6.2832 / spokes
    thin = [sector(x, y, 20, radius, n * turn, 0.05) for n in range(spokes)]
    return [pierced(ring(x, y, radius), ring(x, y, radius * 0.9)), (x, y, 26), *thin]


def _rider(x: float, y: float, height: float, has_hat: bool) -> list[Shape]:
    """Return somebody who sits at (x, y) and looks to the left."""
    top = y - height
    body: Polygon = [(x - 52, y), (x - 46, top + 150), (x + 4, top + 112), (x + 56, top + 150)]
    shapes: list[Shape] = [[*body, (x + 62, y)], (x - 4, top + 70, 46)]
    if has_hat:
        brim = [(x - 96, top + 52), (x + 80, top + 36), (x + 82, top + 50), (x - 94, top + 68)]
        crown = [(x - 46, top + 44), (x - 34, top - 6), (x + 44, top - 14), (x + 48, top + 36)]
        return [*shapes, brim, crown, lens(x + 40, top + 4, 90, 0.9)]
    cap = [(x - 66, top + 48), (x - 40, top + 22), (x + 40, top + 24), (x + 46, top + 50)]
    return [*shapes, cap]
