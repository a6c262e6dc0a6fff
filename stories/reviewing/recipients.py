"""Who is told about the review steps of a story."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q

from stories.models import Plan, Review, Revision
from stories.models.staff import REVIEW, who_may

FOR_EDITORS = {Review.Step.SUBMITTED, Review.Step.FAILED}


def recipients_of(review: Review) -> Iterable[User]:
    """Return the users who are told about a step.

    All staff who may publish are told when a story waits for review or could not go live. The owner
    and the authors of the story are told about every other step.
    """
    if review.step in FOR_EDITORS:
        return who_may(REVIEW)
    revisions = Revision.objects.filter(story=review.story_id, author__isnull=False)
    owners = Plan.objects.filter(story=review.story_id, owner__isnull=False)
    concerned = Q(pk__in=revisions.order_by().values("author")) | Q(pk__in=owners.values("owner"))
    users = get_user_model()._default_manager
    return users.filter(concerned, is_active=True)
