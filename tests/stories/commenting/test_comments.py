"""Comments by the staff: on a passage, replies, mentions, and the state of a thread."""

import json
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from stories.commenting.adding import add
from stories.commenting.anchoring import Anchor
from stories.commenting.threads import discussion_of
from stories.models import Comment, Notification, ReviewLink
from stories.reviewing.checklist import findings
from stories_project.audit.models import AuditEntry
from stories_project.page_cache.models import Change
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_user,
    reload,
    revise,
    rework,
)

pytestmark = pytest.mark.django_db

BODY = "## Act I: The mill\n\nShe wove **alone**. The widow lent her forty marks.\n\nLater."
QUOTE = "The widow lent her forty marks."
JSON = {"HTTP_ACCEPT": "application/json"}


def page_of(story):
    return f"/admin/stories/story/{story.pk}/comments/"


def make_comment(story, quote=QUOTE, by=None, **fields):
    """Return a comment on words that stand in the newest text of a story."""
    body = story.newest_content.body
    start = body.index(quote)
    anchor = Anchor.at(body, start, start + len(quote))
    if "guest_name" not in fields:
        fields["author"] = by or make_user("Editor")
    return add(Comment(story=story, **{"text": "Is this so?", **vars(anchor), **fields}))


def reply_to(root, text="Yes.", by=None, **fields):
    return add(
        Comment(
            story=root.story, parent=root, text=text, author=by or make_user("Writer"), **fields
        )
    )


@pytest.fixture
def story():
    return make_story_in("draft", title="The loom", body=BODY)


def act(client, comment, verb):
    return client.post(f"{page_of(comment.story)}{comment.pk}/{verb}/")


def discussion(story):
    return discussion_of(story.pk, reload(story).newest_content.body)


class AComment:
    def test_is_written_on_the_page_of_the_comments(self, writer, story):
        data = {"passage": "She wove alone", "text": "Really?"}
        assert writer.post(page_of(story), data).status_code == 302
        comment = story.comments.get()
        assert (comment.quote, comment.author) == ("She wove **alone", writer.user)
        page = writer.get(page_of(story)).text
        assert "Really?" in page
        assert "no-store" in writer.get(page_of(story))["Cache-Control"]

    def test_is_anchored_to_the_text_as_it_is_typed(self, editor, story):
        data = {"passage": "Not saved yet", "text": "Nice.", "body": "One.\r\n\r\nNot saved yet."}
        answer = editor.post(page_of(story), data, **JSON)
        comment = story.comments.get()
        assert json.loads(answer.content) == {"comment": comment.pk}
        assert (comment.start, comment.rest) == (6, 1)

    def test_is_on_the_selected_place_of_words_that_occur_twice(self, editor, story):
        revise(story, {"body": "A loom.\n\nA loom."})
        editor.post(page_of(story), {"passage": "A loom", "text": "Which?", "near": 9})
        assert story.comments.get().start == 9

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"text": "Why?"}, "Say which passage you mean."),
            ({"passage": "She knitted in the garden", "text": "Why?"}, "not in the text"),
            ({"passage": QUOTE}, "Write the comment."),
            ({"passage": QUOTE, "text": "x" * 5001}, "at most 5000 characters"),
            ({"passage": "x" * 1001, "text": "Long."}, "at most 1000 characters"),
            ({"passage": QUOTE, "kind": "confirmed"}, "Say with which source"),
            ({"passage": QUOTE, "kind": "disputed"}, "Say why the passage is disputed."),
            ({"passage": "\x00", "text": "x"}, "Null characters are not allowed"),
            ({"text": "x", "parent": "99"}, "Select a valid choice"),
            ({"text": "x", "parent": "💥"}, "Select a valid choice"),
        ],
    )
    def test_that_is_not_complete_says_so_and_keeps_what_was_typed(
        self, editor, story, data, sentence
    ):
        page = editor.post(page_of(story), data)
        assert page.status_code == 200
        assert sentence in page.text
        assert data.get("text", "") in page.text
        answer = editor.post(page_of(story), data, **JSON)
        assert sentence in " ".join(json.loads(answer.content)["errors"])
        assert not Comment.objects.exists()

    def test_of_a_writer_needs_a_text(self, writer, story):
        assert "This field is required" in writer.post(page_of(story), {"passage": QUOTE}).text

    def test_follows_the_edits_of_its_story(self, story):
        make_comment(story)
        revise(story, {"body": "A new beginning.\n\n" + BODY})
        [thread] = discussion(story).threads
        assert thread.is_unchanged
        assert thread.place.start == BODY.index(QUOTE) + len("A new beginning.\n\n")

    def test_says_that_its_passage_has_changed_or_is_gone(self, editor, story):
        make_comment(story)
        revise(story, {"body": BODY.replace("forty marks", "some forty marks")})
        assert "This passage has changed." in editor.get(page_of(story)).text
        revise(story, {"body": "## Act I\n\nSomething else."})
        page = editor.get(page_of(story)).text
        assert "This passage is gone from the text." in page
        assert QUOTE in page

    def test_comes_after_those_on_earlier_passages(self, story):
        later = make_comment(story)
        gone = make_comment(story, "Later.")
        first = make_comment(story, "She wove")
        revise(story, {"body": BODY.replace("\n\nLater.", "")})
        assert [t.root for t in discussion(story).threads] == [first, later, gone]

    def test_is_text_and_no_markup(self, editor, story):
        make_comment(story, text="<script>alert(1)</script> **bold**\nSecond line")
        page = editor.get(page_of(story)).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**<br>Second line" in page

    def test_goes_with_its_story(self, story):
        make_comment(story)
        story.remove()
        assert not Comment.objects.exists()

    def test_stays_when_its_story_is_published(self, editor, story):
        make_comment(story)
        live = make_story(body=BODY)
        make_comment(live)
        rework(live, {"body": BODY + " More."})
        assert "Is this so?" in editor.get(page_of(live)).text

    @pytest.mark.parametrize("role", ["Writer", "Editor", "Moderator"])
    def test_may_be_written_by_the_staff_on_any_story_they_see(self, client, role):
        client.force_login(make_user(role))
        story = make_story(body=BODY)
        assert client.post(page_of(story), {"passage": QUOTE, "text": "Hm."}).status_code == 302

    def test_is_for_the_staff_only(self, client, story):
        comment = make_comment(story)
        addresses = [page_of(story), f"{page_of(story)}beside/"]
        addresses += [f"{page_of(story)}{comment.pk}/{v}/" for v in ("resolve", "reopen", "delete")]
        for who, status in ((None, 302), (make_user(), 302), (make_user(is_staff=True), 403)):
            client.logout()
            if who:
                client.force_login(who)
            for address in addresses:
                assert client.post(address).status_code == status
        assert reload(comment).resolved_at is None

    def test_is_not_reached_through_another_story(self, editor, story):
        comment = make_comment(story)
        other = make_story_in("draft")
        for verb in ("resolve", "reopen", "delete"):
            address = f"{page_of(other)}{comment.pk}/{verb}/"
            assert editor.post(address).status_code == 404
        answer = editor.post(page_of(other), {"text": "x", "parent": comment.pk})
        assert "Select a valid choice" in answer.text

    def test_costs_the_same_number_of_queries_however_many_there_are(
        self, editor, story, django_assert_max_num_queries
    ):
        change = f"/admin/stories/story/{story.pk}/change/"

        def count(address):
            with django_assert_max_num_queries(40) as queries:
                assert editor.get(address).status_code == 200
            # Others come once a second, or once.
            return sum(
                "_comment" in query["sql"] or "auth_user" in query["sql"] for query in queries
            )

        def add_some(number):
            for _ in range(number):
                reply_to(make_comment(story)).parent.resolve(make_user("Editor"))
                make_comment(story)

        pages = (page_of(story), change, "/admin/")
        add_some(1)
        before = [count(page) for page in pages]
        add_some(20)
        assert [count(page) for page in pages] == before


class AReply:
    def test_stands_in_the_thread_and_is_told_to_who_began_it(self, writer, story):
        beginner = make_user("Editor")
        root = make_comment(story, by=beginner)
        page = writer.get(f"{page_of(story)}?reply={root.pk}").text
        assert "Reply to" in page
        writer.post(page_of(story), {"parent": root.pk, "text": "It is."})
        [thread] = discussion(story).threads
        assert [reply.text for reply in thread.replies] == ["It is."]
        told = Notification.objects.get()
        assert (told.recipient, told.kind) == (beginner, "comment")
        assert QUOTE in told.text
        assert "It is." in told.text
        assert told.leads_to.endswith(f"/comments/#comment-{root.pk}")

    def test_to_a_reply_is_in_the_same_thread(self, editor, story):
        reply = reply_to(make_comment(story))
        editor.post(page_of(story), {"parent": reply.pk, "text": "And so on."})
        assert Comment.objects.latest("pk").parent == reply.parent

    def test_opens_a_resolved_thread_again(self, story):
        root = make_comment(story)
        root.resolve(make_user("Editor"))
        reply_to(root)
        assert reload(root).resolved_at is None

    def test_has_no_mark_of_its_own(self, editor, story):
        root = make_comment(story)
        editor.post(
            page_of(story), {"parent": root.pk, "text": "x", "kind": "confirmed", "source": "y"}
        )
        assert Comment.objects.latest("pk").kind == "comment"


class AThread:
    def test_is_resolved_and_reopened(self, writer, story):
        root = make_comment(story)
        answer = act(writer, root, "resolve")
        assert answer["Location"] == f"{page_of(story)}#comment-{root.pk}"
        root = reload(root)
        assert root.resolved_by == writer.user
        assert discussion(story).resolved[0].state == "resolved"
        assert "Everything is resolved." in writer.get(page_of(story)).text
        act(writer, root, "reopen")
        assert reload(root).resolved_by is None
        assert discussion(story).waiting == 1

    def test_is_deleted_by_its_author_only(self, client, story):
        writer, editor = make_user("Writer"), make_user("Editor")
        root = make_comment(story, by=writer)
        reply_to(root)
        client.force_login(editor)
        assert act(client, root, "delete").status_code == 403
        client.force_login(writer)
        assert act(client, root, "delete").status_code == 302
        assert not Comment.objects.exists()
        assert str(AuditEntry.objects.latest("pk")).endswith("deleted a comment on The loom")

    def test_without_comments_says_so(self, editor, story):
        assert "Nobody has commented on this story." in editor.get(page_of(story)).text


class AMention:
    def test_is_told_by_email_and_on_the_desk(
        self, editor, story, django_capture_on_commit_callbacks
    ):
        ada = make_user("Writer", username="ada.b", email="ada@example.org", first_name="Ada")
        make_user("Writer", username="nobody")
        make_user(username="reader", email="reader@example.org")
        text = "Look here, @ada.b. And @reader, ada@nobody.example and @ghost"
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(page_of(story), {"passage": QUOTE, "text": text})
        assert [message.to for message in mail.outbox] == [["ada@example.org"]]
        assert mail.outbox[0].subject == "Somebody mentions you: The loom"
        comment = story.comments.get()
        assert list(comment.mentioned.all()) == [ada]
        client = Client()
        client.force_login(ada)
        mine = "/admin/stories/story/comments/"
        for page in (mine, "/admin/"):
            assert "The loom" in client.get(page).text
        comment.resolve(ada)
        assert "Nobody waits for your answer." in client.get(mine).text
        assert "Comments for you" not in client.get("/admin/").text

    def test_of_oneself_sends_nothing(self, editor, story, django_capture_on_commit_callbacks):
        editor.user.email = "grace@example.org"
        editor.user.save()
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(page_of(story), {"passage": QUOTE, "text": "Note to @grace"})
        assert not mail.outbox

    def test_while_the_mail_server_is_away_is_saved(
        self, editor, story, settings, django_capture_on_commit_callbacks
    ):
        make_user("Writer", username="ada", email="ada@example.org")
        settings.EMAIL_BACKEND = "no.such.backend"
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(page_of(story), {"passage": QUOTE, "text": "Hello @ada"})
        assert story.comments.count() == 1

    def test_is_offered_while_it_is_typed(self, writer):
        make_user("Editor", username="ada", first_name="Ada", last_name="Byron")
        make_user("Editor", username="gone", is_active=False)
        make_user(username="adam")
        people = "/admin/stories/story/comments/people/"
        for typed in ("ad", "ADA", "by"):
            found = json.loads(writer.get(people, {"q": typed}).content)["found"]
            assert found == [{"label": "ada", "kind": "Ada Byron"}]
        assert writer.get(people, {"q": "\x00💥"}).status_code == 200


class WhatIsBesideTheText:
    def test_has_the_places_in_the_text_as_it_is_typed(self, editor, story):
        comment = make_comment(story)
        beside = f"{page_of(story)}beside/"
        answer = json.loads(editor.post(beside, {"body": f"💥\r\n\r\n{QUOTE}"}).content)
        assert answer["places"] == {str(comment.pk): [3, 3 + len(QUOTE), "comment"]}
        assert answer["waiting"] == 1
        assert "Is this so?" in answer["threads"]
        gone = json.loads(editor.post(beside, {"body": ""}).content)
        assert gone["places"] == {}
        assert "is gone from the text" in gone["threads"]

    def test_is_in_the_form_of_the_story(self, editor, story):
        make_comment(story)
        page = editor.get(f"/admin/stories/story/{story.pk}/change/").text
        assert "Is this so?" in page
        assert "Comments (1)" in page
        assert "Nobody has commented" not in page

    def test_is_not_in_the_form_of_a_new_story(self, editor):
        assert 'id="comments"' not in editor.get("/admin/stories/story/add/").text


class AFactCheck:
    def mark(self, client, story, **data):
        return client.post(page_of(story), {"passage": QUOTE, **data})

    def test_confirms_with_a_source(self, editor, story):
        self.mark(editor, story, kind="confirmed", source="https://example.org/ledger")
        page = editor.get(page_of(story)).text
        assert "Confirmed" in page
        assert 'href="https://example.org/ledger"' in page
        assert discussion(story).waiting == 0
        entry = AuditEntry.objects.latest("pk")
        assert str(entry) == "grace marked a passage as confirmed in The loom"

    def test_never_links_to_a_script(self, editor, story):
        self.mark(editor, story, kind="confirmed", source="javascript:alert(1)")
        assert 'href="javascript' not in editor.get(page_of(story)).text

    def test_disputes_with_a_reason(self, editor, story):
        self.mark(editor, story, kind="disputed", text="The ledger says thirty.")
        assert discussion(story).threads[0].state_in_words == "Disputed"

    @pytest.mark.parametrize(
        ("role", "kind"), [("Writer", "comment"), ("Editor", "disputed"), ("Moderator", "disputed")]
    )
    def test_is_for_those_who_may(self, client, story, role, kind):
        client.force_login(make_user(role))
        self.mark(client, story, kind="disputed", text="It was thirty.")
        assert story.comments.get().kind == kind
        assert ('name="kind"' in client.get(page_of(story)).text) == (kind != "comment")

    def test_is_not_taken_back_by_a_writer(self, writer, story):
        mark = make_comment(story, kind="disputed")
        assert act(writer, mark, "resolve").status_code == 403
        assert "/resolve/" not in writer.get(page_of(story)).text

    def test_is_taken_back_and_recorded(self, editor, story):
        mark = make_comment(story, kind="disputed")
        act(editor, mark, "resolve")
        assert discussion(story).count("disputed") == 0
        assert "took back a passage as disputed in" in str(AuditEntry.objects.latest("pk"))

    def test_of_a_passage_that_was_changed_counts_no_more(self, editor, story):
        make_comment(story, kind="confirmed", source="The ledger")
        revise(story, {"body": BODY.replace("forty", "fifty")})
        [thread] = discussion(story).threads
        assert thread.state_in_words == "Changed since it was confirmed"


class TheChecklist:
    def sentences(self, story):
        found = findings(reload(story).newest_content, story.pk)
        return {f.title: f.sentence for f in found if f.sentence and not f.is_blocking}

    def test_advises_about_comments_and_facts(self, story):
        assert not {"Comments", "Fact-check"} & self.sentences(story).keys()
        make_comment(story)
        for _ in range(2):
            make_comment(story, kind="disputed")
        make_comment(story, "She wove", kind="confirmed", source="The ledger")
        make_comment(story, kind="confirmed", source="The ledger")
        revise(story, {"body": BODY.replace("She wove", "She spun")})
        found = self.sentences(story)
        assert found["Comments"] == "1 comment is open."
        assert found["Fact-check"] == (
            "2 passages are disputed. 1 passage has changed since it was confirmed."
        )

    def test_is_beside_the_text(self, editor, story):
        make_comment(story)
        data = {"story": story.pk, "body": BODY}
        answer = json.loads(editor.post("/admin/stories/story/beside/", data).content)
        assert "1 comment is open." in answer["checklist"]

    def test_does_not_stop_a_publication(self, story):
        make_comment(story, kind="disputed")
        story.publish()
        assert reload(story).is_published


class EveryRow:
    @pytest.mark.parametrize(
        "fields",
        [
            {"quote": ""},
            {"text": ""},
            {"kind": "confirmed", "source": ""},
            {"kind": "disputed", "text": ""},
            {"author": None},
            {"guest_name": "A guest"},
        ],
    )
    def test_meets_the_constraints(self, story, fields):
        values = {"text": "x", "quote": QUOTE, "author": make_user("Editor"), **fields}
        comment = Comment(story=story, **values)
        with pytest.raises(ValidationError):
            comment.validate_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            comment.save()

    def test_of_a_guest_is_no_mark_and_a_reply_has_no_state(self, story):
        link = ReviewLink(story=story, created_by=make_user("Editor"), reader="X")
        guest = Comment(
            story=story, review_link=link, guest_name="G", quote="x", kind="disputed", text="x"
        )
        with pytest.raises(ValidationError, match="by a guest with a name"):
            guest.validate_constraints()
        root = make_comment(story)
        reply = Comment(story=story, parent=root, author=root.author, kind="disputed", text="x")
        with pytest.raises(ValidationError, match="has a state"):
            reply.validate_constraints()


class NobodyElse:
    """Where comments must not be, beside the public pages of `test_visibility.py`."""

    def test_finds_them_in_the_preview_or_behind_a_plain_review_link(self, editor, story):
        make_comment(story, text="Whispered")
        data = {"reader": "Our lawyer", "days": 7, "is_fixed": "newest"}
        editor.post(f"/admin/stories/story/{story.pk}/review-links/", data)
        link = story.review_links.get().get_absolute_url()
        for address in (f"/admin/stories/story/{story.pk}/preview/", link):
            assert "Whispered" not in editor.get(address).text

    def test_finds_them_in_the_export_of_a_person(self, tmp_path):
        story = make_story(founders=[make_founder(name="Ada", slug="ada")], body=BODY)
        make_comment(story, text="Whispered about Ada")
        call_command("export_founder", "ada", output=tmp_path / "ada.zip")
        with ZipFile(tmp_path / "ada.zip") as archive:
            assert b"Whispered" not in archive.read("data.json")

    def test_makes_caches_forget_a_page(self):
        story = make_story(body=BODY)
        Change.objects.all().delete()
        reply_to(make_comment(story)).parent.resolve(make_user("Editor"))
        assert not Change.objects.exists()
