import pytest

from stories.bench import pages
from stories.bench.results import BenchError
from tests.factories import make_founder, make_story, make_story_in

pytestmark = pytest.mark.django_db


def paths_of(*names, rotate=5000):
    return {page.name: page.paths for page in pages.choose(names, rotate)}


@pytest.fixture
def site():
    """Stories of which two are about one founder, and have one tag in common."""
    often, seldom = make_founder(name="Ada Often"), make_founder(name="Bo Seldom")
    body = "## Prologue\n\nThe workshop was quiet.\n"
    make_story(slug="first", founders=[often], tags=["Craft", "Rare"], body=body)
    make_story(slug="second", founders=[often], tags=["Craft"], body=body)
    make_story(slug="third", founders=[seldom], tags=["Trade"], body=body + "\nA zeppelin came.\n")
    make_story_in("draft", slug="draft")
    make_story_in("withdrawn", slug="withdrawn")


@pytest.mark.usefixtures("site")
class ASite:
    def test_offers_every_page(self, client):
        chosen = paths_of(*pages.PAGES)
        assert list(chosen) == list(pages.PAGES)
        for paths in chosen.values():
            assert {client.get(path).status_code for path in paths} == {200}

    def test_offers_its_most_popular_tag_and_founder(self):
        assert paths_of("tag", "founder") == {
            "tag": ("/tags/craft/",),
            "founder": ("/founders/ada-often/",),
        }

    def test_rotates_over_public_stories_only(self):
        (paths,) = paths_of("rotating").values()
        assert set(paths) == {"/stories/first/", "/stories/second/", "/stories/third/"}
        assert len(paths_of("rotating", rotate=2)["rotating"]) == 2

    def test_rotates_in_the_same_order_each_time(self):
        assert paths_of("rotating") == paths_of("rotating")

    def test_measures_the_story_that_was_added_first(self):
        assert paths_of("story") == {"story": ("/stories/first/",)}

    def test_is_searched_for_a_common_word_and_for_a_rare_one(self, client):
        chosen = paths_of("search-common", "search-rare")
        found = {
            name: client.get(path).content.count(b"/stories/") for name, (path,) in chosen.items()
        }
        assert chosen["search-common"] != chosen["search-rare"]
        assert found["search-common"] > found["search-rare"] > 0


class AnUnknownPage:
    def test_is_refused_with_the_names_of_all_pages(self):
        with pytest.raises(BenchError, match=r"no page start. The pages are home, story, rotating"):
            pages.choose(["home", "start"], 10)


class ASiteWithTooFewStories:
    def test_is_refused_and_says_how_to_fill_it(self, monkeypatch):
        monkeypatch.setattr(pages, "FEWEST_STORIES", 2)
        make_story()
        make_story_in("draft")
        with pytest.raises(
            BenchError, match=r"1 public stories.*manage.py demo --with-demo --stories"
        ):
            pages.count_stories()
        make_story()
        assert pages.count_stories() == 2
