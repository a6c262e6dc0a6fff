"""An export of Medium: a ZIP with a page of HTML for each post."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from bs4 import BeautifulSoup, Tag
from django.utils.translation import gettext as _

from stories.moving.conversion import Conversion
from stories.moving.folder_values import parse_moment
from stories.moving.foreign_html import html_to_markdown
from stories.moving.foreign_story import Entry, ForeignStory, LeftOut, path_of
from stories.moving.packages import Package
from stories_project.text.front_matter import BadFile

KEY = re.compile(r"-?([0-9a-f]{8,14})$")
MOST_TEXT = 8 * 2**20


class MediumExport:
    """The posts of an export. Raises BadFile if the files have none."""

    kind = key = "medium"

    def __init__(self, files: Package, site_url: str = "") -> None:
        self.files, self.site_url = files, site_url or "https://medium.com"
        self._posts = [n for n in files.names() if n.endswith(".html") and _is_post(n)]
        if not self._posts:
            sentence = _("%(file)s is not an export of Medium: it has no posts/….html.")
            raise BadFile(sentence % {"file": files.name})

    def entries(self) -> Iterator[Entry]:
        """Read the posts, sorted by their file names."""
        for name in self._posts:
            try:
                yield self._entry(name)
            except (BadFile, RecursionError) as error:
                yield LeftOut(name, name, str(error) or _("It cannot be read."), is_bad=True)

    def _page(self, name: str) -> BeautifulSoup:
        text = self.files.read(name, MOST_TEXT).decode("utf-8-sig", errors="replace")
        return BeautifulSoup(text, "html.parser")

    def _entry(self, name: str) -> Entry:
        page = self._page(name)
        heading = page.select_one("h1.p-name")
        body = page.select_one("section[data-field=body]")
        if heading is None or body is None:
            return LeftOut(name, name, _("It is not a post."))
        title, words = _words(heading), _words(body)
        if title.rstrip("…") and words.startswith(title.rstrip("…")) and not body.find(HEADINGS):
            return LeftOut(name, title, _("It is an answer to somebody, or has no title."))
        return self._story(name, title, page)

    def _story(self, name: str, title: str, page: BeautifulSoup) -> ForeignStory:
        canonical = page.select_one("a.p-canonical")
        url = str(canonical["href"]) if canonical is not None else ""
        published = page.select_one("time.dt-published")
        moment = parse_moment(str(published.get("datetime"))) if published is not None else None
        is_draft = PurePosixPath(name).name.startswith("draft_") or not url
        last = path_of(url).rpartition("/")[2]
        match = KEY.search(last) or KEY.search(PurePosixPath(name).stem)
        author = page.select_one("a.p-author")
        subtitle = page.select_one("section[data-field=subtitle]")
        return ForeignStory(
            foreign_id=match[1] if match else name,
            name=title,
            title=title,
            slug=KEY.sub("", last),
            paths=_paths(url, match[1] if match else ""),
            body=name,
            excerpt=_words(subtitle) if subtitle is not None else "",
            publish_at=None if is_draft else moment,
            authors=(_words(author),) if author is not None else (),
            tags=tuple(_words(tag) for tag in page.select("a.p-tag")),
        )

    def markdown(self, story: ForeignStory, conversion: Conversion) -> str:
        """Return the text of a post as Markdown; what is lost goes to `conversion.losses`."""
        body = self._page(story.body).select_one("section[data-field=body]")
        if body is None:
            return ""
        for divider in body.select(".section-divider")[:1]:
            divider.decompose()
        first = body.find(HEADINGS)
        if isinstance(first, Tag) and _words(first) == story.title:
            first.decompose()
        subtitle = body.select_one(".graf--subtitle")
        if subtitle is not None and _words(subtitle) == story.excerpt:
            subtitle.decompose()
        return html_to_markdown(str(body), conversion)

    def picture(self, address: str, story: ForeignStory) -> bytes | None:
        """Return None: the export has no pictures; they are fetched."""
        return None


HEADINGS = ["h1", "h2", "h3", "h4"]


def _is_post(name: str) -> bool:
    return "posts" in PurePosixPath(name).parts[:-1] or "/" not in name


def _words(element: Tag) -> str:
    return " ".join(element.get_text().split())


def _paths(url: str, key: str) -> tuple[str, ...]:
    """Return the paths of a post: Medium also answers at /p/ with its key."""
    path = path_of(url)
    return tuple(filter(None, (path, f"/p/{key}" if key else "")))
