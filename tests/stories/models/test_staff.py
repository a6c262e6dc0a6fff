"""Who is offered where somebody is chosen for a story: as owner, in a filter, after an @."""

import pytest
from django.contrib.auth.models import Permission

from stories.admin.owners import choices
from stories.commenting.telling import mentioned_in, people_to_mention
from stories.models import Review
from stories.models.staff import CHECK, REVIEW, WRITE, may, who_may
from stories.planning.plans import change_plan, possible_owners
from stories.reviewing.recipients import recipients_of
from tests.factories import make_story_in, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts():
    """One account of each kind, by username; only some work on stories."""
    make_user(username="reader")
    make_user("Editor", username="gone", is_active=False)
    make_user("Editor", username="no staff", is_staff=False)
    make_user(username="nothing", is_staff=True)
    looking = make_user(username="looking", is_staff=True)
    looking.user_permissions.add(Permission.objects.get(codename="view_story"))
    make_user(username="admin", is_staff=True, is_superuser=True)
    return [make_user(role, username=role.lower()) for role in ("Writer", "Editor", "Moderator")]


def names(users):
    return sorted(user.username for user in users)


class AnAccount:
    def test_is_offered_for_what_it_may_do(self, accounts):
        assert names(possible_owners()) == ["admin", "editor", "writer"]
        assert names(people_to_mention()) == ["admin", "editor", "moderator", "writer"]
        submitted = Review(story_id=1, step=Review.Step.SUBMITTED)
        assert names(recipients_of(submitted)) == ["admin", "editor"]
        assert [name for _, name in choices()] == ["Me", "Nobody", "admin", "editor", "writer"]

    @pytest.mark.parametrize("asked", [(WRITE,), (REVIEW,), (CHECK,), (WRITE, REVIEW, CHECK)])
    def test_is_offered_by_the_same_rule_in_python_and_in_sql(self, accounts, asked):
        every = type(accounts[0]).objects.all()
        assert names(who_may(*asked)) == names(user for user in every if may(user, *asked))

    def test_that_works_no_more_is_not_mentioned(self, accounts):
        assert names(mentioned_in("@gone @looking @reader and @writer")) == ["writer"]


class AFormerOwner:
    @pytest.fixture
    def former(self, client):
        editor = make_user("Editor", username="boss")
        client.force_login(editor)
        ada = make_user("Writer", username="ada", first_name="Ada")
        story = make_story_in("draft", title="The loom")
        change_plan(story, {"owner": ada}, editor)
        ada.is_active = False
        ada.save()
        return story, ada

    def test_stays_shown_and_is_kept(self, client, former):
        story, ada = former
        form = f"/admin/stories/story/{story.pk}/"
        assert "Ada (may not write any more)</option>" in client.get(f"{form}change/").text
        data = {"plan-owner": ada.pk, "initial-plan-owner": ada.pk}
        data |= {"plan-deadline": "2031-02-03", "initial-plan-deadline": ""}
        client.post(f"{form}plan/", data)
        story.plan.refresh_from_db()
        assert (story.plan.owner, str(story.plan.deadline)) == (ada, "2031-02-03")

    def test_is_offered_nowhere_else(self, client, former):
        _story, ada = former
        other = make_story_in("draft")
        assert ">Ada" not in client.get(f"/admin/stories/story/{other.pk}/change/").text
        data = {"plan-owner": ada.pk, "initial-plan-owner": ""}
        client.post(f"/admin/stories/story/{other.pk}/plan/", data)
        assert not hasattr(other, "plan")

    @pytest.mark.parametrize("page", ["", "board/", "calendar/"])
    def test_is_named_by_a_filter_that_was_chosen_before(self, client, former, page):
        _story, ada = former
        address = f"/admin/stories/story/{page}"
        assert ">Ada</option>" not in client.get(address).text
        text = client.get(f"{address}?owner={ada.pk}").text
        assert ">Ada</option>" in text or ">Ada</a>" in text
