import sys

import pytest

from stories.bench import measuring
from stories.bench.keep_alive import exchange
from stories.bench.measuring import Options, Run, Subject
from stories.bench.pages import Page
from stories.bench.results import PageResult, Sample

pytestmark = pytest.mark.django_db  # the report names the database
OPTIONS = Options(seconds=0.2, connections=2, workers=1, publish=False)


class FixedClient:
    """Counts no errors, as wrk does for redirects. Its rate changes as `rates` says."""

    name, is_fast = "wrk", True

    def __init__(self, rates=(100, 100)):
        self.rates = iter(rates)

    def measure(self, endpoint, paths, connections, seconds):
        return Sample(next(self.rates), errors=0, seconds=1.0, p50_ms=1.0, p99_ms=2.0)


@pytest.fixture
def run(tmp_path):
    run = Run(OPTIONS, [], 100, tmp_path, lambda sentence: None)
    run.client = FixedClient()
    return run


def measured(run, endpoint, *paths):
    result = PageResult("home", len(paths), paths[0])
    run.measure_page(Page("home", paths), result, {"cached": Subject(endpoint)})
    return result


class AMeasuredPage:
    def test_without_errors_has_none(self, run, endpoint):
        result = measured(run, endpoint, "/")
        assert result.cached.rate == 100
        assert result.errors == 0
        assert run.report.notes == []

    def test_that_redirects_has_errors_even_if_the_client_saw_none(self, run, endpoint):
        result = measured(run, endpoint, "/moved")
        assert result.other_statuses.keys() == {301}

    def test_is_looked_at_on_several_paths(self, run, endpoint):
        result = measured(run, endpoint, "/", "/missing", "/moved")
        assert result.other_statuses.keys() == {301, 404}

    def test_whose_halves_differ_is_noted(self, run, endpoint):
        run.client = FixedClient(rates=(100, 70))
        measured(run, endpoint, "/")
        assert "home, cached: the two halves differ by 30%" in run.report.notes[0]


class AComparisonWithNginx:
    @pytest.mark.parametrize(
        ("program", "reason"),
        [(None, "nginx is not installed"), (sys.executable, "nginx did not start")],
    )
    def test_is_left_out_with_a_reason(self, run, endpoint, monkeypatch, program, reason):
        monkeypatch.setattr(measuring.nginx, "find_nginx", lambda: program)
        ours = {"cached": Subject(endpoint)}
        with run.beside_nginx(ours) as subjects:
            assert subjects == ours
        assert reason in run.report.notes[0]

    @pytest.mark.skipif(not measuring.nginx.find_nginx(), reason="nginx is not installed")
    def test_serves_what_was_answered(self, run, endpoint):
        run.answers.add(next(exchange(endpoint, ["/"], 1)))
        with run.beside_nginx({}) as subjects:
            paths = subjects["nginx"].paths_of(Page("home", ("/",)))
            (answer,) = exchange(subjects["nginx"].endpoint, paths, 1)
        assert answer.body == b"/ for example.org"
