"""Which pictures a story shows, and one picture in place of another."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.models import Revision, ScheduledUpdate
from stories.writing import verbs
from stories.writing.forms import StoryForm
from stories.writing.pictures_of_story import with_other_picture
from stories.writing.removing import remove_for_good
from stories.writing.saving import Overtaken
from stories_project.library.models import StoredPicture
from stories_project.text.markdown import ALT_TO_WRITE
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    reload,
    revise,
    rework,
    save,
)
from tests.pictures import body_with, make_picture, markdown_of, uses_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cover():
    return make_picture("covers", size=(64, 40))


@pytest.fixture
def in_text():
    return make_picture("images", size=(64, 41))


class AStory:
    def test_knows_the_pictures_of_its_cover_and_its_text(self, cover, in_text):
        story = make_story(cover=cover.name, cover_alt="A loom.", body=body_with(in_text))
        assert uses_of(cover) == {("story", story.pk, "cover"): "live"}
        assert uses_of(in_text) == {("story", story.pk, "text"): "live"}

    def test_knows_a_rendition_and_an_address_with_the_host(self, in_text):
        address = f"https://example.org{in_text.picture.largest}"
        story = make_story(body=f"## One\n\n![Loom.]({address})")
        assert uses_of(in_text) == {("story", story.pk, "text"): "live"}

    def test_takes_no_other_address_for_a_picture(self):
        make_story(body="## One\n\n![Loom.](/media/images/" + "0" * 32 + "-10x10.webp)")
        assert not StoredPicture.objects.exists()

    def test_knows_what_only_its_working_copy_shows(self, cover, in_text):
        story = make_story(body=body_with(cover))
        rework(story, {"body": body_with(in_text)})
        assert uses_of(cover) == {("story", story.pk, "text"): "live"}
        assert uses_of(in_text) == {("story", story.pk, "text"): "working"}
        verbs.publish(reload(story))
        assert uses_of(cover) == {("story", story.pk, "text"): "old"}
        assert uses_of(in_text) == {("story", story.pk, "text"): "live"}

    def test_knows_what_stays_when_the_changes_are_discarded(self, in_text):
        story = make_story()
        rework(story, {"body": body_with(in_text)})
        reload(story).discard_changes()
        assert uses_of(in_text) == {("story", story.pk, "text"): "old"}

    def test_knows_what_a_scheduled_update_has_brought(self, in_text):
        story = make_story()
        rework(story, {"body": body_with(in_text)})
        story = reload(story)
        story.go_live(story.working_revision)
        assert uses_of(in_text) == {("story", story.pk, "text"): "live"}

    def test_knows_what_was_set_aside(self, in_text):
        story = make_story_in("draft")
        opened = StoryForm(
            story.content.to_form_data() | {"body": body_with(in_text)}, instance=reload(story)
        )
        base = story.newest_revision_id
        revise(story, {"title": "Theirs"})
        with pytest.raises(Overtaken):
            save(opened, based_on=base)
        assert uses_of(in_text) == {("story", story.pk, "text"): "old"}

    def test_keeps_its_pictures_in_the_history_when_it_is_deleted(self, in_text):
        story = make_story(body=body_with(in_text))
        key = story.pk
        story.remove()
        assert uses_of(in_text) == {("story", key, "text"): "old"}
        Revision.objects.of_deleted_stories().get().restore()
        assert uses_of(in_text) == {("story", key, "text"): "live"}

    def test_leaves_none_when_it_is_removed_for_good(self, in_text):
        remove_for_good(make_story(body=body_with(in_text)))
        assert not uses_of(in_text)

    def test_costs_the_same_with_two_and_with_forty_pictures(self):
        rows = [make_picture(size=(30 + number, 20)) for number in range(40)]
        founders = [make_founder()]
        make_story()  # makes the tag
        costs = []
        for count in (2, 40):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                make_story(body=body_with(*rows[:count]), founders=founders)
            costs.append(len(queries))
        assert costs[0] == costs[1]


class AFounder:
    def test_shows_a_portrait_and_the_pictures_of_a_biography(self, in_text):
        portrait = make_picture("portraits")
        founder = make_founder(
            portrait=portrait.name, portrait_alt="Ada.", biography=markdown_of(in_text)
        )
        founder.note_pictures()
        assert uses_of(portrait) == {("founder", founder.pk, "portrait"): "live"}
        assert uses_of(in_text) == {("founder", founder.pk, "text"): "live"}
        founder.portrait = ""
        founder.note_pictures()
        assert not uses_of(portrait)


class APictureInPlaceOfAnother:
    @pytest.fixture
    def new(self):
        return make_picture("images", size=(64, 50))

    def test_stands_in_the_live_text_and_in_the_working_copy(self, in_text, new):
        story = make_story(body=body_with(in_text))
        rework(story, {"title": "Worked on"})
        editor = make_user("Editor")
        reload(story).swap_picture(in_text.name, new.name, editor, "A better one")
        story = reload(story)
        for text in (story.body, story.working_revision.content.body):
            assert new.name in text
            assert in_text.name not in text
        assert story.title != "Worked on"
        assert story.working_revision.content.title == "Worked on"
        assert story.working_revision.note == story.live_revision.note == "A better one"
        assert story.working_revision.author == editor
        assert uses_of(in_text) == {("story", story.pk, "text"): "old"}
        assert uses_of(new) == {("story", story.pk, "text"): "both"}

    def test_in_the_working_copy_alone_leaves_the_live_text(self, in_text, new):
        story = make_story()
        rework(story, {"body": body_with(in_text)})
        story = reload(story)
        live, at = story.live_revision_id, timezone.now() + timedelta(days=2)
        ScheduledUpdate.objects.create(story=story, revision=story.working_revision, at=at)
        story.swap_picture(in_text.name, new.name)
        story = reload(story)
        assert story.live_revision_id == live
        assert new.name in story.working_revision.content.body
        update = ScheduledUpdate.objects.get()
        assert (update.revision, update.at) == (story.working_revision, at)

    def test_is_the_cover_without_the_old_focal_point(self, cover, new):
        story = make_story(cover=cover.name, cover_alt="A loom.", cover_focus="10 10")
        story.swap_picture(cover.name, new.name)
        assert (reload(story).cover.name, reload(story).cover_focus) == (new.name, "")

    def test_replaces_renditions_and_keeps_other_pictures(self, cover, in_text, new):
        body = f"{markdown_of(cover)} ![Loom.]({in_text.picture.src}) {markdown_of(in_text)}"
        content = with_other_picture(make_story(body=body).content, in_text.name, new.name)
        address = default_storage.url(new.name)
        assert content.body == f"{markdown_of(cover)} ![Loom.]({address}) {markdown_of(new)}"


class ADescription:
    def test_in_a_text_is_proposed_when_the_picture_is_used_again(self, cover, in_text):
        make_story(
            cover=cover.name,
            cover_alt="A loom.",
            cover_credit="Ada Byron",
            body=f"## One\n\n{markdown_of(in_text, 'An engine.')}",
        )
        assert (reload(cover).alt, reload(cover).credit) == ("A loom.", "Ada Byron")
        assert reload(in_text).alt == "An engine."
        assert StoredPicture.objects.with_words("engine").get() == in_text

    def test_that_the_library_has_stays(self):
        row = make_picture(alt="Better.")
        make_story(body=body_with(row))
        assert reload(row).alt == "Better."

    def test_that_nobody_has_written_is_none(self, in_text):
        make_story_in("draft", body=f"## One\n\n{markdown_of(in_text, ALT_TO_WRITE)}")
        assert reload(in_text).alt == ""
