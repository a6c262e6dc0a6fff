"""The checklist: what a story should have before it is public. Each rule is a small function.

A rule gets a Draft and returns a sentence if the draft breaks it. Blocking rules are enforced when
a story is published, scheduled or imported. Advice is only shown beside the text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from founders.models import Founder
from stories.commenting.threads import Discussion, discussion_of
from stories.models import DeadLink, Source, StoryContent
from stories.reviewing.broken_links import broken_links
from stories_project.text import markdown

LONGEST_TITLE = 60
SHORTEST_EXCERPT, LONGEST_EXCERPT = 50, 300
LONGEST_PARAGRAPH = 200


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


def findings(content: StoryContent, story_key: int | None = None) -> list[Finding]:
    """Return the findings of all rules: broken rules first, and blocking ones before advice.

    `story_key` is the primary key of the story, whose comments and dead links are looked at.
    """
    draft = Draft(content, story_key)
    found = [Finding(r.field, _(r.title), r.is_blocking, r.check(draft) or "") for r in RULES]
    return sorted(found, key=lambda f: (not f.sentence, not f.is_blocking))


def broken_rules(
    content: StoryContent, also_public: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Return {field: sentences} for the blocking rules that the content breaks.

    `also_public` are slugs of stories that become public together with this one.
    """
    draft = Draft(content, also_public=also_public)
    broken: dict[str, list[str]] = {}
    for rule in RULES:
        if rule.is_blocking and (sentence := rule.check(draft)):
            broken.setdefault(rule.field, []).append(sentence)
    return {field: " ".join(sentences) for field, sentences in broken.items()}


@blocking("title", gettext_noop("Title"))
def has_title(draft: Draft) -> str | None:
    """Readers and editors find a story by its title."""
    return None if draft.content.title else _("Write a title.")


@blocking("excerpt", gettext_noop("Excerpt"))
def has_excerpt(draft: Draft) -> str | None:
    """Lists and search results show the excerpt."""
    return None if draft.content.excerpt else _("Write an excerpt before the story is published.")


@blocking("body", gettext_noop("Text"))
def has_body(draft: Draft) -> str | None:
    """A story page needs a text."""
    return None if draft.content.body else _("Write the story before it is published.")


@blocking("takeaways", gettext_noop("Key takeaway"))
def has_takeaway(draft: Draft) -> str | None:
    """A story page opens with its takeaways."""
    return (
        None if draft.content.takeaways else _("Write at least one key takeaway before publishing.")
    )


@blocking("founders", gettext_noop("Approved founder"))
def has_approved_founder(draft: Draft) -> str | None:
    """Nothing is published about people whom no moderator has approved."""
    if Founder.objects.approved().filter(pk__in=draft.content.founders).exists():
        return None
    return _("A story is published only with an approved founder: choose one, or ask a moderator.")


@blocking("cover_alt", gettext_noop("Cover described"))
def has_described_cover(draft: Draft) -> str | None:
    """A reader who cannot see the cover hears its description."""
    is_described = not draft.content.cover or draft.content.cover_alt
    return None if is_described else _("Describe the cover for readers who cannot see it.")


@blocking("body", gettext_noop("Headings say something"))
def has_no_empty_heading(draft: Draft) -> str | None:
    """Screen readers list the headings; an empty one says nothing there."""
    is_empty = any(not heading.text.strip() for heading in draft.facts.headings)
    return _("A heading is empty: write it, or remove its #.") if is_empty else None


@blocking("body", gettext_noop("Headings in order"))
def has_headings_in_order(draft: Draft) -> str | None:
    """Screen reader users navigate by heading levels. The title of the page is level 1."""
    levels = [1, *(heading.level for heading in draft.facts.headings)]
    for place, (above, below) in enumerate(pairwise(levels)):
        if below > above + 1:
            text = draft.facts.headings[place].text
            values = {"heading": text, "marks": "#" * (above + 1)}
            return _("The heading “%(heading)s” skips a level: give it %(marks)s.") % values
    return None


@blocking("body", gettext_noop("Pictures described"))
def has_described_images(draft: Draft) -> str | None:
    """A reader who cannot see a picture hears its description."""
    undescribed = ("", markdown.ALT_TO_WRITE)
    missing = [src for src, alt in draft.facts.images if alt.lower() in undescribed]
    if not missing:
        return None
    if len(missing) == 1:
        return _("A picture is not described: write between the brackets what it shows.")
    sentence = ngettext(
        "%(count)s picture is not described: write between the brackets what it shows.",
        "%(count)s pictures are not described: write between the brackets what it shows.",
        len(missing),
    )
    return sentence % {"count": len(missing)}


@blocking("body", gettext_noop("Links lead somewhere"))
def has_no_broken_link(draft: Draft) -> str | None:
    """Readers must be able to open every link to a page of this site."""
    broken = broken_links(draft.facts, draft.content, draft.also_public)
    if not broken:
        return None
    links, more = ", ".join(broken[:3]), len(broken) - 3
    if more > 0:
        sentence = _("A link leads nowhere: %(links)s and %(more)s more.")
        return sentence % {"links": links, "more": more}
    return _("A link leads nowhere: %(links)s.") % {"links": links}


@blocking("body", gettext_noop("Citations lead to a source"))
def has_no_unknown_citation(draft: Draft) -> str | None:
    """Readers must be able to look up what a number in the text cites."""
    unknown = [key for key in draft.facts.citations if key not in draft.source_keys]
    if not unknown:
        return None
    sentence = _("No source has the key %(keys)s: write it before the title of the source.")
    return sentence % {"keys": ", ".join(f"@{key}" for key in unknown[:3])}


@advice("title", gettext_noop("Title fits a search result"))
def has_short_title(draft: Draft) -> str | None:
    """Search engines cut longer titles."""
    length = len(draft.content.search_title or draft.content.title)
    if length <= LONGEST_TITLE:
        return None
    sentence = _(
        "%(length)s characters; search results show about %(longest)s. Set a search title."
    )
    return sentence % {"length": length, "longest": LONGEST_TITLE}


@advice("excerpt", gettext_noop("Length of the excerpt"))
def has_fitting_excerpt(draft: Draft) -> str | None:
    """Cards and search results have room for two or three sentences."""
    length = len(draft.content.excerpt)
    if not length or SHORTEST_EXCERPT <= length <= LONGEST_EXCERPT:
        return None
    values = {"length": length, "shortest": SHORTEST_EXCERPT, "longest": LONGEST_EXCERPT}
    return _("%(length)s characters; %(shortest)s to %(longest)s are best.") % values


@advice("tags", gettext_noop("Tags"))
def has_tags(draft: Draft) -> str | None:
    """Tags lead readers to related stories."""
    return None if draft.content.tags else _("Without a tag, readers find fewer related stories.")


@advice("sources", gettext_noop("Sources"))
def has_sources(draft: Draft) -> str | None:
    """Readers trust what they can check."""
    return None if draft.content.sources else _("Say where the facts come from.")


@advice("sources", gettext_noop("Sources cited"))
def has_no_uncited_source(draft: Draft) -> str | None:
    """A source that nothing cites tells readers nothing about any sentence."""
    cited = set(draft.facts.citations)
    uncited = [source.title for source in draft.sources if source.key not in cited]
    if not uncited:
        return None
    if not cited:
        return _("The text cites no source: type [@ behind a claim.")
    values = {"titles": "; ".join(uncited[:2]), "count": len(uncited)}
    if len(uncited) > 2:
        return _("The text does not cite %(count)s of the sources: %(titles)s …") % values
    return _("The text does not cite: %(titles)s.") % values


@advice("body", gettext_noop("Claims cite a source"))
def has_no_uncited_claim(draft: Draft) -> str | None:
    """A number, a date or a quotation is what readers want to check."""
    claims = draft.facts.uncited if draft.content.sources else []
    if not claims:
        return None
    values = {"count": len(claims), "first": " ".join(claims[0].split()[:8])}
    sentence = ngettext(
        "%(count)s sentence with a number, date or quotation cites nothing: “%(first)s …”",
        "%(count)s sentences with a number, date or quotation cite nothing, such as “%(first)s …”",
        len(claims),
    )
    return sentence % values


@advice("body", gettext_noop("Links to other sites"))
def has_no_dead_link(draft: Draft) -> str | None:
    """What a source says must be there for readers to look up."""
    written = {*draft.facts.links, *(source.url for source in draft.sources)}
    found = DeadLink.objects.certain().filter(story=draft.story_key) if draft.story_key else ()
    dead = [link for link in found if link.url in written]
    if not dead:
        return None
    values = {"count": len(dead), "url": dead[0].url, "failure": dead[0].failure}
    sentence = ngettext(
        "%(count)s link leads nowhere: %(url)s. %(failure)s",
        "%(count)s links lead nowhere, such as %(url)s. %(failure)s",
        len(dead),
    )
    return sentence % values


@advice("body", gettext_noop("Length of paragraphs"))
def has_short_paragraphs(draft: Draft) -> str | None:
    """A phone shows about sixty words at once."""
    for paragraph in draft.facts.paragraphs:
        words = paragraph.split()
        if len(words) > LONGEST_PARAGRAPH:
            values = {"beginning": " ".join(words[:5]), "words": len(words)}
            return _("The paragraph “%(beginning)s …” has %(words)s words.") % values
    return None


@advice("body", gettext_noop("Comments"))
def has_no_open_comment(draft: Draft) -> str | None:
    """Somebody waits for an answer."""
    count = draft.discussion.count("comment")
    sentence = ngettext("%(count)s comment is open.", "%(count)s comments are open.", count)
    return sentence % {"count": count} if count else None


@advice("body", gettext_noop("Fact-check"))
def has_no_doubtful_passage(draft: Draft) -> str | None:
    """What is disputed, or not what was confirmed, may be wrong."""
    disputed, changed = draft.discussion.count("disputed"), draft.discussion.count("changed")
    sentences = [
        ngettext("%(count)s passage is disputed.", "%(count)s passages are disputed.", disputed)
        % {"count": disputed},
        ngettext(
            "%(count)s passage has changed since it was confirmed.",
            "%(count)s passages have changed since they were confirmed.",
            changed,
        )
        % {"count": changed},
    ]
    shown = [s for s, count in zip(sentences, (disputed, changed), strict=True) if count]
    return " ".join(shown) or None
