"""Every button says what it did, and what can be done next."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from stories.admin.outcomes import in_full
from stories.models import Story
from tests.factories import make_story_in, make_user, reload, rework

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user("Editor")
    client.force_login(user)
    client.user = user
    return client


def change(story):
    return f"/admin/stories/story/{story.pk}/change/"


def press(client, story, button, **more):
    """Return what the desk says after a button of the form of a story."""
    content = reload(story).newest_content.to_form_data()
    sent = {k: v for k, v in content.items() if v not in (None, "", (), False)}
    for name in ("publish_at", "unpublish_at"):
        if name in sent:
            sent[name] = timezone.localtime(sent[name]).strftime("%Y-%m-%dT%H:%M:%S")
    sent |= {"based_on": reload(story).newest_revision_id or "", button: "1", **more}
    return said(client.post(change(story), sent, follow=True))


def said(response):
    """Return the messages of a page, as text with the steps in it."""
    return unescape(response.text.partition('<ul class="messagelist"')[2].partition("</ul>")[0])


class ASavedStory:
    def test_is_a_draft_that_can_be_previewed(self, editor):
        story = make_story_in("draft", title="Looms")
        text = press(editor, story, "_save")
        assert "Saved as a draft: “Looms”." in text
        assert f'href="/admin/stories/story/{story.pk}/preview/">Preview</a>' in text

    def test_is_scheduled_until_somebody_undoes_it(self, editor):
        at = timezone.localtime() + timedelta(days=3)
        story = make_story_in("draft", title="Looms")
        text = press(editor, story, "_save", publish_at=at.strftime("%Y-%m-%dT%H:%M"))
        assert f"Scheduled for {in_full(at)}: “Looms”." in text
        undo = f"/admin/stories/story/{story.pk}/unschedule/"
        assert f'<form method="post" action="{undo}">' in text
        assert "it is a draft" in said(editor.post(undo, follow=True))
        assert reload(story).publish_at is None

    def test_of_which_readers_see_an_older_text_is_not_public(self, editor):
        story = make_story_in("published", title="Looms")
        text = press(editor, story, "_continue", title="Mills")
        assert "Saved, not public: readers still see the old text" in text
        assert "Compare</a>" in text


class APublishedStory:
    def test_can_be_viewed_at_once(self, editor):
        story = make_story_in("draft", title="Looms")
        text = press(editor, story, "_publish")
        assert "Live now: “Looms”." in text
        assert f'href="{story.get_absolute_url()}">View it</a>' in text

    def test_says_that_its_changes_are_live(self, editor):
        story = make_story_in("published")
        assert "Live now: the changes of" in press(editor, story, "_publish", title="Mills")

    def test_can_be_published_again_once_it_is_withdrawn(self, editor):
        story = make_story_in("published")
        text = press(editor, story, "_withdraw")
        assert "Withdrawn: readers who open" in text
        assert f'href="/admin/stories/story/{story.pk}/last-look/">Publish it again</a>' in text

    def test_cancels_its_scheduled_changes_with_undo(self, editor):
        story = make_story_in("published")
        at = timezone.localtime() + timedelta(days=3)
        sent = {"title": "Mills", "update_at": at.strftime("%Y-%m-%dT%H:%M")}
        text = press(editor, story, "_schedule", **sent)
        assert "are scheduled for" in text
        assert f'action="/admin/stories/story/{story.pk}/cancel-update/"' in text


class AStoryThatIsNotScheduled:
    def test_is_not_unscheduled(self, editor):
        story = make_story_in("published")
        text = said(editor.post(f"/admin/stories/story/{story.pk}/unschedule/", follow=True))
        assert "Nothing was changed" in text
        assert reload(story).is_published


class AWriter:
    def test_is_told_that_the_editors_know(self, client):
        client.force_login(make_user("Writer"))
        story = make_story_in("draft", title="Looms")
        assert "Submitted: the editors are told of “Looms”." in press(client, story, "_submit")

    def test_takes_no_last_look(self, client):
        client.force_login(make_user("Writer"))
        story = make_story_in("draft")
        assert client.get(f"/admin/stories/story/{story.pk}/last-look/").status_code == 403
        sent = {"title": "x", "_last_look": "1"}
        assert client.post(change(story), sent).status_code == 403


class TheLastLook:
    @pytest.fixture
    def look(self, editor):
        def look(story, **sent):
            address = f"/admin/stories/story/{story.pk}/last-look/"
            if not sent:
                return editor.get(address)
            newest = {"newest": reload(story).newest_revision_id or ""}
            return editor.post(address, newest | sent, follow=True)

        return look

    def test_comes_before_publishing_and_keeps_what_was_typed(self, editor):
        story = make_story_in("draft", title="Looms")
        press(editor, story, "_last_look", title="Mills")
        story = reload(story)
        assert (story.title, story.is_published) == ("Mills", False)

    @pytest.mark.parametrize("state", ["draft", "scheduled", "published"])
    def test_says_what_is_scheduled_already(self, look, state):
        text = look(make_story_in(state)).text
        assert ("It is scheduled already" in text) == (state == "scheduled")

    def test_says_when_an_update_is_scheduled(self, look):
        story = rework(make_story_in("published"), {"title": "Mills"})
        story.schedule(timezone.now() + timedelta(days=2))
        assert "It is scheduled already" in look(story).text

    def test_shows_what_changes_for_readers(self, look, editor):
        story = make_story_in("published", title="Looms")
        rework(story, {"title": "Mills"})
        page = look(story).text
        assert "<ins>Mills</ins>" in page
        assert "<del>Looms</del>" in page

    def test_publishes(self, look):
        story = make_story_in("draft")
        assert "Live now" in said(look(story, when="now"))
        assert reload(story).is_published

    def test_publishes_later(self, look):
        story = make_story_in("draft")
        at = timezone.localtime() + timedelta(days=3)
        text = said(look(story, when="later", at=at.strftime("%Y-%m-%dT%H:%M")))
        assert "Scheduled for" in text
        assert reload(story).state == Story.State.SCHEDULED

    def test_refuses_a_time_that_has_passed(self, look):
        story = make_story_in("draft")
        page = look(story, when="later", at="2020-01-01T08:00").text
        assert "Choose a time in the future, or publish now." in page
        assert reload(story).publish_at is None

    def test_publishes_nothing_that_nobody_has_looked_at(self, look):
        story = make_story_in("draft")
        page = look(story, when="now", newest="999999").text
        assert "Somebody has saved the story meanwhile. Look once more." in page
        assert not reload(story).is_published

    def test_says_what_is_missing_and_does_not_publish(self, look):
        story = make_story_in("draft", excerpt="")
        assert "It cannot go live yet" in look(story).text
        look(story, when="now")
        assert not reload(story).is_published

    def test_is_skipped_by_those_who_ask_until_they_want_it_again(self, look, editor):
        story = make_story_in("draft")
        assert 'name="_last_look"' in editor.get(change(story)).text
        look(story, when="now", skip="on")
        other = make_story_in("draft")
        assert 'name="_last_look"' not in editor.get(change(other)).text
        editor.post("/admin/stories/story/last-look/ask/")
        assert 'name="_last_look"' in editor.get(change(other)).text


class AFormWithErrors:
    def test_lists_them_at_the_top_with_links_to_their_fields(self, editor):
        story = make_story_in("draft")
        sent = {"title": "", "publish_at": "soon", "based_on": story.newest_revision_id}
        page = editor.post(change(story), sent).text
        box = page.partition('id="problems"')[2].partition("</div>")[0]
        assert '<a href="#id_title" data-to-field>Title</a>' in box
        assert '<a href="#id_publish_at" data-to-field>Publish at</a>' in box
