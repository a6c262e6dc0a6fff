"""E-mails about the review steps of a story, one to each recipient."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from stories.models import Review, Revision
from stories_project.publication.current import current, in_its_language

log = logging.getLogger(__name__)
FOR_EDITORS = {Review.Step.SUBMITTED, Review.Step.FAILED}


@in_its_language()
def send_emails(review: Review) -> None:
    """Send the e-mails about a step. If the mail server fails, log it and raise nothing."""
    recipients = recipients_of(review)
    if not recipients:
        return
    desk = reverse("admin:stories_story_change", args=[review.story_id])
    context = {
        "review": review,
        "address": settings.SITE_URL + desk,
        "publication_name": current().name,
    }
    subject = f"{review}: {' '.join(review.story.title.split())}"
    body = render_to_string("stories/notice.txt", context)
    messages = [EmailMessage(subject, body, to=[address]) for address in recipients]
    try:
        get_connection().send_messages(messages)
    except Exception:
        # Mail back ends raise errors of any type. The step is recorded already.
        log.exception("No e-mail about %s of story %s", review.step, review.story_id)


def recipients_of(review: Review) -> list[str]:
    """Return the e-mail addresses for a step, without that of the user who took it.

    Everybody who may publish gets an e-mail when a story waits for review or could not go live. The
    authors of the story get one for every other step.
    """
    users = get_user_model()._default_manager
    if review.step in FOR_EDITORS:
        recipients = users.with_perm(
            "stories.publish_story", backend="django.contrib.auth.backends.ModelBackend"
        )
    else:
        revisions = Revision.objects.filter(story=review.story_id, author__isnull=False)
        authors = set(revisions.order_by().values_list("author", flat=True))
        if not authors:
            return []
        recipients = users.filter(pk__in=authors, is_active=True)
    addresses = (
        recipients.exclude(pk=review.by_id or 0).exclude(email="").values_list("email", flat=True)
    )
    return sorted({address.lower() for address in addresses})
