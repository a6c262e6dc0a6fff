"""The history of a story: listing, comparing, reverting, and restoring deleted stories."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Revision
from stories.planning.scheduling import watch
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    reload,
    revise,
    rework,
)

pytestmark = pytest.mark.django_db

DELETED = "/admin/stories/story/deleted/"


def at(story, name):
    return f"/admin/stories/story/{story.pk}/{name}/"


@pytest.fixture
def story(editor):
    story = make_story_in("draft", title="First title", body="One two three.")
    revise(story, {"title": "Second title"}, by=editor.user, note="Shorter")
    revise(story, {"body": "One 2 three."}, by=editor.user)
    return reload(story)


class TheHistory:
    def test_shows_who_saved_what_and_why(self, editor, story):
        page = editor.get(at(story, "history")).text
        assert page.count("<tr>") == 4
        assert "grace" in page
        assert "Shorter" in page
        assert "the current text" in page

    def test_marks_what_readers_see_and_what_is_not_published(self, editor):
        story = make_story()
        rework(story, {"title": "Worked on"})
        page = editor.get(at(story, "history")).text
        assert "what readers see" in page
        assert "unpublished changes" in page

    def test_makes_the_same_queries_with_20_and_2000_revisions(self, editor, story):
        def cost(name):
            watch.forget()
            with CaptureQueriesContext(connection) as captured:
                assert editor.get(at(story, name)).status_code == 200
            return len(captured)

        def add(count):
            content = story.live_revision.content
            rows = [Revision(story=story, content=content, kind="saved") for _ in range(count)]
            Revision.objects.bulk_create(rows)

        add(20)
        cost("change")  # Django caches the content types on first use
        few = [cost(name) for name in ("history", "change", "compare")]
        add(2000)
        assert [cost(name) for name in ("history", "change", "compare")] == few
        assert editor.get(at(story, "history")).text.count("<tr>") == 31

    def test_has_no_revisions_of_other_stories(self, editor, story):
        other = make_story(title="Another story")
        address = at(story, "compare")
        pk = other.live_revision_id
        assert editor.get(address, {"after": pk}).status_code == 404
        assert editor.post(at(story, "revert"), {"revision": pk}).status_code == 404

    @pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "\x00", "0"])
    def test_answers_404_for_invalid_keys(self, editor, story, value):
        for query in ({"after": value}, {"before": value}):
            assert editor.get(at(story, "compare"), query).status_code == 404
        assert editor.post(at(story, "revert"), {"revision": value}).status_code == 404
        assert editor.get(at(story, "history"), {"page": value}).status_code == 404


class AComparison:
    def test_of_two_revisions_marks_the_words(self, editor, story):
        first, _, third = story.revisions.order_by("pk")
        page = editor.get(at(story, "compare"), {"before": first.pk, "after": third.pk}).text
        assert "<del>First</del><ins>Second</ins> title" in page
        assert "One <del>two</del><ins>2</ins> three." in page

    def test_of_one_revision_shows_what_it_changed(self, editor, story):
        second = story.revisions.order_by("pk")[1]
        page = editor.get(at(story, "compare"), {"after": second.pk}).text
        assert "<ins>Second</ins>" in page
        assert "<ins>2</ins>" not in page

    def test_is_from_older_to_newer_in_any_order_of_choice(self, editor, story):
        first, _, third = story.revisions.order_by("pk")
        page = editor.get(at(story, "compare"), {"before": third.pk, "after": first.pk}).text
        assert "<del>First</del><ins>Second</ins> title" in page

    def test_without_revisions_is_from_the_public_story_to_the_working_copy(self, editor):
        story = make_story(title="Live title", founders=[make_founder(name="Ada Byron")])
        grace = make_founder(name="Grace Hopper")
        changes = {
            "title": "New title",
            "founders": [*story.live_revision.content.founders, grace.pk],
        }
        rework(story, changes)
        page = editor.get(at(story, "compare")).text
        assert "<del>Live</del><ins>New</ins> title" in page
        assert "Grace Hopper</ins>" in page

    def test_escapes_the_text(self, editor, story):
        revise(story, {"title": "<script>alert(1)</script>"})
        page = editor.get(at(story, "compare"), {"after": reload(story).newest_revision_id}).text
        assert "<script>alert" not in page


class ARevert:
    def test_saves_the_old_text_as_the_newest(self, editor, story):
        first = story.revisions.order_by("pk").first()
        answer = editor.post(at(story, "revert"), {"revision": first.pk})
        assert answer["Location"] == at(story, "change")
        story = reload(story)
        assert story.newest_content.title == "First title"
        assert (story.live_revision.kind, story.live_revision.author) == ("reverted", editor.user)

    def test_that_the_form_refuses_shows_why(self, editor, story):
        first = story.revisions.order_by("pk").first()
        revise(story, {"slug": "moved"})
        make_story(slug=first.content.slug)
        page = editor.post(at(story, "revert"), {"revision": first.pk}, follow=True).text
        assert "Not reverted. Another story already has this address." in page

    def test_needs_a_post_request(self, editor, story):
        assert editor.get(at(story, "revert")).status_code == 405


class ADeletedStory:
    def test_is_listed_and_restored_at_the_desk(self, editor):
        story = make_story(title="A lost story", tags=["Craft"])
        founders = story.founders
        editor.post(at(story, "delete"), {"post": "yes"})
        assert "A lost story" in editor.get(DELETED).text
        revision = Revision.objects.of_deleted_stories().get()
        assert revision.author == editor.user
        page = editor.post(f"{DELETED}{revision.pk}/restore/", follow=True).text
        assert "is back. It is withdrawn until you publish it again." in page
        restored = reload(story)
        assert [tag.name for tag in restored.tags.all()] == ["Craft"]
        assert restored.founders == founders
        assert [t.text for t in restored.takeaways.all()] == ["First takeaway.", "Second takeaway."]

    def test_can_be_restored_after_a_bulk_action(self, editor):
        stories = [make_story(), make_story()]
        data = {
            "action": "delete_selected",
            "_selected_action": [s.pk for s in stories],
            "post": "y",
        }
        editor.post("/admin/stories/story/", data)
        assert Revision.objects.of_deleted_stories().count() == 2

    def test_is_not_restored_twice(self, editor):
        story = make_story()
        story.remove()
        address = f"{DELETED}{Revision.objects.of_deleted_stories().get().pk}/restore/"
        assert editor.post(address).status_code == 302
        assert editor.post(address).status_code == 404

    def test_that_cannot_be_restored_shows_why(self, editor):
        story = make_story_in("draft", slug="mine")
        story.remove()
        make_story(slug="mine")
        address = f"{DELETED}{Revision.objects.of_deleted_stories().get().pk}/restore/"
        assert "Not restored. Another story" in editor.post(address, follow=True).text

    def test_is_hidden_from_writers(self, client):
        client.force_login(make_user("Writer"))
        assert client.get(DELETED).status_code == 403
        assert DELETED not in client.get("/admin/stories/story/").text

    def test_is_linked_from_the_list_of_stories(self, editor):
        assert f'href="{DELETED}"' in editor.get("/admin/stories/story/").text

    def test_list_shows_a_sentence_when_it_is_empty(self, editor):
        assert "No story has been deleted." in editor.get(DELETED).text
