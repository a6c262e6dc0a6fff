"""A folder of Markdown files as Hugo, Jekyll, Eleventy or Astro has it, or a ZIP of it."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from stories.moving.conversion import Conversion
from stories.moving.folder_paths import nicknames_of, paths_of
from stories.moving.folder_values import (
    CANONICAL,
    EXCERPTS,
    cover_of,
    is_draft,
    moment_of,
    names_at,
    own_values,
    slug_of,
    tags_of,
    text_at,
)
from stories.moving.foreign_front_matter import read_front_matter, read_settings
from stories.moving.foreign_markdown import foreign_markdown
from stories.moving.foreign_story import Entry, ForeignStory, LeftOut
from stories.moving.packages import Package
from stories_project.text.front_matter import BadFile, Document

ENDINGS = (".md", ".markdown", ".mdx", ".mkd")
NOT_STORIES = {"node_modules", "_site", "themes", "layouts", "archetypes", "vendor"}
NOT_STORIES |= {"_includes", "_layouts", "_data", "_sass"}
SETTINGS = ("hugo.toml", "config.toml", "hugo.yaml", "config.yaml", "hugo.json", "_config.yml")
# Where the programs look for pictures with a path from the top.
ASSETS = ("", "static/", "public/", "assets/", "src/", "src/assets/", "source/", "content/")
MOST_TEXT = 8 * 2**20


class MarkdownFolder:
    """The Markdown files of a folder. Raises BadFile if there is none."""

    kind = "folder"

    def __init__(self, files: Package, site_url: str = "") -> None:
        self.files = files
        self.site_url = site_url or self._site_url()
        self.key = f"folder:{urlsplit(self.site_url).netloc or files.name}"[:200]
        # Jekyll keeps everything but pages in these folders.
        self._is_jekyll = any("_posts" in PurePosixPath(n).parts for n in self._names())
        if not any(True for _ in self._names()):
            raise BadFile(_("%(file)s has no Markdown files.") % {"file": files.name})

    def _site_url(self) -> str:
        for name in filter(self.files.has, SETTINGS):
            values = read_settings(name, self._text(name))
            if url := text_at(values, "baseURL", "baseurl", "url"):
                return url.rstrip("/") if url.startswith("http") else ""
        return ""

    def _names(self) -> Iterator[str]:
        for name in self.files.names():
            path = PurePosixPath(name)
            if path.suffix.lower() in ENDINGS and not NOT_STORIES & set(path.parts[:-1]):
                yield name

    def _text(self, name: str) -> str:
        try:
            return self.files.read(name, MOST_TEXT).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            sentence = _("The file is not UTF-8: byte %(byte)s cannot be read.")
            raise BadFile(sentence % {"byte": error.start}) from error

    def entries(self) -> Iterator[Entry]:
        """Read the files, sorted by their paths."""
        for name in self._names():
            try:
                yield self._entry(name)
            except BadFile as error:
                yield LeftOut(name, name, error.with_line, is_bad=True)

    def _entry(self, name: str) -> Entry:
        document = read_front_matter(self._text(name))
        if document is None:
            return LeftOut(name, name, _("It has no front matter in YAML, TOML or JSON."))
        values = document.values
        moment = moment_of(values, name)
        draft = is_draft(values, name)
        if PurePosixPath(name).name.startswith("_index."):
            return LeftOut(name, name, _("It is the page of a list."))
        is_page = self._is_jekyll or "/" not in name or text_at(values, "layout") == "page"
        if moment is None and not draft and is_page:
            return LeftOut(name, name, _("It has no date: a page, not a story."))
        return self._story(name, document)

    def _story(self, name: str, document: Document) -> ForeignStory:
        values = document.values
        moment, slug = moment_of(values, name), slug_of(values, name)
        is_public = moment and not is_draft(values, name)
        losses = () if moment or is_draft(values, name) else (_("It has no date: a draft here."),)
        return ForeignStory(
            foreign_id=name,
            name=name,
            title=text_at(values, "title") or slug.replace("-", " ").capitalize(),
            slug=slug,
            paths=paths_of(values, name, slug, moment),
            nicknames=nicknames_of(name),
            body=document.body,
            body_format="markdown",
            excerpt=text_at(values, *EXCERPTS),
            publish_at=moment if is_public else None,
            authors=names_at(values, "author", "authors"),
            tags=tags_of(values),
            cover=cover_of(values),
            canonical_url=text_at(values, *CANONICAL),
            values=own_values(document),
            losses=losses,
        )

    def markdown(self, story: ForeignStory, conversion: Conversion) -> str:
        """Return the text of a file as our Markdown; what is lost goes to `conversion.losses`."""
        return foreign_markdown(story.body, conversion)

    def picture(self, address: str, story: ForeignStory) -> bytes | None:
        """Return a picture beside the file, or from the folders for static files, or None."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.netloc and parts.netloc != urlsplit(self.site_url).netloc:
            return None
        path = unquote(parts.path)
        beside = normpath(join(dirname(story.foreign_id), path.lstrip("/")))
        from_top = [normpath(f"{top}{path.lstrip('/')}") for top in ASSETS]
        names = from_top if path.startswith("/") else [beside, *from_top]
        found = next((n for n in names if not n.startswith("..") and self.files.has(n)), None)
        return self.files.read(found, settings.IMAGE_MAX_BYTES) if found else None
