"""Two profiles of one person: found, compared, merged, and taken apart again."""

from time import sleep

import pytest
from django.core.exceptions import ValidationError

from founders.models import Founder
from stories.models import FounderMerge, Story, StoryFounder, Suggestion, Tag, Webmention
from stories.moderating import founder_merges
from stories.moderating.duplicates import duplicates
from stories.moderating.erasing import erase
from stories.moderating.founder_merges import merge_founders, undo_merge
from stories.moderating.person import Person
from stories.search.finding import search
from stories.tagging import merging
from stories.writing import saving, verbs
from stories_project.audit.models import AuditEntry
from tests.at_once import at_once
from tests.factories import (
    make_company,
    make_founder,
    make_story,
    make_tag,
    make_user,
    make_venture,
    reload,
    rework,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/founders/founder/"


def named(story):
    """The names of the founders of a stored story, in order."""
    return [founder.name for founder in reload(story).founders]


class Pair:
    """Two profiles of Sakichi Toyoda, each with a story, and one story about both."""

    def __init__(self):
        self.kept = make_founder(name="Sakichi Toyoda", slug="sakichi-toyoda", headline="Kept.")
        self.merged = make_founder(
            name="Toyoda Sakichi", slug="toyoda", native_name="豊田 佐吉", headline="Merged."
        )
        self.of_kept = make_story(founders=[self.kept])
        self.of_merged = make_story(founders=[self.merged], title="A loom")
        self.of_both = make_story(founders=[self.merged, self.kept])

    def posted(self):
        """What the page of the comparison posts."""
        profiles = [f"{f.pk} {reload(f).version}" for f in (self.kept, self.merged)]
        return {"founder": profiles, "keep": self.kept.pk}

    def merge(self, by=None):
        return merge_founders(self.merged, self.kept, by)


@pytest.fixture
def pair():
    return Pair()


@pytest.fixture
def moderator(client):
    client.user = make_user("Moderator", username="mo")
    client.force_login(client.user)
    return client


class AStoryThatIsSavedMeanwhile:
    def test_names_the_profile_that_was_kept(self, pair):
        content = pair.of_merged.newest_content
        pair.merge()
        reload(pair.of_merged).replace_content(content)
        assert named(pair.of_merged) == ["Sakichi Toyoda"]

    def test_names_nobody_who_was_erased(self, pair):
        content = pair.of_both.newest_content
        erase(Person.with_slug("toyoda"))
        reload(pair.of_both).replace_content(content)
        assert named(pair.of_both) == ["Sakichi Toyoda"]

    @pytest.mark.django_db(transaction=True)
    def test_waits_and_does_not_stop_the_merge(self, pair, tmp_path, monkeypatch):
        """Each holds what it has locked for a moment: in another order, they would deadlock."""
        delete, fill = saving._delete_rows, founder_merges._fill
        monkeypatch.setattr(saving, "_delete_rows", lambda *rows: (delete(*rows), sleep(0.2)))
        monkeypatch.setattr(founder_merges, "_fill", lambda *rows: (sleep(0.2), fill(*rows))[1])
        content, key = pair.of_merged.newest_content, pair.of_merged.pk
        profiles = (pair.merged.pk, pair.kept.pk)

        def work(connect, number):
            connect()
            if number:
                sleep(0.1)  # The save has begun.
                merge_founders(*(Founder.objects.get(pk=pk) for pk in profiles))
            else:
                Story.objects.get(pk=key).replace_content(content)
            return True

        assert at_once(2, tmp_path, work) == [True, True]

    @pytest.mark.django_db(transaction=True)
    def test_waits_and_does_not_stop_a_merge_of_tags(self, tmp_path, monkeypatch):
        story = make_story(tags=["Looms"])
        delete, columns = saving._delete_rows, merging._columns
        monkeypatch.setattr(saving, "_delete_rows", lambda *rows: (delete(*rows), sleep(0.2)))
        monkeypatch.setattr(merging, "_columns", lambda tag: (sleep(0.2), columns(tag))[1])
        content, kept = story.newest_content, make_tag("Weaving")

        def work(connect, number):
            connect()
            if number:
                merging.merge(Tag.objects.filter(name="Looms"), Tag.objects.get(pk=kept.pk))
            else:
                Story.objects.get(pk=story.pk).replace_content(content)
            return True

        assert at_once(2, tmp_path, work) == [True, True]


class AMerge:
    def test_moves_the_stories_and_names_nobody_twice(self, pair):
        pair.merge()
        assert named(pair.of_merged) == ["Sakichi Toyoda"]
        assert named(pair.of_both) == ["Sakichi Toyoda"]
        assert not StoryFounder.objects.filter(founder=pair.merged).exists()

    def test_moves_the_companies_and_brings_them_back(self, pair):
        venture = make_venture(pair.merged, make_company())
        merge = pair.merge()
        assert list(pair.kept.ventures.all()) == [venture]
        undo_merge(merge)
        assert list(pair.merged.ventures.all()) == [venture]

    def test_moves_the_webmentions_that_the_kept_one_lacks(self, pair):
        def mention(founder, path):
            source = f"https://example.com/{path}"
            return Webmention.objects.create(source=source, founder=founder, status="approved")

        moved, both = (mention(pair.merged, path) for path in ("moved", "both"))
        own = mention(pair.kept, "both")
        merge = pair.merge()
        assert set(pair.kept.webmentions.all()) == {moved, own}
        undo_merge(merge)
        assert set(pair.merged.webmentions.all()) == {moved, both}

    def test_leads_on_from_the_older_address(self, pair, client):
        pair.merge()
        assert client.get("/founders/toyoda/")["Location"] == "/founders/sakichi-toyoda/"
        page = client.get("/founders/sakichi-toyoda/").text
        assert "A loom" in page
        assert "Toyoda Sakichi" not in client.get("/founders/").text

    def test_takes_the_history_and_the_suggestions_along(self, pair):
        Suggestion.objects.create(kind="profile", name="Toyoda", founder=pair.merged)
        before = pair.merged.decisions.count()
        pair.merge()
        assert pair.kept.decisions.count() == before * 2
        assert pair.kept.suggestions.count() == 1
        [last] = pair.merged.decisions.all()
        assert (last.to_status, last.reason) == ("hidden", "Merged into Sakichi Toyoda.")

    def test_fills_in_what_the_kept_profile_lacks(self, pair):
        pair.merge()
        kept = reload(pair.kept)
        assert (kept.native_name, kept.headline) == ("豊田 佐吉", "Kept.")

    def test_finds_the_stories_under_the_kept_name(self, pair):
        pair.merge()
        assert pair.of_merged.pk in search("Sakichi Toyoda").stories

    def test_means_the_kept_founder_in_old_revisions_and_open_forms(self, pair):
        story = pair.of_merged
        story.save_content(story.content)
        old = story.newest_content
        pair.merge()
        story = reload(story)
        story.publish()
        assert named(story) == ["Sakichi Toyoda"]
        assert old.founders == (pair.merged.pk,)
        story.revert(story.revisions.order_by("pk").first())
        reload(story).publish()
        assert named(story) == ["Sakichi Toyoda"]

    def test_is_found_by_an_import_under_either_name(self, pair):
        pair.merge()
        for name in ("Toyoda Sakichi", "toyoda", "Sakichi Toyoda"):
            assert Founder.objects.find_or_introduce(name) == pair.kept

    def test_is_refused_if_readers_would_lose_the_profile(self):
        public, draft = make_founder(), make_founder("draft")
        with pytest.raises(ValidationError, match="keep that one"):
            merge_founders(public, draft)
        assert reload(public).is_approved

    def test_is_refused_twice_and_with_itself(self, pair):
        pair.merge()
        with pytest.raises(ValidationError, match="merged into Sakichi Toyoda already"):
            pair.merge()
        with pytest.raises(ValidationError, match="or is both"):
            merge_founders(pair.kept, pair.kept)

    def test_cannot_be_approved_away(self, pair):
        pair.merge()
        with pytest.raises(ValidationError, match="Undo that first"):
            reload(pair.merged).approve()

    def test_is_in_the_audit_log(self, pair):
        moderator = make_user("Moderator", username="mo")
        pair.merge(moderator)
        newest = str(AuditEntry.objects.latest("pk"))
        assert newest == "mo merged into “Sakichi Toyoda” Toyoda Sakichi"

    @pytest.mark.parametrize("stories", [2, 12])
    def test_takes_the_same_number_of_queries_for_many_stories(
        self, stories, django_assert_max_num_queries
    ):
        kept, merged = make_founder(), make_founder()
        for _ in range(stories):
            make_story(founders=[merged])
        with django_assert_max_num_queries(45):
            merge = merge_founders(merged, kept)
        with django_assert_max_num_queries(45):
            undo_merge(merge)


class AnUndoneMerge:
    def test_brings_everything_back(self, pair, client):
        Suggestion.objects.create(kind="profile", name="Toyoda", founder=pair.merged)
        decisions = [
            set(f.decisions.values_list("pk", flat=True)) for f in (pair.merged, pair.kept)
        ]
        undo_merge(pair.merge())
        merged, kept = reload(pair.merged), reload(pair.kept)
        assert merged.is_approved
        assert merged.merged_into is None
        assert kept.native_name == ""
        assert named(pair.of_merged) == ["Toyoda Sakichi"]
        assert named(pair.of_kept) == ["Sakichi Toyoda"]
        assert set(named(pair.of_both)) == {"Toyoda Sakichi", "Sakichi Toyoda"}
        assert client.get("/founders/toyoda/").status_code == 200
        assert merged.suggestions.count() == 1
        for founder, before in zip((merged, kept), decisions, strict=True):
            assert before <= set(founder.decisions.values_list("pk", flat=True))
        assert merged.decisions.first().reason == "The merge into Sakichi Toyoda was undone."

    def test_is_found_again_although_its_story_was_stored_meanwhile(self, pair):
        merge = pair.merge()
        rework(pair.of_merged, {"title": "Looms"})
        verbs.publish(reload(pair.of_merged))
        undo_merge(merge)
        pair.merged.refresh_from_db()
        pair.merged.name = "Somebody else"
        pair.merged.native_name = ""
        pair.merged.save()
        assert search("somebody").stories == [pair.of_both.pk, pair.of_merged.pk]
        assert pair.of_merged.pk not in search("toyoda").stories

    def test_leaves_what_was_changed_since(self, pair):
        merge = pair.merge()
        kept = reload(pair.kept)
        kept.native_name = "とよだ さきち"
        kept.save()
        story = reload(pair.of_both)
        other = make_founder()
        story.publish(story.content.with_values({"founders": [other.pk]}))
        undo_merge(merge)
        assert reload(kept).native_name == "とよだ さきち"
        assert named(story) == [other.name]

    def test_is_refused_twice_and_after_a_later_merge(self, pair):
        merge = pair.merge()
        third = make_founder(name="Third")
        later = merge_founders(pair.kept, third)
        assert reload(pair.merged).merged_into == third
        with pytest.raises(ValidationError, match="undo that first"):
            undo_merge(merge)
        undo_merge(later)
        assert reload(pair.merged).merged_into == pair.kept
        undo_merge(merge)
        with pytest.raises(ValidationError, match="undone already"):
            undo_merge(merge)


class TheListOfDuplicates:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"name": "Émile Berliner"}, {"name": "EMILE  BERLINER"}),
            ({"name": "Sakichi Toyoda"}, {"name": "Toyoda Sakichi"}),
            ({"name": "S. Toyoda", "native_name": "豊田 佐吉"}, {"name": "豊田佐吉"}),
            (
                {"name": "A B", "native_name": "豊田 佐吉"},
                {"name": "C D", "native_name": "豊田佐吉"},
            ),
        ],
    )
    def test_has_who_have_a_name_in_common(self, first, second):
        pair = make_founder(slug="first", **first), make_founder(slug="second", **second)
        make_founder(name="Somebody Else")
        [found] = duplicates()
        assert set(found) == {founder.pk for founder in pair}

    def test_leaves_out_two_people_and_merged_profiles(self, moderator):
        one, other = make_founder(slug="one", name="Ada"), make_founder(slug="other", name="Ada")
        third = make_founder(slug="third", name="Ada")
        page = moderator.get(f"{DESK}duplicates/")
        assert len(page.context["pairs"].rows) == 3
        data = {"founder": [one.pk, other.pk]}
        page = moderator.post(f"{DESK}duplicates/dismiss/", data, follow=True)
        assert "will not be suggested again" in page.text
        merge_founders(third, one)
        assert "No two profiles have a name in common." in moderator.get(f"{DESK}duplicates/").text


class TheDeskOfMerges:
    def test_compares_side_by_side_and_merges(self, pair, moderator):
        address = f"{DESK}merge/?founder={pair.kept.pk}&founder={pair.merged.pk}"
        page = moderator.get(address).text
        assert "豊田 佐吉" in page
        assert "differs" in page
        page = moderator.post(f"{DESK}merge/", pair.posted(), follow=True).text
        assert "You can undo this below." in page
        assert reload(pair.merged).merged_into == pair.kept
        assert "Merged into" in moderator.get(f"{DESK}{pair.merged.pk}/change/").text
        undo = f"{DESK}merges/{FounderMerge.objects.get().pk}/undo/"
        assert "is as it was before" in moderator.post(undo, follow=True).text
        assert "Not undone. This is undone already." in moderator.post(undo, follow=True).text

    def test_merges_only_what_the_moderator_has_read(self, pair, moderator):
        data = pair.posted()
        pair.merged.biography = "Written a moment ago."
        pair.merged.save()
        page = moderator.post(f"{DESK}merge/", data, follow=True).text
        assert "A profile was changed after you opened this. Compare them again." in page
        assert "Written a moment ago." in page
        assert reload(pair.merged).merged_into is None

    @pytest.mark.parametrize(
        "query", ["", "?founder=1", "?founder=x&founder=y", "?founder=1&founder=1"]
    )
    def test_asks_for_two_profiles(self, moderator, query):
        page = moderator.get(f"{DESK}merge/{query}", follow=True).text
        assert "Choose two profiles to merge." in page

    def test_asks_which_one_to_keep(self, pair, moderator):
        data = {"founder": [pair.kept.pk, pair.merged.pk]}
        page = moderator.post(f"{DESK}merge/", data, follow=True).text
        assert "Choose which profile to keep." in page
        assert reload(pair.merged).merged_into is None

    def test_does_not_offer_a_merged_profile_to_editors(self, pair, client):
        pair.merge()
        client.force_login(make_user("Editor"))
        query = {"app_label": "stories", "model_name": "storyfounder", "field_name": "founder"}
        found = client.get("/admin/autocomplete/", query | {"term": "toyoda"}).json()["results"]
        assert [row["text"] for row in found] == ["Sakichi Toyoda"]

    def test_is_for_moderators(self, pair, client):
        client.force_login(make_user("Editor"))
        for page in ("duplicates/", "merge/", "merges/"):
            assert client.get(f"{DESK}{page}").status_code == 403


class AProfileThatIsMerged:
    def test_is_changed_by_nobody_and_keeps_leading_on(self, pair, moderator):
        pair.merge()
        address = f"{DESK}{pair.merged.pk}/change/"
        assert moderator.post(address, {"name": "A", "slug": "other"}).status_code == 403
        assert moderator.get("/founders/toyoda/")["Location"] == "/founders/sakichi-toyoda/"
        moderator.force_login(make_user("Writer"))
        assert (
            moderator.get(f"/admin/stories/suggestion/propose/{pair.merged.pk}/").status_code == 404
        )

    def test_is_undone_in_the_reverse_order_so_that_no_story_loses_a_founder(self, pair):
        third = make_founder(name="Third")
        story = make_story(founders=[pair.merged, third])
        first, second = pair.merge(), merge_founders(third, pair.kept)
        with pytest.raises(ValidationError, match="undo that first"):
            undo_merge(first)
        undo_merge(second)
        undo_merge(first)
        assert set(named(story)) == {"Toyoda Sakichi", "Third"}
