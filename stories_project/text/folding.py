"""Fold text so that all spellings of a name compare equal, and create slugs from names."""

import re
import unicodedata
from typing import Any

from django.db import models
from django.utils.text import slugify

FOLDED_LENGTH = 200
# What a name begins with if it begins with no letter of an alphabet: a digit, an ideograph, a
# syllable of Korean. It is greater than the code point of every letter, so these names come last.
NO_LETTER = 0x110000
NOT_OF_ALPHABETS = ("CJK ", "HANGUL SYLLABLE", "YI SYLLABLE", "TANGUT ", "NUSHU ")
SYMBOLS = {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent "}
# Accents of Latin, Greek and Cyrillic letters; in other scripts, marks belong to the letter.
ACCENTS = re.compile("[\u0300-\u036f]")


def spell_out(text: str) -> str:
    """Return the text with its symbols as words, so that "C++" becomes "C plus plus".

    A text without any letter or digit becomes the Unicode names of its characters, so that its
    slug is not empty.
    """
    for symbol, word in SYMBOLS.items():
        text = text.replace(symbol, word)
    text = re.sub(r"^\s*\.(?=\w)", "dot ", text)
    if not any(character.isalnum() for character in text):
        text = " ".join(unicodedata.name(c, f"u{ord(c):x}") for c in text if not c.isspace())
    return text


def without_accents(text: str) -> str:
    """Return the text without the accents of Latin, Greek and Cyrillic letters."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", ACCENTS.sub("", decomposed))


def fold(text: str) -> str:
    """Return the text without case, accents, spaces and punctuation, to compare names.

    "Start-ups", "start ups" and "STARTUPS" all become "startups"; "C", "C++" and "C#" stay
    different. The result has at most FOLDED_LENGTH characters.
    """
    recomposed = without_accents(spell_out(text).casefold())
    kept = (c for c in recomposed if c.isalnum() or unicodedata.category(c).startswith("M"))
    folded = "".join(kept) or "u" + "".join(f"{ord(c):x}" for c in text)
    return folded[:FOLDED_LENGTH]


def slug_for(text: str, max_length: int = 100) -> str:
    """Return a readable, never empty slug of at most `max_length` characters.

    Letters of every script, digits, hyphens and underscores stay; Latin letters lose their accents.
    """
    slug = slugify(without_accents(spell_out(text)), allow_unicode=True) or fold(text)
    return slug[:max_length].strip("-") or "untitled"


def letter_of(text: str) -> int:
    """Return the code point of the letter under which a name stands in a list, or NO_LETTER.

    It is the first letter of the folded name. Ideographs and syllables are too many to be letters.
    """
    first = fold(text)[:1]
    is_letter = first.isalpha() and any(c.isalnum() for c in text)
    if not is_letter or unicodedata.name(first, "").startswith(NOT_OF_ALPHABETS):
        return NO_LETTER
    return ord(first)


class LetterField(models.IntegerField):
    """A column that always holds the letter of the attribute `source`: see `letter_of`."""

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs.update(editable=False, default=NO_LETTER, db_default=NO_LETTER)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Keep the source in migrations, and leave out what `__init__` sets anyway."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "default", "db_default"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        """Return the letter of the source, just before the row is saved."""
        letter = letter_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, letter)
        return letter


class FoldedField(models.CharField):
    """A column that always holds the folded text of the attribute `source`, to sort and compare."""

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs.update(editable=False, blank=True, max_length=FOLDED_LENGTH, db_index=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Keep the source in migrations, and leave out what `__init__` sets anyway."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "max_length", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the folded source, just before the row is saved."""
        text = getattr(model_instance, self.source)
        folded = fold(text) if text else ""
        setattr(model_instance, self.attname, folded)
        return folded

    def begins_with(self, text: str) -> models.Q:
        """Return the condition that this column begins with the folded text.

        The lower bound lets SQLite use the index, because its LIKE does not.
        """
        folded = fold(text)
        return models.Q((f"{self.name}__startswith", folded), (f"{self.name}__gte", folded))


def folded_field(model: type[models.Model], name: str) -> FoldedField:
    """Return a FoldedField of a model. Raises TypeError for a field of another kind."""
    field = model._meta.get_field(name)
    if not isinstance(field, FoldedField):
        raise TypeError(f"{name} is not a FoldedField")
    return field
