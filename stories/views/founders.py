from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from founders.models import Founder
from founders.models.company import MOST_VENTURES
from stories.models import Story
from stories.reading import structured_data
from stories.reading.life_path import path_of
from stories.reading.parts import MOST_WEBMENTIONS, Correction, ShownWebmention
from stories.sharing.share_pictures import card_of_founder
from stories.views.missing import no_founder
from stories.views.stories import STORIES_A_PAGE
from stories.views.webmentions import say_where
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate


@cached_page("page")
@require_safe
def founder(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an approved founder along the life; 410 for a hidden one, 404 for any other."""
    founder = Founder.objects.approved().filter(slug=slug).first()
    if founder is None:
        return no_founder(request, slug)
    ventures = list(founder.ventures.with_companies()[:MOST_VENTURES])
    along_life = Story.objects.published().in_life_of(founder).for_cards()
    stories = paginate(request, along_life, STORIES_A_PAGE)
    noted = founder.suggestions.noted().values_list("decided_at", "public_note")
    corrections = [Correction.of(at, text) for at, text in noted if at]
    webmentions = founder.webmentions.shown().order_by("-pk")[:MOST_WEBMENTIONS]
    context = {
        "founder": founder,
        "stories": stories,
        "ventures": ventures,
        "path": path_of(founder, ventures, stories),
        "structured_data": structured_data.of_founder(founder, corrections),
        "corrections": corrections,
        "webmentions": [ShownWebmention(w.title, w.source, w.author) for w in webmentions],
        "share_picture": card_of_founder(founder).address("founder_picture", founder.slug),
    }
    return say_where(render(request, "founders/founder.html", context))
