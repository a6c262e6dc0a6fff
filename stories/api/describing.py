"""From rows to what the API says of them. What is not public is never among it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from founders.models import Founder
from stories.models import Story, Tag
from stories.models.listing import stories_of_tag
from stories.reading.parts import read_parts_of, read_tags_of
from stories.reading.related import read_tags, related_stories
from stories.reading.series import SeriesPlace
from stories_project.page_cache.surrogate_keys import note
from stories_project.pictures.renditions import FORMATS, picture_of, widths_of
from stories_project.text import markdown

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
Description = dict[str, Any]


def url_of(view: str, *arguments: str) -> str:
    """Return the URL of a view with scheme and host."""
    return settings.SITE_URL + reverse(view, args=arguments)


def of_stories(stories: Sequence[Story]) -> list[Description]:
    """Return the `StoryItem`s of public stories with their founders, in one query."""
    tags = read_tags_of([story.pk for story in stories])
    return [_item(story, tags[story.pk]) for story in stories]


def of_story(story: Story) -> Description:
    """Return the whole `Story`, for a public one with its founders, in five queries."""
    now = timezone.now()
    parts, tags = read_parts_of(story.pk, now), read_tags(story, now)
    related = related_stories(story, story.founders, tags, now)
    return {
        **_item(story, tags),
        "told_from": story.told_from,
        "told_to": story.told_to,
        "body": story.body,
        "body_html": str(markdown.with_whole_addresses(story.html)),
        "takeaways": parts.takeaways,
        "sources": [
            {"title": source.title, "url": source.url, "accessed_on": source.accessed_on}
            for source in parts.sources
        ],
        "corrections": [correction._asdict() for correction in parts.corrections],
        "series": _link_to_series(parts.series) if parts.series else None,
        "related": [
            {
                "slug": other.story.slug,
                "url": other.story.absolute_url,
                "title": other.story.title,
                "reason": other.reason,
            }
            for other in related
        ],
    }


def _item(story: Story, tags: Iterable[Tag]) -> Description:
    published_at = story.publish_at or timezone.now()
    return {
        "id": story.pk,
        "slug": story.slug,
        "url": story.absolute_url,
        "title": story.title,
        "excerpt": story.excerpt,
        "byline": story.signature,
        "published_at": published_at,
        "modified_at": max(published_at, story.modified_at),
        "minutes": story.minutes,
        "cover": of_picture(story.cover.name, story.cover_alt, story.cover_credit),
        "founders": [_link_to(founder) for founder in story.founders],
        "tags": [
            {"name": tag.name, "slug": tag.slug, "url": settings.SITE_URL + tag.get_absolute_url()}
            for tag in tags
        ],
    }


def _link_to(founder: Founder) -> Description:
    """Return a `FounderLink`: of who is not approved, the name alone, as on the pages."""
    if not founder.is_approved:
        return {"name": founder.name}
    return {"name": founder.name, "slug": founder.slug, "url": founder.absolute_url}


def _link_to_series(place: SeriesPlace) -> Description:
    series = place.series
    known = {"title": series.title, "slug": series.slug, "url": place.url}
    return {**known, "number": place.number, "count": place.count}


def of_picture(name: object, alt: str, credit: str) -> Description | None:
    """Return the `Picture` of a stored name, or None if there is none."""
    picture = picture_of(name)
    if picture is None:
        return None
    return {
        "url": settings.SITE_URL + picture.largest,
        "alt": alt,
        "credit": credit,
        "width": picture.width,
        "height": picture.height,
        "renditions": [
            {
                "url": settings.SITE_URL + picture.address(width, form),
                "width": width,
                "type": TYPES[form],
            }
            for form in FORMATS
            for width in widths_of(picture.name)
        ],
    }


def founder_item(founder: Founder) -> Description:
    """Return the `FounderItem` of an approved founder."""
    return {
        "slug": founder.slug,
        "url": founder.absolute_url,
        "name": founder.name,
        "native_name": founder.native_name,
        "headline": founder.headline,
        "portrait": of_picture(
            founder.portrait.name, founder.portrait_alt, founder.portrait_credit
        ),
    }


def of_founder(founder: Founder) -> Description:
    """Return the whole profile of an approved founder, in one query."""
    corrections: Any = founder.suggestions.noted()  # type: ignore[attr-defined]
    html = markdown.with_whole_addresses(founder.biography_html)
    return {
        **founder_item(founder),
        "family_name": founder.family_name,
        "company": founder.company,
        "birthplace": founder.birthplace,
        "birth_year": founder.birth_year,
        "death_year": founder.death_year,
        "biography": founder.biography,
        "biography_html": str(html),
        "links": founder.same_as,
        "corrections": [
            {"day": timezone.localtime(decided_at).date(), "text": note}
            for decided_at, note in corrections.values_list("decided_at", "public_note")
        ],
        "stories": f"{url_of('api_stories')}?founder={founder.slug}",
    }


def tag_item(tag: Any) -> Description:
    """Return the `TagItem` of a tag that `with_counts()` has loaded."""
    return {
        "slug": tag.slug,
        "url": settings.SITE_URL + tag.get_absolute_url(),
        "name": tag.name,
        "story_count": tag.story_count,
    }


def of_tag(tag: Any) -> Description:
    """Return a tag that `with_counts()` has loaded, with its description."""
    html = markdown.with_whole_addresses(tag.description_html)
    # It is here, and counts, as long as it has stories.
    note(stories_of_tag(tag.pk))
    return {
        **tag_item(tag),
        "description": tag.description,
        "description_html": str(html),
        "stories": f"{url_of('api_stories')}?tag={tag.slug}",
    }


def series_item(series: Any) -> Description:
    """Return the `SeriesItem` of a series that `with_counts()` has loaded."""
    return {
        "slug": series.slug,
        "url": settings.SITE_URL + series.get_absolute_url(),
        "title": series.title,
        "story_count": series.story_count,
    }


def of_series(series: Any) -> Description:
    """Return a series that `with_counts()` has loaded, with its public stories, in one query."""
    html = markdown.with_whole_addresses(series.introduction_html)
    stories = Story.objects.published().in_series(series)
    shown = stories.only("title", "slug", "unpublish_at", "word_count", "reading_minutes")
    return {
        **series_item(series),
        "introduction": series.introduction,
        "introduction_html": str(html),
        "parts": [
            {
                "number": number,
                "slug": story.slug,
                "url": story.absolute_url,
                "title": story.title,
                "minutes": story.minutes,
            }
            for number, story in enumerate(shown, start=1)
        ],
    }
