from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stories.models import Story, Tag
from stories.search.finding import search as find
from stories.search.results import SearchForm, results, suggestions
from stories_project.pagination import paginate_list

RESULTS_A_PAGE = 10
STORIES_OFFERED, STORIES_FOR_TAGS = 3, 9


@require_safe
def search(request):
    """Show the public stories that have what a reader looks for, the best first."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "text": text}
    if text:
        found = find(text)
        page = paginate_list(request, found.stories, RESULTS_A_PAGE)
        page.rows = results(page.rows, found.terms)
        context |= {"found": found, "stories": page}
    if not text or not found.stories:
        newest = list(Story.objects.published().newest_first().for_cards()[:STORIES_FOR_TAGS])
        context |= {
            "newest": newest[:STORIES_OFFERED],
            "tags": Tag.objects.on_any_of(newest).by_name(),
        }
    return render(request, "stories/search.html", context)


@require_safe
def search_suggestions(request):
    """Answer the search box with what somebody may be typing."""
    form = SearchForm(request.GET)
    return JsonResponse(
        {"suggestions": suggestions(form.cleaned_data["q"]) if form.is_valid() else []}
    )
