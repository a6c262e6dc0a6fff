"""Varnish, with the configuration of the guide, before a site: it is purged within a second."""

import time
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.own_varnish import Varnish, varnish_before, why_not
from tests.recording_server import recording_server
from tests.running_site import Site

pytestmark = [
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the server runs on Linux"),
]
LATEST = 1.0
FILL = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import make_founder, make_story
ada, grace = make_founder(name="Ada Byron"), make_founder(name="Grace Hopper")
make_story(title="The loom", slug="the-loom", publish_at=None, founders=[ada], tags=["Looms"])
make_story(title="The sea", slug="the-sea", founders=[grace], tags=["Sea"])
"""
SCRIPT = """
import time
from datetime import timedelta
from django.utils import timezone
from founders.models import Founder
from stories.models import Story
loom = Story.objects.get(slug="the-loom")
{}
print(time.time())
"""
PLAN = """
from tests.factories import make_story
make_story(title="On time", slug="on-time", publish_at=timezone.now() + timedelta(seconds=12))
"""
UNTOUCHED = ("/stories/the-sea.md", "/founders/grace-hopper/", "/tags/sea/", "/about/")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder)
    site.manage("shell", "--no-imports", "-c", FILL)
    with varnish_before(folder, site) as varnish:
        yield SimpleNamespace(site=site, varnish=varnish)


def ask(address, **headers):
    """Return (status, "HIT" or "MISS", text, headers)."""
    try:
        with urlopen(Request(address, headers=headers)) as answer:  # noqa: S310
            return answer.status, answer.headers["X-Cache"], answer.read().decode(), answer.headers
    except HTTPError as error:
        with error:
            return error.code, error.headers["X-Cache"], error.read().decode(), error.headers


def warm(site, *paths):
    for path in paths:
        for _ in range(2):
            ask(site.varnish.address + path)
        assert ask(site.varnish.address + path)[1] == "HIT"


def change(site, python):
    """Change something in another process, and return the time of the commit."""
    output = site.site.manage("shell", "--no-imports", "-c", SCRIPT.format(python))
    return float(output.split()[-1])


def seconds_until(site, path, is_right, since):
    while not is_right(*ask(site.varnish.address + path)[::2][:2]):
        assert time.time() < since + 10, path
        time.sleep(0.01)
    return time.time() - since


def shows(text):
    return lambda status, page: status == 200 and text in page


class AChange:
    def test_is_shown_within_a_second_and_other_pages_stay(self, site):
        warm(site, *UNTOUCHED, "/", "/stories/the-sea/")
        assert ask(site.varnish.address + "/stories/the-loom/")[0] == 404
        published_at = change(site, "loom.publish()")
        for path in ("/stories/the-loom/", "/", "/founders/ada-byron/", "/feed/"):
            assert seconds_until(site, path, shows("The loom"), published_at) < LATEST
        hits = [ask(site.varnish.address + path)[1] for path in UNTOUCHED]
        assert hits == ["HIT"] * 4

        time.sleep(6)  # the repeated purge
        warm(site, "/stories/the-loom/", "/founders/ada-byron/", *UNTOUCHED)
        hidden_at = change(site, "loom.founders[0].hide('They asked us to.')")
        gone = lambda status, page: status == 410  # noqa: E731
        assert seconds_until(site, "/founders/ada-byron/", gone, hidden_at) < LATEST
        no_link = lambda status, page: "/founders/ada-byron/" not in page  # noqa: E731
        assert seconds_until(site, "/stories/the-loom/", no_link, hidden_at) < LATEST

        withdrawn_at = change(site, "loom.withdraw()")
        assert seconds_until(site, "/stories/the-loom/", gone, withdrawn_at) < LATEST
        assert "The loom" not in ask(site.varnish.address + "/")[2]
        assert [ask(site.varnish.address + path)[1] for path in UNTOUCHED] == ["HIT"] * 4

    def test_that_comes_by_itself_is_shown_on_time(self, site):
        warm(site, "/", "/about/")
        at = change(site, PLAN) + 12
        while time.time() < at - 0.5:
            assert "On time" not in ask(site.varnish.address + "/")[2]
            time.sleep(0.05)
        assert seconds_until(site, "/", shows("On time"), at) < LATEST
        assert seconds_until(site, "/stories/on-time/", shows("On time"), at) < LATEST


class WhatReadersGet:
    def test_is_asked_for_again_each_time_and_answered_by_varnish(self, site):
        warm(site, "/about/")
        _, _, _, headers = ask(site.varnish.address + "/about/")
        assert headers["Cache-Control"] == "no-cache"
        assert not {"surrogate-control", "surrogate-key", "xkey"} & {n.lower() for n in headers}
        status, cache, _, _ = ask(
            site.varnish.address + "/about/", **{"If-None-Match": headers["ETag"]}
        )
        assert (status, cache) == (304, "HIT")

    def test_is_the_same_with_cookies_and_campaigns(self, site):
        warm(site, "/about/", "/search/?q=sea")
        assert ask(site.varnish.address + "/about/", Cookie="sessionid=abc")[1] == "HIT"
        for query in ("?utm_source=mail", "?utm_source=mail&gclid=1"):
            assert ask(site.varnish.address + "/about/" + query)[1] == "HIT"
        for query in ("?utm_source=a&q=sea", "?q=sea&utm_source=a", "?fbclid=1&q=sea&gclid=2"):
            assert ask(site.varnish.address + "/search/" + query)[1] == "HIT"

    @pytest.mark.parametrize("path", ["/suggest/", "/admin/login/", "/healthz", "/corrections/"])
    def test_of_forms_and_the_desk_is_never_kept(self, site, path):
        assert [ask(site.varnish.address + path)[1] for _ in range(2)] == ["MISS"] * 2


class Nobody:
    def test_purges_at_the_public_address(self, site):
        warm(site, "/about/")
        request = Request(site.varnish.address, headers={"xkey": "everything"}, method="PURGE")  # noqa: S310
        with pytest.raises(HTTPError) as refused:
            urlopen(request)  # noqa: S310
        refused.value.close()
        assert refused.value.code == 405
        assert ask(site.varnish.address + "/about/")[1] == "HIT"

    def test_reads_at_the_address_for_purges(self, site):
        assert ask(f"http://127.0.0.1:{site.varnish.purge}/about/")[0] == 403


class ASiteThatDoesNotAnswer:
    @pytest.mark.parametrize(
        ("lifetime", "status"),
        [
            ("max-age=1, stale-while-revalidate=60, stale-if-error=100", 200),
            ("max-age=1, stale-while-revalidate=2, stale-if-error=2", 503),
            ("max-age=1", 503),
            ("max-age=100", 200),
        ],
    )
    def test_is_stood_in_for_as_long_as_it_allowed(self, tmp_path, lifetime, status):
        """The last moment is that of the next transition: see `lifetimes.lifetime`."""
        with recording_server() as server:
            server.headers = {"Surrogate-Control": lifetime, "Surrogate-Key": "everything"}
            server.headers["Cache-Control"] = "no-cache"
            varnish = Varnish(tmp_path, server.port)
            varnish.start()
            assert ask(varnish.address)[0] == 200
        try:
            time.sleep(7)  # the probe fails twice
            assert ask(varnish.address)[0] == status
        finally:
            varnish.stop()
