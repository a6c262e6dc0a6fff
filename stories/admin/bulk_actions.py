"""What can be done with several stories of the list at once."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.admin.permissions import DeskRequest
from stories.admin.workflow import in_words
from stories.models import Story
from stories_project.text.sentences import inside_sentence


@admin.action(description=_("Publish now"), permissions=["publish"])
def publish_now(desk: ModelAdmin, request: DeskRequest, stories: QuerySet[Story]) -> None:
    """Publish the selected stories, and show what was done with each."""
    for story in stories:
        publish = partial(story.publish, by=request.user)
        _run(
            request,
            story,
            publish,
            gettext("Published: %(story)s"),
            is_allowed=not story.is_published,
        )


@admin.action(description=_("Withdraw now"), permissions=["publish"])
def withdraw_now(desk: ModelAdmin, request: DeskRequest, stories: QuerySet[Story]) -> None:
    """Withdraw the selected stories, and show what was done with each."""
    for story in stories:
        withdraw = partial(story.withdraw, by=request.user)
        _run(
            request, story, withdraw, gettext("Withdrawn: %(story)s"), is_allowed=story.is_published
        )


def _run(
    request: DeskRequest,
    story: Story,
    verb: Callable[[], object],
    done: str,
    *,
    is_allowed: bool,
) -> None:
    """Run a verb of one story, and show whether it was done or why not."""
    try:
        if not is_allowed:
            state = {"state": inside_sentence(in_words(story))}
            raise ValidationError(gettext("It is %(state)s.") % state)
        verb()
        messages.success(request, done % {"story": story})
    except ValidationError as error:
        values = {"story": story, "why": " ".join(error.messages)}
        messages.error(request, gettext("Not changed: %(story)s. %(why)s") % values)
