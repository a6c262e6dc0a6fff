"""The workflow of a story at the desk: what the buttons do, and the state beside the form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin import last_look
from stories.admin.outcomes import (
    in_full,
    path_of,
    say_outcome,
    say_reviewed,
    say_withdrawal_planned,
)
from stories.admin.permissions import DeskRequest, of_story, story_path
from stories.models import ScheduledUpdate, Story
from stories.planning.transitions import transitions_of
from stories.reviewing import steps
from stories.writing.form_fields import MomentField
from stories.writing.forms import StoryForm, Verb
from stories_project.next_steps import Step, say

# The names of the buttons beside “Save”.
VERBS = {"_publish": Verb.PUBLISH, "_schedule": Verb.SCHEDULE, "_withdraw": Verb.WITHDRAW}
REVIEW_STEPS = {
    "_submit": steps.submit,
    "_approve": steps.approve,
    "_return": steps.return_to_writer,
}
PUBLISHERS_ONLY = {*VERBS, "_approve", "_return", last_look.BUTTON}
STAY_ON_THE_FORM = {*VERBS, *REVIEW_STEPS, "_continue"}


def urls() -> list[URLPattern]:
    """Return the URL patterns of the buttons that do not submit the form."""
    return [
        story_path("<int:object_id>/discard/", discard_changes, "discard"),
        story_path("<int:object_id>/cancel-update/", cancel_update, "cancel_update"),
        story_path("<int:object_id>/withdraw-at/", withdraw_at, "withdraw_at"),
        story_path("<int:object_id>/unschedule/", unschedule, "unschedule"),
    ]


@require_POST
@of_story("publish")
def discard_changes(request: DeskRequest, story: Story) -> HttpResponse:
    """Discard the working copy."""
    story.discard_changes(request.user)
    step = Step(_("History"), path_of(story, "history"))
    say(request, _("The changes are discarded. They stay in the history."), step)
    return redirect("admin:stories_story_change", story.pk)


@require_POST
@of_story("publish")
def cancel_update(request: DeskRequest, story: Story) -> HttpResponse:
    """Cancel the scheduled update. Its content stays the working copy."""
    story.cancel_update(request.user)
    say(request, _("The changes are no longer scheduled. They stay as unpublished changes."))
    return redirect("admin:stories_story_change", story.pk)


@require_POST
@of_story("publish")
def unschedule(request: DeskRequest, story: Story) -> HttpResponse:
    """Make a scheduled story a draft again."""
    if story.state == Story.State.SCHEDULED:
        story.retime({"publish_at": None}, request.user)
        say(request, _("“%(story)s” is no longer scheduled: it is a draft.") % {"story": story})
    else:
        text = _("Nothing was changed: “%(story)s” is not scheduled any more.") % {"story": story}
        say(request, text, level=messages.WARNING)
    return redirect("admin:stories_story_change", story.pk)


@require_POST
@of_story("publish")
def withdraw_at(request: DeskRequest, story: Story) -> HttpResponse:
    """Set or clear the time of withdrawal. The working copy stays unpublished."""
    try:
        at = MomentField(required=False).clean(request.POST.get("withdraw_at", ""))
        if at and at <= timezone.now():
            raise ValidationError(_("Choose a time in the future, or press “Withdraw now”."))
        story.retime({"unpublish_at": at}, request.user)
    except ValidationError as error:
        messages.error(
            request, _("Nothing was changed. %(errors)s") % {"errors": " ".join(error.messages)}
        )
    else:
        say_withdrawal_planned(request, story, at)
    return redirect("admin:stories_story_change", story.pk)


def check_permission(request: DeskRequest, *, may_publish: bool) -> None:
    """Raise PermissionDenied for a button that the user may not press."""
    if PUBLISHERS_ONLY & request.POST.keys() and not may_publish:
        raise PermissionDenied


def pressed_verb(request: DeskRequest) -> Verb:
    """Return the verb of the button that was pressed."""
    return next((verb for name, verb in VERBS.items() if name in request.POST), Verb.SAVE)


def stays_on_the_form(request: DeskRequest) -> bool:
    """Return whether the form is shown again after the pressed button."""
    return bool(STAY_ON_THE_FORM & request.POST.keys())


def store(request: DeskRequest, form: StoryForm) -> None:
    """Save the accepted content of a form as the pressed button says.

    Raises Overtaken if somebody else has saved since the form was opened.
    """
    story, note = form.instance, form.cleaned_data["note"]
    based_on, was_public = form.cleaned_data["based_on"], form.was_published
    if form.verb is Verb.PUBLISH:
        story.publish(form.content, by=request.user, note=note, based_on=based_on)
    elif form.verb is Verb.SCHEDULE:
        at = form.cleaned_data["update_at"]
        story.schedule(at, form.content, by=request.user, note=note, based_on=based_on)
    elif form.verb is Verb.SAVE or form.changed_fields:
        story.save_content(form.content, by=request.user, note=note, based_on=based_on)
    if form.verb is Verb.WITHDRAW:
        _take(request, story.withdraw, request.user, note)
    if not _take_review_step(request, form):
        say_outcome(request, story, form.verb, was_public=was_public)


def _take_review_step(request: DeskRequest, form: StoryForm) -> bool:
    """Take the step of the review that was pressed; return whether its outcome was shown."""
    story, note = form.instance, form.cleaned_data["note"]
    step = next((step for name, step in REVIEW_STEPS.items() if name in request.POST), None)
    was_approved = story.review_status == Story.ReviewStatus.APPROVED
    if step is None and was_approved and not request.user.has_perm("stories.publish_story"):
        step, note = steps.submit, "Changed after it was approved."
    if step is None:
        return False
    if _take(request, step, story, request.user, note):
        say_reviewed(request, story, story.review_status)
    return True


def _take(request: DeskRequest, step: Callable[..., object], *arguments: object) -> bool:
    """Take a step after the text is saved; if that is not possible, show why."""
    try:
        step(*arguments)
        return True
    except ValidationError as error:
        messages.error(
            request, _("The text is saved. %(errors)s") % {"errors": " ".join(error.messages)}
        )
        return False


def context_of(story: Story) -> dict[str, Any]:
    """Return what the form shows about the state and the plan of a story."""
    update = ScheduledUpdate.objects.filter(story=story).select_related("by").first()
    return {
        "update": update,
        "withdraw_at": MomentField().prepare_value(story.unpublish_at) or "",
        "state_in_words": in_words(story),
        "planned": transitions_of(story, is_public=story.is_published, update=update),
        "set_aside": story.revisions.unsettled().select_related("author").order_by("pk"),
        "last_review": story.reviews.select_related("by").order_by("-pk").first(),
        "newest_revision": story.working_revision or story.live_revision,
    }


def in_words(story: Story) -> str:
    """Return the state of a story in words, with its date in the publication's time zone."""
    if story.publish_at is None:
        return story.get_review_status_display() if story.review_status else _("Draft")
    sentences = {
        story.State.SCHEDULED: (_("Scheduled for %(date)s"), story.publish_at),
        story.State.PUBLISHED: (_("Published on %(date)s"), story.publish_at),
        story.State.WITHDRAWN: (_("Withdrawn on %(date)s"), story.unpublish_at),
    }
    words, moment = sentences[story.state]
    sentence = words % {"date": in_full(moment)}
    if story.has_unpublished_changes:
        return _("%(state)s, has unpublished changes") % {"state": sentence}
    return sentence
