"""`manage.py deliver` does once what the server processes do all the time."""

from io import StringIO

import pytest
from django.core.management import call_command

from stories_project.env import NetworkAddress
from stories_project.page_cache import change_log
from stories_project.page_cache.models import Delivery
from tests.recording_server import recording_server

pytestmark = pytest.mark.django_db


def deliver():
    output = StringIO()
    call_command("deliver", stdout=output)
    return output.getvalue()


class TheCommand:
    def test_delivers_what_is_due(self, settings):
        with recording_server() as server:
            settings.NETWORK = NetworkAddress("varnish", api=server.address)
            change_log.record("story-1")
            assert deliver() == "Waiting to be tried again: 0.\n"
            assert [method for method, *_ in server.requests] == ["PURGE"]

    def test_says_how_much_has_failed(self, settings):
        settings.NETWORK = NetworkAddress("varnish", api="http://127.0.0.1:1")
        change_log.record("story-1")
        change_log.record("story-2")
        assert deliver() == "Waiting to be tried again: 2.\n"
        assert Delivery.objects.count() == 2

    def test_says_if_there_is_nobody_to_tell(self):
        sentence = "CDN_URL, INDEXNOW_KEY and WEBSUB_HUB are empty, WEBHOOKS is off."
        assert deliver() == f"Nobody to tell: {sentence}\n"
