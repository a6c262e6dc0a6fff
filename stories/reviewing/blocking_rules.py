"""The rules that a story must follow to be published, scheduled or imported."""

from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from founders.models import Founder
from stories.reviewing.broken_links import broken_links
from stories.reviewing.rules import Draft, blocking
from stories_project.text import markdown


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
