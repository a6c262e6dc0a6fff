"""Mixed load for as long as you like: every answer of the page cache is checked.

    DATABASE_URL=… python -m tests.soak --minutes 10

A production server with the page cache answers readers while a newsroom edits, publishes and hides,
and while its workers are killed. Another server without the page cache says what is true. An answer
is late if the truth was the same before and after it, and it was not the answer. It must not be
late any more one second later. Use an empty database that may be filled with nonsense.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

LATEST = 1.0
KILL_EVERY = 15


def main():
    """Run the site, and print what was seen; the exit status is 1 if any answer was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(folder, options.seed)
        try:
            soak.run(options.minutes * 60)
        finally:
            soak.stop()
    return soak.report()


class Soak:
    """Two servers on one database, a newsroom, readers, and somebody who kills workers."""

    def __init__(self, folder, seed):
        os.environ.update(DATA_DIR=folder, DEBUG="on", EMAIL_URL="dummymail://")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stories_project.settings")
        import django

        django.setup()
        from tests.running_site import Site

        own = {"DATABASE_URL": os.environ.get("DATABASE_URL", "")}
        own["CACHE_URL"] = os.environ.get("CACHE_URL", "")
        self.cached = Site(folder, PAGE_CACHE_MIB="4", **own)
        self.true = Site(folder, PAGE_CACHE_MIB="0", **own)
        # Both name the same address in their pages.
        self.true.env["SITE_URL"] = self.cached.env["SITE_URL"]
        self.cached.start_for_readers()
        self.true.env["TRIAL_ADDRESS"] = self.cached.address
        self.true.start_for_readers()
        self.rng = random.Random(seed)  # noqa: S311
        self.is_over = threading.Event()
        self.events, self.answers, self.late, self.wrong, self.kills = {}, 0, [], [], 0
        self.errors = []

    def run(self, seconds):
        """Let everything happen for so many seconds."""
        threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self.edit, self.kill_workers, *[self.read] * 3)
        ]
        for thread in threads:
            thread.start()
        self.is_over.wait(seconds)
        self.is_over.set()
        for thread in threads:
            thread.join(30)

    def stop(self):
        """Stop both servers."""
        self.cached.kill()
        self.true.kill()

    def edit(self):
        """Let one event happen about every second."""
        from tests.newsroom import Newsroom, addresses

        newsroom = Newsroom(self.rng)
        self.addresses = addresses()
        while not self.is_over.wait(self.rng.random() * 2):
            event = newsroom.happen()
            self.events[event] = self.events.get(event, 0) + 1
            self.addresses = list(dict.fromkeys([*self.addresses, *addresses()]))[-300:]

    def kill_workers(self):
        """Kill a worker of the cached server now and then."""
        while not self.is_over.wait(KILL_EVERY):
            if workers := self.cached.workers():
                os.kill(self.rng.choice(workers), signal.SIGKILL)
                self.kills += 1

    def read(self):
        """Check random addresses, one after another."""
        rng = random.Random()  # noqa: S311
        while not self.is_over.wait(0.01):
            if addresses := getattr(self, "addresses", []):
                self.check(rng.choice(addresses))

    def check(self, address):
        """Compare one answer with the truth before and after it."""
        began_at, tries = time.monotonic(), 0
        while True:
            tries += 1
            before, answer, after = (
                ask(server, address) for server in (self.true, self.cached, self.true)
            )
            self.answers += 1
            if None in (before, answer, after):
                self.errors.append(address)
                return
            if answer in (before, after) or before != after:
                break
            if time.monotonic() - began_at > LATEST:
                self.wrong.append((address, before[0], answer[0]))
                return
            time.sleep(0.02)
        if tries > 1:
            self.late.append(time.monotonic() - began_at)

    def report(self):
        """Print what was seen, and return the exit status."""
        print(f"{self.answers} answers checked, {self.kills} workers killed")  # noqa: T201
        print(f"events: {self.events}")  # noqa: T201
        print(f"no answer while a worker was killed: {len(self.errors)}")  # noqa: T201
        late = f"{len(self.late)}, at most {max(self.late, default=0):.3f} s"
        print(f"late answers: {late}; wrong after {LATEST} s: {len(self.wrong)}")  # noqa: T201
        for wrong in self.wrong[:20]:
            print(f"  {wrong}")  # noqa: T201
        return 1 if self.wrong else 0


def ask(server, address):
    """Return the status and body, or None if the server did not answer."""
    request = Request(server.address + address, headers={"Host": "127.0.0.1"})  # noqa: S310
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
    except OSError:
        return None


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main())
