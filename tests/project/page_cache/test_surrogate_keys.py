"""A page notes what it shows while it is rendered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stories.models import Story
from stories_project.page_cache.surrogate_keys import (
    MOST_OF_A_KIND,
    PageKeys,
    collecting,
    note,
    note_end,
    with_kinds,
)
from tests.factories import make_founder, make_story


@pytest.mark.django_db
class AStoryPage:
    def test_notes_its_story_founder_and_tags_and_the_stories_on_its_cards(self, client):
        ada = make_founder(name="Ada")
        story = make_story(slug="the-loom", founders=[ada], tags=["Craft"])
        other = make_story(founders=[ada])
        with collecting() as page:
            client.get("/stories/the-loom/")
        tag = story.tags.get()
        wanted = {story.surrogate_key, other.surrogate_key, ada.surrogate_key, tag.surrogate_key}
        assert wanted <= page.shown
        assert "newest" not in page.shown
        (choice,) = page.choices
        assert {f"stories-of-founder-{ada.pk}", f"stories-of-tag-{tag.pk}"} <= set(choice.keys)

    def test_depends_on_a_pinned_story_that_is_not_public_yet(self, client):
        later = make_story(publish_at=timezone.now() + timedelta(days=1))
        make_story(slug="the-loom", pinned=[later])
        with collecting() as page:
            client.get("/stories/the-loom/")
        assert later.surrogate_key in page.choices[0].keys


class APageWithVeryManyStories:
    def test_carries_one_key_for_all_of_them(self):
        many = {f"story-{number}" for number in range(MOST_OF_A_KIND + 1)}
        page = PageKeys(shown=many | {"founder-1", "newest"})
        assert page.summary() == {"story-any", "founder-1", "newest"}

    def test_is_dropped_by_a_change_of_any_of_them(self):
        assert with_kinds({"story-7", "newest"}) == {"story-7", "story-any", "newest"}


class WhatIsNotedOutsideAPage:
    def test_goes_nowhere(self):
        note("story-1")
        with collecting() as page:
            pass
        note("story-2")
        assert page.shown == set()

    def test_inside_of_two_pages_belongs_to_the_inner_one(self):
        with collecting() as outer:
            with collecting() as inner:
                note("story-1")
            note("story-2")
        assert (inner.shown, outer.shown) == ({"story-1"}, {"story-2"})


class AnEnd:
    def test_is_the_earliest_that_was_noted(self):
        now = timezone.now()
        with collecting() as page:
            note_end(now + timedelta(hours=2))
            note_end(now + timedelta(hours=1))
        assert page.ends_at == now + timedelta(hours=1)


def test_a_row_has_the_same_key_before_and_after_it_is_loaded():
    assert Story(pk=12).surrogate_key == Story.key_of(12) == "story-12"
