"""`make serve`: the production server, as an operator starts it, and what happens to it."""

import os
import signal
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

import pytest

from tests.running_site import Site

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="the workers are found in /proc, which Linux has"
)
LONGEST = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    site.start_for_readers()
    yield site
    site.kill()


def wait_until(is_true, what):
    """Wait until something has happened. Fails with a sentence after LONGEST seconds."""
    deadline = time.monotonic() + LONGEST
    while not is_true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


class Reader(Thread):
    """Asks for the front page all the time, each time on a connection of its own."""

    def __init__(self, address):
        super().__init__()
        self.address = address
        self.answers, self.refused = 0, []
        self.is_tired = Event()

    def run(self):
        while not self.is_tired.is_set():
            try:
                with urlopen(self.address, timeout=LONGEST) as answer:  # noqa: S310
                    answer.read()
                self.answers += 1
            except OSError as error:
                self.refused.append(error)

    def __enter__(self):
        self.start()
        wait_until(lambda: self.answers, "No answer")
        return self

    def __exit__(self, *error):
        before = self.answers
        wait_until(lambda: self.answers > before + 5, "No more answers")
        self.is_tired.set()
        self.join()


class EveryWorker:
    def test_shares_the_code_with_its_parent(self, site):
        for worker in site.workers():
            memory = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
            (shared,) = (int(line.split()[1]) for line in memory if line.startswith("Shared_Dirty"))
            assert shared > 10_000  # KiB; a process that loads Django itself shares nothing


class AWorkerThatIsKilled:
    def test_is_replaced_each_time_and_costs_only_the_request_that_it_has(self, site):
        with Reader(site.address) as reader:
            for _ in range(3):
                before = set(site.workers())
                os.kill(min(before), signal.SIGKILL)
                wait_until(lambda b=before: set(site.workers()) - b, "No other worker was started")
        assert len(reader.refused) <= 3


class AServerThatIsKilled:
    def test_is_started_again_while_readers_wait(self, site):
        with Reader(site.address) as reader:
            [dead] = site.servers()
            workers = site.workers()
            os.kill(dead, signal.SIGKILL)
            wait_until(lambda: set(site.servers()) - {dead}, "No other server was started")
            wait_until(lambda: len(site.workers()) == 2, "No workers")
            assert not set(site.workers()) & set(workers)
        assert len(reader.refused) <= 1


class AStoppedWorkerWhoseServerIsKilled:
    def test_ends_as_well(self, site):
        [server], worker = site.servers(), site.workers()[0]
        os.kill(worker, signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{worker}").exists(), "The worker stays for ever")
        wait_until(lambda: len(site.workers()) == 2, "No workers")


class ANewRelease:
    def test_takes_over_without_losing_a_request(self, site):
        with Reader(site.address) as reader:
            [old] = site.servers()
            os.kill(site.supervisor(), signal.SIGHUP)
            wait_until(lambda: set(site.servers()) - {old}, "No new server was started")
            wait_until(lambda: old not in site.servers(), "The old server goes on")
        assert reader.refused == []


class TheSupervisor:
    @pytest.mark.parametrize("times", [1, 30])
    def test_ends_everything_when_it_is_asked_to(self, tmp_path, times):
        with ended(tmp_path) as (site, processes):
            for _ in range(times):
                for process in (processes[0], *site.servers()):
                    with suppress(ProcessLookupError):
                        os.kill(process, signal.SIGTERM)
                        os.kill(process, signal.SIGINT)

    def test_leaves_no_process_behind_when_it_is_killed(self, tmp_path):
        with ended(tmp_path) as (_, processes):
            os.kill(processes[0], signal.SIGKILL)


@contextmanager
def ended(folder):
    """A site whose processes all end soon after the block."""
    site = Site(folder)
    site.start_for_readers()
    processes = [site.supervisor(), *site.servers(), *site.workers()]
    try:
        yield site, processes
        wait_until(
            lambda: not any(Path(f"/proc/{process}").exists() for process in processes),
            "A process goes on",
        )
    finally:
        site.kill()
