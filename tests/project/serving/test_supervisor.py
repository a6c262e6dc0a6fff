"""The supervisor, with servers that do what a test wants."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from stories_project.serving import supervisor
from tests.running_site import free_port

# Says what is in a file, says that it is ready unless it is to fail, and waits for the end.
SERVER = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
release = open(sys.argv[1]).read()
print(release, flush=True)
if release == "broken":
    sys.exit(3)
if release == "killed":
    open(sys.argv[1], "w").write("one")
    os.kill(os.getpid(), signal.SIGKILL)
os.write(int(sys.argv[sys.argv.index("--ready") + 1]), b"1")
time.sleep(60)
"""


class Running:
    """A supervisor of servers that print the content of the file `release`."""

    def __init__(self, folder, release, **options):
        self.release = folder / "release"
        self.release.write_text(release)
        server = [sys.executable, "-c", SERVER, str(self.release)]
        command = [sys.executable, supervisor.__file__, "--host", "127.0.0.1"]
        command += ["--port", str(free_port())]
        self.process = subprocess.Popen(  # noqa: S603
            [*command, *server],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def wait_for(self, text):
        """Return what was printed until a line with the text."""
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if text in line:
                return "".join(lines)
        raise AssertionError(f"“{text}” is not in {lines}")


@pytest.fixture
def supervise(tmp_path):
    started = []

    def supervise(release, **options):
        started.append(Running(tmp_path, release, **options))
        return started[-1]

    yield supervise
    for running in started:
        running.process.kill()
        running.process.wait()
        running.process.stdout.close()


class AServer:
    def test_that_cannot_start_ends_the_supervisor_with_its_status(self, supervise):
        running = supervise("broken")
        assert running.process.wait(10) == 3

    def test_that_is_killed_while_it_starts_is_started_again(self, supervise):
        running = supervise("killed")
        assert "one" in running.wait_for("Ready.")

    def test_is_replaced_by_the_release_that_is_there(self, supervise):
        running = supervise("one")
        running.wait_for("Ready.")
        running.release.write_text("two")
        running.process.send_signal(signal.SIGHUP)
        assert "two" in running.wait_for("The new server answers")
        running.process.terminate()
        assert running.process.wait(10) == 0

    def test_goes_on_if_the_new_release_is_broken(self, supervise):
        running = supervise("one")
        running.wait_for("Ready.")
        running.release.write_text("broken")
        running.process.send_signal(signal.SIGHUP)
        running.wait_for("The old one goes on.")
        assert running.process.poll() is None
        running.release.write_text("three")
        running.process.send_signal(signal.SIGHUP)
        running.wait_for("The new server answers")


class AnEnd:
    def test_is_waited_for_longer_each_time_if_servers_end_at_once(self, monkeypatch):
        pauses = []
        monkeypatch.setattr(supervisor.time, "sleep", lambda seconds: None)
        monkeypatch.setattr(supervisor, "say", lambda text: pauses.append(text))
        command = [sys.executable, "-c", "raise SystemExit"]
        with supervisor.listen("127.0.0.1", 0) as listener:
            keeper = supervisor.Supervisor(command, listener)
            keeper._signals.put(signal.SIGHUP)  # So that it does not wait.
            server = keeper._start()
            server.process.wait()
            for _ in range(2):
                server = keeper._start_again(server)
                server.process.wait()
            server.born_at = time.monotonic() - 2 * supervisor.STEADY_AFTER
            keeper._start_again(server).process.wait()
        assert [text.split()[-2] for text in pauses] == ["1", "2", "0.5"]


class TheSocket:
    def test_that_is_taken_gives_a_sentence(self, supervise, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            command = [sys.executable, supervisor.__file__, "--host", "127.0.0.1", "--port", port]
            result = subprocess.run(  # noqa: S603
                [*command, "true"], capture_output=True, text=True, check=False
            )
        assert result.returncode == 1
        assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in result.stderr

    def test_of_a_service_manager_is_used(self, monkeypatch):
        with socket.create_server(("127.0.0.1", 0)) as passed:
            monkeypatch.setattr(supervisor, "FIRST_PASSED_FD", os.dup(passed.fileno()))
            monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
            with supervisor.listen("127.0.0.1", 1) as listener:
                assert listener.getsockname() == passed.getsockname()
