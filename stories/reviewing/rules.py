"""What a rule of the checklist is. `blocking_rules.py` and `advisory_rules.py` have the rules.

A rule is a small function: it gets a Draft, and returns a sentence if the draft breaks it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from stories.commenting.threads import Discussion, discussion_of
from stories.models import Source, StoryContent
from stories_project.text import markdown


@dataclass(frozen=True)
class Draft:
    """A content to check, and the primary key of its story if that is stored.

    Its body is parsed once for all rules. `also_public` are slugs of stories that become public
    together with this one.
    """

    content: StoryContent
    story_key: int | None = None
    also_public: frozenset[str] = frozenset()

    @cached_property
    def facts(self) -> markdown.Facts:
        """The headings, images, links and paragraphs of the body."""
        return markdown.facts_of(self.content.body)

    @cached_property
    def sources(self) -> list[Source]:
        """The sources, each with the number of its citations."""
        return Source.from_lines(self.content.sources, self.facts.citations)

    @property
    def source_keys(self) -> set[str]:
        """The keys that the text may cite."""
        return {source.key for source in self.sources if source.key}

    @cached_property
    def discussion(self) -> Discussion:
        """The comments on the story, with their places in the body."""
        return discussion_of(self.story_key, self.content.body)


Check = Callable[[Draft], str | None]


@dataclass(frozen=True)
class Rule:
    """One rule: the field it is about, its title, and the function that checks it."""

    field: str
    title: str
    is_blocking: bool
    check: Check


BLOCKING: list[Rule] = []
ADVICE: list[Rule] = []


def blocking(field: str, title: str) -> Callable[[Check], Check]:
    """Register a rule that a story must follow to be published; `field` shows the sentence."""
    return _registering(BLOCKING, field, title, is_blocking=True)


def advice(field: str, title: str) -> Callable[[Check], Check]:
    """Register a rule that an editor may ignore."""
    return _registering(ADVICE, field, title, is_blocking=False)


def _registering(
    rules: list[Rule], field: str, title: str, *, is_blocking: bool
) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        rules.append(Rule(field, title, is_blocking, check))
        return check

    return register
