"""The rules that an editor may ignore. What they say is only shown beside the text."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from stories.models import DeadLink
from stories.reviewing.rules import Draft, advice

LONGEST_TITLE = 60
SHORTEST_EXCERPT, LONGEST_EXCERPT = 50, 300
LONGEST_PARAGRAPH = 200


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
