"""What could not be told outside is shown on the front page of the desk, to those who publish."""

from datetime import UTC, datetime

import pytest
import time_machine

from stories_project.env import NetworkAddress
from stories_project.page_cache import change_log
from stories_project.page_cache.delivering import deliver_due
from stories_project.page_cache.models import Delivery
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TRY = "/admin/stories/story/deliveries/try-again/"
TITLE = "Could not be told outside"


@pytest.fixture
def failing(settings):
    """Two changes of which a Fastly that nobody can reach was to be told."""
    address = "http://127.0.0.1:1"
    settings.NETWORK = NetworkAddress("fastly", "service", "s3cret-token", address)
    settings.TIME_ZONE = "UTC"
    with time_machine.travel("2026-03-01T12:34:00+00:00", tick=False) as clock:
        change_log.record("story-1")
        change_log.record("story-2")
        for _ in range(3):
            deliver_due()
            clock.move_to(Delivery.objects.first().due_at)


def desk(client, role, **fields):
    client.force_login(make_user(role, **fields))
    return client.get("/admin/").text


class WhatCouldNotBeTold:
    def test_is_shown_to_editors_in_plain_words(self, client, failing):
        page = " ".join(desk(client, "Editor").split())
        assert TITLE in page
        assert "Purges of the content delivery network: 2, since March 1, 2026, 12:34." in page
        assert "Fastly cannot be reached." in page
        assert "Next try: March 1, 2026, 12:34." in page
        assert "s3cret" not in page

    def test_is_shown_to_superusers(self, client, failing):
        assert TITLE in desk(client, None, is_staff=True, is_superuser=True)

    @pytest.mark.parametrize("role", ["Writer", "Moderator"])
    def test_is_not_shown_to_others(self, client, failing, role):
        assert TITLE not in desk(client, role)

    def test_is_not_shown_when_there_is_nothing(self, client, settings):
        settings.NETWORK = NetworkAddress("fastly", "service", "token")
        change_log.record("story-1")
        assert TITLE not in desk(client, "Editor")

    def test_is_not_shown_of_a_network_that_was_given_up(self, client, settings, failing):
        settings.NETWORK = None
        assert TITLE not in desk(client, "Editor")


class TheButton:
    def test_makes_due_what_has_failed_and_nothing_else(self, client, failing):
        change_log.record("story-3")
        Delivery.objects.update(due_at=datetime(2100, 1, 1, tzinfo=UTC))
        client.force_login(make_user("Editor"))
        answer = client.post(TRY, follow=True)
        assert "To be tried again now: 2." in answer.text
        assert Delivery.objects.filter(due_at__year=2100).count() == 1

    @pytest.mark.parametrize("role", ["Writer", "Moderator"])
    def test_is_refused_to_others(self, client, failing, role):
        client.force_login(make_user(role))
        before = list(Delivery.objects.values_list("due_at", flat=True))
        assert client.post(TRY).status_code == 403
        assert list(Delivery.objects.values_list("due_at", flat=True)) == before

    def test_needs_a_post(self, client, failing):
        client.force_login(make_user("Editor"))
        assert client.get(TRY).status_code == 405

    def test_has_a_token_against_forged_requests(self, failing, client):
        page = desk(client, "Editor")
        form = page[page.index(TRY) :]
        assert "csrfmiddlewaretoken" in form[: form.index("</form>")]
