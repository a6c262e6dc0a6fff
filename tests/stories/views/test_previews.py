"""Previews of unpublished text: beside the form, in a window, and behind a private link."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from stories.models import Autosave, CalendarAddress, ReviewLink, Story, Tag
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    reload,
    revise,
    rework,
)
from tests.stories.admin.test_story_admin import opened, posted

pytestmark = pytest.mark.django_db

BESIDE = "/admin/stories/story/beside/"


def made_link(editor, story, is_fixed="newest", days=7):
    data = {"reader": "Our lawyer", "days": days, "is_fixed": is_fixed}
    answer = editor.post(f"/admin/stories/story/{story.pk}/review-links/", data)
    assert answer.status_code == 302, answer.text
    return story.review_links.latest("pk")


def is_private(answer):
    return (
        "no-store" in answer["Cache-Control"]
        and "noindex" in answer["X-Robots-Tag"]
        and answer["Referrer-Policy"] == "no-referrer"
        and not answer.has_header("ETag")
    )


class APreview:
    def test_is_the_real_page_of_the_newest_text(self, editor):
        other = make_story(title="A related story", tags=["Craft"])
        story = make_story(title="Live", tags=["Craft"])
        rework(story, {"title": "Worked on", "takeaways": "New."})
        answer = editor.get(f"/admin/stories/story/{story.pk}/preview/")
        assert is_private(answer)
        for text in ("Worked on", "New.", "Continue Your Journey", other.title, "noindex"):
            assert text in answer.text

    def test_is_for_staff_only(self, client):
        address = f"/admin/stories/story/{make_story_in('draft').pk}/preview/"
        assert client.get(address).status_code == 302
        client.force_login(make_user())
        assert client.get(address).status_code == 302


class ThePreviewBesideTheForm:
    def test_shows_what_is_typed_and_stores_nothing(self, editor):
        story = make_story(title="Live")
        data = opened(story, title="Typed", tags=["Brand new"], body="## Act I\n\n*Typed* body.")
        answer = editor.post(BESIDE, data | {"story": story.pk})
        assert is_private(answer)
        page = json.loads(answer.content)["page"]
        for text in ("Typed", "<em>Typed</em> body.", "Brand new"):
            assert text in page
        assert reload(story).revisions.count() == 1
        assert not Tag.objects.filter(name="Brand new").exists()
        assert not Autosave.objects.exists()

    def test_is_shown_for_a_form_with_errors(self, editor):
        data = posted(title="", reading_minutes="many", excerpt="Typed") | {"publish_at": "x"}
        answer = json.loads(editor.post(BESIDE, data).content)
        assert "Typed" in answer["page"]
        assert "Write a title." in answer["checklist"]

    def test_has_the_checklist_of_what_is_typed(self, editor):
        data = posted(takeaways="", body="## One\n\n#### Four\n\n![](/media/x.png)")
        checklist = json.loads(editor.post(BESIDE, data).content)["checklist"]
        for text in ("at least one key takeaway", "skips a level", "A picture is not described"):
            assert text in checklist

    def test_shows_the_schedule_in_two_time_zones(self, editor, settings):
        settings.TIME_ZONE = "Asia/Shanghai"
        with timezone.override("Asia/Shanghai"):
            data = posted() | {"publish_at": "2036-01-31T08:00", "unpublish_at": "2036-02-01T08:00"}
            plan = json.loads(editor.post(BESIDE, data).content)["plan"]
        assert "Readers see the story" in plan
        assert "January 31, 2036, 08:00 CST" in plan
        assert "(January 31, 2036, 00:00 UTC)" in plan
        assert plan.index("Readers see") < plan.index("The story is withdrawn")

    @pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "\x00", "💥"])
    @pytest.mark.parametrize("name", ["story", "founders", "pinned", "title", "body", "sources"])
    def test_accepts_any_value(self, editor, name, value):
        assert editor.post(BESIDE, posted() | {name: value}).status_code == 200


class AReviewLink:
    def test_shows_a_draft_to_anybody_who_has_it(self, editor, client):
        story = make_story_in("draft", title="Secret draft", founders=[make_founder("pending")])
        link = made_link(editor, story)
        client.logout()
        answer = client.get(link.get_absolute_url())
        assert is_private(answer)
        for text in ("Secret draft", "<strong>Draft</strong>", 'content="noindex'):
            assert text in answer.text

    def test_follows_the_draft(self, editor, client):
        story = make_story_in("draft", title="Before")
        link = made_link(editor, story)
        revise(story, {"title": "After"})
        assert "After" in client.get(link.get_absolute_url()).text

    def test_shows_the_working_copy_of_a_public_story(self, editor, client):
        story = make_story(title="Live")
        rework(story, {"title": "Worked on"})
        assert "Worked on" in client.get(made_link(editor, story).get_absolute_url()).text

    def test_fixed_to_a_revision_keeps_showing_it(self, editor, client):
        story = make_story_in("draft", title="Before")
        link = made_link(editor, story, "fixed")
        revise(story, {"title": "After"})
        assert "Before" in client.get(link.get_absolute_url()).text

    def test_expires(self, editor, client):
        link = made_link(editor, make_story_in("draft", title="Secret draft"), days=1)
        with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
            answer = client.get(link.get_absolute_url())
        assert answer.status_code == 410
        assert "This link is closed" in answer.text
        assert "Secret draft" not in answer.text
        assert is_private(answer)

    def test_is_revoked_at_once(self, editor, client):
        story = make_story_in("draft")
        link = made_link(editor, story)
        editor.post(f"/admin/stories/story/{story.pk}/review-links/{link.pk}/revoke/")
        assert client.get(link.get_absolute_url()).status_code == 410
        assert "revoked on" in editor.get(f"/admin/stories/story/{story.pk}/review-links/").text

    def test_is_closed_by_the_publication(self, editor, client):
        story = make_story_in("draft")
        address = made_link(editor, story).get_absolute_url()
        story.publish()
        assert client.get(address).status_code == 410
        story.withdraw()
        assert client.get(address).status_code == 410

    def test_is_closed_when_the_scheduled_time_comes(self, editor, client):
        at = timezone.now() + timedelta(hours=1)
        address = made_link(editor, make_story(publish_at=at)).get_absolute_url()
        assert client.get(address).status_code == 200
        with time_machine.travel(at, tick=False):
            assert client.get(address).status_code == 410

    def test_to_a_working_copy_is_closed_when_its_changes_are_published(self, editor, client):
        story = make_story(publish_at=timezone.now() - timedelta(days=1))
        rework(story, {"title": "Worked on"})
        address = made_link(editor, story).get_absolute_url()
        assert "Worked on" in client.get(address).text
        reload(story).publish()
        assert client.get(address).status_code == 410

    @pytest.mark.parametrize("lost", ["account", "role"])
    def test_is_closed_with_the_rights_of_its_author(self, editor, client, lost):
        address = made_link(editor, make_story_in("draft")).get_absolute_url()
        author = ReviewLink.objects.get().created_by
        if lost == "role":
            author.groups.clear()
        else:
            author.is_active = False
            author.save()
        assert client.get(address).status_code == 410

    def test_is_revoked_from_the_list_of_all(self, editor, client):
        story = make_story_in("draft", title="A draft")
        link = made_link(editor, story)
        links = "/admin/stories/story/review-links/"
        assert f'href="{links}"' in editor.get("/admin/").text
        assert "A draft" in editor.get(links).text
        revoke = f"/admin/stories/story/{story.pk}/review-links/{link.pk}/revoke/"
        page = editor.post(revoke, {"back": "all"}, follow=True)
        assert page.redirect_chain[-1][0] == links
        assert "No review link is open." in page.text

    def test_is_not_listed_for_writers(self, client):
        client.force_login(make_user("Writer"))
        assert client.get("/admin/stories/story/review-links/").status_code == 403

    def test_is_listed_with_its_url(self, editor):
        story = make_story_in("draft")
        link = made_link(editor, story)
        # The token in the URL has the second in which it was signed.
        with time_machine.travel(timezone.now(), tick=False):
            page = editor.get(f"/admin/stories/story/{story.pk}/review-links/").text
            assert link.absolute_url in page
        assert "Our lawyer" in page

    @pytest.mark.parametrize("token", ["x", "MTIz", "%00", "MQ:1abc:xyz", "💥"])
    def test_cannot_be_guessed(self, client, token):
        assert client.get(f"/preview/{token}/").status_code == 404

    def test_signed_with_another_key_is_refused(self, editor, client, settings):
        link = made_link(editor, make_story_in("draft"))
        address = link.get_absolute_url()
        settings.SECRET_KEY = "another one"
        assert client.get(address).status_code == 404

    def test_cannot_be_revoked_through_another_story(self, editor):
        link = made_link(editor, make_story_in("draft"))
        other = make_story_in("draft")
        address = f"/admin/stories/story/{other.pk}/review-links/{link.pk}/revoke/"
        assert editor.post(address).status_code == 404
        assert ReviewLink.objects.open().exists()

    def test_is_gone_with_its_story(self, editor, client):
        story = make_story_in("draft")
        address = made_link(editor, story).get_absolute_url()
        Story.objects.get(pk=story.pk).remove()
        assert client.get(address).status_code == 404

    def test_needs_the_name_of_its_reader(self, editor):
        story = make_story_in("draft")
        data = {"reader": " ", "days": 7, "is_fixed": "newest"}
        page = editor.post(f"/admin/stories/story/{story.pk}/review-links/", data).text
        assert "This field is required." in page


class ThePrivateUrl:
    """Django's own `/admin/r/…` redirected any member of staff to any row's URL, so to drafts."""

    @pytest.mark.parametrize("role", [None, "Writer", "Editor", "Moderator"])
    def test_is_not_revealed_by_the_admin(self, client, editor, role):
        link = made_link(editor, make_story_in("draft"))
        staff = make_user(role, is_staff=True)
        calendar = CalendarAddress.objects.create(user=make_user("Editor"))
        client.force_login(staff)
        for row in (link, calendar):
            kind = ContentType.objects.get_for_model(row).pk
            answer = client.get(f"/admin/r/{kind}/{row.pk}/")
            assert answer.status_code == 404
            assert not answer.has_header("Location")
