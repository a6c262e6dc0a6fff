"""Builds the static site: all of it, or what has changed since the last build."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import time
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections

from stories.moving.workers import Workers
from stories.sharing.share_pictures import card_of_publication
from stories.static_site import redirects
from stories.static_site.addresses import addresses
from stories.static_site.asking import ask
from stories.static_site.changes import Changes
from stories.static_site.manifest import Asset, Manifest, Page
from stories.static_site.own_pages import leading_on, own_pages
from stories.static_site.places import file_of, place_of
from stories.static_site.rewriting import Rewriter
from stories.static_site.search_index import indexes_of, update_indexes
from stories.static_site.writing_files import (
    Target,
    build_pages,
    rewritten,
    write_assets,
    write_if_other,
)
from stories_project.page_cache.surrogate_keys import EVERYTHING

PAGES_AT_ONCE, ASSETS_AT_ONCE = 25, 100
Item = TypeVar("Item")


@dataclass
class Report:
    """What a build has done: pages rendered, and files written and deleted."""

    rendered: int = 0
    pages: int = 0
    others: int = 0
    index: int = 0
    deleted: int = 0

    def __str__(self) -> str:
        return (
            f"{self.rendered:,} pages rendered; written: {self.pages:,} pages, {self.others:,} "
            f"pictures and other files, {self.index:,} files of the search; "
            f"{self.deleted:,} files deleted"
        )


class StaticSite:
    """The static site in a directory. What is known about it stands in a directory beside it.

    `shares` says whether each page gets a picture for shared links of its own, and `contact` is
    where readers can write, or empty.
    """

    def __init__(self, directory: Path, *, jobs: int, shares: bool, contact: str) -> None:
        self.directory = directory.resolve()
        self.server = self.directory.with_name(f"{self.directory.name}.build")
        self.jobs = jobs
        self.contact = contact
        self.manifest = Manifest(self.server / "manifest.sqlite3")
        self.changes = Changes(self.manifest)
        shared = card_of_publication().address("publication_picture")
        self.target = Target(self.directory, shares, shared)

    def build(self) -> Iterator[tuple[int, int]]:
        """Build what has changed; yield (pages done, pages to do), and fill `report`."""
        self.report = Report()
        changed = self.changes.read()
        if self.manifest.fact("options") != self._options:
            changed = {EVERYTHING}
        known, old = self._known(changed)
        wanted = dict.fromkeys(addresses())
        due = [address for address in wanted if address not in known or address in old]
        self.manifest.let_end(address for address in due if address in known)
        self.manifest.store("options", self._options)
        self.changes.settle()
        yield from self._pages([(address, known.get(address, "")) for address in due])
        self._forget(known.keys() - wanted.keys())
        indexes = indexes_of(self.manifest.pages_of_stories())
        self._own(list(indexes))
        self._assets()
        before = self.manifest.fact("indexes") or {}
        self.report.index, now = update_indexes(self.directory, indexes, before)
        self.manifest.store("indexes", now)

    def is_outdated(self) -> bool:
        """Whether something has changed since the last build, as far as a look can tell."""
        return self.changes.has_news() or self.manifest.next_end() <= time()

    @property
    def _options(self) -> list[Any]:
        """What every page depends on."""
        shared = card_of_publication().address("publication_picture")
        return [settings.SITE_URL, settings.RELEASE, self.target.shares, shared, self.contact]

    def _known(self, changed: set[str]) -> tuple[dict[str, str], set[str]]:
        """Return {address: hash} of the pages that were built, and which of them are due now.

        No more than that is kept in memory: the keys of 100,000 stories take hundreds of megabytes.
        """
        known, old = dict[str, str](), set[str]()
        for page in self.manifest.pages():
            known[page.address] = page.digest
            if is_due(page, changed):
                old.add(page.address)
        return known, old

    def _pages(self, due: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int]]:
        work = partial(build_pages, target=self.target)
        done, missing = 0, list[str]()
        for batch, (built, absent) in self._in_order(work, batches(due, PAGES_AT_ONCE)):
            self.manifest.keep(one.page for one in built)
            self.report.pages += sum(one.is_written for one in built)
            missing += absent
            done += len(batch)
            yield done, len(due)
        self.report.rendered = done
        self._forget(missing)

    def _in_order(self, work: Any, items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each item with the result of the work, which other processes do if there are."""
        every = list(items)
        if self.jobs == 1 or len(every) < self.jobs * 2:
            yield from ((item, work(item)) for item in every)
            return
        # The processes begin as copies of this one: they must not share its connection.
        connections.close_all()
        with Workers(self.jobs) as workers:
            yield from workers.in_order(work, every)

    def _forget(self, gone: Iterable[str]) -> None:
        for file in self.manifest.forget(gone):
            self._delete(file)

    def _own(self, indexes: list[str]) -> None:
        """Write the pages that only a static site has, and where old addresses lead."""
        moved = redirects.moves()
        removed = redirects.gone(moved)
        old = {path: leading_on(new) for path, new in moved.items() if path.endswith("/")}
        rewriter = Rewriter(self.target.shares, self.target.shared)
        files = {
            file_of(place_of(path)): rewriter.page(html, path).encode()
            for path, html in (own_pages(self.contact, indexes) | old).items()
        }
        if removed:
            example = next((path for path in removed if path.startswith("/stories/")), removed[0])
            files["410.html"], shown = rewritten(ask(example), example, self.target)
            rewriter.assets |= shown
        self.own_assets = rewriter.assets | {self.target.shared}
        self._write_own(files)
        redirects.write_rules(self.directory, self.server, moved, removed)

    def _write_own(self, files: dict[str, bytes]) -> None:
        for file, content in files.items():
            self.report.others += write_if_other(self.directory / file, content)
        for file in set(self.manifest.fact("own files") or ()) - files.keys():
            if not self.manifest.has_file(file):
                self._delete(file)
        self.manifest.store("own files", sorted(files))

    def _assets(self) -> None:
        """Write the pictures and other files that pages show, and delete those that none shows."""
        known, live = self.manifest.assets(), set[str]()
        waiting = self.manifest.shown() | self.own_assets
        while waiting:
            live |= waiting
            missing = sorted(waiting - known.keys())
            work = partial(write_assets, target=self.target)
            for _, written in self._in_order(work, batches(missing, ASSETS_AT_ONCE)):
                self.manifest.keep_assets(written)
                known |= {asset.address: asset for asset in written}
                self.report.others += len(written)
            loaded = {p for path in waiting if path in known for p in known[path].loads.split()}
            waiting = loaded - live
        self._forget_assets([known[path] for path in known.keys() - live])

    def _forget_assets(self, gone: Sequence[Asset]) -> None:
        self.manifest.forget_assets(asset.address for asset in gone)
        for asset in gone:
            self._delete(asset.file)

    def _delete(self, file: str) -> None:
        path = self.directory / file
        with suppress(FileNotFoundError):
            path.unlink()
            self.report.deleted += 1
        with suppress(OSError):
            for folder in path.parents:
                if folder == self.directory:
                    break
                folder.rmdir()


def is_due(page: Page, changed: set[str]) -> bool:
    """Whether a page may be another one now."""
    if EVERYTHING in changed or page.ends_at <= time():
        return True
    return bool(changed) and not changed.isdisjoint(page.keys.split())


def batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of a size."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
