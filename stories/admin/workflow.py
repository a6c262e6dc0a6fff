"""The steps of a story at the desk: what the buttons of its form do, what stands beside them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from stories.admin.permissions import address, of_story
from stories.models import ScheduledUpdate, Story
from stories.planning.transitions import planned_for
from stories.reviewing import steps
from stories.writing import publishing
from stories.writing.form_fields import MomentField
from stories.writing.forms import PUBLISH, SCHEDULE, WITHDRAW

SUBMIT, APPROVE, RETURN = "_submit", "_approve", "_return"
REVIEW_STEPS = {
    SUBMIT: steps.submit,
    APPROVE: steps.approve,
    RETURN: steps.give_back,
}
OF_PUBLISHERS = {PUBLISH, WITHDRAW, SCHEDULE, APPROVE, RETURN}
STAY = {PUBLISH, WITHDRAW, SCHEDULE, *REVIEW_STEPS}


def addresses():
    """Return the addresses of the steps that take no text."""
    return [
        address("<int:object_id>/discard/", discard_changes, "discard"),
        address("<int:object_id>/cancel-update/", cancel_update, "cancel_update"),
        address("<int:object_id>/withdraw-at/", withdraw_at, "withdraw_at"),
    ]


@require_POST
@of_story("publish")
def discard_changes(request, story):
    """Go back to what readers see."""
    publishing.discard_changes(story, request.user)
    messages.success(request, "The changes are discarded. They stay in the history.")
    return redirect("admin:stories_story_change", story.pk)


@require_POST
@of_story("publish")
def cancel_update(request, story):
    """Let the scheduled changes wait for an editor again."""
    publishing.cancel_update(story, request.user)
    messages.success(request, "The changes are not scheduled any more. They stay as they are.")
    return redirect("admin:stories_story_change", story.pk)


@require_POST
@of_story("publish")
def withdraw_at(request, story):
    """Set or clear when a public story is withdrawn; its unpublished changes stay unpublished."""
    try:
        at = MomentField(required=False).clean(request.POST.get("withdraw_at", ""))
        if at and at <= timezone.now():
            raise ValidationError("Choose a time to come, or press “Withdraw now”.")
        publishing.retime(story, {"unpublish_at": at}, request.user)
    except ValidationError as error:
        messages.error(request, f"Nothing is changed. {' '.join(error.messages)}")
    else:
        messages.success(request, "The time of the withdrawal is set." if at else "It stays.")
    return redirect("admin:stories_story_change", story.pk)


def refuse_the_unentitled(request, may_publish):
    """Raise PermissionDenied for a verb that the user may not use."""
    if OF_PUBLISHERS & request.POST.keys() and not may_publish:
        raise PermissionDenied


def take_step(request, form):
    """Take the step of the review that was asked for together with saving."""
    story, note = form.instance, form.cleaned_data["note"]
    verb = next((verb for verb in REVIEW_STEPS if verb in request.POST), None)
    is_changed = story.review_status == Story.ReviewStatus.APPROVED
    if verb is None and is_changed and not request.user.has_perm("stories.publish_story"):
        verb, note = SUBMIT, "Changed after it was approved."
    try:
        if verb:
            REVIEW_STEPS[verb](story, request.user, note)
    except ValidationError as error:
        messages.error(request, f"The text is saved. {' '.join(error.messages)}")


def staying(request):
    """Return the request as if “Save and continue” had been pressed, after one of our verbs."""
    if STAY & request.POST.keys():
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
    return request


def beside(story):
    """Return what the form of a story shows beside its text."""
    update = ScheduledUpdate.objects.filter(story=story).select_related("by").first()
    times = {"publish_at": story.publish_at, "unpublish_at": story.unpublish_at}
    return {
        "update": update,
        "withdraw_at": MomentField().prepare_value(story.unpublish_at) or "",
        "state_in_words": in_words(story),
        "planned": planned_for(story.is_published, times, update),
        "set_aside": story.revisions.unsettled().select_related("author").order_by("pk"),
        "last_review": story.reviews.select_related("by").order_by("-pk").first(),
        "newest_revision": story.working_revision or story.live_revision,
    }


def in_words(story):
    """Return the state of a story with its date, in the publication's zone."""
    if story.publish_at is None:
        return story.get_review_status_display() if story.review_status else "Draft"
    is_gone = story.is_withdrawn
    moment = timezone.localtime(story.unpublish_at if is_gone else story.publish_at)
    words = {
        story.State.SCHEDULED: "Scheduled for {}",
        story.State.PUBLISHED: "Published on {}",
        story.State.WITHDRAWN: "Withdrawn on {}",
    }
    sentence = words[story.state].format(date_format(moment, "DATETIME_FORMAT"))
    return f"{sentence}, has unpublished changes" if story.has_unpublished_changes else sentence
