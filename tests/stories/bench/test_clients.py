import shutil

import pytest

from stories.bench import clients
from stories.bench.clients import (
    BundledClient,
    Wrk,
    client_in,
    sample_of_loads,
    sample_of_wrk,
)
from stories.bench.results import BenchError, Sample

WRK_OUTPUT = """\
Running 60m test @ http://127.0.0.1:8123/
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    19.46ms   10.58ms 122.93ms   87.36%
    Req/Sec   848.17    274.75     1.18k    73.33%
  2533 requests in 1.50s, 1.12MB read
  Non-2xx or 3xx responses: 7
Requests/sec:   1683.76
Transfer/sec:    759.96KB
{"requests": 2533, "microseconds": 1504375, "p50": 18042, "p99": 59721, "status": 7, "lost": 2}
"""
LOADS = (
    '{"seconds": 1.0, "statuses": {"200": 97, "404": 2, "0": 1}, "latencies": {"100": 100}}',
    '{"seconds": 1.5, "statuses": {"200": 100}, "latencies": {"300": 98, "9000": 2}}',
)


class TheOutputOfWrk:
    def test_is_read_with_its_units(self):
        assert sample_of_wrk(WRK_OUTPUT) == Sample(
            requests=2535, errors=9, seconds=1.504375, p50_ms=18.042, p99_ms=59.721
        )

    def test_counts_only_what_was_answered_with_200(self):
        assert sample_of_wrk(WRK_OUTPUT).rate == pytest.approx(2526 / 1.504375)

    @pytest.mark.parametrize("output", ["", "unable to connect to 127.0.0.1:1\n"])
    def test_of_a_failure_is_shown(self, output):
        with pytest.raises(BenchError, match=output.strip() or "wrk did not measure"):
            sample_of_wrk(output)


class TheOutputOfSeveralProcesses:
    def test_is_put_together(self):
        assert sample_of_loads(LOADS) == Sample(
            requests=200, errors=3, seconds=1.25, p50_ms=1.0, p99_ms=3.0
        )

    def test_of_a_failure_is_shown(self):
        with pytest.raises(BenchError, match="Connection refused"):
            sample_of_loads(["ConnectionRefusedError: Connection refused"])


class AMachine:
    def test_with_wrk_measures_with_it(self, tmp_path, monkeypatch):
        monkeypatch.setattr(clients.shutil, "which", lambda name: f"/usr/bin/{name}")
        assert isinstance(client_in(tmp_path), Wrk)

    def test_without_wrk_measures_with_the_bundled_client(self, tmp_path, monkeypatch):
        monkeypatch.setattr(clients.shutil, "which", lambda name: None)
        assert isinstance(client_in(tmp_path), BundledClient)


@pytest.fixture(params=["wrk", "bundled client"])
def client(request, tmp_path):
    if request.param == "bundled client":
        return BundledClient(tmp_path)
    if not (wrk := shutil.which("wrk")):
        pytest.skip("wrk is not installed")
    return Wrk(wrk, tmp_path)


class AClient:
    def test_measures_a_path(self, client, endpoint):
        sample = client.measure(endpoint, ["/"], connections=3, seconds=0.4)
        assert sample.requests > 3
        assert sample.errors == 0
        assert 0 < sample.p50_ms <= sample.p99_ms
        assert 0.2 < sample.seconds < 10

    def test_counts_errors(self, client, endpoint):
        sample = client.measure(endpoint, ["/missing", "/there"], connections=2, seconds=0.4)
        assert 0 < sample.errors < sample.requests

    def test_requests_all_paths_in_turn(self, client, endpoint):
        sample = client.measure(endpoint, ["/missing"] * 3 + ["/"], connections=1, seconds=0.4)
        assert sample.errors == pytest.approx(sample.requests * 3 / 4, abs=3)
