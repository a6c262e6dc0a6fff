"""Feeds of all stories, of a founder, of a tag and of a series: Atom (RFC 4287) and JSON Feed 1.1.

Both contain the whole text of each story. The id of an entry is a tag URI (RFC 4151) with the
primary key of the story, so it stays the same when the story gets another slug.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.models import Series, Story, Tag
from stories.models.story_query import StoryQuerySet
from stories.reading.parts import Parts, read_parts, read_tag_names
from stories.views.missing import no_founder, no_series, no_tag
from stories_project.page_cache.cached_views import cached_page
from stories_project.pictures.renditions import picture_of
from stories_project.publication.current import current
from stories_project.text import markdown
from stories_project.text.typography import typographic

ENTRIES = 20
# The same stories stand in the feeds of all stories, of their founders and of their tags.
REMEMBERED = 40
# A year in which the publication owned its host name; RFC 4151 requires one.
HOST_SINCE = 2026


@dataclass(frozen=True)
class Channel:
    """What a feed is about.

    `key` is unique among the feeds, `page` the path of the HTML page, `view` the name of the URL
    patterns without "_atom" or "_json", and `arguments` what these patterns need.
    """

    key: str
    title: str
    page: str
    view: str
    arguments: tuple[str, ...]
    stories: StoryQuerySet

    def url(self, format: str) -> str:
        """Return the URL of the feed; `format` is "atom" or "json"."""
        return settings.SITE_URL + reverse(f"{self.view}_{format}", args=self.arguments)


@cached_page()
@require_safe
def all_stories(request: HttpRequest, format: str) -> HttpResponse:
    """Serve the newest stories."""
    stories = Story.objects.published().newest_first()
    title = current().name
    return _render(format, Channel("all", title, reverse("home"), "feed", (), stories))


@cached_page()
@require_safe
def of_founder(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """Serve the newest stories of a founder; answers like their page if they are not public."""
    founder = Founder.objects.approved().filter(slug=slug).first()
    if founder is None:
        return no_founder(request, slug, to=f"founder_feed_{format}")
    stories = Story.objects.published().by(founder)
    return _render(format, _channel("founder", founder, stories))


@cached_page()
@require_safe
def of_tag(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """Serve the newest stories of a tag; answers like its page if it has no public story."""
    tag = Tag.objects.in_use().filter(slug=slug).first()
    if tag is None:
        return no_tag(request, slug, to=f"tag_feed_{format}")
    return _render(format, _channel("tag", tag, Story.objects.published().tagged(tag)))


@cached_page()
@require_safe
def of_series(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """Serve the newest stories of a series; answers like its page if none is public."""
    series = Series.objects.in_use().filter(slug=slug).first()
    if series is None:
        return no_series(request, slug, to=f"series_feed_{format}")
    stories = Story.objects.published().newest_in_series(series)
    return _render(format, _channel("series", series, stories))


def _channel(kind: str, row: Founder | Tag | Series, stories: StoryQuerySet) -> Channel:
    title = f"{row} · {current().name}"
    page = row.get_absolute_url()
    return Channel(f"{kind}/{row.pk}", title, page, f"{kind}_feed", (row.slug,), stories)


def _render(format: str, channel: Channel) -> HttpResponse:
    response = {"atom": _as_atom, "json": _as_json}[format](channel)
    if settings.WEBSUB_HUB:
        links = {"hub": settings.WEBSUB_HUB, "self": channel.url(format)}
        response["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
    return response


class StoryAtom(Atom1Feed):
    """An Atom feed whose entries have a content as well as a summary."""

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed; Django would say "now" for an empty one."""
        return super().latest_post_date() if self.items else datetime(HOST_SINCE, 1, 1, tzinfo=UTC)

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Add the WebSub hub, if there is one."""
        super().add_root_elements(handler)
        if settings.WEBSUB_HUB:
            handler.addQuickElement("link", None, {"rel": "hub", "href": settings.WEBSUB_HUB})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the content after the elements that Django adds."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _as_atom(channel: Channel) -> HttpResponse:
    feed = StoryAtom(
        title=channel.title,
        link=settings.SITE_URL + channel.page,
        description=current().promise,
        language=current().language,
        feed_url=channel.url("atom"),
        feed_guid=_uri("feed", channel.key),
    )
    for story, content, tags in _entries(channel):
        feed.add_item(
            title=typographic(story.title),
            link=story.absolute_url,
            description=typographic(story.excerpt),
            content=content,
            unique_id=_uri("story", story.pk),
            pubdate=story.publish_at,
            updateddate=story.modified_at,
            author_name=story.signature,
            categories=tags,
        )
    text = feed.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _as_json(channel: Channel) -> HttpResponse:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": current().promise,
        "home_page_url": settings.SITE_URL + channel.page,
        "feed_url": channel.url("json"),
        "language": current().language,
        "items": [_json_item(*entry) for entry in _entries(channel)],
    }
    if settings.WEBSUB_HUB:
        feed["hubs"] = [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
    options = {"ensure_ascii": False}
    return JsonResponse(feed, content_type="application/feed+json", json_dumps_params=options)


def _json_item(story: Story, content: str, tags: list[str]) -> dict[str, Any]:
    publish_at = cast(datetime, story.publish_at)
    item = {
        "id": _uri("story", story.pk),
        "url": story.absolute_url,
        "title": typographic(story.title),
        "summary": typographic(story.excerpt),
        "content_html": content,
        "date_published": publish_at.isoformat(),
        "date_modified": max(publish_at, story.modified_at).isoformat(),
        "authors": [{"name": story.signature}],
        "tags": tags,
    }
    if story.cover:
        item["image"] = story.cover_address
    return item


class Cover(NamedTuple):
    """The uploaded cover of a story; width and height are in pixels."""

    address: str
    alt: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True)
class Text:
    """Everything that the HTML of a story in a feed shows.

    A source is a title, a URL, and its key if the text cites it.
    """

    cover: Cover | None
    excerpt: str
    takeaways: tuple[str, ...]
    body: SafeString
    sources: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, story: Story, parts: Parts) -> Self:
        """Return the Text of a story with these parts."""
        return cls(
            _cover(story),
            typographic(story.excerpt),
            tuple(map(typographic, parts.takeaways)),
            story.html,
            tuple((s.title, s.url, s.key if s.number else "") for s in parts.sources),
        )


def _cover(story: Story) -> Cover | None:
    picture = picture_of(story.cover.name)
    if picture is None:
        return None
    address = story.cover_address
    return Cover(address, story.cover_alt, story.cover_credit, picture.width, picture.height)


def _entries(channel: Channel) -> Iterator[tuple[Story, str, list[str]]]:
    """Return (story, HTML of its text, names of its tags) of a feed, in three queries."""
    stories = list(channel.stories.defer("body")[:ENTRIES])
    keys = [story.pk for story in stories]
    parts, tags = read_parts(keys), read_tag_names(keys)
    for story in stories:
        html = _html(Text.of(story, parts[story.pk]), settings.SITE_URL, get_language() or "")
        yield story, html, tags[story.pk]


@lru_cache(REMEMBERED)
def _html(text: Text, site_url: str, language: str) -> str:
    """Return a story as HTML that a feed reader can show without our style sheet.

    It is in the active `language`.
    """
    body = markdown.with_whole_addresses(text.body)
    return render_to_string("stories/feed_entry.html", {"text": text, "body": body})


def _uri(*path: str | int) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{HOST_SINCE}:{'/'.join(str(part) for part in path)}"
