from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stories.models import Series, Story
from stories.reading import structured_data
from stories.views.missing import no_series
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate

SERIES_A_PAGE = 50


@cached_page("page")
@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    """List the series with public stories by title, with the number of these stories."""
    series = Series.objects.in_use().with_counts().by_title()
    page = paginate(request, series, SERIES_A_PAGE)
    return render(request, "stories/series_list.html", {"series_list": page})


@cached_page()
@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a series with its public stories in their order; 404 if there are none."""
    series = Series.objects.in_use().filter(slug=slug).first()
    if series is None:
        return no_series(request, slug)
    stories = list(Story.objects.published().in_series(series).for_cards())
    context = {
        "series": series,
        "stories": stories,
        "minutes": sum(story.minutes for story in stories),
        "structured_data": structured_data.of_series(series, stories),
    }
    return render(request, "stories/series.html", context)
