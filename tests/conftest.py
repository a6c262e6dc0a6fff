from uuid import uuid4

import pytest


def pytest_collection_modifyitems(items):
    """Mark the tests that ask the database: only these differ from one database to another."""
    for item in items:
        if item.get_closest_marker("django_db") or "db" in item.fixturenames:
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Give each test its own media folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Give each test its own keys in the cache: what the previous one has counted is not there."""
    default = settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}
    settings.CACHES = settings.CACHES | {"default": default}


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_known_updates():
    """Forget the scheduled updates of the previous test, which are kept in memory."""
    from stories.planning.scheduling import watch

    watch.forget()


@pytest.fixture(autouse=True)
def _no_known_health():
    """Forget what the checks have found, and that the previous test has set the clock."""
    from stories.health import readiness

    readiness.forget()


@pytest.fixture(autouse=True)
def _as_nobody_has_changed_it():
    """Know the publication without a query, as it is before anybody has edited it."""
    from stories_project.page_cache import change_log
    from stories_project.publication.current import kept
    from stories_project.publication.values import Publication

    kept.know(Publication())
    change_log.is_followed.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, request, tmp_path_factory
):
    """Keep SQLite in a file for browser tests: concurrent requests cannot share one in memory."""
    from django.db import connection

    has_browser = any(item.get_closest_marker("browser") for item in request.session.items)
    if has_browser and connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(autouse=True)
def _no_known_words():
    """Forget the words that the previous test has stored."""
    from stories.search.indexing import forget_words

    forget_words()
