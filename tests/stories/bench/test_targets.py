import pytest

from stories.bench import targets
from stories.bench.results import ColdStart, Publishing
from tests.stories.bench.examples import measurement, page, report


def missed(measured):
    return [target.name for target in targets.targets_of(measured) if target.is_missed]


class ARun:
    def test_that_is_fast_misses_no_target(self):
        assert missed(report()) == []
        lines = list(targets.lines_of(report()))
        assert "  reached       cached story, of nginx: at least 0.6; it is 0.75" in lines

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"pages": [page(cached=measurement(23_900.0))]}, "cached story, of nginx"),
            (
                {"pages": [page("rotating", paths=9, cached=measurement(15_900.0))]},
                "rotating over 9 stories, once warm, of nginx",
            ),
            ({"cold_start": ColdStart(1000, 94.0, 100.0)}, "cold start, of uncached"),
            ({"memory_mib": [66.0, 68.0, 67.0]}, "memory of two workers"),
            ({"publishing": Publishing([41.0], 41.0)}, "publish call to first correct page"),
        ],
    )
    def test_that_is_slow_misses_a_target(self, changes, name):
        assert missed(report(**changes)) == [name]
        assert any(line.startswith("  MISSED") for line in targets.lines_of(report(**changes)))

    def test_is_not_judged_by_what_it_did_not_measure(self):
        nothing = report(pages=[], cold_start=None, memory_mib=None, publishing=None)
        assert missed(nothing) == []
        assert "reached" not in "\n".join(targets.lines_of(nothing))

    def test_with_the_bundled_client_is_not_judged_by_ratios(self):
        slow = report(has_fast_client=False, pages=[page(cached=measurement(1.0))])
        assert missed(slow) == []
        assert "install wrk" in "\n".join(targets.lines_of(slow))

    def test_with_three_workers_is_not_judged_by_memory(self):
        settings = {**report().settings, "workers": 3}
        assert missed(report(settings=settings, memory_mib=[300.0])) == []
