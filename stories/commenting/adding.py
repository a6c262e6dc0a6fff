"""Store a comment, and tell the people who are meant by it."""

from django.db import transaction

from stories.commenting.telling import mentioned_in, tell
from stories.models import Comment


@transaction.atomic
def add(comment: Comment) -> Comment:
    """Store a comment or a reply, and notify who is meant by it.

    A mark of a fact-checker is recorded in the audit log. A reply opens a resolved thread again.
    Raises ValidationError for a comment that breaks a constraint.
    """
    comment.validate_constraints()
    comment.save()
    # A guest does not know who works here.
    people = mentioned_in(comment.text) if comment.author else []
    comment.mentioned.set(people)
    if comment.author:
        comment.record_mark(comment.author)
    root = comment.parent
    if root and root.resolved_at and not root.is_fact_check:
        root.resolved_at = root.resolved_by = None
        root.save(update_fields=["resolved_at", "resolved_by"])
    tell(comment, people)
    return comment
