from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stories.models import Story, Tag
from stories.models.tag import by_count
from stories.views.missing import no_tag
from stories.views.stories import STORIES_A_PAGE
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate

TAGS_A_PAGE = 100


@cached_page("order", "page")
@require_safe
def tag_list(request: HttpRequest) -> HttpResponse:
    """List the tags of public stories: those with most stories first, or `?order=name` by name."""
    tags, is_by_name = Tag.objects.in_use().with_counts(), request.GET.get("order") == "name"
    page = paginate(request, tags.by_name() if is_by_name else tags.most_used(), TAGS_A_PAGE)
    if not is_by_name:
        page.rows = by_count(page.rows)
    return render(request, "stories/tags.html", {"tags": page, "is_by_name": is_by_name})


@cached_page("page")
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public stories of a tag, the newest first; 404 if there are none."""
    tag = Tag.objects.in_use().filter(slug=slug).first()
    if tag is None:
        return no_tag(request, slug)
    stories = Story.objects.published().tagged(tag).for_cards()
    page = paginate(request, stories, STORIES_A_PAGE)
    return render(request, "stories/tag.html", {"tag": tag, "stories": page})
