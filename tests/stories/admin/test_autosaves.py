"""Unsaved text is kept, valid or not, and offered back to its author."""

from uuid import uuid4

import pytest

from stories.models import Autosave
from tests.factories import make_founder, make_story, make_story_in, make_user, reload
from tests.stories.admin.test_story_admin import ADD, change, opened, posted

pytestmark = pytest.mark.django_db

AUTOSAVE, DISCARD = "/admin/stories/story/autosave/", "/admin/stories/story/autosave/discard/"


def typed_values(client, story=None, **changes):
    """Return what the browser posts while somebody types."""
    data = {"author": client.user.pk, "story": story.pk if story else "", "writing": uuid4()}
    return data | changes


class AnAutosave:
    def test_keeps_the_typed_values_and_changes_no_story(self, editor):
        story = make_story(title="Live")
        answer = editor.post(
            AUTOSAVE, typed_values(editor, story, title="Typed", publish_at="rubbish")
        )
        assert answer.json()["kept"]
        kept = Autosave.objects.get()
        assert (kept.content["title"], kept.content["publish_at"]) == ("Typed", "rubbish")
        assert reload(story).newest_revision_id == story.live_revision_id

    def test_is_one_row_after_any_number_of_saves(self, editor):
        story = make_story_in("draft")
        for number in range(5):
            editor.post(AUTOSAVE, typed_values(editor, story, title=f"Typed {number}"))
        assert Autosave.objects.get().content["title"] == "Typed 4"
        assert story.revisions.count() == 1

    def test_of_a_new_story_is_one_row_for_each_opened_form(self, editor):
        first, second = uuid4(), uuid4()
        for writing in (first, second, first):
            editor.post(AUTOSAVE, typed_values(editor, title="Typed", writing=writing))
        assert Autosave.objects.count() == 2

    def test_is_offered_and_restored_with_every_field(self, editor):
        story = make_story_in("draft", tags=[])
        ada = make_founder(name="Ada Byron")
        typed = {"title": "Typed", "founders": [ada.pk], "tags": ["New tag"], "publish_at": "x"}
        editor.post(AUTOSAVE, typed_values(editor, story, takeaways="Typed takeaway.", **typed))
        pk = Autosave.objects.get().pk
        assert f"?autosave={pk}" in editor.get(change(story)).text
        page = editor.get(f"{change(story)}?autosave={pk}").text
        for text in ('value="Typed"', "Ada Byron", "New tag", "Typed takeaway.", 'value="x"'):
            assert text in page

    def test_of_a_new_story_is_offered_on_the_form_for_new_stories(self, editor):
        editor.post(AUTOSAVE, typed_values(editor, title="A lost beginning"))
        assert "A lost beginning" in editor.get(ADD).text
        page = editor.get(f"{ADD}?autosave={Autosave.objects.get().pk}").text
        assert 'value="A lost beginning"' in page

    def test_is_deleted_when_the_form_is_saved(self, editor):
        story = make_story_in("draft")
        editor.post(AUTOSAVE, typed_values(editor, story, title="Typed"))
        editor.post(change(story), opened(story, title="Typed"))
        assert not Autosave.objects.exists()

    def test_restored_into_a_new_story_is_deleted_when_that_is_saved(self, editor):
        writing = uuid4()
        editor.post(AUTOSAVE, typed_values(editor, title="Typed", writing=writing))
        page = editor.get(f"{ADD}?autosave={Autosave.objects.get().pk}").text
        assert str(writing) in page
        editor.post(ADD, posted(writing=writing))
        assert not Autosave.objects.exists()

    def test_that_equals_the_story_is_not_offered(self, editor):
        story = make_story_in("draft")
        editor.post(AUTOSAVE, typed_values(editor, story) | opened(story, title=story.title))
        content = story.live_revision.content.to_form_data()
        editor.post(AUTOSAVE, typed_values(editor, story) | {k: v for k, v in content.items() if v})
        assert "?autosave=" not in editor.get(change(story)).text
        assert not Autosave.objects.exists()

    def test_is_deleted_when_its_author_discards_it(self, editor):
        story = make_story_in("draft")
        editor.post(AUTOSAVE, typed_values(editor, story, title="Typed"))
        answer = editor.post(DISCARD, {"autosave": Autosave.objects.get().pk})
        assert answer["Location"] == change(story)
        assert not Autosave.objects.exists()

    def test_is_private_to_its_author(self, editor, client):
        story = make_story_in("draft")
        editor.post(AUTOSAVE, typed_values(editor, story, title="Mine alone"))
        pk = Autosave.objects.get().pk
        client.force_login(make_user("Editor"))
        assert "Mine alone" not in client.get(f"{change(story)}?autosave={pk}").text
        client.post(DISCARD, {"autosave": pk})
        assert Autosave.objects.exists()

    def test_of_another_user_is_refused(self, editor):
        other = make_user("Editor")
        assert editor.post(AUTOSAVE, typed_values(editor, author=other.pk)).status_code == 409
        assert not Autosave.objects.exists()

    def test_of_a_writer_is_refused_for_a_public_story(self, client):
        client.user = make_user("Writer")
        client.force_login(client.user)
        assert client.post(AUTOSAVE, typed_values(client, make_story())).status_code == 403
        assert (
            client.post(AUTOSAVE, typed_values(client, make_story_in("draft"))).status_code == 200
        )

    def test_of_a_stranger_redirects_to_sign_in(self, client):
        assert client.post(AUTOSAVE, {}).status_code == 302
        client.force_login(make_user("Moderator"))
        assert client.post(AUTOSAVE, {}).status_code in (403, 409)

    @pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "\x00", "💥"])
    @pytest.mark.parametrize("name", ["story", "writing", "author", "title", "autosave"])
    def test_answers_any_value_without_a_server_error(self, editor, name, value):
        for address in (AUTOSAVE, DISCARD):
            answer = editor.post(address, typed_values(editor) | {name: value})
            assert answer.status_code in (200, 302, 400, 409)
        assert editor.get(ADD, {"autosave": value}).status_code == 200


class ASubmittedForm:
    def test_with_an_error_keeps_the_text(self, editor):
        editor.post(ADD, posted(title="", excerpt="Kept", writing=uuid4()))
        assert Autosave.objects.get().content["excerpt"] == "Kept"

    def test_of_a_deleted_story_keeps_the_text(self, editor):
        story = make_story_in("draft")
        data = opened(story, title="Typed on", writing=uuid4())
        address = change(story)
        pk = story.pk
        story.delete()
        editor.post(address, data)
        kept = Autosave.objects.get()
        assert (kept.story_id, kept.content["title"]) == (pk, "Typed on")

    def test_tells_the_browser_that_it_has_arrived(self, editor):
        writing = str(uuid4())
        answer = editor.post(ADD, posted(title="", writing=writing))
        assert answer.cookies["kept_writing"].value == writing
