"""What a page is about, for search engines: schema.org terms as JSON-LD 1.1."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext as _

from founders.models import Founder
from stories.models import Series, Story, Tag
from stories.reading.parts import Correction, Parts
from stories.sharing.share_pictures import LINK_SIZE
from stories_project.paths import path_to
from stories_project.pictures.renditions import picture_of
from stories_project.publication.current import current

CONTEXT = "https://schema.org"

JsonLd = dict[str, Any]


def of_story(
    story: Story,
    founders: Iterable[Founder],
    tags: Iterable[Tag],
    share_picture: str,
    parts: Parts,
) -> JsonLd:
    """Return the NewsArticle of a published story's page, with its breadcrumbs.

    A story without a cover gets `share_picture`, a URL without scheme and host, as its image.
    `parts` has its corrections and its place in a series.
    """
    publish_at = cast(datetime, story.publish_at)
    article: JsonLd = {
        "@type": "NewsArticle",
        "@id": f"{story.absolute_url}#article",
        "mainEntityOfPage": story.canonical_url or story.absolute_url,
        "headline": story.title,
        "description": story.search_description or story.excerpt,
        "datePublished": publish_at.isoformat(),
        "dateModified": max(publish_at, story.modified_at).isoformat(),
        "author": _author(story),
        "publisher": _publication(),
        "about": [of_person(founder) for founder in founders],
        "keywords": [tag.name for tag in tags],
        "wordCount": story.word_count,
        "timeRequired": f"PT{story.minutes}M",
        "inLanguage": current().language,
        "isAccessibleForFree": True,
    }
    article |= _corrected(parts.corrections)
    if story.told_from and story.told_from > 0:
        years = (story.told_from, story.told_to or story.told_from)
        article["temporalCoverage"] = "/".join(f"{year:04}" for year in dict.fromkeys(years))
    if story.cover:
        size = (story.cover_picture.width, story.cover_picture.height)
        article["image"] = _image(story.cover_address, size) | {"caption": story.cover_alt}
    else:
        article["image"] = _image(settings.SITE_URL + share_picture, LINK_SIZE)
    if place := parts.series:
        article |= {"isPartOf": _series(place.series), "position": place.number}
    steps = [(_("Stories"), path_to("stories")), (story.title, story.get_absolute_url())]
    return _graph(article, _breadcrumbs(steps))


def _image(url: str, size: tuple[int, int]) -> JsonLd:
    width, height = size
    return {"@type": "ImageObject", "url": url, "width": width, "height": height}


def of_series(series: Series, stories: Sequence[Story]) -> JsonLd:
    """Return the CreativeWorkSeries of a series with its public stories, and its breadcrumbs."""
    whole = _series(series) | {
        "publisher": _publication(),
        "inLanguage": current().language,
        "hasPart": [
            {
                "@type": "NewsArticle",
                "@id": f"{story.absolute_url}#article",
                "url": story.absolute_url,
                "headline": story.title,
                "position": number,
            }
            for number, story in enumerate(stories, start=1)
        ],
    }
    steps = [(_("Series"), path_to("series_list")), (series.title, series.get_absolute_url())]
    return _graph(whole, _breadcrumbs(steps))


def _series(series: Series) -> JsonLd:
    url = settings.SITE_URL + series.get_absolute_url()
    return {"@type": "CreativeWorkSeries", "@id": f"{url}#series", "name": series.title, "url": url}


def _corrected(corrections: Iterable[Correction]) -> JsonLd:
    """Return what readers are told about corrections, as a property of what was corrected."""
    comments = [
        {"@type": "CorrectionComment", "text": text, "datePublished": day.isoformat()}
        for day, text in corrections
    ]
    return {"correction": comments} if comments else {}


def of_founder(founder: Founder, corrections: Iterable[Correction] = ()) -> JsonLd:
    """Return the ProfilePage of an approved founder, with its breadcrumbs."""
    page: JsonLd = {
        "@type": "ProfilePage",
        "url": founder.absolute_url,
        "dateModified": founder.updated_at.isoformat(),
        "mainEntity": of_person(founder) | _portrait(founder),
        **_corrected(corrections),
    }
    steps = [(_("Founders"), path_to("founders")), (founder.name, founder.get_absolute_url())]
    return _graph(page, _breadcrumbs(steps))


def _portrait(founder: Founder) -> JsonLd:
    """Return the uploaded portrait; what is drawn shows nobody."""
    picture = picture_of(founder.portrait.name)
    if picture is None:
        return {}
    url = settings.SITE_URL + picture.largest
    return {"image": _image(url, (picture.width, picture.height))}


def of_person(founder: Founder) -> JsonLd:
    """Return the Person for a founder; for one who is not approved, the name only."""
    person: JsonLd = {"@type": "Person", "name": founder.name}
    if founder.is_approved:
        person |= {"@id": f"{founder.absolute_url}#person", "url": founder.absolute_url}
        known = {
            "alternateName": founder.native_name,
            "familyName": founder.family_name,
            "description": founder.headline,
            "birthPlace": founder.birthplace,
            "birthDate": _year(founder.birth_year),
            "deathDate": _year(founder.death_year),
            "sameAs": founder.same_as,
        }
        person |= {name: value for name, value in known.items() if value}
    return person


def _year(year: int | None) -> str:
    """Return a year in the form of ISO 8601: four digits, and a sign before our era."""
    return f"{year:0{5 if year < 0 else 4}}" if year else ""


def _author(story: Story) -> JsonLd:
    kind = "Person" if story.byline else "Organization"
    return {"@type": kind, "name": story.signature}


def _publication() -> JsonLd:
    publication, logo = current(), picture_of(current().logo)
    known: JsonLd = {
        "@type": "Organization",
        "name": publication.name,
        "url": settings.SITE_URL,
    }
    if logo:
        known["logo"] = _image(settings.SITE_URL + logo.largest, (logo.width, logo.height))
    if publication.social_links:
        known["sameAs"] = [link.address for link in publication.social_links]
    return known


def _breadcrumbs(steps: list[tuple[str, str]]) -> JsonLd:
    """Return the BreadcrumbList of (name, path) steps, with the front page before them."""
    home = (current().name, path_to("home"))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": settings.SITE_URL + path}
            for n, (name, path) in enumerate([home, *steps], start=1)
        ],
    }


def _graph(*things: JsonLd) -> JsonLd:
    return {"@context": CONTEXT, "@graph": list(things)}
