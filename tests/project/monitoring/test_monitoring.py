"""What an operator sees: lines of JSON, slow queries by name, metrics, and errors without people."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created
from django.urls import reverse

from stories_project.audit.backups import record_backup
from stories_project.monitoring import errors, metrics
from stories_project.monitoring.logs import configuration
from stories_project.monitoring.metrics import Tally
from stories_project.monitoring.queries import measured, watch_queries
from tests.factories import make_founder, make_story, make_user

pytestmark = pytest.mark.django_db
TITLE = "A loom of one's own"


@pytest.fixture
def lines():
    """The lines of JSON that a production server writes to its log."""
    stream = io.StringIO()
    described = configuration(as_json=True)
    configurator = logging.config.DictConfigurator(described)
    output = logging.StreamHandler(stream)
    output.setFormatter(configurator.configure_formatter(described["formatters"]["json"]))
    output.addFilter(described["filters"]["request"]["()"]())
    requests = logging.getLogger("stories_project.requests")
    before = requests.level
    requests.addHandler(output)
    requests.setLevel(described["loggers"]["stories_project.requests"]["level"])
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    requests.removeHandler(output)
    requests.setLevel(before)


class EveryRequest:
    def test_is_a_line_of_json_with_user_and_duration(self, client, lines):
        client.force_login(make_user("Editor", username="ed"))
        client.get("/admin/", headers={"x-request-id": "from-the-proxy-1"})
        [line] = [line for line in lines() if line["logger"] == "stories_project.requests"]
        assert line["request_id"] == "from-the-proxy-1"
        assert (line["method"], line["route"], line["status"]) == ("GET", "/admin/", 200)
        assert line["user"] == "ed"
        assert line["duration_ms"] > 0
        assert re.fullmatch(r"\d{4}-\d\d-\d\d.*", line["at"])

    def test_has_an_id_of_our_own_if_the_proxy_gives_none_or_nonsense(self, client, lines):
        client.get("/about/", headers={"x-request-id": "a b\nc"})
        client.get("/about/")
        ids = [line["request_id"] for line in lines()]
        assert all(re.fullmatch(r"[0-9a-f]{32}", request_id) for request_id in ids)
        assert len(set(ids)) == 2

    def test_never_writes_a_private_address(self, client, lines):
        client.get("/suggestions/a-secret-token/")
        client.get(reverse("suggestion", args=["another-secret"]))
        assert "secret" not in json.dumps([line["route"] for line in lines() if "route" in line])

    def test_that_fails_tells_its_id(self, client, monkeypatch):
        def fail(*args):
            raise ZeroDivisionError

        client.raise_request_exception = False
        monkeypatch.setattr("stories_project.views.drawing_at", fail)
        response = client.get("/drawn/x.svg", headers={"x-request-id": "from-the-proxy-2"})
        assert response["X-Request-ID"] == "from-the-proxy-2"
        assert "X-Request-ID" not in client.get("/about/")


class ASlowQuery:
    def test_is_named_with_its_place_and_without_its_values(self, settings, caplog):
        settings.SLOW_QUERY_SECONDS = 0.000001
        make_story(title=TITLE)
        with connection.execute_wrapper(measured):
            call_command("rebuild_search")
        records = [r for r in caplog.records if r.name == "stories_project.monitoring.queries"]
        [record, *_] = [r for r in records if r.code.startswith("stories/search/indexing.py:")]
        assert "stories_" in record.sql
        assert TITLE not in "".join(r.getMessage() + r.sql for r in records)

    def test_is_watched_on_each_connection(self):
        watch_queries()
        for _ in range(2):
            connection_created.send(sender=type(connection), connection=connection)
        try:
            assert connection.execute_wrappers.count(measured) == 1
        finally:
            connection.execute_wrappers.remove(measured)


class TheMetrics:
    def test_are_for_who_has_the_token(self, client, settings):
        assert client.get("/metrics").status_code == 404
        settings.METRICS_TOKEN = "tøken"
        for header in ({}, {"authorization": "Bearer token"}, {"authorization": "tøk"}):
            assert client.get("/metrics", headers=header).status_code == 404

    def test_count_requests_and_say_what_waits(self, client, settings):
        settings.METRICS_TOKEN = "token"
        make_founder(status="pending")
        client.get(make_story().get_absolute_url())
        text = client.get("/metrics", headers={"authorization": "Bearer token"}).text
        assert re.search(r'stories_requests_total\{method="GET",route="/stories/[^"]*",', text)
        assert 'stories_waiting{what="founders"} 1.0' in text
        assert 'stories_ready{check="database"} 1.0' in text
        assert f'stories_release_info{{release="{settings.RELEASE}"}} 1.0' in text
        assert "stories_request_seconds_bucket" in text
        assert "stories_last_backup_seconds 0.0" in text

    def test_know_the_last_backup(self, client, settings):
        settings.METRICS_TOKEN = "token"
        record_backup()
        text = client.get("/metrics", headers={"authorization": "Bearer token"}).text
        assert "stories_last_backup_seconds 1." in text

    def test_count_pages_exactly_although_they_are_told_now_and_then(self):
        tally = Tally("test")
        value = metrics.PAGES.labels("test")
        for times in (3, 0, 2):
            for _ in range(times):
                tally.add()
            tally.tell()
        assert value._value.get() == 5


class AnErrorThatIsSent:
    def test_says_nothing_about_people(self):
        event = {
            "request": {
                "method": "POST",
                "url": "https://example.org/suggestions/secret/",
                "data": "secret",
                "cookies": "secret",
                "headers": {"X-Real-IP": "secret"},
                "env": {"REMOTE_ADDR": "secret"},
            },
            "user": {"username": "secret"},
            "extra": {"form": "secret"},
            "breadcrumbs": ["secret"],
            "server_name": "secret",
            "exception": {"values": [{"type": "ValueError", "value": "secret", "stacktrace": 1}]},
        }
        sent = errors.without_people(event, None)
        assert "secret" not in json.dumps(sent)
        assert sent["exception"]["values"][0]["type"] == "ValueError"
        assert sent["request"] == {"method": "POST"}

    def test_reaches_the_service(self):
        import sentry_sdk

        envelopes = []

        class Kept(sentry_sdk.transport.Transport):
            def capture_envelope(self, envelope):
                envelopes.append(envelope)

        errors.send_errors("http://key@127.0.0.1:9/1", "1.0", transport=Kept)
        try:
            try:
                raise ValueError(TITLE.upper())
            except ValueError as error:
                sentry_sdk.capture_exception(error)
            sentry_sdk.flush()
        finally:
            sentry_sdk.init()
        [event] = [e.get_event() for e in envelopes if e.get_event()]
        assert event["exception"]["values"][-1]["type"] == "ValueError"
        assert TITLE.upper() not in json.dumps(event, default=str)
