"""The paths at which programs that make sites from folders publish a file."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from stories.moving.folder_values import FORMER, URLS, Values, names_at, text_at
from stories.moving.foreign_story import path_of
from stories_project.text.folding import slug_for

# The styles that Jekyll has names for.
STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
PLACE = re.compile(r":(\w+)")
ROOTS = ("src/content/", "src/pages/", "content/", "src/", "source/")


def paths_of(values: Values, name: str, slug: str, moment: datetime | None) -> tuple[str, ...]:
    """Return the paths of a file: those in its front matter, or else those by convention."""
    former = [_path(url) for url in names_at(values, *FORMER)]
    url = text_at(values, *URLS)
    if url and ":" not in path_of(url) and "{" not in url:
        return (_path(url), *former)
    return (*_usual(values, name, slug, moment), *former)


def nicknames_of(name: str) -> tuple[str, ...]:
    """Return the paths by which other files link to a file: with and without its ending."""
    bare = next((name.removeprefix(root) for root in ROOTS if name.startswith(root)), name)
    stem = PurePosixPath(name).name.partition(".")[0]
    return (f"/{name}", f"/{bare}", f"/{bare.rpartition('.')[0]}", f"/{stem}")


def _path(url: str) -> str:
    return f"/{path_of(url).strip('/')}"


def _usual(values: Values, name: str, slug: str, moment: datetime | None) -> Iterator[str]:
    parents = PurePosixPath(name).parent.as_posix()
    if PurePosixPath(name).name.startswith("index."):
        parents = PurePosixPath(parents).parent.as_posix()
    if "_posts" in name or "_drafts" in name:
        categories = [slug_for(c) for c in names_at(values, "categories", "category")]
        folders = parents.replace("_posts", "").replace("_drafts", "").strip("/").removeprefix(".")
        for style in ("date", "pretty", "none"):
            if moment or style == "none":
                yield fill(STYLES[style], slug, moment, categories or folders.split("/"))
        return
    for root in ROOTS:
        if f"{parents}/".startswith(root):
            parents = f"{parents}/".removeprefix(root)
            break
    section = parents.strip("/").removeprefix(".")
    yield f"/{section}/{slug}/".replace("//", "/")
    if section:
        yield f"/{slug}/"


def fill(pattern: str, slug: str, moment: datetime | None, categories: list[str]) -> str:
    """Return the path that a pattern such as `/:year/:month/:title/` gives a story."""
    values = {"title": slug, "slug": slug, "categories": "/".join(filter(None, categories))}
    values["category"] = next(iter(filter(None, categories)), "")
    if moment:
        values |= {
            "year": f"{moment:%Y}",
            "month": f"{moment:%m}",
            "day": f"{moment:%d}",
            "y_day": f"{moment:%j}",
            "i_month": str(moment.month),
            "i_day": str(moment.day),
        }
    path = PLACE.sub(lambda match: values.get(match[1], ""), pattern)
    return re.sub("/{2,}", "/", f"/{path}")
