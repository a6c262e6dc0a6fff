"""What a story must have before the public may see it: one small function a rule.

A rule takes the cleaned values of `StoryForm` and returns a sentence when it is broken.
"""

from founders.models import Founder

BLOCKING = []


def blocking(field):
    """Add a rule that keeps a story from being published; its sentence stands at the field."""

    def add(rule):
        BLOCKING.append((field, rule))
        return rule

    return add


def broken_rules(values):
    """Return {field: sentence} for each blocking rule that a form's cleaned values break."""
    checked = ((field, rule(values)) for field, rule in BLOCKING)
    return {field: sentence for field, sentence in checked if sentence}


@blocking("excerpt")
def has_excerpt(values):
    """Lists and search results show the excerpt."""
    return None if values["excerpt"] else "Write an excerpt before the story is published."


@blocking("body")
def has_body(values):
    """A page without a story helps nobody."""
    return None if values["body"] else "Write the story before it is published."


@blocking("takeaways")
def has_takeaway(values):
    """Every story page opens with what a reader keeps."""
    return None if values["takeaways"] else "Write at least one key takeaway before publishing."


@blocking("founders")
def has_approved_founder(values):
    """Nothing is published about people whom no moderator has approved."""
    if Founder.objects.approved().filter(pk__in=values["founders"]).exists():
        return None
    return "A story is published only with an approved founder: choose one, or ask a moderator."


@blocking("cover_alt")
def has_described_cover(values):
    """A reader who cannot see the cover hears its description."""
    is_described = not values["cover"] or values["cover_alt"]
    return None if is_described else "Describe the cover for readers who cannot see it."
