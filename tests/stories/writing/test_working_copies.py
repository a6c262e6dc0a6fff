"""Working copies: readers do not see the changes to a public story until they go live."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from stories.models import Revision, ScheduledUpdate, Story, StoryContent
from stories.planning.scheduling import Watch, apply, watch
from stories.search.finding import search
from stories.tagging import merging
from stories.writing.forms import StoryForm, Verb
from tests.at_once import at_once
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_tag,
    make_user,
    picture,
    reload,
    revise,
    story_values,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def save(story, changes, files=None, verb=Verb.SAVE):
    """Save the form of a story like an editor who has just opened it."""
    story = reload(story)
    data = story.newest_content.to_form_data() | changes
    form = StoryForm(data, files, instance=story, verb=verb)
    assert form.is_valid(), form.errors
    if verb is Verb.PUBLISH:
        story.publish(form.content)
    elif verb is Verb.SCHEDULE:
        story.schedule(form.cleaned_data["update_at"], form.content)
    else:
        story.save_content(form.content)
    return reload(story)


def schedule(story, at, **changes):
    return save(story, {"update_at": at, **changes}, verb=Verb.SCHEDULE)


def other_values():
    """Return values that differ from `story_values` in every field."""
    changed = story_values(
        founders=[make_founder(name="Grace Hopper")],
        tags=["Changed tag"],
        takeaways="Changed takeaway.",
        sources="Changed source",
        body="## Changed\n\nChanged body.",
        cover_focus="30 70",
        cover_alt="Changed description",
        cover_credit="Changed credit",
        byline="Changed byline",
        told_from=1888,
        told_to=1890,
        reading_minutes=33,
        is_lead=True,
        pinned=[make_story()],
        banned=[make_story()],
        search_title="Changed search title",
        search_description="Changed search description",
        canonical_url="https://example.org/changed",
        unpublish_at=timezone.now() + timedelta(days=9),
        publish_at=timezone.now() - timedelta(days=9),
    )
    changed.pop("cover", None)
    return changed


class AWorkingCopy:
    def test_begins_with_a_change(self):
        story = make_story()
        before = story.revisions.count()
        story = save(story, {})
        assert not story.has_unpublished_changes
        assert story.revisions.count() == before
        changed = save(story, {"title": "New"})
        assert save(changed, {}).newest_revision_id == changed.newest_revision_id

    def test_changes_no_field_of_the_public_story(self):
        story = make_story()
        before = story.content
        story = save(story, other_values(), {"cover-upload": picture()})
        assert story.content == before
        assert story.has_unpublished_changes
        assert story.newest_content.changed_from(before) == StoryContent.names()

    def test_goes_live_with_every_field(self):
        story = save(make_story(), other_values(), {"cover-upload": picture()})
        working = story.newest_content
        story = save(story, {}, verb=Verb.PUBLISH)
        assert story.content == working
        assert not story.has_unpublished_changes

    def test_keeps_the_date_of_publication_when_it_goes_live(self):
        story = make_story()
        published_at = story.publish_at
        assert save(save(story, {"title": "New"}), {}, verb=Verb.PUBLISH).publish_at == published_at

    def test_is_not_shown_to_readers(self, client):
        story = make_story(slug="public", title="As readers know it")
        save(story, {"title": "Secret rework", "slug": "secret-rework", "tags": ["Secret tag"]})
        for address in ("/", "/stories/", "/stories/public/", "/tags/"):
            page = client.get(address).text
            assert "Secret" not in page
        assert client.get("/stories/secret-rework/").status_code == 404

    def test_may_be_incomplete_until_it_goes_live(self):
        story = save(make_story(), {"excerpt": "", "takeaways": ""}, {"cover-upload": picture()})
        form = StoryForm(story.newest_content.to_form_data(), instance=story, verb=Verb.PUBLISH)
        assert {"excerpt", "takeaways", "cover_alt"} == set(form.errors)

    @pytest.mark.parametrize("slug", ["2036-01-31T08:00", "a b", "%00", "x" * 300])
    def test_with_an_invalid_slug_is_refused_with_a_message(self, client, slug):
        story = make_story(slug="public")
        client.force_login(make_user("Editor"))
        data = {
            "title": "Kept title",
            "slug": slug,
            "_publish": "1",
            "publish_at": "2026-01-31T08:00",
        }
        answer = client.post(f"/admin/stories/story/{story.pk}/change/", data)
        assert answer.status_code == 200
        assert "Kept title" in answer.text

    def test_is_discarded_and_stays_in_the_history(self):
        story = save(make_story(title="Live"), {"title": "Worked on"})
        story = reload(story.discard_changes(make_user("Editor")))
        assert story.newest_content.title == "Live"
        titles = [r.content.title for r in story.revisions.order_by("pk")]
        assert titles == ["Live", "Worked on", "Live"]

    def test_is_kept_when_the_story_is_withdrawn(self):
        story = save(make_story(title="Live"), {"title": "Worked on"})
        story.withdraw()
        story = reload(story)
        assert (story.is_withdrawn, story.title) == (True, "Live")
        assert story.newest_content.title == "Worked on"
        assert story.newest_content.unpublish_at == story.content.unpublish_at

    def test_is_created_if_the_story_went_live_while_the_form_was_open(self):
        with time_machine.travel(NOON, tick=False):
            story = make_story(publish_at=NOON + MINUTE, title="Live")
            form = StoryForm(story.content.to_form_data() | {"title": "Late edit"}, instance=story)
            assert form.is_valid()
        with time_machine.travel(NOON + MINUTE, tick=False):
            story.save_content(form.content)
            assert reload(story).title == "Live"
            assert reload(story).newest_content.title == "Late edit"

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_is_not_created_for_a_story_that_is_not_public(self, state):
        story = save(make_story_in(state), {"title": "New"})
        assert (story.title, story.has_unpublished_changes) == ("New", False)

    def test_is_not_overwritten_by_an_import(self, tmp_path):
        from stories.moving.importer import Importer

        story = save(make_story(slug="worked-on"), {"title": "Worked on"})
        path = tmp_path / "worked-on.md"
        path.write_text("---\ntitle: From a file\n---\n\n## Body\n\nText.\n")
        outcome = Importer(tmp_path).import_file(path.resolve())
        assert "unpublished changes" in outcome.detail
        assert reload(story).newest_content.title == "Worked on"


class AStoryWithoutARevision:
    def test_keeps_its_old_text_as_a_revision_when_it_is_edited(self):
        story = make_story(title="Before")
        Story.objects.filter(pk=story.pk).update(live_revision=None)
        Revision.objects.filter(story=story)._raw_delete("default")
        save(story, {"title": "After"})
        assert [r.content.title for r in story.revisions.order_by("pk")] == ["Before", "After"]


class AStoryFromBeforeWorkingCopies:
    def test_gets_its_newest_revision_as_the_live_one(self):
        story = revise(make_story(), {"title": "Second"})
        Story.objects.update(live_revision=None)
        migration = import_module("stories.migrations.0007_live_revisions")
        migration.point_to_the_newest(apps, None)
        assert reload(story).live_revision.content.title == "Second"


class AScheduledUpdate:
    @pytest.fixture(autouse=True)
    def _story(self):
        with time_machine.travel(NOON - 10 * MINUTE, tick=False):
            self.founder = make_founder(name="Ada Byron")
            self.story = make_story(
                title="Before",
                slug="engine",
                founders=[self.founder],
                publish_at=NOON - 60 * MINUTE,
            )
            self.update = schedule(
                self.story, NOON, title="After", slug="engines", tags=["New tag"], takeaways="New."
            ).scheduled_update

    def shown(self, client, moment):
        with time_machine.travel(moment, tick=False):
            pages = [
                client.get(a, follow=True).text for a in ("/", "/stories/", "/stories/engine/")
            ]
            return ["After" in page for page in pages]

    def test_is_not_shown_a_second_before_its_time(self, client):
        assert self.shown(client, NOON - timedelta(seconds=1)) == [False] * 3

    def test_is_shown_everywhere_on_time_without_a_cron_job(self, client):
        self.shown(client, NOON - timedelta(milliseconds=1))
        assert self.shown(client, NOON) == [True] * 3
        story = reload(self.story)
        assert story.live_revision.content.title == "After"
        assert not story.has_unpublished_changes

    def test_is_applied_with_all_its_rows(self, client):
        self.shown(client, NOON)
        with time_machine.travel(NOON, tick=False):
            page = client.get("/stories/engines/").text
            assert "New tag" in page
            assert "New." in page
            assert client.get("/stories/engine/")["Location"] == "/stories/engines/"

    @pytest.mark.parametrize("change", ["renamed", "merged"])
    def test_is_found_by_a_tag_that_was_changed_before_it_went_live(self, change):
        tag = make_tag("New tag")
        if change == "renamed":
            merging.rename(tag, {"name": "Machines"})
        else:
            merging.merge([tag], make_tag("Machines"))
        apply(self.update, NOON)
        with time_machine.travel(NOON, tick=False):
            assert search("machines").stories == [self.story.pk]

    def test_is_applied_once(self):
        apply(self.update, NOON)
        apply(self.update, NOON)
        assert not ScheduledUpdate.objects.exists()
        assert self.story.revisions.count() == 2

    def test_keeps_a_newer_working_copy(self, client):
        with time_machine.travel(NOON - MINUTE, tick=False):
            save(self.story, {"title": "Even later"})
        assert self.shown(client, NOON) == [True] * 3
        assert reload(self.story).newest_content.title == "Even later"

    def test_can_be_scheduled_again(self, client):
        with time_machine.travel(NOON - 5 * MINUTE, tick=False):
            schedule(self.story, NOON + MINUTE, title="After all")
        assert self.shown(client, NOON) == [False] * 3
        assert self.shown(client, NOON + MINUTE) == [True] * 3

    def test_can_be_cancelled(self, client):
        self.story.cancel_update()
        assert self.shown(client, NOON) == [False] * 3
        assert reload(self.story).newest_content.title == "After"

    def test_is_cancelled_by_publishing_now(self):
        with time_machine.travel(NOON - MINUTE, tick=False):
            save(self.story, {"title": "Newer than both"}, verb=Verb.PUBLISH)
        watch.apply_due_updates(NOON)
        assert reload(self.story).title == "Newer than both"

    def test_stays_scheduled_when_only_the_withdrawal_changes(self, client):
        with time_machine.travel(NOON - MINUTE, tick=False):
            reload(self.story).retime({"unpublish_at": NOON + 5 * MINUTE})
        assert self.shown(client, NOON - MINUTE) == [False] * 3
        assert self.shown(client, NOON) == [True] * 3
        with time_machine.travel(NOON + 5 * MINUTE, tick=False):
            assert client.get("/stories/engines/").status_code == 410

    def test_that_fails_changes_nothing_and_keeps_the_reason(self, client):
        self.founder.hide("They asked us to.")
        assert self.shown(client, NOON) == [False] * 3
        update = ScheduledUpdate.objects.get()
        assert (update.failed_at, "approved founder" in update.failure) == (NOON, True)
        assert reload(self.story).has_unpublished_changes
        assert self.shown(client, NOON + MINUTE) == [False] * 3

    def test_fails_if_another_story_took_its_slug(self, client):
        make_story(slug="engines")
        self.shown(client, NOON)
        assert "already has this address" in ScheduledUpdate.objects.get().failure

    def test_that_failed_can_be_scheduled_again(self, client):
        self.founder.hide("They asked us to.")
        self.shown(client, NOON)
        self.founder.approve()
        with time_machine.travel(NOON + MINUTE, tick=False):
            schedule(self.story, NOON + 3 * MINUTE)
        assert self.shown(client, NOON + 3 * MINUTE) == [True] * 3

    def test_is_queried_once_a_second(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            for milliseconds in (0, 1, 999):
                watch.apply_due_updates(NOON - MINUTE + timedelta(milliseconds=milliseconds))
        with django_assert_num_queries(1):
            watch.apply_due_updates(NOON - MINUTE + timedelta(seconds=1))

    @pytest.mark.parametrize(
        ("at", "sentence"),
        [
            (None, "Choose when the changes go live."),
            (NOON - 10 * MINUTE, "at least a minute from now"),
            (NOON - 10 * MINUTE + timedelta(seconds=59), "at least a minute from now"),
        ],
    )
    def test_needs_a_time_at_least_a_minute_ahead(self, at, sentence):
        with time_machine.travel(NOON - 10 * MINUTE, tick=False):
            story = reload(self.story)
            values = story.newest_content.to_form_data() | {"update_at": at}
            form = StoryForm(values, instance=story, verb=Verb.SCHEDULE)
            assert sentence in form.errors["update_at"][0]

    def test_must_pass_the_checklist(self):
        story = reload(self.story)
        with time_machine.travel(NOON - 10 * MINUTE, tick=False):
            values = story.newest_content.to_form_data() | {"update_at": NOON, "excerpt": ""}
            assert "excerpt" in StoryForm(values, instance=story, verb=Verb.SCHEDULE).errors

    def test_of_a_draft_is_refused(self):
        story = make_story_in("draft")
        values = story.content.to_form_data() | {"update_at": NOON}
        form = StoryForm(values, instance=story, verb=Verb.SCHEDULE)
        assert "set “Publish at”" in form.errors["update_at"][0]


class AFormThatWasOnlyOpened:
    """The browser shows and posts times in whole seconds; the stored time has microseconds."""

    @pytest.fixture(autouse=True)
    def _story(self, client):
        self.story = make_story()
        editor = make_user("Editor")
        client.force_login(editor)
        form = StoryForm(instance=self.story)
        shown = {name: form[name].value() for name in StoryContent.names()}
        self.posted = {name: value for name, value in shown.items() if value}
        self.posted["based_on"] = self.story.newest_revision_id

    def test_has_changed_nothing(self):
        assert self.story.publish_at.microsecond
        form = StoryForm(self.posted, instance=self.story)
        assert form.is_valid(), form.errors
        assert form.changed_fields == ()

    def test_leaves_no_unpublished_changes_when_it_withdraws(self, client):
        address = f"/admin/stories/story/{self.story.pk}/change/"
        client.post(address, self.posted | {"_withdraw": "Withdraw now"})
        story = reload(self.story)
        assert story.is_withdrawn
        assert not story.has_unpublished_changes


class AStoryWhoseFounderIsHidden:
    @pytest.fixture(autouse=True)
    def _story(self, client):
        self.story = make_story()
        self.story.founders[0].hide("They asked us to.")
        client.force_login(make_user("Editor"))

    def test_can_still_be_withdrawn_with_the_button(self, client):
        data = self.story.newest_content.to_form_data() | {"_withdraw": "1", "excerpt": ""}
        data = {name: value for name, value in data.items() if value}
        data["based_on"] = self.story.newest_revision_id
        client.post(f"/admin/stories/story/{self.story.pk}/change/", data)
        assert reload(self.story).is_withdrawn

    def test_can_still_be_withdrawn_in_bulk_and_at_a_time(self, client):
        self.story.retime({"unpublish_at": timezone.now() + 9 * MINUTE})
        assert reload(self.story).unpublish_at
        data = {"action": "withdraw_now", "_selected_action": [self.story.pk]}
        client.post("/admin/stories/story/", data)
        assert reload(self.story).is_withdrawn


class APlannedWithdrawal:
    def test_does_not_publish_the_working_copy(self, client):
        story = save(make_story(title="Live"), {"title": "Worked on"})
        client.force_login(make_user("Editor"))
        address = f"/admin/stories/story/{story.pk}/withdraw-at/"
        client.post(address, {"withdraw_at": "2036-01-31T08:00"})
        story = reload(story)
        assert (story.title, story.unpublish_at.year) == ("Live", 2036)
        assert story.newest_content.title == "Worked on"
        client.post(address, {"withdraw_at": ""})
        assert reload(story).unpublish_at is None

    @pytest.mark.parametrize(
        ("at", "sentence"),
        [("2026-01-31T08:00", "Choose a time in the future"), ("rubbish", "Enter a valid date")],
    )
    def test_at_an_invalid_time_is_refused_with_a_message(self, client, at, sentence):
        story = make_story()
        client.force_login(make_user("Editor"))
        address = f"/admin/stories/story/{story.pk}/withdraw-at/"
        assert sentence in client.post(address, {"withdraw_at": at}, follow=True).text
        assert reload(story).unpublish_at is None


class ADeletedStory:
    def test_is_restored_with_everything(self):
        story = make_story_in("draft", pinned=[make_story()], tags=["Craft", "Rare"])
        before = story.content
        story.remove()
        deleted = Revision.objects.of_deleted_stories().get()
        restored = deleted.restore(make_user("Editor"))
        assert reload(restored).content == before
        assert not Revision.objects.of_deleted_stories().exists()
        assert [r.kind for r in restored.revisions.order_by("pk")] == [
            "saved",
            "deleted",
            "restored",
        ]

    def test_that_was_public_answers_410_and_is_restored_as_withdrawn(self, client):
        story = make_story(slug="gone")
        story.remove()
        assert client.get("/stories/gone/").status_code == 410
        restored = Revision.objects.of_deleted_stories().get().restore()
        assert reload(restored).is_withdrawn
        reload(restored).publish()
        assert client.get("/stories/gone/").status_code == 200

    def test_reserves_its_slug_if_it_was_public(self):
        make_story(slug="gone").remove()
        assert (
            "This address led elsewhere" in StoryForm(story_values(slug="gone")).errors["slug"][0]
        )

    def test_frees_its_slug_if_it_was_a_draft(self, client):
        make_story_in("draft", slug="never-shown").remove()
        assert client.get("/stories/never-shown/").status_code == 404
        assert StoryForm(story_values(slug="never-shown")).is_valid()

    def test_whose_slug_is_taken_is_not_restored(self):
        story = make_story_in("draft", slug="mine")
        story.remove()
        make_story(slug="mine")
        with pytest.raises(ValidationError, match="already has this address"):
            Revision.objects.of_deleted_stories().get().restore()

    def test_that_is_deleted_again_is_listed_once(self):
        story = make_story_in("draft")
        story.remove()
        story = Revision.objects.of_deleted_stories().get().restore()
        reload(story).remove()
        assert Revision.objects.of_deleted_stories().count() == 1


class ARevertedStory:
    def test_has_the_old_text_and_keeps_its_times(self):
        story = make_story_in("draft", title="First")
        first = story.revisions.get()
        published = revise(story, {"title": "Second"}).publish()
        published.revert(first)
        story = reload(story)
        assert (story.title, story.newest_content.title) == ("Second", "First")
        assert story.newest_content.publish_at == story.content.publish_at
        assert story.working_revision.kind == "reverted"

    def test_can_be_reverted_after_a_pinned_story_was_deleted(self):
        other = make_story()
        story = make_story(pinned=[other])
        first = story.revisions.get()
        revise(story, {"title": "Second", "pinned": []})
        other.remove()
        reload(story).revert(first)
        assert reload(story).newest_content.pinned == ()


@pytest.mark.django_db(transaction=True)
class TwoRequestsAtOnce:
    def test_apply_a_due_update_once_and_both_show_it(self, tmp_path):
        story = make_story(title="Before", slug="engine")
        schedule(story, timezone.now() + 2 * MINUTE, title="After")
        ScheduledUpdate.objects.update(at=timezone.now())

        def read(connect, number):
            connect()
            Watch().apply_due_updates(timezone.now())
            current = Story.objects.get(pk=story.pk)
            steps = current.reviews.filter(step="published", comment__startswith="As scheduled")
            return current.title, steps.count(), ScheduledUpdate.objects.count()

        assert set(at_once(8, tmp_path, read)) == {("After", 1, 0)}
