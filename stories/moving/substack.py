"""An export of Substack: a ZIP with posts.csv, and a file of HTML for each post."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.moving.conversion import Conversion
from stories.moving.folder_values import parse_moment
from stories.moving.foreign_html import html_to_markdown
from stories.moving.foreign_story import Entry, ForeignStory, LeftOut
from stories.moving.packages import Package
from stories_project.text.front_matter import BadFile

LIST = "posts.csv"
KINDS = {
    "page": gettext_lazy("It is a page, not a post."),
    "thread": gettext_lazy("It is a thread of comments."),
}
SECRET = {
    "only_paid": gettext_lazy("only paying subscribers could read it there"),
    "only_free": gettext_lazy("only subscribers could read it there"),
    "founding": gettext_lazy("only founding members could read it there"),
}
MOST_TEXT = 8 * 2**20
LONGEST_CELL = 2**20


class SubstackExport:
    """The posts of an export. Raises BadFile if the files have no posts.csv."""

    kind = "substack"

    def __init__(self, files: Package, site_url: str = "") -> None:
        self.files, self.site_url = files, site_url
        self.key = f"substack:{site_url.partition('://')[2]}".rstrip(":")[:200]
        if not files.has(LIST):
            sentence = _("%(file)s is not an export of Substack: it has no posts.csv.")
            raise BadFile(sentence % {"file": files.name})
        self._texts = {PurePosixPath(n).stem: n for n in files.names() if n.endswith(".html")}

    def entries(self) -> Iterator[Entry]:
        """Read the posts, in the order of posts.csv. Raises BadFile for a broken list."""
        csv.field_size_limit(LONGEST_CELL)
        with self.files.open(LIST) as file:
            lines = TextIOWrapper(file, encoding="utf-8-sig", newline="")
            try:
                for row in csv.DictReader(lines):
                    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
                    if values["post_id"]:
                        yield self._entry(values)
            except (csv.Error, UnicodeError) as error:
                sentence = _("%(name)s cannot be read: %(reason)s.")
                raise BadFile(sentence % {"name": LIST, "reason": error}) from error

    def _entry(self, row: dict[str, str]) -> Entry:
        key = row["post_id"]
        number, _dot, slug = key.partition(".")
        name = row["title"] or _("(Untitled)")
        if reason := KINDS.get(row["type"]):
            return LeftOut(key, name, str(reason))
        if key not in self._texts:
            return LeftOut(key, name, _("Its text is not among the files."), is_bad=True)
        losses: tuple[str, ...] = ()
        if row["podcast_url"]:
            losses = (_("Left out: the recording %(url)s.") % {"url": row["podcast_url"]},)
        return ForeignStory(
            foreign_id=number,
            name=name,
            title=row["title"],
            slug=slug,
            paths=(f"/p/{slug}",) if slug else (),
            body=self._texts[key],
            excerpt=row["subtitle"],
            publish_at=parse_moment(row["post_date"]) if row["is_published"] in TRUE else None,
            is_secret=str(SECRET.get(row["audience"], "")),
            losses=losses,
        )

    def markdown(self, story: ForeignStory, conversion: Conversion) -> str:
        """Return the text of a post as Markdown; what is lost goes to `conversion.losses`."""
        html = self.files.read(story.body, MOST_TEXT).decode("utf-8-sig", errors="replace")
        return html_to_markdown(html, conversion)

    def picture(self, address: str, story: ForeignStory) -> bytes | None:
        """Return None: the export has no pictures; they are fetched."""
        return None


TRUE = {"TRUE", "true", "True", "1"}
COLUMNS = (
    *("post_id", "post_date", "is_published", "type", "audience"),
    *("title", "subtitle", "podcast_url"),
)
