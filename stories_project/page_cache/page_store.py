"""The pages that a process keeps: bounded in bytes, dropped by surrogate key.

A new page is on probation until it is asked for again. When the store is full, the pages on
probation go first, the least recently used of them before the others. So a flood of addresses that
nobody asks for twice pushes out no page that is read (segmented LRU, Karedla, Love and Wherry 1994,
https://doi.org/10.1109/2.268884).
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock

from stories_project.page_cache.cached_page import CachedPage, Key

# The part of the bytes that is for pages that were asked for twice.
PROTECTED_PART = 0.8
# Pages that say "not found", "gone" or "moved" are kept apart, at most so many.
MOST_MISSING = 500


class Render:
    """A page that is being rendered, and the keys that have changed since it was begun."""

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.is_void = False

    def has_seen_a_change_of(self, page: CachedPage) -> bool:
        """Whether the page may show what was there before a change."""
        return self.is_void or not self.changed.isdisjoint(page.all_keys)


class PageStore:
    """Keeps pages under their addresses. `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._protected_size = 0
        self._lock = RLock()
        self._protected: OrderedDict[Key, CachedPage] = OrderedDict()
        self._probation: OrderedDict[Key, CachedPage] = OrderedDict()
        self._missing: OrderedDict[Key, CachedPage] = OrderedDict()
        self._renders: set[Render] = set()

    def __len__(self) -> int:
        return len(self._protected) + len(self._probation) + len(self._missing)

    def get(self, address: Key) -> CachedPage | None:
        """Return the page of an address, or None; it is the most recently used from now on."""
        page = self._protected.get(address)
        if page is not None:
            try:
                self._protected.move_to_end(address)
            except KeyError:  # another thread has just removed it
                return None
            return page
        return self._promote(address) or self._missing.get(address)

    @contextmanager
    def rendering(self) -> Iterator[Render]:
        """Follow the changes that come while a page is rendered."""
        render = Render()
        with self._lock:
            self._renders.add(render)
        try:
            yield render
        finally:
            with self._lock:
                self._renders.discard(render)

    def put(self, address: Key, page: CachedPage, render: Render) -> bool:
        """Keep a page, and return whether it is kept.

        It is not if something that it shows changed while it was rendered, or if it is too large.
        """
        with self._lock:
            if render.has_seen_a_change_of(page) or page.size > self.limit / 10:
                return False
            self.remove(address)
            is_found = page.status.startswith("200")
            (self._probation if is_found else self._missing)[address] = page
            self.size += page.size
            self._make_room()
            return True

    def grow(self, address: Key, page: CachedPage, added: int) -> None:
        """Count the bytes that were added to a page, if it is still kept."""
        with self._lock:
            if self._peek(address) is page:
                page.size += added
                self.size += added
                if address in self._protected:
                    self._protected_size += added
                self._make_room()

    def drop(self, keys: Iterable[str]) -> int:
        """Remove the pages that show one of these keys, and return how many there were.

        A page that has chosen among what one of the keys stands for must choose again first. Every
        page is looked at: an index of the keys would take as much memory as a third of the pages.
        """
        keys, dropped = set(keys), 0
        with self._lock:
            for render in self._renders:
                render.changed |= keys
            for address, page in self._items():
                if not keys.isdisjoint(page.keys):
                    self.remove(address)
                    dropped += 1
                elif any(not keys.isdisjoint(choice.keys) for choice in page.choices):
                    page.doubts += 1
        return dropped

    def clear(self) -> None:
        """Remove every page, and keep none that is being rendered."""
        with self._lock:
            for render in self._renders:
                render.is_void = True
            for pages in (self._protected, self._probation, self._missing):
                pages.clear()
            self.size = self._protected_size = 0

    def remove(self, address: Key) -> None:
        """Remove the page of an address, if there is one."""
        with self._lock:
            for pages in (self._protected, self._probation, self._missing):
                if page := pages.pop(address, None):
                    self.size -= page.size
                    self._protected_size -= page.size if pages is self._protected else 0

    def _items(self) -> list[tuple[Key, CachedPage]]:
        """Return all pages with their addresses, which other threads may sort meanwhile."""
        stores = (self._protected, self._probation, self._missing)
        return [item for pages in stores for item in list(pages.items())]

    def _peek(self, address: Key) -> CachedPage | None:
        return (
            self._protected.get(address)
            or self._probation.get(address)
            or self._missing.get(address)
        )

    def _promote(self, address: Key) -> CachedPage | None:
        """Protect a page that is asked for again; others go back on probation for it."""
        if address not in self._probation:
            return None
        with self._lock:
            page = self._probation.pop(address, None)
            if page is None:
                return self._protected.get(address)
            self._protected[address] = page
            self._protected_size += page.size
            while self._protected_size > self.limit * PROTECTED_PART:
                oldest, other = self._protected.popitem(last=False)
                self._protected_size -= other.size
                self._probation[oldest] = other
            return page

    def _make_room(self) -> None:
        while len(self._missing) > MOST_MISSING:
            self.remove(next(iter(self._missing)))
        while self.size > self.limit:
            pages = self._probation or self._missing or self._protected
            self.remove(next(iter(pages)))
