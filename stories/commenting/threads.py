"""The comments on a story as threads, each with the place of its passage in a text."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from stories.commenting.anchoring import Anchor, Place, find
from stories.models import Comment, ReviewLink
from stories_project.text.recent import Recent

# A story with more comments shows the newest.
MOST_COMMENTS = 1000
Kind = Comment.Kind

_places = Recent[Place | None](2000)


@dataclass(frozen=True)
class Thread:
    """A comment on a passage, its replies, and where the passage is now (None: it is gone)."""

    root: Comment
    replies: list[Comment]
    place: Place | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved the thread."""
        return self.root.resolved_at is None

    @property
    def is_unchanged(self) -> bool:
        """Whether the words of the passage are still the same."""
        return self.place is not None and self.place.is_exact

    @property
    def state(self) -> str:
        """The state: "resolved", "comment", "disputed", "confirmed", or "changed" since then."""
        if not self.is_open:
            return "resolved"
        if self.root.kind == Kind.CONFIRMED and not self.is_unchanged:
            return "changed"
        return self.root.kind

    @property
    def state_in_words(self) -> str:
        """The state as an editor reads it."""
        return {
            "resolved": _("Taken back") if self.root.is_fact_check else _("Resolved"),
            "comment": _("Open"),
            "disputed": _("Disputed"),
            "confirmed": _("Confirmed"),
            "changed": _("Changed since it was confirmed"),
        }[self.state]

    @property
    def passage_in_words(self) -> str:
        """What has become of the passage; an empty text if nothing has, or if nobody waits."""
        if not self.is_open:
            return ""
        if self.place is None:
            return _("This passage is gone from the text.")
        return "" if self.place.is_exact else _("This passage has changed.")


@dataclass(frozen=True)
class Discussion:
    """The threads of a story, in the order of the text; those without a passage come last."""

    threads: list[Thread]

    @cached_property
    def open(self) -> list[Thread]:
        """The threads that nobody has resolved."""
        return [thread for thread in self.threads if thread.is_open]

    @cached_property
    def resolved(self) -> list[Thread]:
        """The threads that somebody has resolved."""
        return [thread for thread in self.threads if not thread.is_open]

    @property
    def waiting(self) -> int:
        """How many threads need somebody: open comments, disputed and changed passages."""
        return sum(thread.state != "confirmed" for thread in self.open)

    def count(self, state: str) -> int:
        """Return how many threads are in a state of `Thread.state`."""
        return sum(thread.state == state for thread in self.threads)

    @property
    def places(self) -> dict[int, tuple[int, int, str]]:
        """Where the passages are: {key of the comment: (start, end, state)}, in characters."""
        return {
            each.root.pk: (each.place.start, each.place.end, each.state)
            for each in self.threads
            if each.place
        }


def discussion_of(story_key: int | None, body: str, link: ReviewLink | None = None) -> Discussion:
    """Return the Discussion of a story in a text, as the staff reads it. Makes one query.

    With a review link, it is what the guest with that link reads.
    """
    rows = Comment.objects.filter(story=story_key) if story_key else Comment.objects.none()
    rows = rows.for_guest(link) if link else rows
    newest = sorted(rows.for_thread().reverse()[:MOST_COMMENTS], key=lambda row: row.pk)
    replies: dict[int | None, list[Comment]] = {}
    for comment in newest:
        replies.setdefault(comment.parent_id, []).append(comment)
    text = body.replace("\r\n", "\n")
    roots = replies.get(None, [])
    threads = [Thread(root, replies.get(root.pk, []), place_of(root, text)) for root in roots]
    return Discussion(sorted(threads, key=_order))


def place_of(comment: Comment, text: str) -> Place | None:
    """Return where the passage of a comment is in a text, or None if it is gone.

    The passage of a resolved comment is not looked for if it has changed: that costs most.
    """
    anchor = Anchor(comment.quote, comment.prefix, comment.suffix, comment.start, comment.rest)
    is_open = comment.resolved_at is None
    # The text itself would be kept with each key.
    key = (anchor, len(text), hash(text), is_open)
    return _places.get(key, lambda: find(anchor, text, also_changed=is_open))


def _order(thread: Thread) -> tuple[bool, int, int]:
    place = thread.place
    return place is None, place.start if place else 0, thread.root.pk
