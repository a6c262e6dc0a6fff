"""The number of words in a text, and the time that reading them takes."""

import re
from math import ceil

from stories_project.publication.current import current

WORD = re.compile(r"\w+(?:['’-]\w+)*")


def count_words(text: str) -> int:
    """Return the number of words in plain text; "it's" and "well-known" are one word each."""
    return len(WORD.findall(text))


def minutes_to_read(words: int) -> int:
    """Return the whole minutes that reading this number of words takes, never less than one."""
    return max(1, ceil(words / current().words_a_minute))
