"""Fold text so that spellings of one name compare equal, and make addresses from names."""

import re
import unicodedata

from django.db import models
from django.utils.text import slugify

FOLDED_LENGTH = 200
SYMBOLS = {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent "}
# Accents written over Latin, Greek and Cyrillic letters; the marks of other scripts are letters.
ACCENTS = re.compile("[\u0300-\u036f]")


def spell_out(text):
    """Return the text with the symbols that tell names apart as words ("C++": "C plus plus").

    A text without any letter or digit is spelt by the Unicode names of its characters, so that
    nothing has an empty name.
    """
    for symbol, word in SYMBOLS.items():
        text = text.replace(symbol, word)
    text = re.sub(r"^\s*\.(?=\w)", "dot ", text)
    if not any(character.isalnum() for character in text):
        text = " ".join(unicodedata.name(c, f"u{ord(c):x}") for c in text if not c.isspace())
    return text


def without_accents(text):
    """Return the text without the accents of Latin, Greek and Cyrillic letters."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", ACCENTS.sub("", decomposed))


def fold(text):
    """Return the text without case, accents, spaces or punctuation, to compare names by.

    At most FOLDED_LENGTH characters: what differs only after them is the same name.

    "Start-ups", "start ups" and "STARTUPS" are all "startups"; "C", "C++" and "C#" stay apart.
    """
    recomposed = without_accents(spell_out(text).casefold())
    kept = (c for c in recomposed if c.isalnum() or unicodedata.category(c).startswith("M"))
    folded = "".join(kept) or "u" + "".join(f"{ord(c):x}" for c in text)
    return folded[:FOLDED_LENGTH]


def slug_for(text, max_length=100):
    """Return a readable, never empty slug of at most `max_length` characters.

    Letters of every script, digits, hyphens and underscores stay; accented Latin loses its accents.
    """
    slug = slugify(without_accents(spell_out(text)), allow_unicode=True) or fold(text)
    return slug[:max_length].strip("-") or "untitled"


class FoldedField(models.CharField):
    """A column that always holds another text column folded, to sort, find and compare by."""

    def __init__(self, *args, source, **kwargs):
        self.source = source
        kwargs.update(editable=False, blank=True, max_length=FOLDED_LENGTH, db_index=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        """Keep the source in migrations, and leave out what `__init__` sets anyway."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "max_length", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance, add):
        """Fold the source as it is about to be saved."""
        text = getattr(model_instance, self.source)
        folded = fold(text) if text else ""
        setattr(model_instance, self.attname, folded)
        return folded

    def begins_with(self, text):
        """Return a condition that rows beginning with the text meet, whatever its spelling.

        The lower bound is for SQLite, whose LIKE uses no index.
        """
        folded = fold(text)
        return models.Q((f"{self.name}__startswith", folded), (f"{self.name}__gte", folded))
