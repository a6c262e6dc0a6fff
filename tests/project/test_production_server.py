"""`make serve`: the production server, as an operator starts it."""

import os
import signal
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.running_site import Site

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="the workers are found in /proc, which Linux has"
)
SECONDS_TO_RESPAWN = 20


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.start_for_readers()
    yield site
    site.kill()


def wait_for_both_workers(site):
    """Wait until both accept connections: the site answers as soon as one of them does."""
    deadline = time.monotonic() + SECONDS_TO_RESPAWN
    while site.listeners() < 2:
        assert time.monotonic() < deadline, "The second worker did not start"
        time.sleep(0.05)


class AWorkerThatIsKilled:
    def test_is_replaced_and_the_site_answers_all_the_time(self, site):
        wait_for_both_workers(site)
        first, *others = site.workers()
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + SECONDS_TO_RESPAWN
        while len(set(site.workers()) - {first}) <= len(others):
            assert time.monotonic() < deadline, "No other worker was started"
            time.sleep(0.1)
        assert urlopen(f"{site.address}/healthz").status == 200  # noqa: S310


class EveryWorker:
    def test_shares_the_code_with_its_parent(self, site):
        wait_for_both_workers(site)
        for worker in site.workers():
            memory = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
            (shared,) = (int(line.split()[1]) for line in memory if line.startswith("Shared_Dirty"))
            assert shared > 10_000  # KiB; a process that loads Django itself shares nothing
