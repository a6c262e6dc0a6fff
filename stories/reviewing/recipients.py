"""Who is told about the review steps of a story."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q

from stories.models import Plan, Review, Revision

FOR_EDITORS = {Review.Step.SUBMITTED, Review.Step.FAILED}


def recipients_of(review: Review) -> Iterable[User]:
    """Return the users who are told about a step.

    Everybody who may publish is told when a story waits for review or could not go live. The owner
    and the authors of the story are told about every other step.
    """
    users = get_user_model()._default_manager
    if review.step in FOR_EDITORS:
        return users.with_perm(
            "stories.publish_story", backend="django.contrib.auth.backends.ModelBackend"
        )
    revisions = Revision.objects.filter(story=review.story_id, author__isnull=False)
    owners = Plan.objects.filter(story=review.story_id, owner__isnull=False)
    concerned = Q(pk__in=revisions.order_by().values("author")) | Q(pk__in=owners.values("owner"))
    return users.filter(concerned, is_active=True)
