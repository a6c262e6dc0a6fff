"""The board at the desk: the stories in their stages, moving them, and noting down ideas."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from stories.admin import last_look
from stories.admin.outcomes import board_path, say_outcome
from stories.admin.owners import owner_choice
from stories.admin.permissions import (
    DeskRequest,
    desk_page,
    of_stories,
    of_story,
    story_admin,
    story_path,
)
from stories.models import Story
from stories.planning.board import MOVES, PUBLISH, columns, moves_of
from stories.planning.plans import take
from stories.writing.forms import StoryForm, Verb

FOR_PUBLISHERS = _("Editors approve and publish. Submit the story for review, and they are told.")


class IdeaForm(forms.Form):
    title = forms.CharField(label=_("A new idea"), max_length=200)


def urls() -> list[URLPattern]:
    """Return the URL patterns of the board."""
    return [
        story_path("board/", board, "board"),
        story_path("board/idea/", add_idea, "board_idea"),
        story_path("<int:object_id>/move/", move, "move"),
        story_path("<int:object_id>/take/", take_story, "take"),
    ]


@require_safe
@of_stories("view")
def board(request: DeskRequest) -> HttpResponse:
    """Show the stories in the columns of their stages."""
    owner = owner_choice(request)
    context: dict[str, Any] = {
        "columns": columns(request.user, owner.key),
        "owner": owner,
        "shown": "board",
        "refusal": "" if request.user.has_perm("stories.publish_story") else FOR_PUBLISHERS,
        "idea_form": IdeaForm() if story_admin().has_add_permission(request) else None,
    }
    return desk_page(request, "board", gettext("Board"), **context)


@require_POST
@of_stories("add")
def add_idea(request: DeskRequest) -> HttpResponse:
    """Store a story that has only a title; whoever may not publish owns it."""
    form = IdeaForm(request.POST)
    errors = [str(sentence) for sentences in form.errors.values() for sentence in sentences]
    if form.is_valid():
        of_story = StoryForm({"title": form.cleaned_data["title"]})
        errors = [str(sentence) for found in of_story.errors.values() for sentence in found]
        if of_story.is_valid():
            start(of_story, request)
            messages.success(request, gettext("The idea is noted: %(title)s") % form.cleaned_data)
    if errors:
        messages.error(request, " ".join(errors))
    return _back(request)


@transaction.atomic
def start(form: StoryForm, request: DeskRequest) -> None:
    """Save an idea. A writer owns what they start."""
    story = form.instance.save_content(form.content, by=request.user)
    if not request.user.has_perm("stories.publish_story"):
        take(story, request.user)


@require_POST
@of_story("change")
def move(request: DeskRequest, story: Story) -> HttpResponse:
    """Take a step with a story; respond with a redirect to the board, or with JSON to a script.

    Publishing leads to the last look first, unless this user publishes without one.
    """
    wanted = MOVES.get(request.POST.get("step", ""))
    if wanted and wanted.is_for_publishers and not request.user.has_perm("stories.publish_story"):
        return _answer(request, str(FOR_PUBLISHERS), status=403)
    try:
        if wanted is None or wanted not in moves_of(story, request.user):
            raise ValidationError(
                gettext("The story is not where it was: somebody else has moved it.")
            )
        if wanted is PUBLISH and not last_look.is_skipped_by(request):
            return _go_on(request, last_look.path_from_board(story, request.POST.get("back", "")))
        wanted.step(story, request.user, request.POST.get("comment", "")[:2000])
    except ValidationError as error:
        return _answer(request, " ".join(error.messages))
    if wanted is PUBLISH:
        say_outcome(request, story, Verb.PUBLISH, was_public=False)
        return _go_on(request, board_path(request.POST.get("back", "")))
    return _answer(request, "")


@require_POST
@of_story("change")
def take_story(request: DeskRequest, story: Story) -> HttpResponse:
    """Make the user the owner of a story that nobody owns."""
    try:
        take(story, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("You own the story now: %(story)s") % {"story": story})
    return _back(request)


def _answer(request: DeskRequest, error: str, status: int = 400) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"error": error}, status=status if error else 200)
    if error:
        messages.error(request, error)
    else:
        messages.success(request, gettext("The story is moved."))
    return _back(request)


def _go_on(request: DeskRequest, address: str) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"error": "", "go": address})
    return redirect(address)


def _back(request: DeskRequest) -> HttpResponse:
    return redirect(board_path(request.POST.get("back", "")))
