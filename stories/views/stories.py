from django.shortcuts import render
from django.views.decorators.http import require_safe

from stories.models import Story, Tag
from stories.reading.story_page import page_of
from stories.sharing.share_pictures import card_of_publication
from stories.views.missing import no_story
from stories_project.pagination import paginate

STORIES_A_PAGE = 20
NEWEST_ON_HOME = 9


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
    people = ", ".join(founder.name for founder in story.founders)
    context = {"story": story, "people": people}
    return render(request, "stories/story.md", context, "text/markdown; charset=utf-8")


@require_safe
def about(request):
    """Say what this publication is and how it works."""
    return render(request, "stories/about.html")
