"""Portraits of the demo's founders: profiles, as people had them cut before photography.

The contour of a profile is one for all; a `Looks` says what somebody wore, and how they had their
hair. No portrait claims to be a likeness: the credit says that it is a drawing.
"""

from dataclasses import dataclass

from stories.demo.drawn.sheet import Sheet, smooth
from stories_project.pictures.drawings import Inks
from stories_project.pictures.shapes import Polygon, Shape, pierced, ring

SIDE = 400
# From the brow down over nose and chin to the neck, and up over the back of the head.
FACE: Polygon = [
    *((152, 112), (142, 132), (138, 152), (143, 167), (136, 188), (123, 211), (127, 220)),
    *((140, 225), (138, 233), (134, 240), (140, 246), (137, 254), (142, 264), (138, 277)),
    *((144, 291), (160, 300), (186, 300), (196, 312), (198, 352), (262, 352), (258, 300)),
    *((270, 262), (280, 222), (278, 172), (256, 126), (216, 102), (180, 100)),
]


@dataclass(frozen=True)
class Looks:
    """What a profile shows: the names of shapes in `HAIR`, `BEARDS` and `DRESS`."""

    hair: str
    dress: str
    beard: str = ""


def portrait(looks: Looks, inks: Inks) -> Sheet:
    """Draw the profile of somebody, turned to the left.

    The face has the darker ink alone, the ground the lighter one; hair and dress have both.
    """
    dark, light = sorted(inks, key=_brightness)
    sheet = Sheet(SIDE, SIDE, (dark, light), 1.2)
    face = smooth(FACE)
    worn = [*HAIR[looks.hair], *DRESS[looks.dress]]
    if looks.beard:
        worn += BEARDS[looks.beard]
    sheet.fill(1, pierced(ring(200, 200, 186), face), *worn)
    sheet.fill(0, face, *worn)
    return sheet


def _brightness(ink: str) -> float:
    red, green, blue = bytes.fromhex(ink)
    return 0.3 * red + 0.6 * green + 0.1 * blue


def _cut(points: str) -> Polygon:
    """Return a curve through points that are written as "x,y x,y"."""
    return smooth([(float(x), float(y)) for x, y in (p.split(",") for p in points.split())])


SHOULDERS = _cut("196,330 150,352 96,372 60,400 80,430 330,430 346,400 318,368 276,346 262,326")
SKULL = _cut(
    "140,138 150,108 190,84 240,90 280,128 294,180 286,236 266,282 250,270 "
    "236,222 206,196 196,160 160,142"
)
HAIR: dict[str, list[Shape]] = {
    "short": [SKULL],
    "bald": [_cut("226,190 250,150 284,170 292,214 276,268 256,276 240,236")],
    "bun": [SKULL, (262, 92, 44), _cut("144,132 158,92 206,72 250,82 240,130")],
    "knot": [SKULL, (304, 206, 40)],
    "crown": [
        _cut(
            "138,140 132,104 160,66 216,52 272,74 302,130 300,190 276,244 250,250 "
            "230,200 206,160 160,140"
        )
    ],
    "cap": [SKULL, _cut("176,92 240,62 306,110 318,180 300,232 284,262 262,220 232,140")],
    "wig": [SKULL, (214, 216, 22), (226, 246, 22), _cut("262,250 296,270 300,330 284,352 270,320")],
    "bonnet": [
        SKULL,
        _cut(
            "128,128 136,78 200,44 270,60 318,124 314,210 286,268 250,262 222,206 206,150 164,136"
        ),
    ],
    "turban": [SKULL, _cut("124,128 130,84 176,50 240,48 296,84 304,132 262,138 190,126")],
    "tarboosh": [
        SKULL,
        [(152, 122), (168, 34), (266, 40), (288, 138)],
        _cut("262,44 300,70 306,112 298,112 290,76"),
    ],
}
BEARDS: dict[str, list[Shape]] = {
    "moustache": [_cut("126,226 140,222 168,232 176,246 150,242 128,240")],
    "side": [_cut("206,190 230,210 236,262 206,300 176,304 190,276 200,236")],
    "full": [
        _cut(
            "124,228 150,224 190,226 208,190 234,214 236,274 206,330 160,348 "
            "128,318 124,276 128,246"
        )
    ],
}
DRESS: dict[str, list[Shape]] = {
    "coat": [
        _cut("206,356 160,362 98,380 64,404 90,440 330,440 342,404 312,374 276,356 266,340"),
        [(150, 352), (196, 336), (182, 376)],
    ],
    "lace": [
        *((190 + n * 19, 338 - n * 3, 12) for n in range(5)),
        _cut("196,362 150,368 98,384 64,406 90,440 330,440 344,406 312,374 272,352"),
    ],
    "shawl": [
        _cut("200,350 150,358 86,384 46,424 90,450 340,450 362,420 330,372 278,340"),
        _cut("180,346 206,330 262,322 286,340 230,356"),
    ],
    "kimono": [
        _cut("214,368 150,366 96,386 60,410 90,440 250,440"),
        _cut("226,380 270,350 318,376 344,408 330,440 262,440"),
        [(196, 344), (262, 330), (276, 344), (218, 366)],
    ],
}
OF: dict[str, Looks] = {
    "aristide-boucicaut": Looks("bald", "coat", "side"),
    "barbe-nicole-clicquot": Looks("bonnet", "shawl"),
    "bertha-benz": Looks("bun", "lace"),
    "carl-benz": Looks("short", "coat", "moustache"),
    "eiichi-shibusawa": Looks("short", "kimono"),
    "george-eastman": Looks("short", "coat"),
    "jamsetji_tata": Looks("turban", "coat", "full"),
    "josiah-wedgwood": Looks("wig", "coat"),
    "konosuke-matsushita": Looks("short", "coat"),
    "madam-c-j-walker": Looks("crown", "lace"),
    "margarete-steiff": Looks("knot", "lace"),
    "marguerite-boucicaut": Looks("cap", "shawl"),
    "ole-kirk-christiansen": Looks("short", "coat"),
    "sakichi-toyoda": Looks("short", "kimono", "moustache"),
    "talaat-harb": Looks("tarboosh", "coat", "moustache"),
}
