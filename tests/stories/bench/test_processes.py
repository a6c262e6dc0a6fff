import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from stories.bench.processes import free_port, running, stoppable, uninterrupted, wait_for
from stories.bench.results import BenchError

# A process that starts another one, says so, and does not stop when it is asked to.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
LISTENING = """
import socket, sys, time
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    time.sleep(600)
"""


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for_text(file):
    while not file.read_text():
        pass
    return file.read_text()


class AProcess:
    @pytest.fixture(autouse=True)
    def _quickly(self, monkeypatch):
        monkeypatch.setattr("stories.bench.processes.SECONDS_TO_STOP", 0.2)

    def test_is_stopped_at_the_end_with_the_processes_that_it_started(self, tmp_path):
        log = tmp_path / "log"
        with running([sys.executable, "-c", STUBBORN], log) as process:
            child = int(wait_for_text(log))
            assert is_alive(child)
        assert process.poll() is not None
        assert not is_alive(child)

    def test_is_stopped_when_the_block_fails(self, tmp_path):
        with (
            pytest.raises(KeyboardInterrupt),
            running([sys.executable, "-c", "input()"], tmp_path / "log") as process,
        ):
            raise KeyboardInterrupt
        assert process.poll() is not None

    def test_is_awaited_until_it_listens(self, tmp_path):
        port, log = free_port(), tmp_path / "log"
        with running([sys.executable, "-c", LISTENING, str(port)], log) as process:
            wait_for(process, port, log)
            socket.create_connection(("127.0.0.1", port)).close()

    def test_that_ends_before_it_listens_is_reported_with_its_last_words(self, tmp_path):
        log = tmp_path / "server.log"
        command = [sys.executable, "-c", "raise SystemExit('no database')"]
        with (
            pytest.raises(BenchError, match=r"server did not start\. It printed: no database"),
            running(command, log) as process,
        ):
            wait_for(process, free_port(), log)


class ASignal:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_that_asks_to_stop_is_an_interrupt(self, number):
        before = signal.getsignal(number)
        with pytest.raises(KeyboardInterrupt), stoppable():
            signal.raise_signal(number)
        assert signal.getsignal(number) is before

    def test_waits_for_the_end_of_a_block_that_must_not_be_interrupted(self):
        steps = []

        def clean_up():
            with stoppable(), uninterrupted():
                signal.raise_signal(signal.SIGTERM)
                steps.append("cleaned up")

        with pytest.raises(KeyboardInterrupt):
            clean_up()
        assert steps == ["cleaned up"]
