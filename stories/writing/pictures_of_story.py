"""Which pictures a story shows, as rows of the media library."""

import re
from collections.abc import Set
from dataclasses import replace

from stories.models import Story, StoryContent
from stories_project.library.models import PictureUse
from stories_project.library.uses import (
    Place,
    Said,
    Shown,
    describe_if_blank,
    forget_uses,
    names_in,
    note_old,
    note_uses,
    shown_in,
    text_with_other,
)
from stories_project.text.markdown import ALT_TO_WRITE

STORY = PictureUse.Kind.STORY
# A picture in a text: its description and its address.
DESCRIBED = re.compile(r"!\[([^\[\]\n]{1,300})\]\(([^()\s]+)")


def shown_by(cover: str, body: str) -> set[Shown]:
    """Return the pictures of a cover and a text, each with its place."""
    return shown_in(Place.COVER, cover) | shown_in(Place.TEXT, body)


def note_pictures(story: Story, *, is_new: bool = False) -> None:
    """Store which pictures readers see in a story, and which are in its working copy.

    What the text says about a picture is proposed when somebody uses it again.
    """
    working: Set[Shown] = frozenset()
    newest: Story | StoryContent = story
    if story.working_revision:
        newest = content = story.working_revision.content
        working = shown_by(content.cover, content.body)
    live = shown_by(story.cover.name or "", story.body)
    note_uses(STORY, story.pk, live, working, is_new=is_new)
    describe_if_blank(_said_by(newest))


def _said_by(text: Story | StoryContent) -> dict[str, Said]:
    """Return {name: (description, credit)} of the pictures of a text."""
    found = DESCRIBED.findall(text.body)
    said = {
        name: (alt, "")
        for alt, address in found
        for name in names_in(address)
        if alt and alt != ALT_TO_WRITE
    }
    if text.cover:
        said[str(text.cover)] = (text.cover_alt, text.cover_credit)
    return said


def note_set_aside(story: Story, content: StoryContent) -> None:
    """Store which pictures a text has that was set aside."""
    note_old(STORY, story.pk, shown_by(content.cover, content.body))


def note_removed(story: Story) -> None:
    """Store that only the history of a story that is deleted now has its pictures."""
    note_uses(STORY, story.pk, frozenset())


def forget_pictures_of(key: int) -> None:
    """Delete the rows of a story of which no revision is left; `key` is its primary key."""
    forget_uses(STORY, key)


def with_other_picture(content: StoryContent, old: str, new: str) -> StoryContent:
    """Return a content that shows another stored picture in place of an old one.

    A focal point of the old cover is dropped: it says nothing about another picture.
    """
    body = text_with_other(content.body, old, new)
    if content.cover != old:
        return replace(content, body=body)
    return replace(content, body=body, cover=new, cover_focus="")
