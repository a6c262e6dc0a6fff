"""The checklist: what a story should have before it is public. Each rule is a small function.

A rule gets a Draft and returns a sentence if the draft breaks it. Blocking rules are enforced when
a story is published, scheduled or imported. Advice is only shown beside the text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from founders.models import Founder
from stories.models import StoryContent
from stories.reviewing.broken_links import broken_links
from stories_project.text import markdown

LONGEST_TITLE = 60
SHORTEST_EXCERPT, LONGEST_EXCERPT = 50, 300
LONGEST_PARAGRAPH = 200


@dataclass(frozen=True)
class Draft:
    """A content to check. Its body is parsed once for all rules."""

    content: StoryContent

    @cached_property
    def facts(self) -> markdown.Facts:
        """The headings, images, links and paragraphs of the body."""
        return markdown.facts_of(self.content.body)


Check = Callable[[Draft], str | None]


@dataclass(frozen=True)
class Rule:
    """One rule: the field it is about, its title, and the function that checks it."""

    field: str
    title: str
    is_blocking: bool
    check: Check


@dataclass(frozen=True)
class Finding:
    """The result of one rule. `sentence` is empty if the content follows the rule."""

    field: str
    title: str
    is_blocking: bool
    sentence: str


RULES: list[Rule] = []


def blocking(field: str, title: str) -> Callable[[Check], Check]:
    """Register a rule that a story must follow to be published; `field` shows the sentence."""
    return _registering(field, title, is_blocking=True)


def advice(field: str, title: str) -> Callable[[Check], Check]:
    """Register a rule that an editor may ignore."""
    return _registering(field, title, is_blocking=False)


def _registering(field: str, title: str, *, is_blocking: bool) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        RULES.append(Rule(field, title, is_blocking, check))
        return check

    return register


def findings(content: StoryContent) -> list[Finding]:
    """Return the findings of all rules: broken rules first, and blocking ones before advice."""
    draft = Draft(content)
    found = [Finding(r.field, r.title, r.is_blocking, r.check(draft) or "") for r in RULES]
    return sorted(found, key=lambda f: (not f.sentence, not f.is_blocking))


def broken_rules(content: StoryContent) -> dict[str, str]:
    """Return {field: sentences} for the blocking rules that the content breaks."""
    draft = Draft(content)
    broken: dict[str, list[str]] = {}
    for rule in RULES:
        if rule.is_blocking and (sentence := rule.check(draft)):
            broken.setdefault(rule.field, []).append(sentence)
    return {field: " ".join(sentences) for field, sentences in broken.items()}


@blocking("title", "Title")
def has_title(draft: Draft) -> str | None:
    """Readers and editors find a story by its title."""
    return None if draft.content.title else "Write a title."


@blocking("excerpt", "Excerpt")
def has_excerpt(draft: Draft) -> str | None:
    """Lists and search results show the excerpt."""
    return None if draft.content.excerpt else "Write an excerpt before the story is published."


@blocking("body", "Text")
def has_body(draft: Draft) -> str | None:
    """A story page needs a text."""
    return None if draft.content.body else "Write the story before it is published."


@blocking("takeaways", "Key takeaway")
def has_takeaway(draft: Draft) -> str | None:
    """A story page opens with its takeaways."""
    return None if draft.content.takeaways else "Write at least one key takeaway before publishing."


@blocking("founders", "Approved founder")
def has_approved_founder(draft: Draft) -> str | None:
    """Nothing is published about people whom no moderator has approved."""
    if Founder.objects.approved().filter(pk__in=draft.content.founders).exists():
        return None
    return "A story is published only with an approved founder: choose one, or ask a moderator."


@blocking("cover_alt", "Cover described")
def has_described_cover(draft: Draft) -> str | None:
    """A reader who cannot see the cover hears its description."""
    is_described = not draft.content.cover or draft.content.cover_alt
    return None if is_described else "Describe the cover for readers who cannot see it."


@blocking("body", "Headings say something")
def has_no_empty_heading(draft: Draft) -> str | None:
    """Screen readers list the headings; an empty one says nothing there."""
    is_empty = any(not heading.text.strip() for heading in draft.facts.headings)
    return "A heading is empty: write it, or remove its #." if is_empty else None


@blocking("body", "Headings in order")
def has_headings_in_order(draft: Draft) -> str | None:
    """Screen reader users navigate by heading levels. The title of the page is level 1."""
    levels = [1, *(heading.level for heading in draft.facts.headings)]
    for place, (above, below) in enumerate(pairwise(levels)):
        if below > above + 1:
            text = draft.facts.headings[place].text
            return f"The heading “{text}” skips a level: give it {'#' * (above + 1)}."
    return None


@blocking("body", "Pictures described")
def has_described_images(draft: Draft) -> str | None:
    """A reader who cannot see a picture hears its description."""
    undescribed = ("", markdown.ALT_TO_WRITE)
    missing = [src for src, alt in draft.facts.images if alt.lower() in undescribed]
    if not missing:
        return None
    some = "A picture is" if len(missing) == 1 else f"{len(missing)} pictures are"
    return f"{some} not described: write between the brackets what it shows."


@blocking("body", "Links lead somewhere")
def has_no_broken_link(draft: Draft) -> str | None:
    """Readers must be able to open every link to a page of this site."""
    broken = broken_links(draft.facts, draft.content)
    if not broken:
        return None
    rest = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
    return f"A link leads nowhere: {', '.join(broken[:3])}{rest}."


@advice("title", "Title fits a search result")
def has_short_title(draft: Draft) -> str | None:
    """Search engines cut longer titles."""
    length = len(draft.content.search_title or draft.content.title)
    if length <= LONGEST_TITLE:
        return None
    return f"{length} characters; search results show about {LONGEST_TITLE}. Set a search title."


@advice("excerpt", "Length of the excerpt")
def has_fitting_excerpt(draft: Draft) -> str | None:
    """Cards and search results have room for two or three sentences."""
    length = len(draft.content.excerpt)
    if not length or SHORTEST_EXCERPT <= length <= LONGEST_EXCERPT:
        return None
    return f"{length} characters; {SHORTEST_EXCERPT} to {LONGEST_EXCERPT} are best."


@advice("tags", "Tags")
def has_tags(draft: Draft) -> str | None:
    """Tags lead readers to related stories."""
    return None if draft.content.tags else "Without a tag, readers find fewer related stories."


@advice("sources", "Sources")
def has_sources(draft: Draft) -> str | None:
    """Readers trust what they can check."""
    return None if draft.content.sources else "Say where the facts come from."


@advice("body", "Length of paragraphs")
def has_short_paragraphs(draft: Draft) -> str | None:
    """A phone shows about sixty words at once."""
    for paragraph in draft.facts.paragraphs:
        words = paragraph.split()
        if len(words) > LONGEST_PARAGRAPH:
            return f"The paragraph “{' '.join(words[:5])} …” has {len(words)} words."
    return None
