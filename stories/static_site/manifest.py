"""What was built: each page with its hash and its surrogate keys, in an SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

TABLES = """
CREATE TABLE IF NOT EXISTS page (
    address TEXT PRIMARY KEY, file TEXT, digest TEXT, keys TEXT, ends_at REAL, assets TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asset (
    address TEXT PRIMARY KEY, file TEXT, loads TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


class Page(NamedTuple):
    """A page that was built. `keys` and `assets` are separated by spaces."""

    address: str
    file: str
    digest: str
    keys: str
    ends_at: float
    assets: str


class Asset(NamedTuple):
    """A picture, a style sheet or the like; `loads` are the paths of what it loads itself."""

    address: str
    file: str
    loads: str


class Manifest:
    """The manifest of a static site, in a file beside its directory."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.database = sqlite3.connect(path)
        self.database.executescript(TABLES)

    def pages(self) -> Iterator[Page]:
        """Yield all pages."""
        yield from map(Page._make, self.database.execute("SELECT * FROM page"))

    def pages_of_stories(self) -> dict[str, str]:
        """Return {file: hash} of the pages that are stories, and no list of them."""
        pages = "SELECT file, digest FROM page WHERE file GLOB 'stories/*/index.html'"
        found = self.database.execute(pages)
        return {file: digest for file, digest in found if file.count("/") == 2}

    def keep(self, pages: Iterable[Page]) -> None:
        """Add pages, or replace them."""
        self.database.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)", pages)
        self.database.commit()

    def forget(self, addresses: Iterable[str]) -> list[str]:
        """Remove pages; return their files."""
        remove = "DELETE FROM page WHERE address = ? RETURNING file"
        removed = [self.database.execute(remove, [address]).fetchall() for address in addresses]
        self.database.commit()
        return [file for rows in removed for (file,) in rows]

    def has_file(self, file: str) -> bool:
        """Whether a page stands in a file."""
        row = self.database.execute("SELECT 1 FROM page WHERE file = ?", [file]).fetchone()
        return row is not None

    def let_end(self, addresses: Iterable[str]) -> None:
        """Let pages be built again by the next build, if this one is interrupted."""
        rows = [(address,) for address in addresses]
        self.database.executemany("UPDATE page SET ends_at = 0 WHERE address = ?", rows)
        self.database.commit()

    def next_end(self) -> float:
        """Return the POSIX timestamp at which a page is not right any more, or infinity."""
        row = self.database.execute("SELECT MIN(ends_at) FROM page").fetchone()
        return inf if row[0] is None else float(row[0])

    def shown(self) -> set[str]:
        """Return the paths of all pictures and the like that a page shows."""
        rows = self.database.execute("SELECT DISTINCT assets FROM page")
        return {path for (assets,) in rows for path in assets.split()}

    def assets(self) -> dict[str, Asset]:
        """Return {path: Asset} of the pictures, style sheets, … that were written."""
        rows = map(Asset._make, self.database.execute("SELECT * FROM asset"))
        return {asset.address: asset for asset in rows}

    def keep_assets(self, assets: Iterable[Asset]) -> None:
        """Add pictures and the like."""
        self.database.executemany("INSERT OR REPLACE INTO asset VALUES (?, ?, ?)", assets)
        self.database.commit()

    def forget_assets(self, addresses: Iterable[str]) -> None:
        """Remove pictures and the like."""
        rows = [(address,) for address in addresses]
        self.database.executemany("DELETE FROM asset WHERE address = ?", rows)
        self.database.commit()

    def fact(self, name: str) -> Any:
        """Return what was stored under a name, or None."""
        row = self.database.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return json.loads(row[0]) if row else None

    def store(self, name: str, value: Any) -> None:
        """Store a fact, as JSON."""
        row = (name, json.dumps(value))
        self.database.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", row)
        self.database.commit()
