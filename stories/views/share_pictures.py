from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.models import Story
from stories.sharing.share_pictures import (
    card_of_founder,
    card_of_publication,
    card_of_story,
    draw_link,
    draw_takeaways,
    stored,
)
from stories.views.missing import no_founder, no_story


@require_safe
def story_picture(request, slug, version):
    """Answer with what a link to a story looks like elsewhere."""
    story = Story.objects.published().for_page().filter(slug=slug).first()
    if story is None:
        return no_story(request, slug)
    card = card_of_story(story, story.founders)
    return _picture(request, card, version, "story_picture", slug, draw=draw_link)


@require_safe
def takeaways_picture(request, slug, version):
    """Answer with the takeaways of a story on one sheet."""
    story = Story.objects.published().for_page().filter(slug=slug).first()
    takeaways = [takeaway.text for takeaway in story.takeaways.all()] if story else []
    if not takeaways:
        return no_story(request, slug)
    card = card_of_story(story, story.founders, takeaways)
    return _picture(request, card, version, "takeaways_picture", slug, draw=draw_takeaways)


@require_safe
def founder_picture(request, slug, version):
    """Answer with what a link to a founder looks like elsewhere."""
    founder = Founder.objects.approved().filter(slug=slug).first()
    if founder is None:
        return no_founder(request, slug)
    card = card_of_founder(founder)
    return _picture(request, card, version, "founder_picture", slug, draw=draw_link)


@require_safe
def publication_picture(request, version):
    """Answer with what a link to the front page looks like elsewhere."""
    return _picture(request, card_of_publication(), version, "publication_picture", draw=draw_link)


def _picture(request, card, version, view, *slug, draw):
    """Answer with the picture of a Card, or lead to it from the address of an older one."""
    if version != card.version:
        return redirect(card.address(view, *slug))
    response = HttpResponse(stored(card, view, draw), content_type="image/jpeg")
    response["Content-Security-Policy"] = settings.POLICY_OF_PICTURES
    return response
