"""Send requests from this process for some seconds, and print what came back as JSON.

`stories.bench.clients.BundledClient` starts several of these processes. Nothing here imports
Django, so that they start quickly.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

from stories.bench.keep_alive import Endpoint, exchange

# Latencies are counted in steps of ten microseconds.
STEPS_A_SECOND = 100_000


def load(
    endpoint: Endpoint, paths: Sequence[str], connections: int, seconds: float
) -> dict[str, Any]:
    """Request the paths in turn; return {"seconds", "statuses", "latencies"}.

    The last two count answers: by their status, and by their latency in steps of 10 µs.
    """
    statuses: Counter[int] = Counter()
    latencies: Counter[int] = Counter()
    started_at = perf_counter()
    for answer in exchange(endpoint, cycle(paths), connections, seconds):
        statuses[answer.status] += 1
        latencies[int(answer.seconds * STEPS_A_SECOND)] += 1
    return {
        "seconds": perf_counter() - started_at,
        "statuses": statuses,
        "latencies": latencies,
    }


def main(port: str, headers: str, paths: str, first: str, connections: str, seconds: str) -> None:
    """Begin at the path number `first` of the file `paths`. `headers` is a JSON list."""
    endpoint = Endpoint(int(port), tuple(json.loads(headers)))
    lines = Path(paths).read_text().splitlines()
    turned = lines[int(first) % len(lines) :] + lines[: int(first) % len(lines)]
    json.dump(load(endpoint, turned, int(connections), float(seconds)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
