"""The stage of a story on the board: how far it is on its way to readers. Stored nowhere."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stories.models.visibility import published_at

if TYPE_CHECKING:
    from stories.models.story import Story


class Stage(models.TextChoices):
    """The columns of the board. A withdrawn story is in none of them."""

    IDEA = "idea", _("Idea")
    WRITING = "writing", _("Writing")
    REVIEW = "review", _("Review")
    READY = "ready", _("Ready")
    LIVE = "live", _("Live")


# The stages of a story whose text is not handed in yet: until then its deadline counts.
WITHOUT_TEXT = (Stage.IDEA, Stage.WRITING)


def stage_of(story: "Story", moment: datetime) -> Stage | None:
    """Return the stage of a story at a moment; `in_stage` is the same rule in SQL."""
    status, state = story.review_status, story.state_at(moment)
    if state != story.State.DRAFT:
        stages = {story.State.SCHEDULED: Stage.READY, story.State.PUBLISHED: Stage.LIVE}
        return stages.get(state)
    if status == story.ReviewStatus.SUBMITTED:
        return Stage.REVIEW
    if status == story.ReviewStatus.APPROVED:
        return Stage.READY
    has_begun = bool(story.word_count or status == story.ReviewStatus.RETURNED)
    return Stage.WRITING if has_begun else Stage.IDEA


def in_stage(stage: str, moment: datetime) -> Q:
    """Return the condition that a story is in a stage at a moment."""
    is_draft = Q(publish_at=None)
    conditions = {
        Stage.IDEA: is_draft & Q(review_status="", word_count=0),
        Stage.WRITING: is_draft
        & (Q(review_status="returned") | Q(review_status="", word_count__gt=0)),
        Stage.REVIEW: is_draft & Q(review_status="submitted"),
        Stage.READY: Q(publish_at__gt=moment) | (is_draft & Q(review_status="approved")),
        Stage.LIVE: published_at(moment),
    }
    return conditions[Stage(stage)]
