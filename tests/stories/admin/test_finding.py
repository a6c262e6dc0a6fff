import pytest

from stories.admin.finding import OF_EACH_KIND
from stories.models import Tag
from tests.factories import make_founder, make_story_in, make_user

pytestmark = pytest.mark.django_db
FIND = "/admin/stories/story/find/"


def found(client, text):
    rows = client.get(FIND, {"q": text, "json": ""}).json()["found"]
    return [(row["kind"], row["label"]) for row in rows]


class ThePalette:
    def test_finds_stories_of_every_state_founders_tags_and_commands(self, client):
        client.force_login(make_user("Editor"))
        make_story_in("draft", title="Loom in a shed")
        make_founder("pending", name="Loom Maker")
        Tag.objects.named(["Looms"])
        assert found(client, "loom") == [
            ("Story", "Loom in a shed"),
            ("Founder", "Loom Maker"),
            ("Tag", "Looms"),
        ]
        assert ("Command", "Calendar") in found(client, "calen")

    def test_offers_the_pages_of_the_desk_before_anything_is_typed(self, client):
        client.force_login(make_user("Writer"))
        kinds = {kind for kind, _ in found(client, "")}
        assert kinds == {"Command"}

    def test_offers_nobody_what_they_may_not_open(self, client):
        client.force_login(make_user("Writer"))
        assert ("Command", "System") not in found(client, "sys")
        client.force_login(make_user(is_staff=True))
        assert client.get(FIND).status_code == 403

    def test_is_a_page_without_scripts(self, client):
        client.force_login(make_user("Writer"))
        story = make_story_in("published", title="The mill")
        page = client.get(FIND, {"q": "mill"}).text
        assert f'href="/admin/stories/story/{story.pk}/change/"' in page
        assert (
            "Nothing is called “nothing like it”."
            in client.get(FIND, {"q": "nothing like it"}).text
        )

    def test_asks_once_for_each_kind_however_many_there_are(
        self, client, django_assert_max_num_queries
    ):
        client.force_login(make_user("Editor"))
        for number in range(OF_EACH_KIND + 4):
            make_story_in("draft", title=f"Loom {number}")
        with django_assert_max_num_queries(9):
            rows = found(client, "loom")
        assert len([kind for kind, _ in rows if kind == "Story"]) == OF_EACH_KIND
