"""Which files of another site are read by which source."""

from collections.abc import Callable
from pathlib import Path

from stories.moving.foreign_story import Source
from stories.moving.ghost import GhostExport
from stories.moving.markdown_folder import MarkdownFolder
from stories.moving.medium import MediumExport
from stories.moving.packages import Package, files_at
from stories.moving.substack import SubstackExport
from stories.moving.wordpress import WordPressExport

# {kind: (what an editor knows it by, source of (files, URL of the other site))}
KINDS: dict[str, tuple[str, Callable[[Package, str], Source]]] = {
    "ghost": ("Ghost", GhostExport),
    "wordpress": ("WordPress", WordPressExport),
    "folder": ("Markdown: Hugo, Jekyll, Eleventy, Astro", MarkdownFolder),
    "substack": ("Substack", SubstackExport),
    "medium": ("Medium", MediumExport),
}


def source_of(kind: str, path: Path, site_url: str = "", name: str = "") -> Source:
    """Return the source for the files of a kind at a path.

    `site_url` is the URL of the other site, if the files do not say it. `name` is what an uploaded
    file was called. Raises BadFile if the files are none of this kind.
    """
    return KINDS[kind][1](files_at(path, name), site_url.rstrip("/"))
