from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from PIL import Image

from founders.models import Founder
from stories.models import Story
from stories.sharing.share_pictures import (
    Card,
    card_of_founder,
    card_of_publication,
    card_of_story,
    draw_link,
    draw_takeaways,
    jpeg_of,
)
from stories.views.missing import no_founder, no_story
from stories_project.page_cache.cached_views import cached_page


@cached_page()
@require_safe
def story_picture(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Serve the picture that other sites show for a link to a story."""
    story = Story.objects.published().with_founders().filter(slug=slug).first()
    if story is None:
        return no_story(request, slug)
    card = card_of_story(story, story.founders)
    return _picture(card, version, "story_picture", slug, draw=draw_link)


@cached_page()
@require_safe
def takeaways_picture(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Serve the takeaways of a story on one sheet."""
    story = Story.objects.published().with_founders().filter(slug=slug).first()
    takeaways = [takeaway.text for takeaway in story.takeaways.all()] if story else []
    if story is None or not takeaways:
        return no_story(request, slug)
    card = card_of_story(story, story.founders).with_points(takeaways)
    return _picture(card, version, "takeaways_picture", slug, draw=draw_takeaways)


@cached_page()
@require_safe
def founder_picture(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Serve the picture that other sites show for a link to a founder."""
    founder = Founder.objects.approved().filter(slug=slug).first()
    if founder is None:
        return no_founder(request, slug)
    card = card_of_founder(founder)
    return _picture(card, version, "founder_picture", slug, draw=draw_link)


@cached_page()
@require_safe
def publication_picture(request: HttpRequest, version: str) -> HttpResponse:
    """Serve the picture that other sites show for a link to the front page."""
    return _picture(card_of_publication(), version, "publication_picture", draw=draw_link)


def _picture(
    card: Card, version: str, view: str, *slug: str, draw: Callable[[Card], Image.Image]
) -> HttpResponse:
    """Serve the picture of a Card; redirect from the URL of an older version to the present one."""
    if version != card.version:
        return redirect(card.address(view, *slug))
    response = HttpResponse(jpeg_of(card, view, draw), content_type="image/jpeg")
    response["Content-Security-Policy"] = settings.POLICY_OF_PICTURES
    return response
