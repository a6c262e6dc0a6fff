from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stories.models import Story, Tag
from stories.search import finding
from stories.search.results import SearchForm, results, suggestions
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import Page, paginate_list

RESULTS_A_PAGE = 10
# Shown when nothing is typed or found: some stories, and the tags of these and a few more.
STORIES_OFFERED, STORIES_FOR_TAGS = 3, 9


@cached_page("q", "page")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the public stories that match a search, the best first."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "text": text}
    found = finding.search(text) if text else None
    if found:
        keys = paginate_list(request, found.stories, RESULTS_A_PAGE)
        page = Page(results(keys.rows, found.terms), keys.number, keys.has_next, keys.query)
        context |= {"found": found, "results": page}
    if not found or not found.stories:
        newest = list(Story.objects.published().newest_first().for_cards()[:STORIES_FOR_TAGS])
        context |= {
            "newest": newest[:STORIES_OFFERED],
            "tags": Tag.objects.on_any_of(newest).by_name(),
        }
    return render(request, "stories/search.html", context)


@cached_page("q")
@require_safe
def search_suggestions(request: HttpRequest) -> JsonResponse:
    """Return what the reader may be typing into the search box, as {"suggestions": […]}."""
    form = SearchForm(request.GET)
    return JsonResponse(
        {"suggestions": suggestions(form.cleaned_data["q"]) if form.is_valid() else []}
    )
