"""The environment is read strictly: what a public site needs is asked for in a sentence."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.checks import run_checks

NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"
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

    def test_binds_its_cookies_to_its_host(self):
        run = settings_say("settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME", **COMPLETE)
        assert run.stdout == "__Host-sessionid __Host-csrftoken\n"

    @pytest.mark.parametrize(
        ("hsts", "said"),
        [
            ("", "False False"),
            ("subdomains", "True False"),
            ("subdomains, preload", "True True"),
        ],
    )
    def test_binds_other_hosts_only_if_asked_to(self, hsts, said):
        expression = "settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD"
        assert settings_say(expression, HSTS=hsts, **COMPLETE).stdout == f"{said}\n"

    @pytest.mark.parametrize("hsts", ["preload", "always"])
    def test_does_not_start_with_another_hsts(self, hsts):
        assert "HSTS is empty, “subdomains”" in settings_say("1", HSTS=hsts, **COMPLETE).stderr

    def test_strips_the_names_of_its_hosts(self):
        run = settings_say("settings.ALLOWED_HOSTS", **COMPLETE)
        assert run.stdout == "['example.org', 'www.example.org']\n"

    def test_uses_postgresql_when_the_address_says_so(self):
        address = "postgres://me:secret@db.example.org:5433/stories"
        run = settings_say("settings.DATABASES['default']", DATABASE_URL=address, **COMPLETE)
        assert "'ENGINE': 'django.db.backends.postgresql'" in run.stdout
        assert "'PORT': 5433" in run.stdout


class ASiteThatIsTriedOut:
    """`SERVER=production make run`: what nobody has set is chosen for this machine."""

    @pytest.fixture(autouse=True)
    def _trial(self, tmp_path):
        self.trial = {"TRIAL_ADDRESS": "http://127.0.0.1:8123", "DATA_DIR": str(tmp_path)}

    def test_has_the_address_it_listens_on_and_a_secret_of_its_own(self, tmp_path):
        run = settings_say("settings.SITE_URL, settings.ALLOWED_HOSTS[0]", **self.trial)
        assert run.stdout == "http://127.0.0.1:8123 127.0.0.1\n"
        secret = settings_say("settings.SECRET_KEY", **self.trial).stdout.strip()
        assert secret == (tmp_path / "secret_key").read_text()
        assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0

    def test_keeps_its_secret(self):
        first, second = (settings_say("settings.SECRET_KEY", **self.trial) for _ in range(2))
        assert first.stdout == second.stdout
        assert len(first.stdout) > 50

    def test_takes_what_the_operator_has_set(self):
        run = settings_say("settings.SITE_URL, settings.ALLOWED_HOSTS", **self.trial | COMPLETE)
        assert run.stdout == "https://example.org ['example.org', 'www.example.org']\n"

    def test_reads_the_operators_file_before_it_chooses(self, tmp_path):
        (tmp_path / "stories_project").mkdir()
        shutil.copy(ROOT / "stories_project" / "env.py", tmp_path / "stories_project")
        (tmp_path / ".env").write_text("SITE_URL=https://example.org\n")
        show = "from stories_project import env; print(env.required('SITE_URL', local='', why=''))"
        run = subprocess.run(  # noqa: S603
            [sys.executable, "-c", show],
            cwd=tmp_path,
            env={"TRIAL_ADDRESS": "http://127.0.0.1:8123"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.stdout == "https://example.org\n"

    def test_is_started_without_setting_what_the_file_may_set(self):
        """The environment comes before .env, so whatever `make run` sets there hides the file."""
        run = subprocess.run(
            ["make", "--dry-run", "run", "SERVER=production"],  # noqa: S607
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        documented = re.findall(r"(?m)^([A-Z_]+)=", (ROOT / ".env.example").read_text())
        chosen = {"DEBUG"}  # what SERVER=production means
        assert {name for name in documented if f"{name}=" in run.stdout} == chosen


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


class ANetworkAddress:
    @pytest.mark.parametrize(
        ("address", "expression", "expected"),
        [
            ("", "settings.NETWORK", "None"),
            (
                "fastly://s3cret@SU1Z0isxPaozGVKXdv0eY",
                "settings.NETWORK.provider, settings.NETWORK.identifier, settings.NETWORK.token",
                "fastly SU1Z0isxPaozGVKXdv0eY s3cret",
            ),
            (
                "cloudflare://s3cret@023e105f?api=http://127.0.0.1:81",
                "settings.NETWORK.provider, settings.NETWORK.identifier, settings.NETWORK.api",
                "cloudflare 023e105f http://127.0.0.1:81",
            ),
            ("varnish://10.0.0.2:6082", "settings.NETWORK.api", "http://10.0.0.2:6082"),
            ("varnish://[::1]:6082", "settings.NETWORK.api", "http://[::1]:6082"),
            ("fastly://s3cret@SU1Z0", "'s3cret' in repr(settings.NETWORK)", "False"),
        ],
    )
    def test_says_where_and_how_to_purge(self, address, expression, expected):
        run = settings_say(expression, DEBUG="on", CDN_URL=address)
        assert run.stdout == f"{expected}\n"

    @pytest.mark.parametrize(
        "address",
        [
            *("s3cret", "https://s3cret@example.org", "fastly://s3cret", "fastly://s3cret@"),
            *("fastly://s3cret@id/path", "fastly://s3cret@id?apy=https://x", "varnish://s3cret"),
            *("varnish://s3cret:port", "varnish://s3cret:80/path", "fastly://s3cret:x@id"),
        ],
    )
    def test_that_is_none_is_refused_in_a_sentence_without_the_token(self, address):
        run = settings_say("1", DEBUG="on", CDN_URL=address)
        assert "CDN_URL is not an address such as fastly://TOKEN@SERVICE_ID" in run.stderr
        assert "s3cret" not in run.stderr

    def test_sends_its_token_nowhere_in_the_clear(self):
        run = settings_say("1", DEBUG="on", CDN_URL="fastly://s3cret@id?api=http://example.org")
        assert "The api= of CDN_URL is not an address such as https://host." in run.stderr
        assert "s3cret" not in run.stderr


class APing:
    def test_is_sent_only_if_it_is_asked_for(self):
        assert settings_say("*settings.PINGS", DEBUG="on").stdout == "webhook\n"
        hub = "https://hub.example.org/"
        run = settings_say("*settings.PINGS", DEBUG="on", INDEXNOW_KEY="a" * 8, WEBSUB_HUB=hub)
        assert run.stdout == "indexnow websub webhook\n"

    @pytest.mark.parametrize(
        ("variable", "value", "sentence"),
        [
            ("INDEXNOW_KEY", "short", "INDEXNOW_KEY must be 8 to 128 letters"),
            ("INDEXNOW_KEY", "../../etc/passwd", "INDEXNOW_KEY must be 8 to 128 letters"),
            ("WEBSUB_HUB", "hub.example.org", "WEBSUB_HUB is not an address such as"),
            ("WEBSUB_HUB", "https://hub.example.org/>x", "WEBSUB_HUB is not an address such as"),
        ],
    )
    def test_with_a_bad_variable_is_refused_in_a_sentence(self, variable, value, sentence):
        assert sentence in settings_say("1", DEBUG="on", **{variable: value}).stderr


class TheDeploymentCheck:
    @pytest.mark.parametrize(
        ("setting", "value", "said"),
        [
            ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", ["W001"]),
            ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", []),
            ("CLIENT_ADDRESS_VARIABLE", "REMOTE_ADDR", ["W002"]),
            ("CLIENT_ADDRESS_VARIABLE", "HTTP_X_REAL_IP", []),
        ],
    )
    def test_says_what_a_public_site_lacks(self, settings, setting, value, said):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.CLIENT_ADDRESS_VARIABLE, settings.IS_BEHIND_TLS = "HTTP_X_REAL_IP", True
        setattr(settings, setting, value)
        found = run_checks(tags=["security"], include_deployment_checks=True)
        ours = [message.id for message in found if message.id.startswith("stories_project.")]
        assert ours == [f"stories_project.{name}" for name in said]


class TheRelease:
    def test_is_that_of_the_package(self, settings):
        package = tomllib.loads((ROOT / "pyproject.toml").read_text())
        assert package["project"]["version"] == settings.RELEASE


class TheGuide:
    def test_has_the_table_of_all_variables(self):
        """If this fails: make variables."""
        writer = importlib.util.spec_from_file_location("variables", ROOT / "docs/variables.py")
        module = importlib.util.module_from_spec(writer)
        writer.loader.exec_module(module)
        guide = (ROOT / "docs/operating.md").read_text()
        example = (ROOT / ".env.example").read_text()
        assert module.with_table(guide, example) == guide
        for name in re.findall(r"(?m)^([A-Z_]+)=", example):
            assert f"`{name}`" in module.table(example)


class ThePreparation:
    def test_says_in_a_sentence_that_the_database_does_not_answer(self, tmp_path):
        run = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env={**os.environ, "DEBUG": "on", "DATA_DIR": str(tmp_path), "DATABASE_URL": NOWHERE},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 1
        assert "The database does not answer; is DATABASE_URL right?" in run.stderr
        assert "Traceback" not in run.stderr
