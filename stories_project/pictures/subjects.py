"""Which motif a drawing shows: the words of a title or an excerpt choose it.

A word chooses by its beginning if it ends with an asterisk, and as a whole otherwise. English and
German stand side by side: these are the languages of the pages.
"""

import re
from functools import lru_cache

from stories_project.pictures import motifs, wares, works
from stories_project.pictures.motifs import Motif

# What people make, by the name that stands in the address of a drawing. A name is never taken
# away: addresses are kept for years.
MADE = {
    "loom": "loom* weav* woven textil* cloth cotton webst* weber* stoff*",
    "spool": "felt thread* yarn* sew* tailor* seamstress* filz* näh* schneider*",
    "bear": "bear bears teddy* bär bären",
    "blocks": "toy toys duck ducks brick bricks spielzeug* ente enten",
    "bottle": "bottle* champagne wine wines glass beer brew* flasche* wein* sekt bier* glas",
    "camera": "camera* photo* film films kodak* kamera* foto* lens lenses",
    "vase": "potter* ceramic* clay porcelain* vase* tea teapot* kiln* keramik* porzellan* tee",
    "wheel": "car cars motor* engine* road* bicycle* carriage* railway* auto* wagen",
    "lamp": "lamp* light bulb* electric* socket* licht lampe* glühlampe* elektr*",
    "girder": "steel iron ironworks furnace* stahl* eisen*",
    "jar": "cream creams hair beauty cosmetic* soap* perfume* seife* kosmetik*",
    "dome": "hotel* palace* palast*",
}
# What many stories speak of: it chooses where nothing does that people make.
COMMON = {
    "coins": "bank banks banker* banking money share shares yen franc francs treasur* ledger*"
    " dowry capital coin* geld aktie* banken kapital*",
    "awning": "shop* store stores retail* market* price prices marché laden kaufhaus* preis",
    "book": "book books print* press newspaper* publish* buch bücher druck* zeitung*",
    "leaf": "seed seeds garden* flower* tobacco garten* blume*",
}
# What stands for no subject.
NEUTRAL: dict[str, Motif] = {
    "sun": motifs.sun,
    "rings": motifs.rings,
    "arches": motifs.arches,
    "ladder": motifs.ladder,
    "windows": motifs.windows,
}
MOTIFS: dict[str, Motif] = NEUTRAL | {
    name: next(getattr(room, name) for room in (wares, works, motifs) if hasattr(room, name))
    for name in MADE | COMMON
}


def _pattern(subjects: dict[str, str]) -> re.Pattern[str]:
    """Return a pattern for the words of subjects; each subject is a group of its own."""
    groups = [
        rf"\b(?P<{name}>{'|'.join(words.split())})\b".replace("*", r"\w*")
        for name, words in subjects.items()
    ]
    return re.compile("|".join(groups), re.IGNORECASE)


_PATTERNS = (_pattern(MADE), _pattern(COMMON))


@lru_cache(2000)
def motif_for(texts: tuple[str, ...], number: int) -> str:
    """Return the name of the motif for texts, of which the first is the most telling.

    Of the first text with a word for a subject, the first such word chooses. Without one, the
    number chooses a motif that stands for no subject.
    """
    for text in texts:
        for pattern in _PATTERNS:
            if match := pattern.search(text):
                return match.lastgroup or ""
    return list(NEUTRAL)[number % len(NEUTRAL)]
