"""Series at the desk: who may keep them, the order of the parts, two editors at once."""

import pytest
from django.urls import reverse

from stories.admin.series_parts import in_typed_order
from stories.models import Series
from stories.writing.series import keys_of_parts, save_series
from stories_project.audit.models import AuditEntry
from tests.factories import make_series, make_story, make_story_in, make_user, reload

pytestmark = pytest.mark.django_db

DESK = "/admin/stories/series/"


@pytest.fixture
def parts():
    return [make_story(slug=slug, title=f"Part {slug}") for slug in ("a", "b", "c", "d", "e")]


@pytest.fixture
def series(parts):
    return make_series(*parts, title="Early Losses", slug="early-losses")


def address_of(series):
    return f"{DESK}{series.pk}/change/"


def posted(series, **changes):
    """Return what the form of a series sends."""
    return {
        "title": series.title,
        "slug": series.slug,
        "introduction": series.introduction,
        "based_on": series.version,
        "parts": keys_of_parts(series),
        **changes,
    }


def slugs_of(series):
    return list(series.parts.order_by("position").values_list("story__slug", flat=True))


class TheTypedOrder:
    @pytest.mark.parametrize(
        ("numbers", "order"),
        [
            ({}, "abcde"),
            ({"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}, "abcde"),
            ({"e": "1"}, "eabcd"),
            ({"a": "5"}, "bcdea"),
            ({"e": "2"}, "aebcd"),
            ({"b": "4"}, "acdbe"),
            ({"a": "2", "b": "1"}, "bacde"),
            ({"c": "0"}, "cabde"),
            ({"c": "999999"}, "abdec"),
            ({"c": "9" * 5000}, "abcde"),
            ({"c": "-1", "d": "x", "e": "½"}, "abcde"),
        ],
    )
    def test_is_that_of_the_numbers(self, numbers, order):
        assert "".join(in_typed_order(list("abcde"), numbers)) == order


class TheFormOfASeries:
    def test_makes_one_with_a_slug_from_its_title(self, editor, parts):
        data = {"title": "When It Began", "parts-added": [parts[2].pk, parts[0].pk]}
        assert editor.post(f"{DESK}add/", data).status_code == 302
        series = Series.objects.get()
        assert (series.slug, slugs_of(series)) == ("when-it-began", ["c", "a"])

    def test_shows_the_parts_in_their_order_with_their_states(self, editor, series):
        save_series(series, [*keys_of_parts(series), make_story_in("draft", title="A draft").pk])
        page = editor.get(address_of(series)).text
        assert page.index("Part a") < page.index("Part e") < page.index("A draft")
        assert "pill--draft" in page

    def test_moves_removes_and_adds_without_a_script(self, editor, series, parts):
        draft = make_story_in("draft", slug="to-come")
        keys = [part.pk for part in parts]
        changes = {
            f"parts-number-{keys[4]}": "1",
            f"parts-remove-{keys[1]}": "on",
            "parts-slugs": "to-come",
        }
        assert editor.post(address_of(series), posted(series, **changes)).status_code == 302
        assert slugs_of(series) == ["e", "a", "c", "d", draft.slug]

    def test_sorts_as_the_rows_stand_with_a_script(self, editor, series):
        keys = keys_of_parts(series)[::-1]
        numbers = {f"parts-number-{key}": str(at) for at, key in enumerate(keys, 1)}
        editor.post(address_of(series), posted(series, parts=keys, **numbers))
        assert slugs_of(series) == ["e", "d", "c", "b", "a"]

    def test_keeps_the_old_slug_and_writes_to_the_audit_log(self, editor, series, client):
        changes = {"slug": "losses", "parts": keys_of_parts(series)[:2]}
        editor.post(address_of(series), posted(series, **changes))
        assert client.get("/series/early-losses/")["Location"] == "/series/losses/"
        entry = AuditEntry.objects.latest("pk")
        assert (entry.what, entry.who) == ("changed the series", "grace")
        assert entry.before == {"slug": "early-losses", "stories": ["a", "b", "c", "d", "e"]}
        assert entry.after == {"slug": "losses", "stories": ["a", "b"]}

    def test_refuses_a_story_of_another_series_and_loses_nothing(self, editor, series):
        theirs = make_story(title="Theirs")
        make_series(theirs, title="Another One")
        changes = {"title": "A new title", "parts-added": [theirs.pk]}
        page = editor.post(address_of(series), posted(series, **changes)).text
        assert "“Theirs” is part of the series “Another One” already. Remove it there." in page
        assert 'value="A new title"' in page
        assert f'name="parts" value="{theirs.pk}"' in page
        assert reload(series).title == "Early Losses"

    def test_refuses_more_than_a_hundred_parts(self, editor, series):
        changes = {"parts-added": [str(number) for number in range(10_000, 10_101)]}
        page = editor.post(address_of(series), posted(series, **changes)).text
        assert "106 are too many; choose 100." in page

    @pytest.mark.parametrize(
        "changes",
        [
            {"parts": ["x"]},
            {"parts": ["9" * 40]},
            {"parts": ["-1"]},
            {"parts": ["\0"]},
            {"parts-added": ["0"]},
            {"parts-slugs": "no-such-story"},
            {"title": ""},
            {"title": "x" * 300},
            {"title": "\0"},
            {"slug": "a b"},
            {"slug": "\0"},
            {"introduction": "x" * 6000},
            {"based_on": "x"},
            {"based_on": ""},
        ],
    )
    def test_answers_bad_input_with_a_sentence(self, editor, series, changes):
        response = editor.post(address_of(series), posted(series, **changes))
        assert response.status_code == 200
        assert "Nothing is published or saved yet. Please mend:" in response.text
        assert slugs_of(series) == ["a", "b", "c", "d", "e"]

    def test_refuses_a_slug_that_leads_to_another_series(self, editor, series):
        other = make_series(title="Other", slug="other")
        series.slug = "losses"
        save_series(series, keys_of_parts(series))
        page = editor.post(address_of(other), posted(other, slug="early-losses")).text
        assert "This address led elsewhere once, and still does." in page

    def test_of_a_hundred_parts_makes_as_many_queries_as_of_two(
        self, editor, django_assert_max_num_queries
    ):
        stories = [make_story() for _ in range(40)]
        series = make_series(*stories)
        with django_assert_max_num_queries(14):
            editor.get(address_of(series))


class TwoEditorsOfASeries:
    def test_do_not_replace_what_the_other_has_saved_without_seeing_it(self, editor, series):
        mine = posted(series, title="Mine")
        theirs = reload(series)
        theirs.title, theirs.introduction = "Theirs", "A *new* beginning."
        save_series(theirs, keys_of_parts(series)[:2], make_user("Editor"))
        page = editor.post(address_of(series), mine).text
        assert "Somebody else has saved this series since you opened it." in page
        assert "<dd>Theirs</dd>" in page
        assert "A *new* beginning." in page
        assert 'value="Mine"' in page
        assert reload(series).title == "Theirs"
        seen = f'name="based_on" value="{theirs.version}"'
        assert seen in page
        editor.post(address_of(series), mine | {"based_on": theirs.version})
        assert reload(series).title == "Mine"

    def test_lose_nothing_by_saving_twice(self, editor, series):
        editor.post(address_of(series), posted(series, title="First"))
        editor.post(address_of(reload(series)), posted(reload(series), title="Second"))
        assert reload(series).title == "Second"


class ADeletedSeries:
    def test_leaves_its_stories_and_an_entry_in_the_log(self, editor, series, client):
        assert editor.post(f"{DESK}{series.pk}/delete/", {"post": "yes"}).status_code == 302
        assert client.get("/series/early-losses/").status_code == 404
        assert client.get("/stories/a/").status_code == 200
        entry = AuditEntry.objects.latest("pk")
        assert entry.what == "deleted the series"
        assert entry.before["stories"] == ["a", "b", "c", "d", "e"]

    def test_can_be_several_at_once(self, editor, series):
        other = make_series(title="Other")
        data = {"action": "delete_selected", "_selected_action": [series.pk, other.pk]}
        editor.post(DESK, data | {"post": "yes"})
        assert not Series.objects.exists()


class TheListOfSeries:
    def test_counts_all_parts_and_the_public_ones(self, editor, series):
        save_series(series, [*keys_of_parts(series), make_story_in("draft").pk])
        page = editor.get(DESK).text
        assert '<td class="field-parts">6</td><td class="field-stories">5</td>' in page

    @pytest.mark.parametrize(("text", "is_found"), [("EARLY lös", True), ("late", False)])
    def test_finds_a_part_of_a_title(self, editor, series, text, is_found):
        assert ("Early Losses" in editor.get(DESK, {"q": text}).text) == is_found

    def test_is_found_from_everywhere(self, editor, series):
        found = editor.get("/admin/stories/story/find/", {"q": "early", "json": ""}).json()
        assert "Early Losses" in [each["label"] for each in found["found"]]


class AWriter:
    def test_sees_series_and_changes_none(self, writer, series):
        page = writer.get(address_of(series))
        assert "1. Part a" in page.text
        assert 'name="parts"' not in page.text
        assert writer.post(address_of(series), posted(series, title="Mine")).status_code == 403
        assert writer.get(f"{DESK}add/").status_code == 403
        assert writer.post(f"{DESK}{series.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_sees_beside_a_story_in_which_series_it_is(self, writer, series):
        draft = make_story_in("draft")
        save_series(series, [draft.pk])
        page = writer.get(reverse("admin:stories_story_change", args=[draft.pk])).text
        assert f'Part 1 of <a href="{address_of(series)}">Early Losses</a>' in page


class AModerator:
    def test_sees_series_and_changes_none(self, client, series):
        client.force_login(make_user("Moderator"))
        assert client.get(address_of(series)).status_code == 200
        assert client.post(address_of(series), posted(series, title="Mine")).status_code == 403
