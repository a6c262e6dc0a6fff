"""What a page is about, for machines: schema.org terms as JSON-LD 1.1."""

from django.conf import settings
from django.urls import reverse

from stories.sharing.share_pictures import LINK_SIZE

CONTEXT = "https://schema.org"


def of_story(story, founders, tags, share_picture):
    """Return the NewsArticle that a story's page is, and the way that leads to it.

    `share_picture` is the address of the picture that stands for a story without a cover.
    """
    article = {
        "@type": "NewsArticle",
        "@id": f"{story.absolute_url}#article",
        "mainEntityOfPage": story.canonical_url or story.absolute_url,
        "headline": story.title,
        "description": story.search_description or story.excerpt,
        "datePublished": story.publish_at.isoformat(),
        "dateModified": max(story.publish_at, story.modified_at).isoformat(),
        "author": _author(story),
        "publisher": _publication(),
        "about": [of_person(founder) for founder in founders],
        "keywords": [tag.name for tag in tags],
        "wordCount": story.word_count,
        "timeRequired": f"PT{story.minutes}M",
        "inLanguage": "en",
        "isAccessibleForFree": True,
    }
    if story.cover:
        size = (story.cover_picture.width, story.cover_picture.height)
        article["image"] = _image(story.cover_address, size) | {"caption": story.cover_alt}
    else:
        article["image"] = _image(settings.SITE_URL + share_picture, LINK_SIZE)
    steps = [("Stories", reverse("stories")), (story.title, story.get_absolute_url())]
    return _graph(article, _breadcrumbs(steps))


def _image(address, size):
    width, height = size
    return {"@type": "ImageObject", "url": address, "width": width, "height": height}


def of_founder(founder):
    """Return the ProfilePage of a founder, and the way that leads to it."""
    page = {
        "@type": "ProfilePage",
        "url": founder.absolute_url,
        "dateModified": founder.updated_at.isoformat(),
        "mainEntity": of_person(founder),
    }
    steps = [("Founders", reverse("founders")), (founder.name, founder.get_absolute_url())]
    return _graph(page, _breadcrumbs(steps))


def of_person(founder):
    """Return the Person that a founder is; of one who is not approved nothing but the name."""
    person = {"@type": "Person", "name": founder.name}
    if founder.is_approved:
        person |= {"@id": f"{founder.absolute_url}#person", "url": founder.absolute_url}
        known = {
            "alternateName": founder.native_name,
            "description": founder.headline,
            "birthPlace": founder.birthplace,
            "birthDate": str(founder.birth_year or ""),
            "deathDate": str(founder.death_year or ""),
            "sameAs": founder.same_as,
        }
        person |= {name: value for name, value in known.items() if value}
    return person


def _author(story):
    kind = "Person" if story.byline else "Organization"
    return {"@type": kind, "name": story.signature}


def _publication():
    name, address = settings.PUBLICATION_NAME, settings.SITE_URL
    return {"@type": "Organization", "name": name, "url": address}


def _breadcrumbs(steps):
    home = (settings.PUBLICATION_NAME, reverse("home"))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": settings.SITE_URL + path}
            for n, (name, path) in enumerate([home, *steps], start=1)
        ],
    }


def _graph(*things):
    return {"@context": CONTEXT, "@graph": list(things)}
