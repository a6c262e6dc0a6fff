"""The desk: who may do what, and that typed values are never lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin import ModelAdmin
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from stories.models import Autosave, Story
from stories_project.pictures.uploads import store_image
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    picture,
    reload,
    story_values,
)

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/stories/story/add/", "/admin/stories/story/"


def change(story):
    return f"/admin/stories/story/{story.pk}/change/"


def posted(**changes):
    """Return what a browser posts, which sends nothing for empty fields."""
    values = story_values(publish_at="", **changes)
    return {name: value for name, value in values.items() if value not in (None, False)}


def opened(story, **changes):
    """Return what a browser posts for a story that was just opened."""
    return posted(slug=story.slug, founders=story.founders, **changes) | {
        "based_on": story.newest_revision_id
    }


class AnEditor:
    def test_writes_a_story(self, editor):
        data = posted(title="A new story", slug="", tags=["Craft", "Brand new"])
        assert editor.post(ADD, data | {"publish_at": "2026-01-31T08:00"}).status_code == 302
        story = Story.objects.get()
        assert (story.slug, story.state) == ("a-new-story", "published")
        assert [tag.name for tag in story.tags.all()] == ["Craft", "Brand new"]
        assert story.revisions.get().author == editor.user
        assert editor.get("/stories/a-new-story/").status_code == 200

    def test_publishes_with_one_button(self, editor):
        story = make_story_in("scheduled")
        data = opened(story, _publish="Publish now")
        assert editor.post(change(story), data).status_code == 302
        assert reload(story).is_published

    def test_withdraws_with_one_button(self, editor):
        story = make_story()
        data = opened(story, _withdraw="Withdraw now")
        data["publish_at"] = "2026-01-31T08:00"
        assert editor.post(change(story), data).status_code == 302
        assert reload(story).is_withdrawn

    def test_keeps_a_planned_withdrawal_when_publishing(self, editor):
        story = make_story_in("scheduled", unpublish_at="2036-01-31T08:00:00+00:00")
        data = opened(story, _publish="Publish now")
        editor.post(change(story), data | {"unpublish_at": "2036-01-31T08:00"})
        assert reload(story).is_published
        assert reload(story).unpublish_at.year == 2036

    def test_publishes_a_withdrawn_story_again(self, editor):
        story = make_story_in("withdrawn")
        editor.post(LIST, {"action": "publish_now", "_selected_action": [story.pk]})
        assert reload(story).is_published

    def test_finds_the_date_as_typed_when_publishing_is_refused(self, editor):
        data = posted(excerpt="", _publish="Publish now")
        page = editor.post(ADD, data).text
        assert "Write an excerpt before the story is published." in page
        assert re.search(r'<input[^>]*name="publish_at" value=""', page)

    def test_does_not_change_the_date_of_a_published_story(self, editor):
        story = make_story()
        data = {"action": "publish_now", "_selected_action": [story.pk]}
        assert "It is published on" in editor.post(LIST, data, follow=True).text
        assert reload(story).publish_at == story.publish_at

    def test_keeps_the_cover_when_the_browser_also_sends_an_empty_file_input(self, editor):
        name = store_image(picture(), "covers")
        story = make_story_in("draft", cover=name, cover_alt="A field")
        sent = opened(story, title=story.title, cover=name, cover_alt="A field")
        sent["cover-upload"] = ""
        sent["writing"] = str(uuid4())
        assert editor.post(change(story), sent | {"title": ""}).status_code == 200
        assert Autosave.objects.get().content["cover"] == name
        assert editor.post(change(story), sent).status_code == 302
        assert reload(story).cover == name
        sent["based_on"] = reload(story).newest_revision_id
        editor.post(change(story), sent | {"cover-clear": "on"})
        assert not reload(story).cover

    def test_gets_all_typed_values_back_with_the_reason(self, editor):
        data = posted(title="", excerpt="Kept excerpt", tags=["Kept tag"], _publish="Publish now")
        data["cover-upload"] = picture()
        page = editor.post(ADD, data).text
        assert "This field is required." in page
        for text in ("Kept excerpt", "Kept tag", "First takeaway.", "/media/renditions/covers/"):
            assert text in page
        assert not Story.objects.exists()

    def test_opens_a_story_with_all_its_values(self, editor):
        founders = [make_founder(name="Ada Byron"), make_founder(name="Grace Hopper")]
        story = make_story(founders=founders, tags=["Engines"], byline="A. Writer")
        page = editor.get(change(story)).text
        for text in ("Ada Byron", "Grace Hopper", "Engines", "A. Writer", "First takeaway."):
            assert text in page
        assert page.index("Ada Byron") < page.index("Grace Hopper")

    def test_publishes_several_and_sees_why_one_is_not(self, editor):
        ready, bare = make_story_in("draft", title="Ready"), make_story_in("draft", title="Bare")
        bare.takeaways.all().delete()
        page = editor.post(
            LIST,
            {"action": "publish_now", "_selected_action": [ready.pk, bare.pk]},
            follow=True,
        ).text
        assert "Published: Ready" in page
        assert "Not changed: Bare. Write at least one key takeaway" in page
        assert (reload(ready).is_published, reload(bare).is_published) == (True, False)

    def test_withdraws_several(self, editor):
        story = make_story()
        editor.post(LIST, {"action": "withdraw_now", "_selected_action": [story.pk]})
        assert reload(story).is_withdrawn
        assert story.revisions.count() == 2


class AnInvalidKey:
    @pytest.mark.parametrize("value", ["x", "", "-1", "9" * 40, "\x00", "💥", "1.5"])
    @pytest.mark.parametrize("field", ["founders", "pinned", "banned"])
    def test_is_refused_and_the_other_values_are_kept(self, editor, field, value):
        page = editor.post(ADD, posted(title="Kept title") | {field: [value, "1"]})
        assert page.status_code == 200
        assert "Kept title" in page.text
        assert not Story.objects.exists()


class TwoEditorsAtOnce:
    def test_who_choose_the_same_slug_get_a_message_and_lose_nothing(self, editor, monkeypatch):
        view = ModelAdmin._changeform_view

        def overtaken(*args, **kwargs):
            monkeypatch.setattr(ModelAdmin, "_changeform_view", view)
            make_story(slug="taken")
            raise IntegrityError

        monkeypatch.setattr(ModelAdmin, "_changeform_view", overtaken)
        page = editor.post(
            ADD, posted(slug="taken", title="Mine") | {"cover-upload": picture()}
        ).text
        assert "Another story already has this address. Choose another." in page
        assert 'value="Mine"' in page


class TheList:
    @pytest.fixture(autouse=True)
    def _stories(self):
        self.stories = {
            state: make_story_in(state, title=f"The {state} one")
            for state in ("draft", "scheduled", "published", "withdrawn")
        }

    def test_shows_the_state_in_words(self, editor):
        page = editor.get(LIST).text
        for state in Story.State:
            assert f'<span class="pill pill--{state}">{state.label}</span>' in page

    @pytest.mark.parametrize("state", ["draft", "scheduled", "published", "withdrawn"])
    def test_is_filtered_by_state(self, editor, state):
        page = editor.get(LIST, {"state": state}).text
        shown = [s for s, story in self.stories.items() if story.title in page]
        assert shown == [state]

    def test_is_filtered_by_founder_and_by_tag(self, editor):
        story = make_story(title="The chosen one", tags=["Rare"])
        tag = story.tags.get()
        for query in ({"founder": story.founders[0].pk}, {"tag": tag.pk}):
            page = editor.get(LIST, query).text
            assert "The chosen one" in page
            assert "The draft one" not in page

    @pytest.mark.parametrize("value", ["x", "-1", "99999999999999999999", "\x00", "0"])
    @pytest.mark.parametrize("name", ["founder", "tag", "state", "p", "o", "q", "nonsense"])
    def test_answers_any_filter_without_a_server_error(self, editor, name, value):
        assert editor.get(LIST, {name: value}).status_code in (200, 302, 400)

    @pytest.mark.parametrize("name", ["status", "status__exact", "p", "o", "q"])
    @pytest.mark.parametrize("value", ["x", "-1", "99999999999999999999", "\x00"])
    def test_of_founders_answers_any_filter_without_a_server_error(self, editor, name, value):
        address = "/admin/founders/founder/"
        assert editor.get(address, {name: value}).status_code in (200, 302, 400)

    def test_can_be_searched(self, editor):
        page = editor.get(LIST, {"q": "withdrawn"}).text
        assert "The withdrawn one" in page
        assert "The draft one" not in page


class AWriter:
    def test_writes_a_draft(self, writer):
        assert writer.post(ADD, posted()).status_code == 302
        assert Story.objects.get().state == "draft"

    @pytest.mark.parametrize(
        "attempt",
        [
            {"publish_at": "2026-01-31T08:00"},
            {"_publish": "Publish now"},
            {"publish_at": "2036-01-31T08:00"},
            {"is_lead": "on"},
        ],
    )
    def test_cannot_publish_with_any_field_of_the_form(self, writer, attempt):
        story = make_story_in("draft")
        data = opened(story, title="Changed") | attempt
        writer.post(change(story), data)
        writer.post(ADD, posted() | attempt)
        for story in Story.objects.all():
            assert (story.state, story.is_lead) == ("draft", False)
            assert story.revisions.last().content.publish_at is None

    @pytest.mark.parametrize("state", ["scheduled", "published", "withdrawn"])
    def test_can_read_but_not_change_a_story_with_a_date(self, writer, state):
        story = make_story_in(state, title="Before")
        assert writer.get(change(story)).status_code == 200
        data = opened(story, title="After")
        assert writer.post(change(story), data).status_code == 403
        assert reload(story).title == "Before"

    @pytest.mark.parametrize("action", ["publish_now", "withdraw_now", "delete_selected"])
    def test_cannot_publish_with_a_bulk_action(self, writer, action):
        draft, live = make_story_in("draft"), make_story()
        data = {"action": action, "_selected_action": [draft.pk, live.pk], "post": "yes"}
        writer.post(LIST, data)
        assert (reload(draft).state, reload(live).state) == ("draft", "published")


ADDRESSES = [
    *("/admin/", LIST, ADD, "/admin/stories/tag/", "/admin/stories/tag/add/"),
    *("/admin/founders/founder/", "/admin/founders/founder/add/", "/admin/auth/user/"),
    *("/admin/stories/tag/names/", "/admin/autocomplete/"),
]


class AStranger:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_is_redirected_to_sign_in(self, client, address):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize("verb", ["change", "delete", "history"])
    def test_is_redirected_to_sign_in_at_a_story(self, client, verb):
        address = reverse(f"admin:stories_story_{verb}", args=[make_story().pk])
        assert client.post(address)["Location"].startswith("/admin/login/")


class AModerator:
    @pytest.mark.parametrize("address", [ADD, "/admin/stories/tag/add/", "/admin/auth/user/"])
    def test_is_refused_on_pages_of_editors(self, client, address):
        client.force_login(make_user("Moderator"))
        assert client.get(address).status_code == 403


class EveryPageOfTheDesk:
    @pytest.mark.parametrize("address", [a for a in ADDRESSES if "autocomplete" not in a])
    def test_opens(self, client, address):
        client.force_login(make_user("Editor", is_superuser=True))
        assert client.get(address).status_code == 200

    def test_of_one_row_opens(self, client):
        client.force_login(make_user("Editor", is_superuser=True))
        story = make_story(publish_at=timezone.now() + timedelta(days=1))
        rows = [("stories", story), ("stories", story.tags.get()), ("founders", story.founders[0])]
        for app, row in rows:
            for verb in ("change", "delete", "history"):
                name = f"admin:{app}_{row._meta.model_name}_{verb}"
                assert client.get(reverse(name, args=[row.pk])).status_code == 200

    @pytest.mark.parametrize(
        ("app", "model", "field"),
        [
            ("stories", "storyfounder", "founder"),
            ("stories", "storytag", "tag"),
            ("stories", "relatedchoice", "other"),
        ],
    )
    def test_has_an_autocomplete(self, editor, app, model, field):
        make_story(title="Engines", founders=[make_founder(name="Engines Ada")], tags=["Engines"])
        data = {"app_label": app, "model_name": model, "field_name": field, "term": "engines"}
        results = editor.get("/admin/autocomplete/", data).json()["results"]
        assert len(results) == 1


class ATag:
    def test_cannot_get_the_name_of_another_tag(self, editor):
        story = make_story(tags=["Start-ups", "Craft"])
        craft = story.tags.get(name="Craft")
        page = editor.post(
            f"/admin/stories/tag/{craft.pk}/change/", {"name": "startups", "slug": "craft"}
        ).text
        assert "The tag “Start-ups” has this name already." in page
