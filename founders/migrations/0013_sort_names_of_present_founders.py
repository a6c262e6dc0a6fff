"""Present founders stand in the directory under their whole names: no family name is guessed.

How a name becomes a letter is written here again, so that this migration never changes.
"""

import unicodedata
from collections import defaultdict

from django.db import migrations
from django.db.models import F

BATCH = 5000
NO_LETTER = 0x110000
NOT_OF_ALPHABETS = ("CJK ", "HANGUL SYLLABLE", "YI SYLLABLE", "TANGUT ", "NUSHU ")


def letter_of(folded):
    first = folded[:1]
    if not first.isalpha() or unicodedata.name(first, "").startswith(NOT_OF_ALPHABETS):
        return NO_LETTER
    return ord(first)


def fill(apps, schema_editor):
    founders = apps.get_model("founders", "Founder").objects.filter(folded_sort_name="")
    keys = defaultdict(list)
    for pk, folded in founders.values_list("pk", "folded_name").iterator():
        keys[letter_of(folded)].append(pk)
    for letter, found in keys.items():
        for start in range(0, len(found), BATCH):
            rows = founders.filter(pk__in=found[start : start + BATCH])
            rows.update(folded_sort_name=F("folded_name"), letter=letter)


class Migration(migrations.Migration):
    dependencies = [("founders", "0012_family_name")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
