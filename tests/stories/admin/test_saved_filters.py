import pytest
from django.test import Client

from stories.models import SavedFilter
from tests.factories import make_story_in, make_user

LIST = "/admin/stories/story/"
SAVE = f"{LIST}filters/save/"


@pytest.fixture
def writer(client):
    user = make_user("Writer")
    client.force_login(user)
    return user


@pytest.mark.django_db
class ASavedFilter:
    def test_stands_above_the_list_of_who_saved_it(self, client, writer):
        answer = client.post(SAVE, {"name": "Mine to do", "query": "state=draft&q=loom"})
        assert answer.url == f"{LIST}?state=draft&q=loom"
        assert "Mine to do" in client.get(LIST).text

    def test_is_shown_to_nobody_else(self, client, writer):
        client.post(SAVE, {"name": "Mine to do", "query": "state=draft"})
        other = Client()
        other.force_login(make_user("Editor"))
        assert "Mine to do" not in other.get(LIST).text

    def test_keeps_only_what_the_list_knows(self, client, writer):
        client.post(SAVE, {"name": "Odd", "query": "state=draft&body__contains=x&p=3"})
        assert SavedFilter.objects.get().query == "state=draft"

    def test_replaces_the_one_with_the_same_name(self, client, writer):
        client.post(SAVE, {"name": "Mine", "query": "state=draft"})
        client.post(SAVE, {"name": "Mine", "query": "state=scheduled"})
        assert [each.query for each in writer.saved_filters.all()] == ["state=scheduled"]

    def test_is_not_saved_without_a_filter_or_a_name(self, client, writer):
        page = client.post(SAVE, {"name": "All", "query": ""}, follow=True).text
        assert "Nothing was saved." in page
        client.post(SAVE, {"name": "", "query": "state=draft"})
        assert not SavedFilter.objects.exists()

    def test_has_a_bounded_number_of_others(self, client, writer, monkeypatch):
        monkeypatch.setattr(SavedFilter, "MOST", 1)
        client.post(SAVE, {"name": "One", "query": "state=draft"})
        page = client.post(SAVE, {"name": "Two", "query": "state=scheduled"}, follow=True).text
        assert "You have 1 saved filters. Remove one first." in page
        assert SavedFilter.objects.count() == 1

    def test_is_removed_by_its_owner_only(self, client, writer):
        mine = SavedFilter.objects.create(user=writer, name="Mine", query="state=draft")
        other = SavedFilter.objects.create(user=make_user("Editor"), name="Hers", query="q=x")
        client.post(f"{LIST}filters/{mine.pk}/remove/")
        client.post(f"{LIST}filters/{other.pk}/remove/")
        assert list(SavedFilter.objects.all()) == [other]

    def test_needs_the_permission_to_see_stories(self, client):
        client.force_login(make_user(is_staff=True))
        assert client.post(SAVE, {"name": "Mine", "query": "q=x"}).status_code == 403


@pytest.mark.django_db
class TheListOfStories:
    def test_shows_words_minutes_and_a_cover_in_each_row(self, client, writer):
        make_story_in("published", title="The loom", body="## Act I\n\nWords and more words.")
        page = client.get(LIST).text
        assert 'class="stories__cover"' in page
        assert 'data-label="Words">' in page

    def test_says_what_to_do_when_it_is_empty(self, client, writer):
        assert "Write the first one" in client.get(LIST).text
        assert "No story is like that." in client.get(LIST, {"state": "withdrawn"}).text
