import logging
import re
from datetime import timedelta

from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from founders.models import Founder
from stories import structured_data
from stories.calendar import as_icalendar, entries
from stories.content import EMPTY, newest_content_of
from stories.models import CalendarAddress, ReviewLink, Story, StoryPastSlug, Tag
from stories.page import lines_of, page_of, preview_of
from stories.search.finding import search as find
from stories.search.pages import SearchForm
from stories.sharing.pictures import card_of_founder, card_of_publication
from stories_project.freshness import keep_nowhere
from stories_project.pagination import paginate

STORIES_A_PAGE = 20
TAGS_A_PAGE = 100
NEWEST_ON_HOME = 9
LONGEST_ADDRESS_READ = 200
NAMED = re.compile("/(?:stories|founders|tags)/(?P<name>.+)")
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=365)

log = logging.getLogger(__name__)


@require_safe
def home(request):
    """Show the lead story, the newest stories, tags and founders."""
    published = Story.objects.published().for_cards()
    newest = list(published.newest_first()[: NEWEST_ON_HOME + 1])
    lead = next(iter(published.leading()), None) or next(iter(newest), None)
    people = {founder: None for story in newest for founder in story.founders}
    context = {
        "lead": lead,
        "stories": [story for story in newest if story != lead][:NEWEST_ON_HOME],
        "founders": [founder for founder in people if founder.is_approved],
        "tags": Tag.objects.on_any_of(newest).by_name(),
        "share_picture": card_of_publication().address("publication_picture"),
    }
    return render(request, "stories/home.html", context)


@require_safe
def story_list(request):
    """Show all stories, the newest first."""
    stories = Story.objects.published().newest_first().for_cards()
    page = paginate(request, stories, STORIES_A_PAGE)
    return render(request, "stories/list.html", {"stories": page})


@require_safe
def story(request, slug):
    """Show a story; 410 once it is withdrawn, 404 before it is published."""
    story = Story.objects.published().for_page().filter(slug=slug).first()
    if story is None:
        return no_story(request, slug)
    return render(request, "stories/story.html", page_of(story))


@require_safe
def story_as_markdown(request, slug):
    """Answer with a story as Markdown; where there is none, as its page does."""
    story = Story.objects.published().for_page().filter(slug=slug).first()
    if story is None:
        return no_story(request, slug, to="story_as_markdown")
    takeaways, sources, _ = lines_of(story)
    context = {"story": story, "takeaways": takeaways, "sources": sources}
    context["people"] = ", ".join(founder.name for founder in story.founders)
    return render(request, "stories/story.md", context, "text/markdown; charset=utf-8")


def no_story(request, slug, to="story"):
    """Answer for the address of a story that is not public; a moved one is at the view `to`."""
    return moved_or_gone(
        request,
        Story.objects.published().filter(past_slugs__slug=slug),
        Story.objects.withdrawn().filter(slug=slug),
        StoryPastSlug.objects.filter(slug=slug),
        template="stories/withdrawn.html",
        to=to,
    )


@require_safe
def review_link(request, token):
    """Show an unpublished story to whoever has its link; 410 once that is closed."""
    link = ReviewLink.objects.signed(token).select_related("story", "revision").first()
    if link is None:
        raise Http404("There is no such link")
    if not link.is_open:
        return keep_nowhere(render(request, "stories/link_closed.html", status=410))
    content = link.revision.content if link.revision else newest_content_of(link.story)
    page = preview_of(EMPTY | content, link.story_id)
    return keep_nowhere(render(request, "stories/story.html", page | {"preview": "Draft"}))


@require_safe
def calendar_feed(request, token):
    """Answer a calendar program with what happens when; 404 for an address that is not one."""
    private = CalendarAddress.objects.select_related("user").filter(token=token).first()
    user = private and private.user
    if not (user and user.is_active and user.is_staff and user.has_perm("stories.view_story")):
        raise Http404("There is no such calendar")
    now = timezone.now()
    found = entries(now - FEED_BACK, now + FEED_AHEAD)
    text = as_icalendar(found, request.get_host())
    return keep_nowhere(HttpResponse(text, content_type="text/calendar; charset=utf-8"))


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


@require_safe
def about(request):
    """Say what this publication is and how it works."""
    return render(request, "stories/about.html")


def not_found(request, exception):
    """Answer for an address where nothing is (404); of a story or a founder, with what is like it.

    Whoever tries other addresses is a machine more often than not, and gets no search.
    """
    context = {"form": SearchForm()}
    if lost := NAMED.match(request.path):
        words = re.sub(r"[-_/.]", " ", lost["name"])[:LONGEST_ADDRESS_READ]
        try:
            context["stories"] = _cards(find(words).stories[:3])
        except DatabaseError:
            log.exception("No search for what may have been meant")
    return render(request, "404.html", context, status=404)


def _cards(keys):
    cards = Story.objects.published().for_cards().in_bulk(keys)
    return [cards[key] for key in keys if key in cards]


@require_safe
def tag_list(request):
    """Show the tags in use, by name, with the number of their stories."""
    tags = Tag.objects.in_use().with_counts().by_name()
    return render(request, "stories/tags.html", {"tags": paginate(request, tags, TAGS_A_PAGE)})


@require_safe
def tag(request, slug):
    """Show the stories of a tag, the newest first; 404 while no story of it is public."""
    tag = Tag.objects.in_use().filter(slug=slug).first()
    if tag is None:
        return no_tag(request, slug)
    stories = Story.objects.published().tagged(tag).for_cards()
    page = paginate(request, stories, STORIES_A_PAGE)
    return render(request, "stories/tag.html", {"tag": tag, "stories": page})


def no_founder(request, slug, to="founder"):
    """Answer for the address of a founder who is not public; a moved one is at the view `to`."""
    return moved_or_gone(
        request,
        Founder.objects.approved().filter(past_slugs__slug=slug),
        Founder.objects.hidden().filter(slug=slug),
        Founder.objects.filter(past_slugs__slug=slug),
        template="founders/hidden.html",
        to=to,
    )


def no_tag(request, slug, to="tag"):
    """Answer for the address of a tag without a public story; a moved one is at the view `to`."""
    return moved_or_gone(request, Tag.objects.in_use().filter(past_slugs__slug=slug), to=to)


def moved_or_gone(request, moved, *was_public, to, template=None):
    """Answer for an address that is not public now but may have been once.

    301 to the row that `moved` finds, in one hop, at its address of the view `to`; 410 with a page
    where any of `was_public` finds one; raises Http404 otherwise.
    """
    if row := moved.first():
        return redirect(to, row.slug, permanent=True)
    if any(rows.exists() for rows in was_public):
        newest = Story.objects.published().newest_first().for_cards()[:3]
        return render(request, template, {"form": SearchForm(), "newest": newest}, status=410)
    raise Http404("There is no such page")
