import pytest


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Let no test see the pictures of another."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
