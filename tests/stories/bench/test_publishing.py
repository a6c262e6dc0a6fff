import pytest
from django.apps import apps

from stories.bench import publishing
from stories.bench.keep_alive import Answer, Endpoint
from stories.bench.results import BenchError
from stories.models import SearchWord, Story
from stories_project.page_cache.models import Change
from tests.factories import bring, make_founder, make_story

pytestmark = pytest.mark.django_db


def rows():
    """Return every row of every model, without the primary keys that a sequence has used up.

    The change log keeps its rows: other processes read them, and old ones are removed in time.
    """
    return {
        model: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model is not Change
    }


@pytest.fixture
def requests(monkeypatch, client):
    """The server that is asked whether it shows a story: Django's test client. Lists the paths."""
    paths = []

    def exchange(endpoint, some, connections):
        for path in some:
            paths.append(path)
            response = client.get(path)
            yield Answer(path, response.status_code, 0.001, b"", response.content)

    monkeypatch.setattr(publishing, "exchange", exchange)
    monkeypatch.setattr(publishing, "STORIES", 3)
    return paths


class AStoryPublishedToMeasure:
    def test_is_measured_until_its_page_is_correct(self, requests):
        make_story(title="Tom & Jerry’s “loom” isn't <b>", is_lead=True)
        measured = publishing.measure(Endpoint(1))
        assert len(measured.milliseconds) == 3
        assert sorted(measured.milliseconds)[1] == measured.median_ms > 0
        # Each is missing at first, and there when it is published.
        assert len(requests) == 6
        assert len(set(requests)) == 3

    def test_leaves_nothing_behind(self, requests):
        make_story(tags=["Craft", "Trade"], title="A title with 1 number")
        # As in the synthetic stories of the demo, the search has not learnt all words.
        SearchWord.objects.filter(word__in=["title", "body"]).delete()
        before = rows()
        publishing.measure(Endpoint(1))
        assert rows() == before

    def test_that_is_interrupted_leaves_nothing_behind(self, requests, monkeypatch):
        make_story()
        before = rows()

        def interrupted(endpoint, paths, connections):
            assert Story.objects.filter(slug__startswith="benchmark-").exists()
            raise KeyboardInterrupt

        monkeypatch.setattr(publishing, "exchange", interrupted)
        with pytest.raises(KeyboardInterrupt):
            publishing.measure(Endpoint(1))
        assert rows() == before

    def test_that_readers_never_see_is_reported(self, requests, monkeypatch):
        make_story()
        monkeypatch.setattr(publishing, "SECONDS_TO_APPEAR", 0.01)
        monkeypatch.setattr(publishing, "exchange", lambda *arguments: iter(()))
        with pytest.raises(BenchError, match="was not shown within"):
            publishing.measure(Endpoint(1))

    def test_needs_an_approved_founder(self, requests):
        founder = make_founder()
        make_story(founders=[founder])
        bring(founder, "hidden")
        with pytest.raises(BenchError, match="approved founder"):
            publishing.measure(Endpoint(1))
