from django.shortcuts import render
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories.models import Story
from stories.reading import structured_data
from stories.sharing.share_pictures import card_of_founder
from stories.views.missing import no_founder
from stories.views.stories import STORIES_A_PAGE
from stories_project.pagination import paginate


@require_safe
def founder(request, slug):
    """Show an approved founder with their stories; 410 once hidden, 404 otherwise."""
    founder = Founder.objects.approved().filter(slug=slug).first()
    if founder is None:
        return no_founder(request, slug)
    stories = Story.objects.published().by(founder).for_cards()
    page = paginate(request, stories, STORIES_A_PAGE)
    context = {"founder": founder, "stories": page}
    context["structured_data"] = structured_data.of_founder(founder)
    context["corrections"] = founder.suggestions.noted().values_list("decided_at", "public_note")
    context["share_picture"] = card_of_founder(founder).address("founder_picture", founder.slug)
    return render(request, "founders/founder.html", context)
