from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.models import Series, Story
from stories.reading.front_page import front_page
from stories.reading.parts import read_parts_of
from stories.reading.story_page import page_of, read_source, read_story
from stories.sharing.share_pictures import card_of_publication
from stories.views.missing import no_story
from stories.views.old_addresses import short_address
from stories.views.webmentions import say_where
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate
from stories_project.publication.current import current
from stories_project.text import markdown

STORIES_A_PAGE = 20


@cached_page("p")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the lead story, those beside it, those to start with, the rest, founders and tags."""
    if number := request.GET.get("p"):
        return short_address(request, number)
    context = {
        "page": front_page(),
        "share_picture": card_of_publication().address("publication_picture"),
    }
    return render(request, "stories/home.html", context)


@cached_page("page")
@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    """List all public stories, the newest first."""
    stories = Story.objects.published().newest_first().for_cards()
    context = {
        "stories": paginate(request, stories, STORIES_A_PAGE),
        "has_series": Series.objects.has_public(),
    }
    return render(request, "stories/list.html", context)


@cached_page()
@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a story; 410 once it is withdrawn, 404 before it is published."""
    story = read_story(slug)
    if story is None:
        return no_story(request, slug)
    return say_where(render(request, "stories/story.html", page_of(story)))


@cached_page()
@require_safe
def story_as_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve a story as Markdown; answers like its page if the story is not public."""
    story = read_source(slug)
    if story is None:
        return no_story(request, slug, to="story_as_markdown")
    people = ", ".join(founder.name for founder in story.founders)
    parts = read_parts_of(story.pk, timezone.now())
    context = {
        "story": story,
        "people": people,
        "takeaways": parts.takeaways,
        "sources": sorted(parts.sources, key=lambda source: source.position),
        "series": parts.series,
    }
    return render(request, "stories/story_as_markdown.txt", context, "text/markdown; charset=utf-8")


@cached_page()
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show what this publication is and how it works."""
    text = markdown.render_html(current().about)
    return render(request, "stories/about.html", {"text": text})


@cached_page()
@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    """Show the page in which a browser lists what was saved on its device."""
    return render(request, "stories/reading_list.html")
