"""What the search page shows, and what the search box suggests."""

from collections.abc import Sequence
from typing import NamedTuple

from django import forms
from django.utils.translation import pgettext_lazy

from founders.models import Founder
from stories.models import Story, StorySearch, Tag
from stories.models.story_search import StorySearchQuerySet
from stories.search.marking import Piece, excerpt, mark
from stories_project.page_cache.surrogate_keys import SEARCH, note
from stories_project.text import full_text, markdown
from stories_project.text.full_text import Term
from stories_project.text.typography import typographic

SUGGESTED_FOUNDERS, SUGGESTED_TAGS, SUGGESTED_STORIES = 3, 3, 5


class SearchForm(forms.Form):
    """What a reader types into the search box."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label=pgettext_lazy("the page", "Search"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class Result(NamedTuple):
    """A story that a search has found: its title and the best part of its text, as Pieces."""

    story: Story
    title: list[Piece]
    excerpt: list[Piece]


def results(keys: Sequence[int], terms: Sequence[Term]) -> list[Result]:
    """Return the Results for the public stories with these primary keys, in this order."""
    stories = Story.objects.published().for_results().in_bulk(keys)
    return [_result(stories[key], terms) for key in keys if key in stories]


def _result(story: Story, terms: Sequence[Term]) -> Result:
    takeaways = " ".join(takeaway.text for takeaway in story.takeaways.all())
    texts = [
        typographic(story.excerpt),
        typographic(takeaways),
        markdown.plain_text(story.body_html),
    ]
    return Result(story, mark(typographic(story.title), terms), excerpt(texts, terms))


def suggestions(text: str) -> list[str]:
    """Return names of founders and tags, and titles of stories, that begin with what is typed."""
    note(SEARCH)
    terms = full_text.last_as_prefix(full_text.parse(text))
    if not terms:
        return []
    founders = Founder.objects.approved().named_by(terms).by_name()[:SUGGESTED_FOUNDERS]
    tags = Tag.objects.in_use().named_by(terms).by_name()[:SUGGESTED_TAGS]
    rows = StorySearch.objects.published().with_all(terms, StorySearchQuerySet.TITLE)
    keys = list(rows.newest_first().values_list("pk", flat=True)[:SUGGESTED_STORIES])
    stories = Story.objects.published().in_bulk(keys)
    names = [founder.name for founder in founders] + [tag.name for tag in tags]
    return list(dict.fromkeys([*names, *(stories[key].title for key in keys if key in stories)]))
