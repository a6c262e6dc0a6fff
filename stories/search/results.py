"""What the search page and the search box show."""

from django import forms

from founders.models import Founder
from stories.models import Story, StorySearch, Tag
from stories.models.story_search import StorySearchQuerySet
from stories.search.marking import excerpt, mark
from stories_project.text import full_text, markdown

SUGGESTED_FOUNDERS, SUGGESTED_TAGS, SUGGESTED_STORIES = 3, 3, 5


class SearchForm(forms.Form):
    """What a reader looks for."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label="Search",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


def results(keys, terms):
    """Return the public stories of some keys in their order, marked where they have the Terms.

    Each has its title as `marked_title` and the best part of its text as `marked_excerpt`.
    """
    found = Story.objects.published().for_results().in_bulk(keys)
    stories = [found[key] for key in keys if key in found]
    for story in stories:
        takeaways = " ".join(takeaway.text for takeaway in story.takeaways.all())
        texts = [story.excerpt, takeaways, markdown.plain_text(story.body_html)]
        story.marked_title = mark(story.title, terms)
        story.marked_excerpt = excerpt(texts, terms)
    return stories


def suggestions(text):
    """Return names of founders and tags and titles that begin as somebody has begun to type."""
    terms = full_text.last_as_prefix(full_text.parse(text))
    if not terms:
        return []
    founders = Founder.objects.approved().named_by(terms).by_name()[:SUGGESTED_FOUNDERS]
    tags = Tag.objects.in_use().named_by(terms).by_name()[:SUGGESTED_TAGS]
    rows = StorySearch.objects.published().with_all(terms, StorySearchQuerySet.TITLE)
    titled = rows.newest_first()[:SUGGESTED_STORIES]
    stories = Story.objects.published().in_bulk([row.pk for row in titled.only("pk")])
    names = [founder.name for founder in founders] + [tag.name for tag in tags]
    return list(dict.fromkeys([*names, *(story.title for story in stories.values())]))
