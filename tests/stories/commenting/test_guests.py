"""Comments by guests, who have a review link and no account."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from stories.models import Comment, Notification
from stories_project.audit.models import AuditEntry
from tests.factories import make_story_in, make_user, reload, revise
from tests.stories.commenting.test_comments import BODY, QUOTE, make_comment, page_of, reply_to

pytestmark = pytest.mark.django_db

SENT = {"passage": QUOTE, "text": "It was thirty.", "guest_name": "Ada Byron"}


@pytest.fixture
def story():
    return make_story_in("draft", title="The loom", body=BODY)


def make_link(story, is_commentable=True, **fields):
    values = {"reader": "Our lawyer", "created_by": make_user("Editor"), **fields}
    link = story.review_links.model(story=story, is_commentable=is_commentable, **values)
    link.open_until(timezone.now() + timedelta(days=7))
    return link


def address_of(link):
    return f"{link.get_absolute_url()}comments/"


def send(client, link, seconds=10, **values):
    """Open the page of a link, wait some seconds, and send the form."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page = client.get(address_of(link))
        assert page.status_code == 200, page.status_code
        began = page.context["form"]["began"].value()
        clock.shift(timedelta(seconds=seconds))
        return client.post(address_of(link), {"began": began, **SENT, **values})


class AGuest:
    def test_comments_on_a_passage(self, client, story):
        link = make_link(story)
        response = send(client, link)
        assert response.status_code == 302
        page = client.get(response["Location"].partition("#")[0])
        assert "Your comment is sent." in page.text
        for text in (QUOTE, "It was thirty.", "Ada Byron"):
            assert text in page.text
        comment = story.comments.get()
        assert (comment.quote, comment.review_link, comment.author) == (QUOTE, link, None)
        assert comment.start == BODY.index(QUOTE)

    def test_comes_to_the_comments_by_the_address_of_the_link(self, client, story):
        link = make_link(story)
        response = client.get(link.get_absolute_url())
        assert response["Location"] == address_of(link)

    def test_selects_the_passage_on_the_page_as_it_is_shown(self, client, story):
        revise(story, {"body": "A *loom*.\n\nNo.\n\nA *loom*."})
        send(client, make_link(story), passage="A loom", block="2")
        assert story.comments.get().start == len("A *loom*.\n\nNo.\n\n")

    def test_comments_on_the_text_that_the_link_shows(self, client, story):
        link = make_link(story, revision=story.live_revision)
        revise(story, {"body": "Something else."})
        assert send(client, link).status_code == 302
        assert story.comments.get().quote == QUOTE

    def test_reads_only_the_comments_of_the_link(self, client, story):
        mine, other = make_link(story), make_link(story, reader="Somebody else")
        make_comment(story, text="Between us: is he mad?")
        send(client, other, text="From the other guest", guest_name="Other Guest")
        send(client, mine)
        reply_to(Comment.objects.get(review_link=mine), "An internal remark")
        answer = reply_to(
            Comment.objects.get(text="It was thirty."), "We corrected it.", review_link=mine
        )
        page = client.get(address_of(mine)).text
        assert "We corrected it." in page
        assert answer.name in page
        for text in ("Between us", "From the other guest", "Other Guest", "An internal remark"):
            assert text not in page

    def test_is_answered_from_the_desk(self, editor, story):
        link = make_link(story)
        send(editor, link)
        root = story.comments.get()
        page = editor.get(f"{page_of(story)}?reply={root.pk}").text
        assert "The guest may read this reply" in page
        data = {"parent": root.pk, "text": "Thank you.", "is_for_guest": "on"}
        editor.post(page_of(story), data)
        assert "Thank you." in editor.get(address_of(link)).text
        assert "the guest reads this" in editor.get(page_of(story)).text

    def test_replies_in_their_own_thread_only(self, client, story):
        link = make_link(story)
        send(client, link)
        root, staff = story.comments.get(), make_comment(story)
        assert send(client, link, parent=root.pk, passage="").status_code == 302
        assert Comment.objects.latest("pk").parent == root
        assert send(client, link, parent=staff.pk, passage="").status_code == 200

    def test_is_told_to_who_made_the_link_once_an_hour(self, client, story):
        make_user("Writer", username="ada")
        sender = make_user("Editor")
        link = make_link(story, created_by=sender)
        send(client, link, text="Hello @ada")
        send(client, link)
        told = Notification.objects.get()
        assert (told.recipient, told.kind) == (sender, "comment")
        assert "Ada Byron: Hello @ada" in told.text
        assert not Comment.objects.filter(mentioned__isnull=False).exists()

    @pytest.mark.parametrize(
        ("values", "seconds", "sentence"),
        [
            ({"text": ""}, 10, "This field is required"),
            ({"guest_name": " "}, 10, "This field is required"),
            ({"guest_name": "x" * 101}, 10, "at most 100 characters"),
            ({"text": "x" * 5001}, 10, "at most 5000 characters"),
            ({"passage": ""}, 10, "Say which passage you mean."),
            ({"passage": "She knitted in the garden"}, 10, "not in the text"),
            ({"website": "https://spam.example/"}, 10, "trap for bots"),
            ({}, 1, "quicker than anybody types"),
            ({"began": "forged"}, 10, "open for too long"),
            ({"text": "\x00"}, 10, "Null characters are not allowed"),
            ({"block": "x"}, 10, ""),
            ({"block": "-5"}, 10, ""),
        ],
    )
    def test_finds_what_was_typed_with_the_error(self, client, story, values, seconds, sentence):
        response = send(client, make_link(story), seconds, **values)
        assert response.status_code == 200
        assert sentence in response.text
        assert {"It was thirty.", "Ada Byron"} & set(response.text.split("\n")) or (
            "It was thirty." in response.text or "Ada Byron" in response.text
        )
        assert not Comment.objects.exists()

    def test_sends_no_mark_and_no_markup(self, client, story):
        link = make_link(story)
        send(client, link, kind="confirmed", source="x", text="<b>bold</b> @editor")
        comment = story.comments.get()
        assert (comment.kind, comment.source) == ("comment", "")
        assert "&lt;b&gt;bold&lt;/b&gt;" in client.get(address_of(link)).text

    def test_sends_a_limited_number_an_hour(self, client, story, settings):
        settings.GUEST_COMMENTS_AN_HOUR = 2
        link = make_link(story)
        for _ in range(2):
            assert send(client, link).status_code == 302
        response = send(client, link)
        assert "You have sent too many." in response.text
        assert "It was thirty." in response.text

    def test_fills_no_link_without_end(self, client, story, monkeypatch):
        monkeypatch.setattr("stories.commenting.forms.MOST_BY_GUESTS", 1)
        link = make_link(story)
        send(client, link)
        assert "very many comments" in send(client, link).text


class ALink:
    def test_is_not_for_comments_unless_somebody_says_so(self, editor, story):
        data = {"reader": "Our lawyer", "days": 7, "is_fixed": "newest"}
        links = f"/admin/stories/story/{story.pk}/review-links/"
        editor.post(links, data)
        link = story.review_links.get()
        assert not link.is_commentable
        page = editor.get(link.get_absolute_url())
        assert page.status_code == 200
        assert "guest" not in page.text
        editor.post(links, data | {"is_commentable": "on"})
        assert story.review_links.latest("pk").is_commentable

    def test_is_opened_and_closed_for_comments(self, editor, story):
        link = make_link(story, is_commentable=False)
        toggle = f"/admin/stories/story/{story.pk}/review-links/{link.pk}/comments/"
        assert (
            "Allow comments by Our lawyer"
            in editor.get(toggle.split("/review")[0] + "/review-links/").text
        )
        editor.post(toggle, {"allow": "yes"})
        assert send(editor, link).status_code == 302
        editor.post(toggle)
        assert not reload(link).is_commentable
        assert editor.get(address_of(link))["Location"] == link.get_absolute_url()
        answer = editor.post(address_of(link), SENT)
        assert "take no more comments" in answer.text
        assert "It was thirty." in answer.text
        assert Comment.objects.count() == 1
        assert "closed comments on the review link" in str(AuditEntry.objects.latest("pk"))

    @pytest.mark.parametrize("closing", ["revoked", "expired", "published"])
    def test_that_is_closed_refuses(self, client, story, closing):
        link = make_link(story)
        send(client, link)
        if closing == "revoked":
            link.revoke(link.created_by)
        elif closing == "expired":
            link.expires_at = timezone.now()
            link.save()
        else:
            story.publish()
        for response in (client.get(address_of(link)), client.post(address_of(link), SENT)):
            assert response.status_code == 410
            assert "It was thirty." not in response.text
        assert Comment.objects.count() == 1

    def test_that_is_unknown_is_not_found(self, client):
        assert client.get("/preview/MQ:1abc:xyz/comments/").status_code == 404

    def test_shows_its_page_to_nobody_else(self, client, story):
        response = client.get(address_of(make_link(story)))
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"


class TheNameOfAGuest:
    def test_is_deleted_some_time_after_the_link_is_closed(self, client, story, settings):
        link = make_link(story)
        send(client, link)
        closed = link.expires_at + settings.SENDERS_KEPT
        for moment, name in (
            (closed - timedelta(days=1), "Ada Byron"),
            (closed + timedelta(days=1), "Guest"),
        ):
            with time_machine.travel(moment, tick=False):
                call_command("clean_up")
            assert story.comments.get().guest_name == name
        assert story.comments.get().text == "It was thirty."

    def test_is_deleted_with_the_comment_by_an_editor(self, client, story):
        send(client, make_link(story))
        comment = story.comments.get()
        delete = f"{page_of(story)}{comment.pk}/delete/"
        client.force_login(make_user("Writer"))
        assert client.post(delete).status_code == 403
        client.force_login(make_user("Editor"))
        client.post(delete)
        assert not Comment.objects.exists()
        assert "Ada" not in str(AuditEntry.objects.latest("pk"))


class APurge:
    def test_removes_a_passage_from_comments_and_their_neighbours(self, client, story):
        send(client, make_link(story), text=f"Because {QUOTE}", guest_name="The widow lent")
        make_comment(story, "She wove")
        make_comment(story, "widow lent her", kind="confirmed", source=QUOTE)
        make_comment(story, "Later.", text=QUOTE)
        call_command("purge", QUOTE, yes=True, reason="A court order.")
        for comment in story.comments.all():
            kept = (comment.quote, comment.prefix, comment.suffix, comment.text, comment.source)
            assert "marks" not in " ".join(kept)
            assert "widow" not in " ".join(kept)
        assert [c.quote for c in story.comments.order_by("pk")] == [
            *("…", "She wove", "…", "Later.")
        ]
