"""The founders of stories, loaded for many stories at once or for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Story
from tests.factories import make_founder, make_story, reload, revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """A story about two founders."""
    return make_story(founders=[make_founder(name="Ada"), make_founder(name="Grace")])


class TheFoundersOfStories:
    def test_are_the_same_objects_in_the_order_of_each_story(self, story):
        ada, grace = story.founders
        other = make_story(founders=[grace, ada])
        first, second = Story.objects.with_founders().order_by("pk")
        assert (first.pk, second.pk) == (story.pk, other.pk)
        assert [one.name for one in first.founders] == ["Ada", "Grace"]
        assert first.founders[0] is second.founders[1]

    def test_are_read_again_when_the_story_is(self, story):
        loaded = Story.objects.with_founders().get(pk=story.pk)
        revise(reload(story), {"founders": (make_founder(name="Sakichi").pk,)})
        loaded.refresh_from_db()
        assert [founder.name for founder in loaded.founders] == ["Sakichi"]

    def test_stay_when_one_more_column_is_read(self, story):
        loaded = Story.objects.for_cards().get(pk=story.pk)
        assert loaded.byline == story.byline
        with CaptureQueriesContext(connection) as captured:
            assert len(loaded.founders) == 2
        assert not captured

    def test_are_not_loaded_for_a_drawn_cover(self, story):
        plain = Story.objects.get(pk=story.pk)
        with CaptureQueriesContext(connection) as captured:
            assert plain.drawn_cover.inks
        assert len(captured) == 1
