import os
import sys

import pytest

from stories.bench import server

# Says what it finds in its environment, and listens.
FAKE_SERVER = """
import os, socket, sys, time
print(os.environ["DEBUG"], os.environ["PAGE_CACHE_MIB"], os.environ["HOME"], flush=True)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    time.sleep(600)
"""


class AServer:
    def test_has_our_environment_except_for_what_is_measured(self, tmp_path, monkeypatch):
        def command(port, workers):
            assert workers == 3
            return [sys.executable, "-c", FAKE_SERVER, str(port)]

        monkeypatch.setenv("HOME", "/home/of-ours")
        monkeypatch.setattr(server.production_server, "command", command)
        with server.serving("uncached", tmp_path, 3, PAGE_CACHE_MIB="0"):
            log = (tmp_path / "uncached.log").read_text()
        assert log == "off 0 /home/of-ours\n"


class TheMemory:
    @pytest.mark.skipif(not (server.PROC / "self/smaps_rollup").exists(), reason="needs /proc")
    def test_is_that_of_a_process_and_of_all_processes_below_it(self, tmp_path, monkeypatch):
        command = [sys.executable, "-c", FAKE_SERVER]
        monkeypatch.setattr(
            server.production_server, "command", lambda port, workers: [*command, str(port)]
        )
        with server.serving("ours", tmp_path, 1, PAGE_CACHE_MIB="0") as child:
            whole = server.memory_mib(os.getpid())
            (below,) = server.memory_mib(child.pid)
        assert 1 < below < whole[0]
        assert len(whole) >= 2

    def test_is_unknown_without_proc(self, tmp_path, monkeypatch):
        monkeypatch.setattr(server, "PROC", tmp_path)
        assert server.memory_mib(1) is None
