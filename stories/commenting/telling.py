"""Who is told of a comment: who is mentioned, answered, or has sent the review link."""

import re

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse

from stories.models import Comment
from stories.models.notification import Kind
from stories.models.staff import CHECK, REVIEW, WRITE, who_may
from stories.notifying.notify import notify
from stories_project.rate_limit import exceeds

# The characters of Django's usernames.
MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]{1,150})")
MOST_MENTIONED = 20
HOUR = 3600


def people_to_mention(beginning: str = "") -> QuerySet[User]:
    """Return the staff whose username or name begins with a text, in the order of usernames.

    Only who works on stories is meant: they write, review or check facts.
    """
    begins = Q(username__istartswith=beginning)
    begins |= Q(first_name__istartswith=beginning) | Q(last_name__istartswith=beginning)
    return who_may(WRITE, REVIEW, CHECK).filter(begins).order_by("username")


def mentioned_in(text: str) -> list[User]:
    """Return the staff who are mentioned in a text with "@" and their username."""
    found = MENTION.findall(text)[:MOST_MENTIONED]
    # A full stop or a hyphen may end the sentence, or belong to the name.
    names = {name for each in found for name in (each, each.rstrip(".-+@"))}
    return list(people_to_mention().filter(username__in=names)) if names else []


def tell(comment: Comment, mentioned: list[User]) -> None:
    """Notify who is mentioned, and whom the comment answers."""
    others = [comment.parent.author if comment.parent else None]
    if comment.is_by_guest:
        others.append(_sender_of_link(comment))
    answered = [user for user in others if user and user not in mentioned]
    for kind, users in ((Kind.MENTION, mentioned), (Kind.COMMENT, answered)):
        notify(
            kind,
            users,
            comment.story,
            comment.author,
            text=_in_words(comment),
            path=_path_of(comment),
        )


def _sender_of_link(comment: Comment) -> User | None:
    """Return who made the link of a guest; None if they were told within this hour."""
    link = comment.review_link
    if link is None or exceeds(f"review link {link.pk}", "guest_comments", 1, HOUR):
        return None
    return link.created_by


def _in_words(comment: Comment) -> str:
    """Return the passage and what is said about it, by whom."""
    root = comment.parent or comment
    said = [f"“{root.quote}”", f"{comment.name}: {comment.text}" if comment.text else comment.name]
    return "\n".join([*said, comment.source] if comment.source else said)


def _path_of(comment: Comment) -> str:
    root = comment.parent or comment
    return reverse("admin:stories_story_comments", args=[comment.story_id]) + f"#comment-{root.pk}"
