import pytest


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Let no test see the pictures of another."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_known_of_updates():
    """Let no test know of the updates that another one scheduled."""
    from stories.scheduling import watch

    watch.forget()
