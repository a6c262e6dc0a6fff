from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from founders.models import Company
from founders.models.company import MOST_VENTURES
from stories.models import Story
from stories.views.missing import no_company
from stories.views.stories import STORIES_A_PAGE
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate


@cached_page("page")
@require_safe
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a company with its approved founders and their stories in it; 404 without founders."""
    company = Company.objects.public().filter(slug=slug).first()
    if company is None:
        return no_company(request, slug)
    rows = company.ventures.of_approved().select_related("founder").defer("founder__biography")
    ventures = list(rows[:MOST_VENTURES])
    stories = Story.objects.published().of_ventures(ventures).for_cards()
    context = {
        "company": company,
        "ventures": ventures,
        "stories": paginate(request, stories, STORIES_A_PAGE),
    }
    return render(request, "founders/company.html", context)
