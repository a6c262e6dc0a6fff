"""The audit log: who did what to what, from where, before and after."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from stories.models import ReviewLink, ScheduledUpdate, Suggestion, Tag, TagChange
from stories.planning.scheduling import watch
from stories.suggesting.deciding import reject
from stories.tagging import merging
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from tests.factories import make_founder, make_story, make_tag, make_user, reload

pytestmark = pytest.mark.django_db

LOG = "/admin/audit/auditentry/"


@pytest.fixture
def administrator(client):
    client.user = User.objects.create_superuser("ada", "ada@example.org", "secret")
    client.force_login(client.user)
    return client


def told():
    """The log as sentences, the newest first."""
    return [str(entry) for entry in AuditEntry.objects.order_by("-pk")]


def newest():
    return AuditEntry.objects.latest("pk")


class AnEntry:
    def test_cannot_be_edited_neither_in_python_nor_in_the_database(self):
        record("tag", "deleted", by="ada")
        with pytest.raises(TypeError):
            newest().save()
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            AuditEntry.objects.update(who="somebody else")
        assert newest().who == "ada"

    def test_outlives_who_and_what_it_is_about(self, administrator):
        tag = make_tag("Looms")
        administrator.post(f"/admin/stories/tag/{tag.pk}/delete/", {"post": "yes"})
        administrator.user.delete()
        assert not Tag.objects.exists()
        assert told()[0] == "ada deleted Looms"

    def test_has_the_address_of_the_client(self, client):
        client.post(
            "/account/login/",
            {"login": "mina", "password": "wrong"},
            REMOTE_ADDR="203.0.113.7",
        )
        assert newest().address == "203.0.113.7"

    def test_of_what_the_publication_does_by_itself_has_none(self, client):
        editor = make_user("Editor")
        story = make_story()
        story.schedule(timezone.now() + timedelta(minutes=5), story.content, by=editor)
        ScheduledUpdate.objects.update(at=timezone.now())
        watch.forget()
        client.get("/", REMOTE_ADDR="203.0.113.7")
        entry = newest()
        assert (entry.what, entry.who, entry.address) == ("published", editor.username, "")

    def test_is_deleted_when_the_log_keeps_it_no_longer(self, settings):
        settings.AUDIT_LOG_KEPT = timedelta(days=30)
        AuditEntry.objects.create(kind="tag", what="old", at=timezone.now() - timedelta(days=31))
        AuditEntry.objects.create(kind="tag", what="new", at=timezone.now() - timedelta(days=29))
        call_command("clean_up")
        assert told() == ["The publication new"]

    def test_is_deleted_at_a_sign_in_where_no_timer_runs(self, client):
        AuditEntry.objects.create(kind="tag", what="old", at=timezone.now() - timedelta(days=900))
        client.force_login(make_user("Editor", username="mina"))
        assert told() == ["mina signed in"]


class TheLog:
    def test_tells_of_sign_ins_and_refusals(self, client):
        make_user("Editor", username="mina")
        client.post("/account/login/", {"login": "mina", "password": "wrong"})
        client.post("/account/login/", {"login": "mina", "password": "secret"})
        client.post("/account/logout/")
        assert told() == [
            "mina signed out",
            "mina signed in",
            "mina was not signed in: wrong password, or no such account",
        ]

    def test_tells_of_rights_before_and_after(self, administrator):
        writer = make_user("Writer", username="will", email="will@example.org")
        editors = Group.objects.get(name="Editor")
        address = f"/admin/auth/user/{writer.pk}/change/"
        values = administrator.get(address).context["adminform"].form.initial
        data = {name: value for name, value in values.items() if value not in (None, False)}
        joined = timezone.now()
        data |= {"groups": [editors.pk], "user_permissions": [], "is_superuser": "on"}
        data |= {"date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M}"}
        data.pop("last_login", None)
        response = administrator.post(address, data)
        assert response.status_code == 302, response.context["errors"]
        entry = newest()
        assert str(entry) == "ada changed will"
        assert entry.before == {"is_superuser": False, "roles": ["Writer"]}
        assert entry.after == {"is_superuser": True, "roles": ["Editor"]}

    def test_tells_what_a_role_may_do_before_and_after(self, administrator):
        role = Group.objects.create(name="Reader")
        administrator.post(
            f"/admin/auth/group/{role.pk}/change/", {"name": "Guest", "permissions": []}
        )
        assert newest().before == {"name": "Reader"}
        assert newest().after == {"name": "Guest"}

    def test_tells_of_decisions_about_founders(self):
        moderator = make_user("Moderator", username="mo")
        founder = make_founder(name="Ada")
        founder.hide("She asked us to.", moderator)
        entry = newest()
        assert str(entry) == "mo decided about Ada"
        assert (entry.before, entry.after) == ({"status": "approved"}, {"status": "hidden"})
        assert entry.reason == "She asked us to."

    def test_tells_of_decisions_about_suggestions(self):
        moderator = make_user("Moderator", username="mo")
        suggestion = Suggestion.objects.create(kind="founder", name="Ada")
        reject(suggestion, moderator, "We know too little.")
        assert told()[0] == "mo rejected A founder to write about: Ada"

    def test_tells_of_what_changes_in_a_profile(self, administrator):
        founder = make_founder(name="Ada", headline="A weaver.")
        address = f"/admin/founders/founder/{founder.pk}/change/"
        form = administrator.get(address).context["adminform"].form
        values = {name: form[name].value() or "" for name in form.fields}
        posted = values | {"headline": "A programmer."}
        assert administrator.post(address, posted).status_code == 302
        assert newest().before == {"headline": "A weaver."}
        assert newest().after == {"headline": "A programmer."}

    def test_tells_of_the_steps_of_a_story(self):
        editor = make_user("Editor", username="mina")
        story = make_story(title="The Loom", publish_at=None)
        story.publish(by=editor)
        story.withdraw(editor, "Not true.")
        story.remove(editor)
        assert told()[:3] == [
            "mina deleted The Loom",
            "mina withdrew The Loom",
            "mina published The Loom",
        ]

    def test_tells_of_review_links(self):
        editor = make_user("Editor", username="mina")
        link = ReviewLink(story=make_story(title="The Loom"), reader="our lawyer")
        link.created_by = editor
        link.open_until(timezone.now() + timedelta(days=1))
        link.revoke(editor)
        assert told()[:2] == [
            "mina revoked the review link for our lawyer to The Loom",
            "mina made a review link for our lawyer to The Loom",
        ]

    def test_tells_of_tags(self):
        editor = make_user("Editor", username="mina")
        merging.rename(make_tag("Looms"), {"name": "Weaving"}, editor)
        merging.undo(TagChange.objects.get(), editor)
        assert told() == ["mina undid a change of Looms", "mina renamed Weaving"]

    def test_begins_with_the_records_from_before_there_was_one(self):
        moderator = make_user("Moderator", username="mo")
        founder = make_founder(name="Ada")
        founder.hide("She asked us to.", moderator)
        story = make_story(title="The Loom", publish_at=None)
        story.publish(by=moderator)
        merging.rename(make_tag("Looms"), {"name": "Weaving"}, moderator)
        reject(Suggestion.objects.create(kind="founder", name="Bo"), moderator, "No.")
        AuditEntry.objects.all().delete()
        migration = import_module("stories.migrations.0018_audit_log_of_the_past")
        migration.copy_records(apps, None)
        assert sorted(told()) == [
            "mo decided about Ada",
            "mo published The Loom",
            "mo rejected Bo",
            "mo renamed Looms",
        ]


class TheDeskOfTheLog:
    def test_is_for_administrators_only(self, client):
        for role in ("Writer", "Editor", "Moderator"):
            client.force_login(make_user(role))
            assert client.get(LOG).status_code == 403
            assert client.post(f"{LOG}export/").status_code == 403

    def test_finds_a_person_a_thing_and_an_ip_address(self, administrator):
        record("tag", "deleted", make_tag("Looms"), by="Émile")
        record("tag", "deleted", make_tag("Mills"), by="Bo")
        for searched in ("emi", "loo"):
            page = administrator.get(LOG, {"q": searched}).text
            assert "Looms" in page
            assert "Mills" not in page

    def test_finds_an_ip_address(self, administrator):
        AuditEntry.objects.create(kind="link", what="one", address="203.0.113.7")
        AuditEntry.objects.create(kind="link", what="other", address="203.0.113.70")
        page = administrator.get(LOG, {"q": "203.0.113.7"}).text
        assert ">one<" in page
        assert ">other<" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [({"kind": "tag"}, True), ({"kind": "link"}, False), ({"period": "7"}, False)],
    )
    def test_filters_by_kind_and_by_age(self, administrator, query, shown):
        at = timezone.now() - timedelta(days=10)
        AuditEntry.objects.create(kind="tag", who="bo", what="deleted", target="Looms", at=at)
        assert ("Looms" in administrator.get(LOG, query).text) is shown

    def test_shows_one_entry_with_its_values(self, administrator):
        record("tag", "renamed", by="bo", before={"name": "Looms"}, after={"name": "<b>Mills"})
        page = administrator.get(f"{LOG}{newest().pk}/change/").text
        assert "<td>Looms</td><td>&lt;b&gt;Mills</td>" in page

    def test_changes_and_deletes_nothing(self, administrator):
        record("tag", "deleted", by="bo")
        entry = newest()
        address = f"{LOG}{entry.pk}/"
        assert administrator.post(f"{address}change/", {"who": "ada"}).status_code == 403
        assert administrator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
        assert administrator.get(f"{LOG}add/").status_code == 403
        assert reload(entry).who == "bo"

    def test_exports_what_the_list_shows_as_json_lines(self, administrator):
        record("tag", "deleted", make_tag("Läden"), by="bo", before={"name": "Läden"})
        record("link", "made a review link", by="bo")
        response = administrator.post(f"{LOG}export/?kind=tag")
        [line] = response.getvalue().decode().splitlines()
        assert json.loads(line)["target"] == "Läden"
        assert json.loads(line)["before"] == {"name": "Läden"}
        assert ".jsonl" in response["Content-Disposition"]
        assert told()[0] == "ada exported the audit log"

    def test_makes_the_same_number_of_queries_for_many_entries(
        self, administrator, django_assert_max_num_queries
    ):
        for number in range(60):
            record("tag", f"deleted {number}", by="bo")
        with django_assert_max_num_queries(7):
            administrator.get(LOG)
