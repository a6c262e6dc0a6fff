"""Stories as WordPress imports them: WXR 1.2, an RSS 2.0 feed with elements of WordPress.

Founders become categories, since tags are tags in WordPress as well. A picture is an attachment,
which the importer of WordPress downloads from the site, and whose address it replaces in the texts.
What WordPress writes itself is the reference: https://developer.wordpress.org/cli/commands/export/
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, TextIO

from django.conf import settings
from django.utils.text import slugify
from django.utils.xmlutils import SimplerXMLGenerator

from stories.models import Story
from stories.moving.exported_html import Moved, state_of, url_of
from stories_project.publication.current import current

VERSION = "1.2"
NAMESPACES = {
    "xmlns:excerpt": f"http://wordpress.org/export/{VERSION}/excerpt/",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:wfw": "http://wellformedweb.org/CommentAPI/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:wp": f"http://wordpress.org/export/{VERSION}/",
}
State = Story.State
STATUS = {
    State.DRAFT: "draft",
    State.SCHEDULED: "future",
    State.PUBLISHED: "publish",
    State.WITHDRAWN: "private",
}
# Numbers of attachments, beyond those of all stories.
ATTACHMENTS = 10**9
LONGEST_LOGIN = 60


class WordPressFile:
    """Writes one WXR file, story after story."""

    name = "wordpress.xml"

    def __init__(self, out: TextIO) -> None:
        target: Any = out  # it writes text to a text file
        self.xml: Any = SimplerXMLGenerator(target, "utf-8", short_empty_elements=True)
        # {name of a rendition: number of its attachment}.
        self.attachments: dict[str, int] = {}

    def write(self, stories: Iterable[Moved]) -> Iterator[Moved]:
        """Write all stories, and yield each when it is written."""
        publication, xml = current(), self.xml
        xml.startDocument()
        xml.startElement("rss", {"version": "2.0", **NAMESPACES})
        xml.startElement("channel", {})
        self._texts(
            {
                "title": publication.name,
                "link": settings.SITE_URL,
                "description": publication.promise,
                "language": publication.language,
                "wp:wxr_version": VERSION,
                "wp:base_site_url": settings.SITE_URL,
                "wp:base_blog_url": settings.SITE_URL,
            }
        )
        for story in stories:
            self._story(story)
            yield story
        xml.endElement("channel")
        xml.endElement("rss")
        xml.endDocument()

    def _story(self, moved: Moved) -> None:
        story = moved.story
        for name in moved.pictures:
            if name not in self.attachments:
                self._attachment(moved, name)
        self.xml.startElement("item", {})
        self._texts(
            {
                "title": story.title,
                "link": story.absolute_url,
                "pubDate": format_datetime(story.publish_at) if story.publish_at else "",
                "dc:creator": _login(story.signature),
                "guid": story.absolute_url,
                "content:encoded": moved.html,
                "excerpt:encoded": story.excerpt,
                **_post(story.pk, "post", STATUS[state_of(story)]),
                **_times(story),
                "wp:post_name": story.slug,
                "wp:is_sticky": "1" if story.is_lead else "0",
            }
        )
        for domain, rows in (("category", moved.founders), ("post_tag", moved.tags)):
            for row in rows:
                attributes = {"domain": domain, "nicename": row.slug}
                self.xml.addQuickElement("category", row.name, attributes)
        if moved.cover:
            self._meta("_thumbnail_id", str(self.attachments[moved.cover]))
        self.xml.endElement("item")

    def _attachment(self, moved: Moved, name: str) -> None:
        story, is_cover = moved.story, name == moved.cover
        number = self.attachments[name] = ATTACHMENTS + len(self.attachments)
        alt = story.cover_alt if is_cover else ""
        self.xml.startElement("item", {})
        self._texts(
            {
                "title": alt or story.title,
                "dc:creator": _login(story.signature),
                "guid": url_of(name),
                "excerpt:encoded": story.cover_credit if is_cover else "",
                **_post(number, "attachment", "inherit"),
                **_times(story),
                "wp:post_name": f"picture-{number - ATTACHMENTS + 1}",
                "wp:attachment_url": url_of(name),
            }
        )
        self._meta("_wp_attachment_image_alt", alt)
        self.xml.endElement("item")

    def _meta(self, key: str, value: str) -> None:
        self.xml.startElement("wp:postmeta", {})
        self._texts({"wp:meta_key": key, "wp:meta_value": value})
        self.xml.endElement("wp:postmeta")

    def _texts(self, values: dict[str, Any]) -> None:
        for name, text in values.items():
            self.xml.addQuickElement(name, text)


def _post(number: int, kind: str, status: str) -> dict[str, str]:
    return {
        "wp:post_id": str(number),
        "wp:post_type": kind,
        "wp:status": status,
        "wp:post_parent": "0",
        "wp:comment_status": "closed",
        "wp:ping_status": "closed",
    }


def _times(story: Story) -> dict[str, str]:
    """Return the dates, in the zone of the publication and in UTC; a draft has no date."""
    moment, zone = story.publish_at or story.modified_at, current().zone
    return {
        "wp:post_date": _date(moment.astimezone(zone)),
        "wp:post_date_gmt": _date(moment.astimezone(UTC)) if story.publish_at else "",
        "wp:post_modified": _date(story.modified_at.astimezone(zone)),
        "wp:post_modified_gmt": _date(story.modified_at.astimezone(UTC)),
    }


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _login(name: str) -> str:
    """Return a login of WordPress for a byline: the importer asks which account it means."""
    return slugify(name)[:LONGEST_LOGIN] or "author"
