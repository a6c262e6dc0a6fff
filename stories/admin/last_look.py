"""The last look before a story goes live: what changes for readers, the checklist, the time."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stories.admin.outcomes import board_path, path_of, say_outcome
from stories.admin.permissions import DeskRequest, desk_page, of_stories, of_story, story_path
from stories.models import DeskPreferences, ScheduledUpdate, Story, StoryContent
from stories.reviewing import checklist
from stories.writing.comparing import compare
from stories.writing.form_fields import MomentField
from stories.writing.forms import Verb
from stories.writing.references import names_of_references
from stories_project.next_steps import say

# The button of the form that saves the text and leads here.
BUTTON = "_last_look"
# The parameter with the query of the board, when somebody comes from there and returns to it.
FROM_BOARD = "board"


def urls() -> list[URLPattern]:
    """Return the URL patterns."""
    return [
        story_path("<int:object_id>/last-look/", last_look, "last_look"),
        story_path("last-look/ask/", ask_again, "ask_again"),
    ]


def is_skipped_by(request: HttpRequest) -> bool:
    """Whether the user publishes without a last look."""
    chosen = DeskPreferences.objects.filter(user_id=request.user.pk, skips_last_look=True)
    return chosen.exists()


def path_from_board(story: Story, query: str) -> str:
    """Return the address of the last look that leads back to the board with its query."""
    return f"{path_of(story, 'last_look')}?{urlencode({FROM_BOARD: query})}"


@require_http_methods(["GET", "HEAD", "POST"])
@of_story("publish")
def last_look(request: DeskRequest, story: Story) -> HttpResponse:
    """Show what will change for readers, or let it change."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            return _go_live(request, story)
        except ValidationError as error:
            errors = error.messages
            story.refresh_from_db()
    query = request.GET.get(FROM_BOARD)
    context = {
        **_context(story),
        **{"errors": errors, "chosen_at": request.POST.get("at", "")},
        "board_address": "" if query is None else board_path(query),
    }
    return desk_page(request, "last_look", _("Before it goes live"), story, **context)


@require_POST
@of_stories("publish")
def ask_again(request: DeskRequest) -> HttpResponse:
    """Show the last look again before this user publishes."""
    DeskPreferences.objects.filter(user=request.user).update(skips_last_look=False)
    say(request, _("From now on you have a last look before a story goes live."))
    return redirect("admin:index")


def _context(story: Story) -> dict[str, Any]:
    newest = story.newest_content
    before = story.content if story.is_published else StoryContent()
    findings = [each for each in checklist.findings(newest) if each.sentence]
    return {
        "changes": compare(before, newest, names_of_references(before, newest)),
        "findings": findings,
        "is_blocked": any(each.is_blocking for each in findings),
        "newest": story.newest_revision_id,
        "form_address": path_of(story, "change"),
        "earliest": MomentField().prepare_value(timezone.now()),
        "scheduled_at": _scheduled_at(story),
    }


def _scheduled_at(story: Story) -> datetime | None:
    """Return when the story, or an update of it, is to go live; None if nothing is scheduled."""
    if story.state == Story.State.SCHEDULED:
        return story.publish_at
    update = ScheduledUpdate.objects.waiting().filter(story=story).first()
    return update.at if update else None


def _go_live(request: DeskRequest, story: Story) -> HttpResponse:
    """Publish the text that the user has looked at, now or at the chosen time.

    Raises ValidationError if the form refuses the text, or if there is a newer one.
    """
    if request.POST.get("newest") != str(story.newest_revision_id or ""):
        raise ValidationError(_("Somebody has saved the story meanwhile. Look once more."))
    was_public, verb = story.is_published, Verb.PUBLISH
    if request.POST.get("when") == "later":
        verb = Verb.SCHEDULE if was_public else Verb.SAVE
        story.schedule(_chosen_time(request), by=request.user)
    else:
        story.publish(by=request.user)
    if "skip" in request.POST:
        _skip_from_now_on(request)
    say_outcome(request, story, verb, was_public=was_public)
    query = request.GET.get(FROM_BOARD)
    return redirect(path_of(story, "change") if query is None else board_path(query))


def _chosen_time(request: DeskRequest) -> Any:
    at = MomentField(required=False).clean(request.POST.get("at", ""))
    if at is None or at <= timezone.now():
        raise ValidationError(_("Choose a time in the future, or publish now."))
    return at


def _skip_from_now_on(request: DeskRequest) -> None:
    chosen = {"skips_last_look": True}
    DeskPreferences.objects.update_or_create(user=request.user, defaults=chosen)
