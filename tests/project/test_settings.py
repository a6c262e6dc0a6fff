"""The environment is read strictly: what a public site needs is asked for in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "DEBUG": "off",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "example.org, www.example.org ",
    "SITE_URL": "https://example.org/",
}


def settings_say(expression, **environment):
    """Evaluate an expression with the settings in a process of its own."""
    code = f"from django.conf import settings; settings.DEBUG; print({expression})"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "stories_project.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


class AProductionSite:
    @pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL"])
    def test_does_not_start_without(self, missing):
        run = settings_say("1", **{k: v for k, v in COMPLETE.items() if k != missing})
        assert run.returncode != 0
        assert f"Set {missing} in the environment or in .env" in run.stderr

    def test_is_what_runs_unless_debug_is_asked_for(self):
        run = settings_say("settings.DEBUG", **{k: v for k, v in COMPLETE.items() if k != "DEBUG"})
        assert run.stdout == "False\n"

    def test_has_secure_cookies_behind_tls(self):
        run = settings_say(
            "settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS", **COMPLETE
        )
        assert run.stdout == "True 31536000\n"

    def test_strips_the_names_of_its_hosts(self):
        run = settings_say("settings.ALLOWED_HOSTS", **COMPLETE)
        assert run.stdout == "['example.org', 'www.example.org']\n"

    def test_uses_postgresql_when_the_address_says_so(self):
        address = "postgres://me:secret@db.example.org:5433/stories"
        run = settings_say("settings.DATABASES['default']", DATABASE_URL=address, **COMPLETE)
        assert "'ENGINE': 'django.db.backends.postgresql'" in run.stdout
        assert "'PORT': 5433" in run.stdout


class ADevelopmentSite:
    def test_starts_with_nothing_set(self):
        assert settings_say("settings.SITE_URL", DEBUG="on").stdout == "http://127.0.0.1:8000\n"

    def test_takes_an_empty_variable_for_none(self):
        names = ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "TIME_ZONE", "SITE_URL", "DATA_DIR")
        run = settings_say("settings.TIME_ZONE", DEBUG="on", **dict.fromkeys(names, ""))
        assert run.stdout == "UTC\n"

    def test_says_what_an_address_of_a_database_looks_like(self):
        run = settings_say("1", DEBUG="on", DATABASE_URL="nonsense")
        assert "DATABASE_URL is not an address such as postgres://" in run.stderr
