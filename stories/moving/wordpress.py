"""An export of WordPress: WXR 1.0 to 1.2, as one XML file or several in a folder or ZIP."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.moving.conversion import Conversion
from stories.moving.foreign_html import html_to_markdown
from stories.moving.foreign_story import Entry, ForeignPicture, ForeignStory, LeftOut, path_of
from stories.moving.packages import Package
from stories.moving.wordpress_bodies import body_to_html
from stories.moving.wordpress_items import Item, Site, read_items
from stories_project.text.front_matter import BadFile

SECRET = {
    "private": gettext_lazy("only its authors could read it there"),
    "password": gettext_lazy("it was read with a password there"),
}
DATED = {"publish", "future", "private"}
STORIES = {"post"}
# Parts of a site that are no texts of their own; they are not even named.
SILENT = {"nav_menu_item", "wp_navigation", "wp_global_styles", "wp_template", "wp_template_part"}
SILENT |= {"custom_css", "customize_changeset", "oembed_cache", "revision", "attachment"}
UPLOADS = "/wp-content/uploads/"
BREAK = re.compile(r"</p>|<br[^>]*>", re.IGNORECASE)
NUMBER = re.compile(r"[?&]p=([1-9][0-9]{0,18})$")
# WordPress keeps smaller copies of a picture beside it: name-300x200.jpg.
SIZE = re.compile(r"-\d+x\d+(?:@2x)?(\.\w+)$")


class WordPressExport:
    """The posts of an export. Raises BadFile if the files have no export that can be read."""

    kind = "wordpress"

    def __init__(self, files: Package, site_url: str = "") -> None:
        self.files = files
        self._xml = [name for name in files.names() if name.lower().endswith(".xml")]
        if not self._xml:
            sentence = _("%(file)s has no export of WordPress: a file that ends with .xml.")
            raise BadFile(sentence % {"file": files.name})
        self._pictures: dict[str, ForeignPicture] = {}
        self._attached: dict[str, list[str]] = {}
        self._authors: dict[str, str] = {}
        site = self._read_site()
        self.site_url = site_url or site.url.rstrip("/")
        self.key = f"wordpress:{_host_and_path(site.url or site_url)}"[:200]

    def _read_site(self) -> Site:
        """Read all attachments and authors, and return the site. They stand anywhere in it."""
        site = Site()
        for name in self._xml:
            with self.files.open(name) as file:
                for item in read_items(file, site):
                    if item.kind == "attachment" and item.attachment_url:
                        self._attached.setdefault(item.parent, []).append(item.id)
                        self._pictures[item.id] = ForeignPicture(
                            address=item.attachment_url,
                            alt=item.meta.get("_wp_attachment_image_alt", ""),
                            caption=item.excerpt,
                        )
        if not site.version:
            raise BadFile(_("This is not an export of WordPress: it has no wxr_version."))
        self._authors = site.authors
        return site

    def entries(self) -> Iterator[Entry]:
        """Read the posts, in the order of the files. Raises BadFile for a broken file."""
        others: Counter[str] = Counter()
        for name in self._xml:
            with self.files.open(name) as file:
                for item in read_items(file, Site()):
                    if item.kind in STORIES and item.status not in {"trash", "auto-draft"}:
                        yield self._entry(item)
                    elif item.kind == "page":
                        key = f"page {item.id}"
                        yield LeftOut(key, plain(item.title) or key, _("It is a page, not a post."))
                    elif item.kind not in SILENT and item.kind not in STORIES:
                        others[item.kind] += 1
        for kind, count in others.items():
            what = _("%(count)s of the kind %(kind)s") % {"count": count, "kind": kind}
            yield LeftOut(f"kind {kind}"[:300], what, _("They are not posts."))

    def _entry(self, item: Item) -> Entry:
        title, key = plain(item.title), item.id or _number_in(item.guid)
        name = title or _("(Untitled)")
        if not key:
            return LeftOut(name[:300], name, _("It has no wp:post_id."), is_bad=True)
        meta = item.meta
        reason = SECRET["password"] if item.password else SECRET.get(item.status, "")
        comments = _("Left out: comments (%(count)s).") % {"count": item.comments}
        return ForeignStory(
            foreign_id=key,
            name=name,
            title=title,
            slug=unquote(item.slug),
            paths=tuple(
                link for link in (item.link, f"/?p={key}") if self._is_path_of_a_post(link)
            ),
            body=item.content,
            excerpt=plain(item.excerpt),
            publish_at=item.published_at if item.status in DATED else None,
            is_secret=str(reason),
            authors=tuple(
                plain(self._authors.get(login, login)) for login in item.authors if login
            ),
            tags=tuple(map(plain, item.tags)),
            cover=self._pictures.get(meta.get("_thumbnail_id", "")),
            search_title=meta.get("_yoast_wpseo_title") or meta.get("rank_math_title", ""),
            search_description=(
                meta.get("_yoast_wpseo_metadesc") or meta.get("rank_math_description", "")
            ),
            canonical_url=(
                meta.get("_yoast_wpseo_canonical") or meta.get("rank_math_canonical_url", "")
            ),
            notes={
                "footnotes": meta.get("footnotes", ""),
                "attached": ",".join(self._attached.get(item.id, ())),
            },
            losses=(comments,) if item.comments else (),
        )

    def _is_path_of_a_post(self, link: str) -> bool:
        """Whether a link leads to one post: not to the front page, as that of some drafts does."""
        return path_of(link).strip("/") not in {"", path_of(self.site_url).strip("/")}

    def markdown(self, story: ForeignStory, conversion: Conversion) -> str:
        """Return the text of a post as Markdown; what is lost goes to `conversion.losses`."""
        html = body_to_html(story.body, story.notes, self._pictures, conversion.losses)
        return html_to_markdown(html, conversion)

    def picture(self, address: str, story: ForeignStory) -> bytes | None:
        """Return a picture of `wp-content/uploads` from the files, or None if it is not there."""
        path = unquote(path_of(address))
        _host, found, rest = path.partition(UPLOADS)
        if not found:
            return None
        whole = SIZE.sub(r"\1", rest)
        tops = ("wp-content/uploads/", "uploads/", "")
        names = (f"{top}{name}" for name in dict.fromkeys((whole, rest)) for top in tops)
        name = next((name for name in names if self.files.has(name)), None)
        return self.files.read(name, settings.IMAGE_MAX_BYTES) if name else None


def plain(html: str) -> str:
    """Return the words of a title, a name or an excerpt, which are HTML in WordPress."""
    return unescape(strip_tags(BREAK.sub("\n", html))).strip()


def _number_in(guid: str) -> str:
    """Return the number of a post in its short address, or an empty text."""
    match = NUMBER.search(guid)
    return match[1] if match else ""


def _host_and_path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
