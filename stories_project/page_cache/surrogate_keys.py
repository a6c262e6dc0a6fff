"""Surrogate keys: short names for everything that a page shows, such as "story-12" or "newest".

A page collects its keys while its rows are loaded: a model of `KeyedModel` notes each of its rows,
and a queryset method that lists rows notes the key of the list. `change_log.record` takes the same
keys when something changes, so the cache knows which pages to drop.
https://www.fastly.com/documentation/guides/full-site-delivery/purging/working-with-surrogate-keys/
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern
from typing import Any, Self

from django.db import models

# The keys of pages that any change may alter: what a search finds, and what stands at an address at
# which nothing is public.
SEARCH, MISSING = "search", "missing"
# Every page, whatever it shows: for bulk changes.
EVERYTHING = "everything"
# A page that shows more rows of one kind carries "story-any" instead of a key for each story.
MOST_OF_A_KIND = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that a page has made among many rows, such as the related stories of a story.

    After a change of one of the `keys` it may have to choose otherwise: `is_same()` chooses again,
    and says whether the page is still right.
    """

    keys: tuple[str, ...]
    is_same: Callable[[], bool]


@dataclass
class PageKeys:
    """What one page depends on. It is right until `ends_at`, if that is set."""

    shown: set[str] = field(default_factory=set)
    choices: list[Choice] = field(default_factory=list)
    ends_at: datetime | None = None

    def summary(self) -> set[str]:
        """Return the keys, with "story-any" in place of very many stories."""
        kinds = Counter(map(kind_of, self.shown))
        return {
            f"{kind_of(key)}-any" if kinds[kind_of(key)] > MOST_OF_A_KIND else key
            for key in self.shown
        }


_page: ContextVar[PageKeys | None] = ContextVar("the page being rendered", default=None)


@contextmanager
def collecting() -> Iterator[PageKeys]:
    """Collect the keys that are noted inside the block."""
    page = PageKeys()
    token = _page.set(page)
    try:
        yield page
    finally:
        _page.reset(token)


def note(*keys: str) -> None:
    """Note that the page being rendered, if any, depends on these keys."""
    page = _page.get()
    if page is not None:
        page.shown.update(keys)


def note_choice(keys: Iterable[str], is_same: Callable[[], bool]) -> None:
    """Note a `Choice` of the page being rendered."""
    page = _page.get()
    if page is not None:
        page.choices.append(Choice(tuple(map(intern, keys)), is_same))


def note_end(moment: datetime) -> None:
    """Note that the page being rendered is not right any more from a moment on."""
    page = _page.get()
    if page is not None:
        page.ends_at = min(page.ends_at or moment, moment)


def kind_of(key: str) -> str:
    """Return "story" for "story-12", and the key itself for one without a number."""
    kind, _, number = key.rpartition("-")
    return kind if number.isdecimal() else key


def with_kinds(keys: Iterable[str]) -> set[str]:
    """Return the keys, and "story-any" beside each story."""
    keys = set(keys)
    return keys | {f"{kind_of(key)}-any" for key in keys if kind_of(key) != key}


class KeyedModel(models.Model):
    """A row that notes its key when it is loaded: "story-12" for the story 12."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Load a row, and note its key."""
        row = super().from_db(*args, **kwargs)
        page = _page.get()
        if page is not None:
            page.shown.add(cls.key_of(row.pk))
        return row

    @classmethod
    def key_of(cls, pk: int) -> str:
        """Return the key of the row with a primary key."""
        return f"{cls._meta.model_name}-{pk}"

    @property
    def surrogate_key(self) -> str:
        """The key of this row."""
        return self.key_of(self.pk)
