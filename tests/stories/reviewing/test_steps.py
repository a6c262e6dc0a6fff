"""The review steps: who may take them, what is recorded, and who gets an e-mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from stories.models import Story
from stories.planning.scheduling import watch
from tests.factories import make_story, make_story_in, make_user, reload, rework
from tests.stories.admin.test_story_admin import ADD, LIST, change, opened, posted

pytestmark = pytest.mark.django_db

SOON = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
# Which roles can do what, with any button, field or bulk action.
MAY = {
    "submit": {"Writer", "Editor"},
    "approve": {"Editor"},
    "return": {"Editor"},
    "publish": {"Editor"},
    "publish by date": {"Editor"},
    "schedule": {"Editor"},
    "publish in bulk": {"Editor"},
    "withdraw": {"Editor"},
    "withdraw in bulk": {"Editor"},
    "change a public story": {"Editor"},
    "schedule changes": {"Editor"},
    "discard changes": {"Editor"},
    "cancel a schedule": {"Editor"},
    "revert a public story": {"Editor"},
    "plan a withdrawal": {"Editor"},
    "lead": {"Editor"},
    "delete": {"Editor"},
    "delete in bulk": {"Editor"},
    "write a draft": {"Writer", "Editor"},
    "make a link": {"Writer", "Editor"},
}
ROLES = ("Writer", "Editor", "Moderator", None)


def try_action(client, action):
    """Try to do something; return whether it was done."""
    draft, live = make_story_in("draft"), make_story(title="Live")
    first = live.live_revision
    rework(live, {"title": "Worked on"})
    live = reload(live)
    review = Story.objects.filter(pk=draft.pk)
    if action in ("approve", "return"):
        review.update(review_status="submitted")

    def post(story, **data):
        client.post(change(story), opened(story, title="Typed") | data)
        return reload(story)

    def bulk(name, story):
        client.post(LIST, {"action": name, "_selected_action": [story.pk], "post": "yes"})
        return Story.objects.filter(pk=story.pk).first()

    def step(story, name, **data):
        client.post(f"/admin/stories/story/{story.pk}/{name}/", data)
        return Story.objects.filter(pk=story.pk).first()

    past = {"publish_at": "2026-01-31T08:00"}
    later = {"_schedule": "1", "update_at": SOON, **past}
    is_done = {
        "submit": lambda: post(draft, _submit="1").review_status == "submitted",
        "approve": lambda: post(draft, _approve="1").review_status == "approved",
        "return": lambda: post(draft, _return="1", note="Why").review_status == "returned",
        "publish": lambda: post(draft, _publish="1").is_published,
        "publish by date": lambda: post(draft, **past).is_published,
        "schedule": lambda: post(draft, publish_at=SOON).state == "scheduled",
        "publish in bulk": lambda: bulk("publish_now", draft).is_published,
        "withdraw": lambda: post(live, _withdraw="1", **past).is_withdrawn,
        "withdraw in bulk": lambda: bulk("withdraw_now", live).is_withdrawn,
        "change a public story": lambda: post(live, _publish="1", **past).title == "Typed",
        "schedule changes": lambda: hasattr(post(live, **later), "scheduled_update"),
        "discard changes": lambda: not step(live, "discard").has_unpublished_changes,
        "cancel a schedule": lambda: _cancelled(live, step),
        "revert a public story": lambda: _reverted(live, first, step),
        "plan a withdrawal": lambda: bool(step(live, "withdraw-at", withdraw_at=SOON).unpublish_at),
        "lead": lambda: post(draft, is_lead="on").is_lead,
        "delete": lambda: step(draft, "delete", post="yes") is None,
        "delete in bulk": lambda: bulk("delete_selected", draft) is None,
        "write a draft": lambda: post(draft).title == "Typed",
        "make a link": lambda: bool(_links(draft, step)),
    }
    return is_done[action]()


def _cancelled(live, step):
    from stories.models import ScheduledUpdate

    at = timezone.now() + timedelta(days=1)
    ScheduledUpdate.objects.create(story=live, revision=live.working_revision, at=at)
    return not hasattr(step(live, "cancel-update"), "scheduled_update")


def _reverted(live, first, step):
    return step(live, "revert", revision=first.pk).working_revision.kind == "reverted"


def _links(draft, step):
    data = {"reader": "A lawyer", "days": 7, "is_fixed": "newest"}
    return step(draft, "review-links", **data).review_links.count()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", MAY)
class EveryRole:
    def test_can_do_what_it_may_and_nothing_else(self, client, role, action):
        client.force_login(make_user(role))
        assert try_action(client, action) == (role in MAY[action])


class AStranger:
    @pytest.mark.parametrize("action", MAY)
    def test_can_do_nothing(self, client, action):
        assert not try_action(client, action)


@pytest.fixture
def writer():
    return make_user("Writer", username="wendy", email="wendy@example.org")


@pytest.fixture
def editor():
    make_user("Editor", username="gone", email="gone@example.org", is_active=False)
    make_user("Moderator", username="mo", email="mo@example.org")
    return make_user("Editor", username="ed", email="ed@example.org")


@pytest.fixture
def draft(client, writer, editor, django_capture_on_commit_callbacks):
    client.force_login(writer)
    client.post(ADD, posted(title="A draft"))
    return Story.objects.get()


@pytest.fixture
def submit_form(client, django_capture_on_commit_callbacks):
    def pressed(user, story, **data):
        client.force_login(user)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(
                change(story), opened(story, title=story.title) | data, follow=True
            )
        return answer.text

    return pressed


def sent_emails():
    return [(letter.to, letter.subject) for letter in mail.outbox]


class ASubmittedDraft:
    def test_is_recorded_and_sent_to_the_editors_once(self, submit_form, draft, writer):
        submit_form(writer, draft, _submit="1", note="Please look at the dates.")
        assert sent_emails() == [(["ed@example.org"], "Submitted for review: A draft")]
        assert "Please look at the dates." in mail.outbox[0].body
        assert f"/admin/stories/story/{draft.pk}/change/" in mail.outbox[0].body
        step = draft.reviews.get()
        assert (step.step, step.by, step.comment) == (
            "submitted",
            writer,
            "Please look at the dates.",
        )

    def test_is_not_submitted_twice(self, submit_form, draft, writer):
        submit_form(writer, draft, _submit="1")
        page = submit_form(writer, reload(draft), _submit="1")
        assert "This step cannot be taken now" in page
        assert sent_emails() == []

    def test_is_returned_with_a_reason_to_its_writer(self, submit_form, draft, writer, editor):
        submit_form(writer, draft, _submit="1")
        page = submit_form(editor, reload(draft), _return="1", excerpt="Typed by the editor.")
        assert "Say in the note why the story is returned" in page
        assert "Typed by the editor." in page
        assert "successfully" not in page
        assert reload(draft).excerpt != "Typed by the editor."
        submit_form(editor, reload(draft), _return="1", note="The ending is missing.")
        assert sent_emails() == [(["wendy@example.org"], "Returned: A draft")]
        assert "The ending is missing." in mail.outbox[0].body
        assert reload(draft).review_status == "returned"

    def test_is_approved_with_an_email_to_its_writer(self, submit_form, draft, writer, editor):
        submit_form(writer, draft, _submit="1")
        submit_form(editor, reload(draft), _approve="1")
        assert sent_emails() == [(["wendy@example.org"], "Approved: A draft")]

    def test_is_submitted_again_when_its_writer_changes_it_after_approval(
        self, submit_form, draft, writer, editor
    ):
        submit_form(writer, draft, _submit="1")
        submit_form(editor, reload(draft), _approve="1")
        submit_form(writer, reload(draft), excerpt="Changed afterwards.")
        assert reload(draft).review_status == "submitted"
        assert sent_emails() == [(["ed@example.org"], "Submitted for review: A draft")]

    def test_leaves_the_review_when_it_is_published(self, submit_form, draft, writer, editor):
        submit_form(writer, draft, _submit="1")
        submit_form(editor, reload(draft), _publish="1")
        story = reload(draft)
        assert (story.is_published, story.review_status) == (True, "")
        assert sent_emails() == [(["wendy@example.org"], "Published: A draft")]

    def test_is_recorded_although_the_mail_server_fails(
        self, submit_form, draft, writer, monkeypatch, caplog
    ):
        def fail(self, messages):
            raise OSError("No mail server")

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
        submit_form(writer, draft, _submit="1")
        assert reload(draft).review_status == "submitted"
        assert "No e-mail about submitted" in caplog.text

    def test_with_a_line_break_in_its_title_sends_one_subject(self, submit_form, draft, writer):
        Story.objects.filter(pk=draft.pk).update(title="A\nBcc: x@example.org")
        submit_form(writer, reload(draft), _submit="1", title="A draft")
        assert len(mail.outbox) == 1


class EveryStep:
    def test_of_publication_and_withdrawal_is_recorded(self, submit_form, draft, editor):
        submit_form(editor, draft, publish_at=SOON)
        submit_form(editor, reload(draft), publish_at="")
        submit_form(editor, reload(draft), _publish="1")
        submit_form(
            editor, reload(draft), _publish="1", title="Changed", publish_at="2026-01-31T08:00"
        )
        later = {"_schedule": "1", "update_at": SOON, "publish_at": "2026-01-31T08:00"}
        submit_form(editor, reload(draft), title="Later", **later)
        reload(draft).cancel_update(editor)
        reload(draft).withdraw(editor)
        steps = draft.reviews.order_by("pk").values_list("step", flat=True)
        assert list(steps) == [
            *("scheduled", "cancelled", "published", "published"),
            *("scheduled", "cancelled", "withdrawn"),
        ]

    def test_has_the_time_of_what_is_scheduled(self, submit_form, draft, editor):
        submit_form(editor, draft, publish_at=SOON)
        step = draft.reviews.get()
        assert step.planned_at == reload(draft).publish_at

    def test_that_fails_is_sent_to_all_editors(
        self, submit_form, draft, editor, django_capture_on_commit_callbacks
    ):
        other = make_user("Editor", email="other@example.org")
        submit_form(editor, draft, _publish="1")
        later = {"_schedule": "1", "update_at": SOON, "publish_at": "2026-01-31T08:00"}
        submit_form(editor, reload(draft), title="Later", **later)
        draft.founders[0].hide("They asked us to.")
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            watch.apply_due_updates(timezone.now() + timedelta(days=4))
        assert sent_emails() == [
            (["ed@example.org"], "Could not go live: A draft"),
            ([other.email], "Could not go live: A draft"),
        ]
        assert "approved founder" in mail.outbox[0].body

    def test_is_never_edited(self, submit_form, draft, writer):
        submit_form(writer, draft, _submit="1")
        with pytest.raises(TypeError):
            draft.reviews.get().save()
