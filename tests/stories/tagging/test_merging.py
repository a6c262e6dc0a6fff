"""The tag desk: rename, merge, undo, near-duplicates, and redirects from old names and URLs."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import DifferentTags, StoryTag, Tag, TagChange
from stories.tagging import merging
from stories.tagging.near_duplicates import near_duplicates
from tests.factories import make_story, make_story_in, make_tag, make_user, reload, revise

pytestmark = pytest.mark.django_db

DESK = "/admin/stories/tag/"


def tags_of(story):
    return list(reload(story).content.tags)


def times_agree(story):
    rows = StoryTag.objects.filter(content_object=story).values_list("publish_at", "unpublish_at")
    return set(rows) == {(story.publish_at, story.unpublish_at)}


class TheListOfTags:
    def test_links_to_its_tools_for_an_editor(self, editor):
        page = editor.get(DESK).text
        for tool in ("add/", "near-duplicates/", "changes/"):
            assert f'href="{DESK}{tool}' in page

    def test_does_not_link_to_its_tools_for_a_writer(self, client):
        client.force_login(make_user("Writer"))
        page = client.get(DESK).text
        assert "near-duplicates/" not in page
        assert "changes/" not in page


class ATag:
    def test_at_the_desk_links_to_its_page_if_it_has_one(self, editor):
        make_story(tags=["Craft"])
        unused = make_tag("Unused")
        craft = Tag.objects.get(name="Craft")
        assert 'href="/tags/craft/"' in editor.get(f"{DESK}{craft.pk}/change/").text
        assert 'href="/tags/unused/"' not in editor.get(f"{DESK}{unused.pk}/change/").text


class ARenamedTag:
    @pytest.fixture(autouse=True)
    def _tag(self):
        self.story = make_story(tags=["Start-ups", "Craft"])
        self.tag = Tag.objects.get(name="Start-ups")
        changes = {"name": "New firms", "slug": "new-firms", "description": "*Young* ones."}
        merging.rename(self.tag, changes)

    def test_has_its_new_name_and_description_on_its_page(self, client):
        page = client.get("/tags/new-firms/").text
        assert "New firms" in page
        assert "<em>Young</em> ones." in page

    def test_redirects_from_its_old_address_in_one_hop(self, client):
        merging.rename(self.tag, {"slug": "firms"})
        for old in ("start-ups", "new-firms"):
            answer = client.get(f"/tags/{old}/")
            assert (answer.status_code, answer["Location"]) == (301, "/tags/firms/")

    def test_is_meant_by_its_old_name(self):
        assert make_tag("start ups") == self.tag
        story = make_story(tags=["STARTUPS", "New firms"])
        assert tags_of(story) == ["New firms"]

    def test_is_meant_by_old_revisions(self):
        first = self.story.revisions.get()
        revise(self.story, first.content.to_form_data())
        assert tags_of(self.story) == ["New firms", "Craft"]
        assert not Tag.objects.filter(name="Start-ups").exists()

    def test_can_have_its_old_name_again(self, client):
        merging.rename(self.tag, {"name": "Start-ups", "slug": "start-ups"})
        assert client.get("/tags/start-ups/").status_code == 200
        assert client.get("/tags/new-firms/")["Location"] == "/tags/start-ups/"

    def test_reserves_its_old_name_and_slug(self):
        craft = Tag.objects.get(name="Craft")
        with pytest.raises(ValidationError, match="means the tag “New firms”"):
            merging.rename(craft, {"name": "Startups"})
        with pytest.raises(ValidationError, match="led elsewhere once"):
            merging.rename(craft, {"slug": "start-ups"})

    def test_is_as_before_after_an_undo(self, client):
        merging.undo(TagChange.objects.get())
        assert reload(self.tag).name == "Start-ups"
        assert client.get("/tags/start-ups/").status_code == 200
        assert client.get("/tags/new-firms/")["Location"] == "/tags/start-ups/"
        assert make_tag("New firms").pk == self.tag.pk

    def test_does_not_share_its_old_slug_with_a_similar_new_tag(self):
        merging.rename(self.tag, {"slug": "c-plus"})
        merging.rename(self.tag, {"slug": "firms"})
        assert make_tag("C+").slug != "c-plus"


class AMergedTag:
    @pytest.fixture(autouse=True)
    def _tags(self):
        self.only_old = make_story(tags=["Founders", "Start-ups", "Craft"])
        self.both = make_story_in("scheduled", tags=["Start-ups", "Firms"])
        self.only_kept = make_story(tags=["Firms"])
        self.old, self.kept = Tag.objects.get(name="Start-ups"), Tag.objects.get(name="Firms")
        self.contents = [s.content for s in (self.only_old, self.both, self.only_kept)]
        merging.rename(self.old, {"description": "Old description."})
        merging.merge([self.old], self.kept)

    def test_is_replaced_once_in_each_story_at_its_position(self):
        assert tags_of(self.only_old) == ["Founders", "Firms", "Craft"]
        assert tags_of(self.both) == ["Firms"]
        assert tags_of(self.only_kept) == ["Firms"]
        assert not Tag.objects.filter(pk=self.old.pk).exists()
        assert all(times_agree(s) for s in (self.only_old, self.both, self.only_kept))

    def test_redirects_by_slug_and_by_name(self, client):
        answer = client.get("/tags/start-ups/")
        assert (answer.status_code, answer["Location"]) == (301, "/tags/firms/")
        assert make_tag("startups") == self.kept

    def test_redirects_in_one_hop_after_another_merge(self, client):
        merging.merge([self.kept], make_tag("Craft"))
        assert client.get("/tags/start-ups/")["Location"] == "/tags/craft/"
        assert make_tag("startups").name == "Craft"

    def test_changes_no_revision(self):
        assert self.only_old.revisions.count() == 1

    def test_has_everything_again_after_an_undo(self, client):
        back = merging.undo(TagChange.objects.get())
        assert (back.pk, back.slug, back.description) == (
            self.old.pk,
            "start-ups",
            "Old description.",
        )
        after = [reload(s).content for s in (self.only_old, self.both, self.only_kept)]
        for before, now in zip(self.contents, after, strict=True):
            assert sorted(before.tags) == sorted(now.tags)
        assert all(times_agree(s) for s in (self.only_old, self.both, self.only_kept))
        assert client.get("/tags/start-ups/").status_code == 200
        assert make_tag("startups").pk == self.old.pk

    def test_is_undone_only_once_and_in_order(self):
        first = TagChange.objects.get()
        merging.rename(self.kept, {"name": "Companies"})
        with pytest.raises(ValidationError, match="undo that first"):
            merging.undo(first)
        merging.undo(TagChange.objects.latest("pk"))
        merging.undo(first)
        with pytest.raises(ValidationError, match="undone already"):
            merging.undo(first)

    def test_is_not_added_by_an_undo_to_stories_edited_since(self):
        revise(reload(self.only_old), {"tags": ["Craft"]})
        merging.undo(TagChange.objects.get())
        assert tags_of(self.only_old) == ["Craft"]

    def test_can_undo_an_earlier_rename_after_the_merge_is_undone(self):
        merge = TagChange.objects.get()
        merging.undo(merge)
        merging.rename(Tag.objects.get(pk=self.old.pk), {"name": "Ventures"})
        rename = TagChange.objects.latest("pk")
        merging.merge([Tag.objects.get(pk=self.old.pk)], self.kept)
        merging.undo(TagChange.objects.latest("pk"))
        merging.undo(rename)
        assert Tag.objects.get(pk=self.old.pk).name == "Start-ups"
        assert reload(self.kept).name == "Firms"


class AMergeOfMany:
    def test_costs_the_same_with_300_stories(self):
        def cost(stories):
            old, kept = make_tag(f"Old {stories}"), make_tag(f"Kept {stories}")
            made = make_story(tags=[])
            rows = [make_story_row(made, number) for number in range(stories)]
            StoryTag.objects.bulk_create(StoryTag(tag=old, content_object=row) for row in rows)
            half = rows[: stories // 2]
            StoryTag.objects.bulk_create(StoryTag(tag=kept, content_object=row) for row in half)
            with CaptureQueriesContext(connection) as captured:
                merging.merge([old], kept)
                merging.undo(TagChange.objects.latest("pk"))
            assert StoryTag.objects.filter(tag__name=f"Old {stories}").count() == stories
            assert StoryTag.objects.filter(tag=kept).count() == len(half)
            return len(captured)

        assert cost(300) == cost(4)

    def test_of_several_gives_each_story_one(self):
        story = make_story(tags=["A one", "B two", "C three"])
        tags = list(story.tags.order_by("pk"))
        merging.merge(tags[:2], tags[2])
        assert tags_of(story) == ["C three"]


def make_story_row(story, number):
    row = type(story).objects.get(pk=story.pk)
    row.pk, row.slug = None, f"{story.slug}-{number}"
    row._state.adding = True
    row.save()
    return row


class TwoTagsThatLookAlike:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("Startup", "Start-ups"),
            ("Company", "Companies"),
            ("Second acts", "Act, second"),
            ("Manufacturing", "Manufcturing"),
            ("Electricity", "Electricily"),
            ("Retailing", "Retaling"),
            ("Électricité", "Electricites"),
        ],
    )
    def test_are_suggested(self, first, second):
        pair = tuple(sorted(tag.pk for tag in Tag.objects.named([first, second])))
        assert near_duplicates() == [pair]

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("1980s", "1990s"),
            ("Cars", "Bars"),
            ("C", "C++"),
            ("Glass", "Glas house"),
            ("War", "Craft"),
            ("何小鹏", "王宁"),
        ],
    )
    def test_are_not_suggested_where_they_differ(self, first, second):
        Tag.objects.named([first, second])
        assert near_duplicates() == []

    def test_are_not_suggested_again_once_dismissed(self, editor):
        first, second = Tag.objects.named(["Startup", "Start-ups"])
        page = editor.get(f"{DESK}near-duplicates/").text
        assert f"?tag={first.pk}&amp;tag={second.pk}" in page
        editor.post(f"{DESK}near-duplicates/dismiss/", {"tag": [second.pk, first.pk]})
        assert DifferentTags.objects.count() == 1
        assert "No tags look like duplicates." in editor.get(f"{DESK}near-duplicates/").text


class AnEditor:
    def test_confirms_a_new_name_after_seeing_its_effects(self, editor):
        make_story(tags=["Start-ups"])
        tag = Tag.objects.get()
        data = {"name": "Firms", "slug": "firms", "description": ""}
        page = editor.post(f"{DESK}{tag.pk}/change/", data).text
        assert "“Start-ups” will be “Firms”, on 1 public story." in page
        assert "/tags/start-ups/ will redirect to it" in page
        assert reload(tag).name == "Start-ups"
        editor.post(f"{DESK}{tag.pk}/change/", data | {"_confirmed": "1"})
        assert reload(tag).name == "Firms"
        assert TagChange.objects.get().by == editor.user

    def test_saves_a_description_without_confirmation(self, editor):
        tag = make_tag("Craft")
        data = {"name": "Craft", "slug": "craft", "description": "About making."}
        editor.post(f"{DESK}{tag.pk}/change/", data)
        assert reload(tag).description == "About making."
        assert not TagChange.objects.exists()

    def test_merges_with_a_preview_and_undoes_it(self, editor):
        make_story(title="An affected story", tags=["Start-ups"])
        make_story(tags=["Firms", "Start-ups"])
        old, kept = Tag.objects.get(name="Start-ups"), Tag.objects.get(name="Firms")
        listed = {"action": "merge_selected", "_selected_action": [old.pk, kept.pk]}
        address = editor.post(DESK, listed)["Location"]
        page = editor.get(f"{address}&keep={kept.pk}").text
        for text in ("1 story will have “Firms” instead", "1 that has both", "An affected story"):
            assert text in page
        assert Tag.objects.count() == 2
        page = editor.post(
            f"{DESK}merge/", {"tag": [old.pk, kept.pk], "keep": kept.pk}, follow=True
        )
        assert "Merged “Start-ups” into “Firms”" in page.text
        change = TagChange.objects.get()
        page = editor.post(f"{DESK}changes/{change.pk}/undo/", follow=True).text
        assert "“Start-ups” is as it was before." in page
        page = editor.post(f"{DESK}changes/{change.pk}/undo/", follow=True).text
        assert "Not undone. This is undone already." in page

    def test_is_asked_to_choose_two(self, editor):
        tag = make_tag("Craft")
        page = editor.get(f"{DESK}merge/", {"tag": [tag.pk, "x", "9" * 40]}, follow=True).text
        assert "Choose two tags or more to merge." in page

    def test_sees_a_sentence_if_there_are_no_changes(self, editor):
        assert "No tag has been renamed or merged yet." in editor.get(f"{DESK}changes/").text


class AUserWithoutPermission:
    @pytest.mark.parametrize("role", ["Writer", "Moderator"])
    @pytest.mark.parametrize("page", ["merge", "near-duplicates", "changes"])
    def test_does_not_see_the_tag_desk(self, client, role, page):
        client.force_login(make_user(role))
        assert client.get(f"{DESK}{page}/").status_code == 403
        assert client.get(DESK).status_code == 200
        assert "Near-duplicates" not in client.get(DESK).text

    @pytest.mark.parametrize("role", ["Writer", "Moderator", None])
    def test_cannot_rename_merge_or_undo(self, client, role):
        first, second = Tag.objects.named(["First", "Second"])
        merging.rename(first, {"name": "First of all"})
        client.force_login(make_user(role))
        client.post(f"{DESK}merge/", {"tag": [first.pk, second.pk], "keep": first.pk})
        client.post(DESK, {"action": "merge_selected", "_selected_action": [first.pk, second.pk]})
        client.post(f"{DESK}changes/{TagChange.objects.get().pk}/undo/")
        client.post(f"{DESK}near-duplicates/dismiss/", {"tag": [first.pk, second.pk]})
        data = {"name": "Mine", "slug": "mine", "_confirmed": "1"}
        client.post(f"{DESK}{first.pk}/change/", data)
        assert {tag.name for tag in Tag.objects.all()} == {"First of all", "Second"}
        assert not DifferentTags.objects.exists()
