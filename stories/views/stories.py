from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.models import Series, Story, Tag
from stories.reading.parts import read_parts_of
from stories.reading.story_page import page_of, read_story
from stories.sharing.share_pictures import card_of_publication
from stories.views.missing import no_story
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate
from stories_project.publication.current import current
from stories_project.text import markdown

STORIES_A_PAGE = 20
NEWEST_ON_HOME = 9


@cached_page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the lead story, the newest stories, tags and founders."""
    published = Story.objects.published().for_cards()
    newest = list(published.newest_first()[: NEWEST_ON_HOME + 1])
    lead = published.leading().first() or (newest[0] if newest else None)
    founders = dict.fromkeys(founder for story in newest for founder in story.founders)
    context = {
        "lead": lead,
        "stories": [story for story in newest if story != lead][:NEWEST_ON_HOME],
        "founders": [founder for founder in founders if founder.is_approved],
        "tags": Tag.objects.on_any_of(newest).by_name(),
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
    return render(request, "stories/story.html", page_of(story))


@cached_page()
@require_safe
def story_as_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve a story as Markdown; answers like its page if the story is not public."""
    story = Story.objects.published().with_founders().filter(slug=slug).first()
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
    context = {
        "text": markdown.render_html(current().about),
        "sender_days": settings.SENDERS_KEPT.days,
        "log_days": settings.AUDIT_LOG_KEPT.days,
        "answer_days": settings.ANSWER_WITHIN.days,
    }
    return render(request, "stories/about.html", context)
