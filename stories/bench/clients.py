"""The clients that measure: wrk where it is installed, or else our own, which is slower."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

from stories.bench.keep_alive import Endpoint
from stories.bench.load import STEPS_A_SECOND
from stories.bench.processes import running
from stories.bench.results import BenchError, Sample

SCRIPT = Path(__file__).with_name("wrk.lua")
# Longer than any measurement. We end wrk ourselves, because it counts in whole seconds.
WRK_DURATION = "1h"
SECONDS_TO_REPORT = 30
MOST_PROCESSES = 2


class Client(Protocol):
    """Sends requests as fast as the server answers them."""

    name: str
    is_fast: bool

    def measure(
        self, endpoint: Endpoint, paths: Sequence[str], connections: int, seconds: float
    ) -> Sample:
        """Request the paths in turn on so many connections for so many seconds."""
        ...


def client_in(folder: Path) -> Client:
    """Return the fastest client of this machine; it keeps its files in a folder."""
    wrk = shutil.which("wrk")
    return Wrk(wrk, folder) if wrk else BundledClient(folder)


class Wrk:
    """wrk, https://github.com/wg/wrk. It counts statuses from 400 on as errors, not redirects."""

    name = "wrk"
    is_fast = True

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder

    def measure(
        self, endpoint: Endpoint, paths: Sequence[str], connections: int, seconds: float
    ) -> Sample:
        """See `Client.measure`."""
        threads = min(_processes(), connections)
        command = [self.program, "--threads", str(threads), "--connections", str(connections)]
        command += ["--duration", WRK_DURATION, "--script", str(SCRIPT)]
        for header in endpoint.headers:
            command += ["--header", header]
        command += [f"http://127.0.0.1:{endpoint.port}{paths[0]}", "--"]
        command.append(str(_write(self.folder, paths)))
        log = self.folder / "wrk.log"
        with running(command, log) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS_TO_REPORT)
        return sample_of_wrk(log.read_text())


def sample_of_wrk(output: str) -> Sample:
    """Return the Sample that our script for wrk prints at the end of the output."""
    *_, last = output.strip().splitlines() or [""]
    try:
        result = json.loads(last)
    except ValueError as error:
        raise BenchError(f"wrk did not measure. It printed: {last}") from error
    return Sample(
        # wrk does not count a request that got no answer.
        requests=result["requests"] + result["lost"],
        errors=result["status"] + result["lost"],
        seconds=result["microseconds"] / 1e6,
        p50_ms=result["p50"] / 1e3,
        p99_ms=result["p99"] / 1e3,
    )


class BundledClient:
    """Our own client: up to two processes, each with its share of the connections."""

    name = "bundled client"
    is_fast = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def measure(
        self, endpoint: Endpoint, paths: Sequence[str], connections: int, seconds: float
    ) -> Sample:
        """See `Client.measure`."""
        count = min(_processes(), connections)
        file = _write(self.folder, paths)
        command = [sys.executable, "-m", "stories.bench.load", str(endpoint.port)]
        command += [json.dumps(endpoint.headers), str(file)]
        logs = [self.folder / f"load-{number}.log" for number in range(count)]
        with ExitStack() as stack:
            processes = []
            for number, log in enumerate(logs):
                first = number * len(paths) // count
                share = connections // count + (number < connections % count)
                own = [*command, str(first), str(share), str(seconds)]
                processes.append(stack.enter_context(running(own, log)))
            for process in processes:
                process.wait(seconds + SECONDS_TO_REPORT)
        return sample_of_loads([log.read_text() for log in logs])


def sample_of_loads(outputs: Sequence[str]) -> Sample:
    """Return what several processes of `stories.bench.load` have printed as one Sample."""
    statuses: Counter[str] = Counter()
    latencies: Counter[int] = Counter()
    seconds = []
    for output in outputs:
        try:
            result = json.loads(output)
        except ValueError as error:
            raise BenchError(f"The bundled client failed. It printed: {output[-300:]}") from error
        statuses.update(result["statuses"])
        latencies.update({int(step): count for step, count in result["latencies"].items()})
        seconds.append(result["seconds"])
    return Sample(
        requests=statuses.total(),
        errors=statuses.total() - statuses["200"],
        seconds=sum(seconds) / len(seconds),
        p50_ms=_percentile(latencies, 0.50),
        p99_ms=_percentile(latencies, 0.99),
    )


def _percentile(latencies: Counter[int], part: float) -> float:
    """Return the latency in milliseconds that this part of the requests did not exceed."""
    wanted = part * latencies.total()
    seen = 0
    for step in sorted(latencies):
        seen += latencies[step]
        if seen >= wanted:
            return step * 1000 / STEPS_A_SECOND
    return 0.0


def _processes() -> int:
    return min(MOST_PROCESSES, os.cpu_count() or 1)


def _write(folder: Path, paths: Sequence[str]) -> Path:
    file = folder / "paths.txt"
    file.write_text("\n".join(paths) + "\n")
    return file
