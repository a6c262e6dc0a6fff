"""The state of a story as a coloured word: the same in each list of the desk."""

from dataclasses import dataclass
from datetime import datetime

from stories.models import Story


@dataclass(frozen=True)
class Pill:
    """A word with its colour (`pill--{kind}` in lists.css), and since or until when it is true."""

    kind: str
    word: str
    at: datetime | None


def pill_of(story: Story) -> Pill:
    """Return the Pill of a story: its state, or the step of the review that a draft has reached."""
    state = Story.State(story.state)
    if state is Story.State.DRAFT and story.review_status:
        label = story.get_review_status_display()
        return Pill(story.review_status, label, story.review_status_changed_at)
    moments = {
        Story.State.DRAFT: None,
        Story.State.SCHEDULED: story.publish_at,
        Story.State.PUBLISHED: story.publish_at,
        Story.State.WITHDRAWN: story.unpublish_at,
    }
    return Pill(state.value, str(state.label), moments[state])
