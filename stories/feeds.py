"""Feeds of all stories, of a founder and of a tag: Atom (RFC 4287) and JSON Feed 1.1.

Both carry the whole of each story. An entry's id is a tag URI (RFC 4151) made of the story's key,
so that it survives a change of its address.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.models import Story, Tag
from stories.views.missing import no_founder, no_tag

ENTRIES = 20
# The year from which on the publication's host is ours, as RFC 4151 asks for.
SINCE = 2026


@dataclass(frozen=True)
class Channel:
    """What a feed is about: its title, its page, the name of its addresses, and its stories."""

    key: str
    title: str
    page: str
    view: str
    arguments: tuple
    stories: object

    def address(self, form):
        """Return the whole address of the feed, "atom" or "json"."""
        return settings.SITE_URL + reverse(f"{self.view}_{form}", args=self.arguments)


@require_safe
def all_stories(request, form):
    """Answer with the newest stories."""
    stories = Story.objects.published().newest_first()
    title = settings.PUBLICATION_NAME
    return _answer(form, Channel("all", title, reverse("home"), "feed", (), stories))


@require_safe
def of_founder(request, slug, form):
    """Answer with the newest stories of a founder; where there is none, as their page does."""
    founder = Founder.objects.approved().filter(slug=slug).first()
    if founder is None:
        return no_founder(request, slug, to=f"founder_feed_{form}")
    stories = Story.objects.published().by(founder)
    return _answer(form, _channel("founder", founder, stories))


@require_safe
def of_tag(request, slug, form):
    """Answer with the newest stories of a tag; where there is none, as its page does."""
    tag = Tag.objects.in_use().filter(slug=slug).first()
    if tag is None:
        return no_tag(request, slug, to=f"tag_feed_{form}")
    return _answer(form, _channel("tag", tag, Story.objects.published().tagged(tag)))


def _channel(kind, row, stories):
    title = f"{row} · {settings.PUBLICATION_NAME}"
    page = row.get_absolute_url()
    return Channel(f"{kind}/{row.pk}", title, page, f"{kind}_feed", (row.slug,), stories)


def _answer(form, channel):
    return {"atom": _as_atom, "json": _as_json}[form](channel)


class StoryAtom(Atom1Feed):
    """An Atom feed whose entries have their whole content."""

    def add_item_elements(self, handler, item):
        """Add the content after what Django adds."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _as_atom(channel):
    feed = StoryAtom(
        title=channel.title,
        link=settings.SITE_URL + channel.page,
        description=settings.PUBLICATION_PROMISE,
        language="en",
        feed_url=channel.address("atom"),
        feed_guid=_uri("feed", channel.key),
    )
    for story in channel.stories.for_feed()[:ENTRIES]:
        feed.add_item(
            title=story.title,
            link=story.absolute_url,
            description=story.excerpt,
            content=_content(story),
            unique_id=_uri("story", story.pk),
            pubdate=story.publish_at,
            updateddate=story.modified_at,
            author_name=story.signature,
            categories=story.tag_names,
        )
    text = feed.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def _as_json(channel):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": settings.PUBLICATION_PROMISE,
        "home_page_url": settings.SITE_URL + channel.page,
        "feed_url": channel.address("json"),
        "language": "en",
        "items": [_json_item(story) for story in channel.stories.for_feed()[:ENTRIES]],
    }
    options = {"ensure_ascii": False}
    return JsonResponse(feed, content_type="application/feed+json", json_dumps_params=options)


def _json_item(story):
    item = {
        "id": _uri("story", story.pk),
        "url": story.absolute_url,
        "title": story.title,
        "summary": story.excerpt,
        "content_html": _content(story),
        "date_published": story.publish_at.isoformat(),
        "date_modified": max(story.publish_at, story.modified_at).isoformat(),
        "authors": [{"name": story.signature}],
        "tags": story.tag_names,
    }
    if story.cover:
        item["image"] = story.cover_address
    return item


def _content(story):
    """Return a story as HTML that stands on its own."""
    context = {"story": story, "site_url": settings.SITE_URL}
    return render_to_string("stories/feed_entry.html", context)


def _uri(*path):
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{SINCE}:{'/'.join(str(part) for part in path)}"
