"""The database stops, or is restarted: readers do not notice, and editors lose nothing."""

import errno
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.core.cache import cache
from django.db import IntegrityError, OperationalError
from django.urls import reverse
from redis import RedisError

from stories.models import Story
from stories_project import env, outages
from tests.factories import make_story, make_user
from tests.own_postgres import postgres
from tests.own_redis import redis
from tests.running_site import Site

__all__ = ["postgres", "redis"]


def status_of(request):
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status
    except HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def site(postgres, tmp_path_factory):
    # One worker: with two, nobody knows which of them keeps a page.
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder, DATABASE_URL=postgres.url, WORKERS="1")
    site.start_for_readers()
    yield site
    site.kill()


class ARestartOfPostgreSQL:
    def test_costs_no_answer_although_no_page_is_kept(self, site, postgres):
        addresses = [f"{site.address}/search/?q=loom{number}" for number in range(60)]
        with ThreadPoolExecutor(2) as readers:
            answers = [readers.submit(status_of, address) for address in addresses]
            while not answers[5].done():
                time.sleep(0.01)
            postgres.stop()
            postgres.start()
            statuses = {answer.result() for answer in answers}
        assert statuses == {200}

    def test_costs_no_form_although_nobody_has_asked_meanwhile(self, site, postgres):
        token = "x" * 32
        fields = {"login": "ada", "password": "a loom", "csrfmiddlewaretoken": token}
        sign_in = Request(  # noqa: S310
            f"{site.address}/account/login/",
            urlencode(fields).encode(),
            {"Cookie": f"csrftoken={token}"},
        )
        assert status_of(sign_in) == 200
        postgres.stop()
        postgres.start()
        assert [status_of(sign_in) for _ in range(3)] == [200] * 3

    def test_leaves_the_pages_that_are_kept(self, site, postgres):
        assert status_of(f"{site.address}/stories/") == 200
        postgres.stop()
        try:
            assert {status_of(f"{site.address}/stories/") for _ in range(8)} == {200}
            assert status_of(f"{site.address}/search/?q=nobody") == 503
            assert status_of(f"{site.address}/healthz") == 200
            assert status_of(f"{site.address}/readyz") == 503
        finally:
            postgres.start()
        assert status_of(f"{site.address}/search/?q=nobody") == 200


@pytest.fixture
def away(monkeypatch):
    """A database that does not answer the views that a test names."""

    def take_away(target):
        def fail(*args, **kwargs):
            raise OperationalError("The server closed the connection.")

        monkeypatch.setattr(target, fail)

    return take_away


class TheOutages:
    @pytest.mark.parametrize(
        ("error", "is_one"),
        [
            (OperationalError("database is locked"), True),
            (OSError(errno.ENOSPC, "No space left on device"), True),
            (FileNotFoundError(errno.ENOENT, "No such file"), False),
            (RedisError("Connection refused."), True),
            (IntegrityError("UNIQUE"), False),
            (None, False),
        ],
    )
    def test_are_what_passes_by_itself_or_by_an_operator(self, error, is_one):
        assert outages.is_outage(error) is is_one


@pytest.mark.django_db
class WhatAnEditorSends:
    LONG = "She began early. " * 20

    def test_comes_back_and_can_be_sent_again(self, client, away):
        client.raise_request_exception = False
        client.force_login(make_user("Editor"))
        story = make_story(publish_at=None)
        address = reverse("admin:stories_story_change", args=[story.pk])
        away("stories.writing.saving.save")
        away("stories.admin.story.StoryAdmin.changeform_view")
        data = {"title": "A <loom>", "body": self.LONG, "csrfmiddlewaretoken": "x"}
        response = client.post(f"{address}?from=1", data)
        assert response.status_code == 503
        assert response["Retry-After"] == "5"
        assert "no-store" in response["Cache-Control"]
        page = response.text
        assert "Not saved yet" in page
        assert f'action="{address}?from=1"' in page
        assert self.LONG.strip() in page
        assert 'name="title" value="A &lt;loom&gt;"' in page
        assert page.count('name="csrfmiddlewaretoken"') == 1
        assert Story.objects.count() == 1

    def test_is_not_shown_if_it_may_be_a_secret(self, client, away):
        client.raise_request_exception = False
        away("stories_project.accounts.forms.SignInForm.clean")
        response = client.post("/account/login/", {"login": "ada", "password": "secret words"})
        assert response.status_code == 503
        assert "secret words" not in response.text
        assert "we could not take what you sent" in response.text


class ARedisThatIsAway:
    @pytest.fixture
    def cached_in_redis(self, settings, monkeypatch, redis):
        monkeypatch.setenv("CACHE_URL", redis.url)
        settings.CACHES = {"default": env.cache()}
        cache.set("loom", "here")
        return redis

    @pytest.mark.parametrize("fault", ["hang", "kill"])
    def test_holds_nobody_up(self, cached_in_redis, fault):
        getattr(cached_in_redis, fault)()
        began_at = time.monotonic()
        with pytest.raises(RedisError):
            cache.get("loom")
        assert time.monotonic() - began_at < 2

    @pytest.mark.django_db
    def test_lets_nobody_guess_passwords_and_says_that_it_is_away(self, cached_in_redis, client):
        cached_in_redis.kill()
        client.raise_request_exception = False
        response = client.post("/account/login/", {"login": "ada", "password": "secret words"})
        assert response.status_code == 503
        assert "secret words" not in response.text


class AnyOtherError:
    def test_is_still_one_of_ours(self, client, monkeypatch):
        def fail(*args):
            raise ZeroDivisionError

        client.raise_request_exception = False
        monkeypatch.setattr("stories_project.views.as_svg", fail)
        monkeypatch.setattr("stories_project.views.drawing_at", lambda name: name)
        response = client.get("/drawn/cover-1-2.svg")
        assert response.status_code == 500
        assert "Something broke on our side" in response.text


class ARequestThatChangesNothing:
    @staticmethod
    def application(failures):
        """Answers after so many failures."""
        asked = []

        def application(environ, start_response):
            asked.append(environ["REQUEST_METHOD"])
            if len(asked) <= failures:
                environ[outages.AWAY] = True
                start_response("503 Service Unavailable", [])
                return [b"away"]
            start_response("200 OK", [])
            return [b"here"]

        application.asked = asked
        return application

    @pytest.fixture(autouse=True)
    def no_time(self, monkeypatch):
        moments = iter(range(1000))
        monkeypatch.setattr(outages, "monotonic", lambda: next(moments))
        monkeypatch.setattr(outages, "sleep", lambda seconds: None)
        monkeypatch.setattr(outages, "replace_broken_connections", lambda: None)

    def ask(self, application, method="GET"):
        started = []
        body = outages.SurvivingOutages(application)(
            {"REQUEST_METHOD": method}, lambda *start: started.append(start)
        )
        [(status, _)] = started
        return status[:3], b"".join(body)

    def test_is_asked_again_until_the_database_is_back(self):
        application = self.application(failures=3)
        assert self.ask(application) == ("200", b"here")
        assert application.asked == ["GET"] * 4

    def test_is_told_after_some_seconds(self):
        application = self.application(failures=1000)
        assert self.ask(application) == ("503", b"away")
        assert len(application.asked) < 10

    def test_is_the_only_one_that_is_asked_again(self):
        application = self.application(failures=1)
        assert self.ask(application, "POST") == ("503", b"away")
        assert application.asked == ["POST"]
