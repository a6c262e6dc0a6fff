"""Who is told of a comment by e-mail: who is mentioned, answered, or has sent the review link."""

import logging
import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.models import Comment
from stories_project.publication.current import current, in_its_language
from stories_project.rate_limit import exceeds

log = logging.getLogger(__name__)
# The characters of Django's usernames.
MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]{1,150})")
MOST_MENTIONED = 20
HOUR = 3600


def people_to_mention(beginning: str = "") -> QuerySet[User]:
    """Return the staff whose username or name begins with a text, in the order of usernames."""
    staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    begins = Q(username__istartswith=beginning)
    begins |= Q(first_name__istartswith=beginning) | Q(last_name__istartswith=beginning)
    return staff.filter(begins).order_by("username")


def mentioned_in(text: str) -> list[User]:
    """Return the staff who are mentioned in a text with "@" and their username."""
    found = MENTION.findall(text)[:MOST_MENTIONED]
    # A full stop or a hyphen may end the sentence, or belong to the name.
    names = {name for each in found for name in (each, each.rstrip(".-+@"))}
    return list(people_to_mention().filter(username__in=names)) if names else []


@in_its_language()
def tell(comment: Comment, mentioned: list[User]) -> None:
    """Send the e-mails about a comment. If the mail server fails, log it and raise nothing."""
    sentences = {user: _("%(name)s mentions you") for user in mentioned}
    root = comment.parent
    if root and root.author:
        sentences.setdefault(root.author, _("%(name)s replies to you"))
    if comment.is_by_guest and (author := _sender_of_link(comment)):
        sentences.setdefault(author, _("%(name)s comments, with your review link"))
    messages = [
        _message(comment, user, sentence % {"name": comment.name})
        for user, sentence in sentences.items()
        if user.email and user.is_active and user.pk != comment.author_id
    ]
    if not messages:
        return
    try:
        get_connection().send_messages(messages)
    except Exception:
        # Mail back ends raise errors of any type. The comment is stored already.
        log.exception("No e-mail about comment %s", comment.pk)


def _sender_of_link(comment: Comment) -> User | None:
    """Return who made the link of a guest; None if they were told within this hour."""
    link = comment.review_link
    if link is None or exceeds(f"review link {link.pk}", "guest_comments", 1, HOUR):
        return None
    return link.created_by


def _message(comment: Comment, user: User, sentence: str) -> EmailMessage:
    desk = reverse("admin:stories_story_comments", args=[comment.story_id])
    root = comment.parent or comment
    context = {
        "comment": comment,
        "sentence": sentence,
        "quote": root.quote,
        "address": f"{settings.SITE_URL}{desk}#comment-{root.pk}",
        "publication_name": current().name,
    }
    title = " ".join(comment.story.title.split())
    body = render_to_string("stories/comment_notice.txt", context)
    return EmailMessage(f"{' '.join(sentence.split())}: {title}", body, to=[user.email])
