"""The moderators' desk."""

import pytest

from founders.models import Founder
from tests.factories import make_founder, make_user, picture, reload

pytestmark = pytest.mark.django_db

LIST, DECIDE = "/admin/founders/founder/", "/admin/founders/founder/decide/"


def change(founder):
    return f"{LIST}{founder.pk}/change/"


@pytest.fixture
def moderator(client):
    client.user = make_user("Moderator")
    client.force_login(client.user)
    return client


@pytest.fixture
def writer(client):
    client.force_login(make_user("Writer"))
    return client


def as_read(founder):
    """What the page of a founder posts: the primary key, and the version that was read."""
    return f"{founder.pk} {reload(founder).version}"


def decide(client, founder, status, reason=""):
    data = {"founder": as_read(founder), "status": status, "reason": reason}
    return client.post(DECIDE, data, follow=True)


class AModerator:
    def test_sees_the_queue_the_longest_waiting_first(self, moderator):
        second, first = make_founder("draft", name="Aa"), make_founder("draft", name="Zz")
        first.submit()
        second.submit()
        page = moderator.get(LIST, {"status": "pending"}).text
        assert page.index(">Zz<") < page.index(">Aa<")

    def test_approves(self, moderator):
        founder = make_founder("pending")
        page = decide(moderator, founder, "approved").text
        assert "Waiting for a moderator → Approved" in page
        assert reload(founder).is_approved
        assert founder.decisions.first().moderator == moderator.user

    @pytest.mark.parametrize(("now", "then"), [("pending", "rejected"), ("approved", "hidden")])
    def test_is_asked_for_a_reason_and_keeps_the_choice(self, moderator, now, then):
        founder = make_founder(now)
        page = decide(moderator, founder, then).text
        assert "Give a reason: those who wrote the profile will read it." in page
        assert f'name="status" value="{then}"' in page
        assert reload(founder).status == now
        decide(moderator, founder, then, "They asked us to.")
        assert reload(founder).status == then

    def test_keeps_a_reason_that_is_too_long(self, moderator):
        page = decide(moderator, make_founder("pending"), "rejected", "x" * 2001).text
        assert "at most 2000 characters" in page
        assert "x" * 2001 in page

    def test_decides_about_several_with_one_reason(self, moderator):
        founders = [make_founder("pending"), make_founder("pending")]
        keys = [founder.pk for founder in founders]
        asked = moderator.post(LIST, {"action": "reject_selected", "_selected_action": keys}).text
        assert "Reject: 2 founders" in asked
        assert all(f'value="{as_read(founder)}"' in asked for founder in founders)
        data = {
            "founder": list(map(as_read, founders)),
            "status": "rejected",
            "reason": "Too little is known.",
        }
        moderator.post(DECIDE, data)
        assert {reload(founder).status for founder in founders} == {"rejected"}

    def test_sees_which_founder_was_refused_while_the_others_are_decided(self, moderator):
        pending, draft = make_founder("pending"), make_founder("draft", name="Early Bird")
        data = {"founder": [as_read(pending), as_read(draft)], "status": "approved"}
        page = moderator.post(DECIDE, data).text
        assert "Early Bird: A founder who is “Draft” cannot become “Approved”." in page
        assert (reload(pending).status, reload(draft).status) == ("approved", "draft")

    def test_does_not_approve_what_was_changed_after_it_was_read(self, moderator):
        founder = make_founder("pending", name="Ada Byron")
        read = as_read(founder)
        assert f'value="{read}"' in moderator.get(change(founder)).text
        founder.headline = "A headline that nobody has read"
        founder.save()
        page = moderator.post(DECIDE, {"founder": read, "status": "approved"}).text
        assert "Ada Byron: The profile was changed after you opened it." in page
        assert reload(founder).status == "pending"
        assert "Approved" in decide(moderator, founder, "approved").text

    def test_does_not_overwrite_what_somebody_else_has_saved_meanwhile(self, moderator):
        founder = make_founder("approved", headline="A poet of numbers")
        form = moderator.get(change(founder)).context["adminform"].form
        values = {name: form[name].value() or "" for name in form.fields}
        founder.headline = "A mathematician"
        founder.save()
        page = moderator.post(change(founder), values | {"company": "Her own"})
        assert "Somebody has saved this profile since you opened it." in page.text
        assert "in: Headline, Company." in page.text
        assert 'value="A poet of numbers"' in page.text
        assert reload(founder).headline == "A mathematician"
        values["read"] = page.context["adminform"].form["read"].value()
        assert moderator.post(change(founder), values).status_code == 302
        assert reload(founder).headline == "A poet of numbers"

    def test_decides_about_nobody_without_a_version(self, moderator):
        founder = make_founder("pending")
        moderator.post(DECIDE, {"founder": founder.pk, "status": "approved"})
        assert reload(founder).status == "pending"

    def test_cannot_delete_whom_anybody_has_decided_about(self, moderator):
        founder = make_founder("rejected")
        page = moderator.post(f"{LIST}{founder.pk}/delete/", {"post": "yes"}, follow=True).text
        assert "would require deleting the following protected related objects" in page
        assert reload(founder).decisions.exists()

    def test_reads_the_history(self, moderator):
        founder = make_founder("hidden")
        page = moderator.get(change(founder)).text
        assert "Approved → Hidden" in page
        assert "They asked us to." in page

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"status": "approved"},
            {"founder": "x", "status": "approved"},
            {"founder": "9" * 30, "status": "approved"},
            {"founder": "1", "status": "famous"},
        ],
    )
    def test_sees_a_sentence_for_an_invalid_request(self, moderator, data):
        page = moderator.post(DECIDE, data, follow=True)
        assert page.status_code == 200
        assert "Choose founders and a decision." in page.text


class AWriter:
    def test_adds_a_founder_and_submits_the_profile(self, writer):
        writer.post(f"{LIST}add/", {"name": "Ada Byron", "slug": "ada-byron"})
        founder = Founder.objects.get()
        assert founder.status == "draft"
        assert "Submit to the moderators" in writer.get(change(founder)).text
        decide(writer, founder, "pending")
        assert reload(founder).status == "pending"

    @pytest.mark.parametrize(
        ("now", "then"),
        [
            ("pending", "approved"),
            ("pending", "rejected"),
            ("approved", "hidden"),
            ("hidden", "approved"),
            ("approved", "pending"),
        ],
    )
    def test_cannot_decide(self, writer, now, then):
        founder = make_founder(now)
        response = decide(writer, founder, then, "Because.")
        assert response.status_code == 403
        assert reload(founder).status == now

    @pytest.mark.parametrize("action", ["approve_selected", "reject_selected", "hide_selected"])
    def test_has_no_bulk_decisions(self, writer, action):
        founder = make_founder("pending")
        writer.post(LIST, {"action": action, "_selected_action": [founder.pk]})
        assert reload(founder).status == "pending"

    @pytest.mark.parametrize("status", ["approved", "hidden"])
    def test_cannot_change_what_a_moderator_has_approved(self, writer, status):
        founder = make_founder(status, name="Before")
        data = {"name": "After", "slug": founder.slug}
        assert writer.post(change(founder), data).status_code == 403
        assert reload(founder).name == "Before"


class AStranger:
    def test_is_asked_to_sign_in_before_deciding(self, client):
        founder = make_founder("pending")
        response = client.post(DECIDE, {"founder": founder.pk, "status": "approved"})
        assert response["Location"].startswith("/admin/login/")


class AFormWithErrors:
    def test_keeps_the_portrait_and_says_what_it_lacks(self, moderator):
        data = {"name": "Ada", "slug": "ada", "portrait-upload": picture()}
        page = moderator.post(f"{LIST}add/", data).text
        assert "Describe the portrait for readers who cannot see it." in page
        assert 'name="portrait" value="portraits/' in page

    def test_refuses_a_file_that_is_not_a_picture(self, moderator):
        from django.core.files.uploadedfile import SimpleUploadedFile

        data = {"name": "Ada", "slug": "ada", "portrait-upload": SimpleUploadedFile("a.png", b"x")}
        page = moderator.post(f"{LIST}add/", data).text
        assert "This file is not a picture that can be read." in page
