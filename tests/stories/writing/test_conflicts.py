"""When two editors save the same story, the second overwrites nothing and loses no text."""

import pytest
from django.test import Client

from stories.models import Revision, Story
from stories.writing.forms import StoryForm
from stories.writing.saving import Overtaken
from tests.at_once import at_once
from tests.factories import make_story, make_story_in, make_user, reload
from tests.stories.admin.test_story_admin import change, opened, posted

pytestmark = pytest.mark.django_db
# Each has a connection, and PostgreSQL gives a hundred to all tests that run at the same time.
EDITORS, EDITORS_AT_THE_DESK = 50, 20


def save_as(client, story, based_on, **changes):
    data = posted(slug=story.slug, founders=story.founders) | changes
    return client.post(change(story), data | {"based_on": based_on})


class ASaveBasedOnAnOlderRevision:
    @pytest.fixture(autouse=True)
    def _story(self, editor):
        self.story = make_story_in("draft", title="Base", body="One.\n\nTwo.", excerpt="Base.")
        self.base = self.story.newest_revision_id
        save_as(editor, self.story, self.base, title="Theirs", body="One!\n\nTwo.")
        self.answer = save_as(editor, self.story, self.base, title="Mine", body="One.\n\nTwo!")
        self.mine = Revision.objects.unsettled().get()
        self.address = f"/admin/stories/story/{self.story.pk}/merge/{self.mine.pk}/"

    def test_is_kept_and_changes_nothing(self):
        assert reload(self.story).title == "Theirs"
        assert self.mine.content.title == "Mine"
        assert self.mine.based_on_id == self.base

    def test_redirects_to_a_page_with_both_texts(self, editor):
        assert self.answer["Location"] == self.address
        page = editor.get(self.address).text
        assert "<del>Base</del><ins>Mine</ins>" in page
        assert "<del>Base</del><ins>Theirs</ins>" in page
        assert "Title: both changed it" in page
        assert 'name="choice-body" value="merged" checked' in page

    def test_is_linked_from_the_form_until_it_is_merged(self, editor):
        assert self.address in editor.get(change(self.story)).text
        editor.post(self.address, {"based_on": reload(self.story).newest_revision_id})
        assert self.address not in editor.get(change(self.story)).text

    @pytest.mark.parametrize(
        ("choice", "title"),
        [
            ({"choice-title": "mine"}, "Mine"),
            ({"choice-title": "theirs"}, "Theirs"),
            ({"choice-title": "own", "own-title": "Ours"}, "Ours"),
        ],
    )
    def test_is_merged_as_chosen(self, editor, choice, title):
        data = {"based_on": reload(self.story).newest_revision_id, "choice-body": "merged"}
        assert editor.post(self.address, data | choice).status_code == 302
        content = reload(self.story).newest_content
        assert (content.title, content.body) == (title, "One!\n\nTwo!")
        assert reload(self.story).live_revision.settles == self.mine

    def test_is_set_aside_again_if_somebody_saves_during_the_merge(self, editor):
        shown = reload(self.story).newest_revision_id
        save_as(editor, self.story, shown, title="Third")
        answer = editor.post(self.address, {"based_on": shown, "choice-title": "mine"})
        second = Revision.objects.unsettled().get()
        assert answer["Location"].endswith(f"/merge/{second.pk}/")
        assert second.settles == self.mine
        assert reload(self.story).title == "Third"

    def test_shows_why_a_choice_cannot_be_saved(self, editor):
        data = {"based_on": reload(self.story).newest_revision_id}
        page = editor.post(self.address, data | {"choice-title": "own", "own-title": ""})
        assert "This field is required." in page.text
        assert Revision.objects.unsettled().exists()

    @pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "1e9"])
    def test_answers_any_base_without_an_error(self, editor, value):
        assert editor.post(self.address, {"based_on": value}).status_code in (200, 302)
        assert save_as(editor, self.story, value, title="Any").status_code in (200, 302)
        assert reload(self.story).title == "Theirs"


class ASaveOfAPublicStory:
    def test_is_set_aside_with_every_button(self, editor):
        story = make_story(title="Live")
        base = story.newest_revision_id
        save_as(editor, story, base, title="Theirs", publish_at="2026-01-31T08:00")
        for verb in ("_publish", "_schedule", "_withdraw", "_continue"):
            data = {verb: "1", "publish_at": "2026-01-31T08:00", "update_at": "2036-01-31T08:00"}
            save_as(editor, story, base, title=f"Mine {verb}", **data)
        assert reload(story).is_published
        assert reload(story).newest_content.title == "Theirs"
        assert Revision.objects.unsettled().count() == 4


class ASaveWithoutABase:
    def test_never_overwrites(self, editor):
        story = make_story_in("draft", title="Before")
        data = opened(story, title="After")
        data.pop("based_on")
        editor.post(change(story), data)
        assert reload(story).title == "Before"
        assert Revision.objects.unsettled().get().content.title == "After"


def save_text(pk, changes, base, **saving):
    """Save as an editor who opened revision `base`; return the set-aside revision, if there is one."""
    story = Story.objects.get(pk=pk)
    form = StoryForm(story.newest_content.to_form_data() | changes, instance=story)
    assert form.is_valid(), form.errors
    try:
        story.save_content(form.content, based_on=base, **saving)
    except Overtaken as overtaken:
        return overtaken.revision


def chain_of(pk):
    """Return all revisions of a story, and the chain from the newest back to the first."""
    story = Story.objects.get(pk=pk)
    rows = {row.pk: row for row in story.revisions.all()}
    chain, row = [], rows[story.newest_revision_id]
    while row:
        chain.append(row)
        row = rows.get(row.based_on_id)
    return list(rows.values()), chain


@pytest.mark.django_db(transaction=True)
class TwoOrMoreEditorsAtOnce:
    def test_lose_no_text_and_keep_one_chain_of_revisions(self, tmp_path):
        story = make_story_in("draft", title="Base")
        base = story.newest_revision_id

        def save_and_read(connect, number):
            connect()
            mine = save_text(story.pk, {"title": f"Text {number}"}, base)
            while mine:
                newest = Story.objects.get(pk=story.pk).newest_revision_id
                mine = save_text(story.pk, mine.content.to_form_data(), newest, settles=mine)
            return chain_of(story.pk)

        rows, chain = max(at_once(EDITORS, tmp_path, save_and_read), key=lambda view: len(view[1]))
        texts = {row.content.title for row in rows}
        assert texts == {"Base", *(f"Text {n}" for n in range(EDITORS))}
        assert {row.content.title for row in chain} == texts
        assert len(chain) == EDITORS + 1
        assert chain[-1].based_on is None
        aside = [row for row in rows if row.kind == "set-aside"]
        assert len(rows) == len(chain) + len(aside)
        assert aside, "no text was set aside: the editors did not save at the same time"

    def test_lose_no_text_at_the_desk(self, tmp_path):
        story = make_story_in("draft", title="Base")
        base = story.newest_revision_id
        data = posted(slug=story.slug, founders=story.founders) | {"based_on": base}
        client = Client()
        client.force_login(make_user(is_superuser=True, is_staff=True))

        def save(connect, number):
            connect()
            mine = Client()
            mine.cookies = client.cookies
            answer = mine.post(change(story), data | {"title": f"Text {number}"})
            titles = {r.content.title for r in Revision.objects.filter(story=story.pk)}
            return answer.status_code, answer["Location"], f"Text {number}" in titles

        answers = at_once(EDITORS_AT_THE_DESK, tmp_path, save)
        assert all(status == 302 and is_kept for status, _, is_kept in answers)
        assert sum("/merge/" not in place for _, place, _ in answers) == 1
