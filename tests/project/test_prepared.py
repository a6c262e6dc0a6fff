from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.models import Story
from stories_project.page_cache.surrogate_keys import collecting
from stories_project.prepared import Prepared
from tests.factories import make_story

pytestmark = pytest.mark.django_db


def newest(now):
    return Story.objects.published(now).newest_first()


class APreparedQuery:
    def test_answers_with_the_values_of_each_call(self):
        loom, ledger = make_story(slug="the-loom"), make_story(slug="the-ledger")
        by_slug = Prepared(lambda slug: Story.objects.filter(slug=slug), slug=CharField())
        assert by_slug(slug="the-loom") == [loom]
        assert by_slug(slug="the-ledger") == [ledger]
        assert by_slug(slug="100 %s") == []

    def test_loads_whole_rows_and_notes_their_keys(self):
        story = make_story(title="The loom")
        by_key = Prepared(lambda key: Story.objects.filter(pk=key), key=BigIntegerField())
        with collecting() as page:
            [loaded] = by_key(key=story.pk)
        assert (loaded.title, loaded.modified_at) == (story.title, story.modified_at)
        assert page.shown == {story.surrogate_key}

    def test_notes_the_keys_of_its_lists_at_each_call(self):
        stories = Prepared(newest, now=DateTimeField())
        for _ in range(2):
            with collecting() as page:
                stories(now=timezone.now())
            assert page.shown == {"newest"}

    def test_takes_lists_of_any_length(self):
        stories = [make_story(), make_story(), make_story()]
        by_keys = Prepared(lambda keys: Story.objects.filter(pk__in=keys), keys=BigIntegerField())
        for length in (1, 3, 2):
            keys = [story.pk for story in stories[:length]]
            assert {story.pk for story in by_keys(keys=keys)} == set(keys)

    def test_compares_times_as_a_queryset_does(self):
        now = timezone.now()
        story = make_story(publish_at=now)
        stories = Prepared(newest, now=DateTimeField())
        assert stories(now=now) == [story]
        assert stories(now=now - timedelta(microseconds=1)) == []

    def test_asks_the_database_each_time(self):
        stories = Prepared(newest, now=DateTimeField())
        assert stories(now=timezone.now()) == []
        story = make_story()
        with CaptureQueriesContext(connection) as queries:
            assert stories(now=timezone.now()) == [story]
        assert len(queries) == 1
