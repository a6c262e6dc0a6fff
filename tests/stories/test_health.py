"""/readyz says which checks fail, but not why."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from stories import health
from stories.models import ScheduledUpdate
from tests.factories import make_story

pytestmark = pytest.mark.django_db
ALL_OK = dict.fromkeys(health.CHECKS, "ok")


class ALoadBalancer:
    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_asks_by_ip_address_and_without_tls(self, client, settings, path):
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        settings.SITE_URL = "https://example.org"
        settings.ALLOWED_HOSTS = ["example.org"]
        client.handler.load_middleware()
        assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
        assert client.get("/about/", headers={"host": "example.org"}).status_code == 301
        assert client.get("/about/", headers={"host": "10.0.0.7:8000"}).status_code == 400


class TheSite:
    def test_runs_its_checks_once_when_many_ask(self, client, monkeypatch):
        checks = []
        monkeypatch.setitem(health.CHECKS, "storage", lambda: checks.append(1) or True)
        for _ in range(20):
            assert client.get("/readyz").status_code == 200
        assert len(checks) == 1

    def test_says_what_it_knows_while_a_check_waits(self, monkeypatch):
        waits, answers = Event(), Event()
        monkeypatch.setattr(health, "CHECKS", {"storage": lambda: True})
        monkeypatch.setattr(health, "REMEMBERED", 0)
        readiness = health.Readiness()
        readiness.outcomes()
        monkeypatch.setitem(health.CHECKS, "storage", lambda: waits.set() or not answers.wait(30))
        with ThreadPoolExecutor() as threads:
            slow = threads.submit(readiness.outcomes)
            assert waits.wait(30)
            known = threads.submit(readiness.outcomes)
            try:
                assert known.result(timeout=5) == {"storage": "ok"}
            finally:
                answers.set()
            assert slow.result() == {"storage": "failed"}

    def test_is_ready_when_everything_works(self, client):
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (200, ALL_OK)
        assert "no-store" in response["Cache-Control"]
        assert not default_storage.exists(health.PROBE)

    @pytest.mark.parametrize("name", ALL_OK)
    def test_is_not_ready_when_something_fails(self, client, monkeypatch, caplog, name):
        def fail():
            raise OSError("the password is hunter2")

        monkeypatch.setitem(health.CHECKS, name, fail)
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (503, ALL_OK | {name: "failed"})
        assert "hunter2" in caplog.text

    def test_is_not_ready_before_it_is_migrated(self, client):
        with connection.cursor() as cursor:
            newest = "SELECT max(name) FROM django_migrations WHERE app = 'stories'"
            cursor.execute(f"DELETE FROM django_migrations WHERE name = ({newest})")  # noqa: S608
        assert client.get("/readyz").json()["migrations"] == "failed"

    def test_is_not_ready_while_an_update_is_overdue(self, client, monkeypatch):
        story = make_story()
        at = timezone.now() - timedelta(minutes=2)
        ScheduledUpdate.objects.create(story=story, revision=story.live_revision, at=at)
        monkeypatch.setattr("stories.planning.scheduling.watch.apply_due_updates", lambda now: None)
        assert client.get("/readyz").json()["schedule"] == "failed"

    def test_is_not_ready_while_the_disk_is_full(self, client, monkeypatch):
        monkeypatch.setattr(health, "LEAST_FREE", 2**80)
        assert client.get("/readyz").json()["disk"] == "failed"

    def test_is_not_ready_for_a_minute_after_its_clock_was_set(self, client, monkeypatch):
        hour = 3600.0
        monkeypatch.setattr(health, "time", lambda: time.time() + hour)
        assert client.get("/readyz").json()["clock"] == "failed"
        monkeypatch.setattr(health, "SECONDS_OF", dict.fromkeys(health.SECONDS_OF, "SELECT 0"))
        clock = health.SteadyClock()
        assert clock.is_steady()
        monkeypatch.setattr(health, "time", time.time)
        assert not clock.is_steady()
        monkeypatch.setattr(health, "monotonic", lambda: time.monotonic() + 2 * hour)
        assert not clock.is_steady()  # Set again.
        monkeypatch.setattr(health, "JUMP_TOLD", -1)
        assert clock.is_steady()
