"""The command, on a site that runs in processes of its own."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.running_site import ROOT, Site

SHORT = ("--pages", "story", "--seconds", "0.4", "--connections", "2", "--workers", "1")


def processes_with(text):
    """Return the processes whose environment contains a text. Needs /proc."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        # It has ended, or belongs to somebody else.
        with suppress(OSError):
            if text.encode() in environment.read_bytes():
                found.append(environment.parent.name)
    return found


def benchmark_rows(site_folder):
    """Return how many stories and revisions a measurement has left."""
    database = sqlite3.connect(site_folder / "db.sqlite3")
    try:
        count = "SELECT (SELECT COUNT(*) FROM stories_story WHERE slug LIKE 'benchmark-%') + "
        count += "(SELECT COUNT(*) FROM stories_revision WHERE content LIKE '%benchmark-%')"
        return database.execute(count).fetchone()[0]
    finally:
        database.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(folder):
    """A filled site, on a machine where no program is on the PATH, nginx and wrk included."""
    (folder / "temporary").mkdir()
    site = Site(folder, PATH="", TMPDIR=str(folder / "temporary"))
    site.env |= {"DEBUG": "off", "TRIAL_ADDRESS": site.address}
    site.manage("demo", "--with-demo", "--stories", "110")
    return site


@pytest.fixture(scope="module")
def output(site, folder):
    """What a short run prints; it also writes report.json."""
    return site.manage("bench", *SHORT, "--json", str(folder / "report.json"))


class ASiteThatIsFilled:
    @pytest.fixture
    def data(self, output, folder):
        return json.loads((folder / "report.json").read_text())

    def test_is_measured(self, data):
        (story,) = data["pages"]
        assert story["first_ms"] > 0
        assert story["bytes"] > 1000
        assert min(story["cached"]["rate"], story["uncached"]["rate"]) > 0
        assert story["errors"] == 0

    def test_is_measured_without_wrk(self, data, output):
        assert data["client"] == "bundled client"
        assert "client: bundled client" in output
        assert "install wrk" in output

    def test_shows_how_soon_a_story_is_published(self, data, folder):
        assert len(data["publishing"]["milliseconds"]) > 2
        assert 0 < data["publishing"]["median_ms"] < 10_000
        assert benchmark_rows(folder) == 0

    @pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs /proc")
    def test_shows_the_memory_of_each_process(self, data):
        assert len(data["memory_mib"]) >= 2
        assert sum(data["memory_mib"]) > 30

    def test_has_no_process_and_no_file_left(self, output, folder):
        assert list((folder / "temporary").iterdir()) == []
        assert processes_with(str(folder)) == []

    def test_says_how_it_was_measured(self, output, data):
        assert f"{data['stories']:,} public stories" in output
        assert "SQLite" in output
        assert "Targets:" in output


class ARunThatIsInterrupted:
    @pytest.mark.parametrize("step", ["Requesting", "Measuring", "Publishing"])
    def test_leaves_nothing_behind(self, site, folder, step):
        command = [sys.executable, "manage.py", "bench", *SHORT, "--seconds", "60"]
        if step == "Publishing":
            command += ["--seconds", "0.2"]
        with subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=site.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as run:
            while step.encode() not in (line := run.stderr.readline()):
                assert line, "The run ended before it was interrupted"
            run.send_signal(signal.SIGINT)
            rest = run.stderr.read().decode()
        assert "Stopped. Nothing was left behind." in rest
        assert run.returncode == 130
        assert processes_with(str(folder)) == []
        assert list((folder / "temporary").iterdir()) == []
        assert benchmark_rows(folder) == 0


@pytest.mark.django_db
class TheCommand:
    def test_refuses_a_site_with_debug_on(self, settings):
        settings.DEBUG = True
        with pytest.raises(CommandError, match="DEBUG is on"):
            call_command("bench")

    def test_refuses_a_site_with_too_few_stories(self):
        with pytest.raises(CommandError, match=r"manage.py demo --with-demo --stories 5000"):
            call_command("bench")

    @pytest.mark.parametrize("option", ["seconds", "connections", "workers", "rotate"])
    def test_refuses_nothing_to_do(self, option):
        with pytest.raises(CommandError, match=f"--{option} must be more than 0"):
            call_command("bench", **{option: 0})

    def test_refuses_to_write_its_report_where_it_cannot(self, tmp_path):
        with pytest.raises(CommandError, match="There is no folder"):
            call_command("bench", json=tmp_path / "missing" / "report.json")
