"""Two sets of server processes share one database: what one stores, the other shows in a second."""

import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg
import pytest
from django.db import connection

from tests.own_redis import redis  # noqa: F401  a fixture
from tests.running_site import Site, free_port

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the server runs on Linux"),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="two machines share a PostgreSQL database"
    ),
    pytest.mark.django_db,
]
LATEST = 1.0
FILL = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import make_founder, make_story
make_story(title="An older story", publish_at=timezone.now() - timedelta(days=1))
ada = make_founder(name="Ada Byron")
make_story(title="The loom", slug="the-loom", publish_at=None, founders=[ada])
print(0)
"""
SECONDS_AHEAD = 8
SCHEDULE = f"""
from datetime import timedelta
from django.utils import timezone
from tests.factories import make_founder, make_story
at = timezone.now() + timedelta(seconds={SECONDS_AHEAD})
make_story(title="On time", slug="on-time", publish_at=at, founders=[make_founder(name="Grace Hopper")])
print(at.timestamp())
"""
PUBLISH = """
import time
from stories.models import Story
Story.objects.get(slug="the-loom").publish()
print(time.time())
"""
HIDE = """
import time
from stories.models import Story
Story.objects.get(slug="the-loom").founders[0].hide("They asked us to.")
print(time.time())
"""


@contextmanager
def empty_database():
    """Create an empty database, and yield its URL."""
    own = connection.settings_dict
    server = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT'] or 5432}"
    name = f"two_nodes_{free_port()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def two_nodes(folder, cache=""):
    """Start two nodes with the rows of FILL, and stop them after the block."""
    with empty_database() as database:
        nodes = [Site(folder, DATABASE_URL=database, CACHE_URL=cache) for _ in range(2)]
        try:
            for node in nodes:
                node.start_for_readers()
            run(nodes[0], FILL)
            yield nodes
        finally:
            for node in nodes:
                if hasattr(node, "process"):
                    node.kill()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """Two nodes that share no cache, for all tests that need no Redis."""
    with two_nodes(tmp_path_factory.mktemp("nodes")) as nodes:
        yield nodes


def read(node, path):
    try:
        with urlopen(node.address + path) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


class Watcher(threading.Thread):
    """Asks a node for a path again and again; notes every answer with its time."""

    def __init__(self, node, path):
        super().__init__(daemon=True)
        self.node, self.path, self.is_stopped, self.answers = node, path, False, []

    def run(self):
        while not self.is_stopped:
            asked_at = time.time()
            self.answers.append((asked_at, *read(self.node, self.path)))
            time.sleep(0.01)

    def last_without(self, is_right):
        """Return the time of the last request whose answer was not right."""
        return max(asked for asked, status, page in self.answers if not is_right(status, page))


@contextmanager
def watching(nodes, *paths):
    watchers = [Watcher(node, path) for node in nodes for path in paths]
    for watcher in watchers:
        watcher.start()
    yield watchers
    for watcher in watchers:
        watcher.is_stopped = True
        watcher.join()


def shows(text):
    return lambda status, page: status == 200 and text in page


def lateness(watchers, moment, is_right):
    """Return how many seconds after a moment the last wrong answer was asked for, over all."""
    return max(watcher.last_without(is_right) for watcher in watchers) - moment


def run(node, script):
    return float(node.manage("shell", "--no-imports", "-c", script).split()[-1])


class AStoryPublishedOnOneNode:
    def test_is_shown_by_every_process_of_both_within_a_second(self, nodes):
        with watching(nodes, "/stories/the-loom/", "/", "/feed/") as watchers:
            time.sleep(1)
            published_at = run(nodes[0], PUBLISH)
            time.sleep(2 * LATEST)
        assert lateness(watchers, published_at, shows("The loom")) < LATEST

    def test_is_shown_although_redis_is_killed_and_comes_back(self, tmp_path, redis):  # noqa: F811
        with two_nodes(tmp_path, redis.url) as nodes:
            with watching(nodes, "/stories/the-loom/") as watchers, watching(nodes, "/") as readers:
                time.sleep(1)
                redis.kill()
                published_at = run(nodes[0], PUBLISH)
                time.sleep(2 * LATEST)
                assert lateness(watchers, published_at, shows("The loom")) < LATEST
                redis.start()
                time.sleep(2)
                hidden_at = run(nodes[0], HIDE)
                time.sleep(2 * LATEST)
            is_hidden = lambda status, page: "/founders/ada-byron/" not in page  # noqa: E731
            assert lateness(watchers, hidden_at, is_hidden) < LATEST
            assert {status for reader in readers for _, status, _ in reader.answers} == {200}


class AScheduledStory:
    def test_is_shown_by_every_process_on_its_second(self, nodes):
        at = run(nodes[0], SCHEDULE)
        with watching(nodes, "/stories/on-time/", "/stories/") as watchers:
            time.sleep(max(0, at - time.time()) + 1)
        assert -1 < lateness(watchers, at, shows("On time")) < 0
