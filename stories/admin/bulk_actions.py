"""What can be done with several stories of the list at once."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from stories.admin.permissions import DeskRequest
from stories.admin.workflow import in_words
from stories.models import Story


@admin.action(description="Publish now", permissions=["publish"])
def publish_now(desk: ModelAdmin, request: DeskRequest, stories: QuerySet[Story]) -> None:
    """Publish the selected stories, and show what was done with each."""
    for story in stories:
        publish = partial(story.publish, by=request.user)
        _run(request, story, publish, "Published", is_allowed=not story.is_published)


@admin.action(description="Withdraw now", permissions=["publish"])
def withdraw_now(desk: ModelAdmin, request: DeskRequest, stories: QuerySet[Story]) -> None:
    """Withdraw the selected stories, and show what was done with each."""
    for story in stories:
        withdraw = partial(story.withdraw, by=request.user)
        _run(request, story, withdraw, "Withdrawn", is_allowed=story.is_published)


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
            raise ValidationError(f"It is {in_words(story).lower()}.")
        verb()
        messages.success(request, f"{done}: {story}")
    except ValidationError as error:
        messages.error(request, f"Not changed: {story}. {' '.join(error.messages)}")
