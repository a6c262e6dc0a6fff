"""A whole newsroom on one machine: site, mail worker, PostgreSQL, Redis, a mail server, a small disk."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.own_postgres import Postgres
from tests.own_redis import Redis
from tests.own_smtp import MailServer
from tests.running_site import ROOT, Site

STORIES, EDITORS = 6, 2
PASSWORD = "secret"
DISK = "300m"
FILL = f"""
from django.contrib.auth.models import User
from tests.factories import make_founder, make_story, make_user, revise
for number in range({EDITORS}):
    make_user("Editor", username=f"editor-{{number}}", email=f"editor-{{number}}@example.org")
writer = make_user("Writer", email="writer@example.org")
ada = make_founder(name="Ada Byron", slug="ada")
for number in range({STORIES}):
    story = make_story(title=f"Story {{number}} edit 0", slug=f"story-{{number}}", founders=[ada], tags=["Looms"])
    # Gets an e-mail whenever an editor publishes the story.
    revise(story, {{"excerpt": "By its writer."}}, by=writer)
"""
READ = """
import json, re
from collections import defaultdict
from stories.models import Revision
stored = defaultdict(set)
for title in Revision.objects.values_list("content__title", flat=True):
    if match := re.fullmatch(r"Story (\\d+) edit (\\d+)", title or ""):
        stored[match[1]].add(int(match[2]))
print("STORED", json.dumps({key: sorted(numbers) for key, numbers in stored.items()}))
"""


class World:
    """Call `stop` whatever happens: it leaves no process, mount or folder."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="chaos"))
        self.disk = self.folder / "disk"
        self.outages = []
        self.disk.mkdir()

    def start(self):
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", self.disk]
        self.has_disk = subprocess.run(mount, check=False, capture_output=True).returncode == 0  # noqa: S603
        self.postgres = Postgres()
        self.redis = Redis()
        self.mail = MailServer()
        self.site = Site(
            self.disk,
            DATABASE_URL=self.postgres.url,
            CACHE_URL=self.redis.url,
            EMAIL_URL=self.mail.url,
            EMAIL_TIMEOUT="3",
            SECOND_FACTOR="off",
        )
        self.site.log = self.folder / "server.log"
        self.site.start_for_readers()
        self.site.manage("shell", "--no-imports", "-c", FILL)
        self.start_worker()

    def start_worker(self):
        with (self.folder / "worker.log").open("ab") as log:
            command = [sys.executable, "manage.py", "work"]
            options = {"cwd": ROOT, "env": self.site.env, "stdout": log, "stderr": log}
            self.worker = subprocess.Popen(command, start_new_session=True, **options)  # noqa: S603

    def kill_worker(self):
        with suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    @contextmanager
    def database_away(self):
        """Note that the database is away during the block, for the judge."""
        outage = [time.time(), float("inf")]
        self.outages.append(outage)
        yield
        outage[1] = time.time()

    def stored_edits(self):
        """Return {story: numbers} of all edits in the history."""
        for _ in range(10):
            with suppress(subprocess.CalledProcessError):
                out = self.site.manage("shell", "--no-imports", "-c", READ)
                found = json.loads(out.partition("STORED ")[2])
                return {int(key): set(numbers) for key, numbers in found.items()}
            time.sleep(1)
        raise RuntimeError("The database did not come back")

    def stop(self):
        if hasattr(self, "worker"):
            self.kill_worker()
        if hasattr(self, "site") and hasattr(self.site, "process"):
            with suppress(ProcessLookupError):
                self.site.kill()
        if hasattr(self, "mail"):
            self.mail.stop()
        for part in ("redis", "postgres"):
            if hasattr(self, part):
                getattr(self, part).remove()
        if getattr(self, "has_disk", False):
            subprocess.run(["umount", "--lazy", self.disk], check=False)  # noqa: S603, S607
        shutil.rmtree(self.folder, ignore_errors=True)
