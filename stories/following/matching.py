"""Which stories a follower wants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from founders.models import Founder
from stories.models import Follow, Letter, Story, StoryFounder, StoryTag


@dataclass(frozen=True)
class Subject:
    """A story as far as it decides who gets it.

    `founders` has the approved ones, and the profiles that were merged into theirs.
    """

    pk: int
    publish_at: datetime
    founders: frozenset[int]
    tags: frozenset[int]

    def is_wanted_by(self, follows: Iterable[Follow]) -> bool:
        """Whether somebody with these follows gets it."""
        return any(
            follow.founder_id in self.founders
            if follow.founder_id
            else follow.tag_id in self.tags
            if follow.tag_id
            else True
            for follow in follows
        )


def subjects_of(letter: Letter) -> list[Subject]:
    """Return what is public now of a letter, the newest first, in four queries."""
    stories = dict(letter.stories.values_list("pk", "publish_at"))
    founders: dict[int, set[int]] = {pk: set() for pk in stories}
    tags: dict[int, set[int]] = {pk: set() for pk in stories}
    rows = StoryFounder.objects.filter(story__in=stories, founder__in=Founder.objects.approved())
    for story, founder in rows.order_by().values_list("story", "founder"):
        founders[story].add(founder)
    every = set().union(*founders.values()) if founders else set()
    merged = Founder.objects.filter(merged_into__in=every).values_list("pk", "merged_into")
    for each in founders.values():
        each |= {pk for pk, kept in merged if kept in each}
    tagged = StoryTag.objects.filter(content_object__in=stories)
    for story, tag in tagged.order_by().values_list("content_object", "tag"):
        tags[story].add(tag)
    return [
        Subject(pk, publish_at, frozenset(founders[pk]), frozenset(tags[pk]))
        for pk, publish_at in stories.items()
        if publish_at
    ]


def wanted(letter: Letter, subjects: list[Subject], follows: list[Follow]) -> list[Subject]:
    """Return what of a letter goes to the follower with these follows, who must be loaded."""
    if not follows:
        return []
    chosen = [subject for subject in subjects if subject.is_wanted_by(follows)]
    if letter.kind == Letter.Kind.STORY:
        return chosen
    told_until = follows[0].follower.told_until
    return [subject for subject in chosen if subject.publish_at > told_until]


def how_many_would_get(story: Story) -> int:
    """Return how many followers get a story, at once or in a digest."""
    rows = Follow.objects.filter(follower__paused_at=None)
    approved = Founder.objects.approved()
    founders = StoryFounder.objects.filter(story=story, founder__in=approved).values("founder")
    tags = StoryTag.objects.filter(content_object=story).values("tag")
    of_it = rows.filter(founder=None, tag=None) | rows.filter(founder__in=founders)
    of_it |= rows.filter(founder__merged_into__in=founders) | rows.filter(tag__in=tags)
    return of_it.order_by().values("follower").distinct().count()
