"""Saving a story with `StoryForm`, and the revision that keeps its content."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from stories.models import Revision, Story, StoryContent
from stories.writing.forms import StoryForm
from tests.factories import (
    make_founder,
    make_story,
    make_user,
    picture,
    reload,
    revise,
    save,
    story_values,
)

pytestmark = pytest.mark.django_db


def errors(values, files=None, instance=None):
    form = StoryForm(values, files, instance=instance)
    form.is_valid()
    return {field: " ".join(sentences) for field, sentences in form.errors.items()}


def save_values(values):
    return save(StoryForm(values))


class ASavedStory:
    def test_has_every_value_in_its_content(self):
        other = make_story()
        values = story_values(
            byline="A. Writer",
            reading_minutes=11,
            told_from=1888,
            told_to=1890,
            is_lead=True,
            search_title="Search title",
            search_description="Search description",
            canonical_url="https://example.org/original",
            cover_focus="20 80",
            cover_credit="Somebody",
            pinned=[other],
            publish_at="2026-01-31T08:00:00+02:00",
            unpublish_at="2036-01-31T08:00:00+00:00",
        )
        content = reload(save_values(values)).content
        stored = content.to_json()
        assert tuple(stored) == StoryContent.names()
        assert stored["publish_at"] == "2026-01-31T06:00:00+00:00"
        changed = {"publish_at": stored["publish_at"], "cover": "", "cover_alt": "", "banned": []}
        assert stored == values | changed

    def test_has_a_revision_with_its_content(self):
        author = make_user("Editor")
        form = StoryForm(story_values())
        story = save(form, by=author, note="First")
        revision = story.revisions.get()
        assert revision.content == reload(story).content == form.content
        stored = json.loads(json.dumps(revision.content.to_json()))
        assert StoryContent.from_json(stored) == revision.content
        assert (revision.author, revision.note, revision.kind) == (author, "First", "saved")

    def test_is_unchanged_when_its_own_content_is_saved(self):
        story = make_story(tags=["Craft", "War"], is_lead=True)
        before = reload(story).content
        form = StoryForm(before.to_form_data(), instance=reload(story))
        assert form.is_valid(), form.errors
        assert form.content == before
        assert form.changed_fields == ()
        save(form)
        assert reload(story).content == before

    def test_can_get_the_whole_content_of_an_older_revision(self):
        ada, grace = make_founder(name="Ada Byron"), make_founder(name="Grace Hopper")
        story = make_story(founders=[ada, grace], tags=["Craft", "War"])
        first = story.revisions.get()
        revise(
            reload(story),
            {"title": "Other", "takeaways": "x", "sources": "", "founders": [grace.pk], "tags": []},
        )
        revise(reload(story), first.content.to_form_data())
        assert reload(story).content == first.content

    def test_bases_each_revision_on_the_one_before(self):
        story = make_story()
        revise(reload(story), {"title": "Second"})
        revise(reload(story), {"title": "Third"})
        third, second, first = story.revisions.order_by("-pk")
        assert (first.based_on, second.based_on, third.based_on) == (None, first, second)
        assert [r.content.title for r in (second, third)] == ["Second", "Third"]

    def test_keeps_its_revisions_when_it_is_deleted(self):
        story = make_story(tags=["Craft"])
        key, content = story.pk, story.content
        reload(story).delete()
        assert Revision.objects.get(story_id=key).content == content

    def test_stores_its_rendered_body(self):
        story = make_story(body="## Act I\n\n" + "word " * 450)
        assert '<h2 id="act-i">Act I</h2>' in story.body_html
        assert (story.word_count, story.minutes) == (452, 3)

    def test_prefers_the_reading_time_of_the_editor(self):
        assert make_story(body="Short.", reading_minutes=11).minutes == 11

    def test_keeps_the_order_of_founders_tags_and_takeaways(self):
        founders = [make_founder(name=name) for name in ("Zoe Last", "Ada First")]
        story = reload(make_story(founders=founders, tags=["Zebra", "Ant"], takeaways="2\n1"))
        assert story.founders == founders
        assert [tag.name for tag in story.tags.all()] == ["Zebra", "Ant"]
        assert [takeaway.text for takeaway in story.takeaways.all()] == ["2", "1"]


class ARevision:
    def test_is_never_edited(self):
        revision = make_story().revisions.get()
        with pytest.raises(TypeError, match="never edited"):
            revision.save()

    def test_is_never_deleted(self):
        with pytest.raises(TypeError, match="never deleted"):
            make_story().revisions.get().delete()


class ARefusedForm:
    def test_cannot_be_saved(self):
        with pytest.raises(ValueError, match="has not accepted"):
            Story().save_content(StoryForm(story_values(title="")).content)

    def test_has_no_save_of_its_own(self):
        with pytest.raises(TypeError, match="call a verb of the story"):
            StoryForm(story_values()).save()

    def test_changes_nothing(self):
        story = make_story(title="Before")
        with pytest.raises(ValidationError, match="already has this address"):
            revise(reload(story), {"title": "After", "slug": make_story().slug})
        assert reload(story).title == "Before"
        assert story.revisions.count() == 1

    def test_keeps_an_accepted_cover(self):
        form = StoryForm(story_values(title=""), {"cover-upload": picture()})
        assert not form.is_valid()
        name = form.cleaned_data["cover"]
        assert f'<input type="hidden" name="cover" value="{name}">' in str(form["cover"])
        again = StoryForm(story_values(cover=name, cover_alt="A red field"))
        assert save(again).cover.name == name


class ASlug:
    def test_is_created_from_the_title_if_none_is_typed(self):
        assert make_story(title="C++ & Café!", slug="").slug == "C-plus-plus-and-Cafe".lower()

    def test_gets_a_number_if_another_story_has_the_title(self):
        make_story(title="Beginnings", slug="")
        assert make_story(title="Beginnings", slug="").slug == "beginnings-2"

    @pytest.mark.parametrize("slug", ["wang_ning", "he-xiaopeng", "何小鹏", "A-1_b"])
    def test_is_kept_as_typed(self, slug, client):
        story = make_story(slug=slug)
        assert story.slug == slug
        assert client.get(story.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize("slug", ["with space", "a/b", "a.b", "ü?"])
    def test_with_other_characters_is_refused(self, slug):
        assert "slug" in errors(story_values(slug=slug))


class APublishedStory:
    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"excerpt": ""}, "excerpt", "Write an excerpt before the story is published."),
            ({"body": ""}, "body", "Write the story before it is published."),
            ({"takeaways": " \n "}, "takeaways", "Write at least one key takeaway"),
            ({"founders": []}, "founders", "A story is published only with an approved founder"),
        ],
    )
    def test_needs_everything_that_its_page_shows(self, changes, field, sentence):
        assert sentence in errors(story_values(**changes))[field]
        assert errors(story_values(publish_at=None, **changes)) == {}

    def test_needs_an_approved_founder(self):
        pending = make_founder("pending")
        assert "approved founder" in errors(story_values(founders=[pending]))["founders"]
        assert errors(story_values(founders=[pending, make_founder()])) == {}

    def test_needs_a_description_of_its_cover(self):
        refused = errors(story_values(), {"cover-upload": picture()})
        assert refused["cover_alt"] == "Describe the cover for readers who cannot see it."


class ARelatedStory:
    def test_cannot_be_the_story_itself(self):
        story = make_story()
        values = reload(story).content.to_form_data() | {"pinned": [story.pk]}
        assert errors(values, instance=story) == {"pinned": "A story cannot be related to itself."}

    def test_cannot_be_pinned_and_banned_at_once(self):
        other = make_story(title="Other")
        refused = errors(story_values(pinned=[other], banned=[other]))
        assert refused == {"banned": "Pinned as well: Other. Choose one."}


class WhatIsTyped:
    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"title": ""}, "title", "This field is required."),
            ({"title": "x" * 10_000}, "title", "at most 200 characters (it has 10000)"),
            ({"title": "a\x00b"}, "title", "Null characters are not allowed."),
            ({"body": "a\x00b"}, "body", "Null characters are not allowed."),
            ({"tags": ["a\x00b"]}, "tags", "Null characters are not allowed."),
            ({"tags": ["x" * 101]}, "tags", "too long for a tag"),
            ({"tags": [f"t{n}" for n in range(21)]}, "tags", "21 tags are too many"),
            ({"publish_at": "yesterday"}, "publish_at", "Enter a valid date/time."),
            ({"publish_at": "2026-02-30T10:00"}, "publish_at", "Enter a valid date/time."),
            ({"publish_at": "0001-01-01T00:00"}, "publish_at", "between the years 1900 and 2199"),
            ({"publish_at": "9999-12-31T23:59"}, "publish_at", "between the years 1900 and 2199"),
            ({"takeaways": "x" * 501}, "takeaways", "Takeaway 1 has 501 characters; 500 are"),
            ({"takeaways": "x\n" * 51}, "takeaways", "There are 51 lines; 50 are allowed."),
            ({"sources": "A | https://"}, "sources", "Source 1: Enter a valid URL."),
            ({"sources": "A\nB | javascript://x"}, "sources", "Source 2: Enter a valid URL."),
            ({"reading_minutes": "0"}, "reading_minutes", ""),
            ({"told_from": "0"}, "told_from", "There was no year 0: write 1, or -1 for 1 BC."),
            ({"told_from": "2101"}, "told_from", "less than or equal to 2100"),
            ({"told_from": "9" * 30}, "told_from", "less than or equal to"),
            ({"told_from": "about 1888"}, "told_from", "Enter a whole number."),
            ({"told_to": "1888"}, "told_to", "give both, or only the first"),
            ({"told_from": "1890", "told_to": "1888"}, "told_to", "not before the first one"),
            ({"reading_minutes": "many"}, "reading_minutes", "Enter a whole number."),
            ({"cover": "../../etc/passwd"}, "cover", "This picture is not stored here."),
            ({"canonical_url": "javascript:alert(1)"}, "canonical_url", "Enter a valid URL."),
        ],
    )
    def test_is_refused_with_a_message_at_its_field(self, changes, field, sentence):
        refused = errors(story_values(**changes))
        assert sentence in (refused.get(field) or refused["__all__"])
        assert not Story.objects.exists()

    def test_with_an_unknown_founder_is_refused(self):
        values = story_values() | {"founders": [10**9]}
        assert "not one of the available choices" in errors(values)["founders"]

    def test_with_too_many_founders_is_refused(self):
        values = story_values() | {"founders": list(range(21))}
        assert errors(values)["founders"] == "21 are too many; choose 20."

    def test_is_stored_with_unix_line_breaks(self):
        assert make_story(body="a\r\n\r\nb").body == "a\n\nb"


class ATime:
    def test_of_withdrawal_before_publication_is_refused(self):
        now = timezone.now()
        refused = errors(story_values(publish_at=now, unpublish_at=now))
        assert "A story is withdrawn after it is published" in refused["__all__"]

    def test_of_withdrawal_alone_is_refused(self):
        refused = errors(story_values(publish_at=None, unpublish_at=timezone.now()))
        assert "A story is withdrawn after it is published" in refused["__all__"]
