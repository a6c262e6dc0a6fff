import pytest

from stories.bench.results import Measurement, Sample
from tests.stories.bench.examples import measurement, page, report


class AMeasurement:
    def test_puts_two_halves_together(self):
        halves = [
            Sample(requests=110, errors=10, seconds=1.0, p50_ms=8.0, p99_ms=30.0),
            Sample(requests=180, errors=0, seconds=2.0, p50_ms=10.0, p99_ms=20.0),
        ]
        whole = Measurement.of(halves)
        assert whole.rate == pytest.approx(280 / 3)
        assert (whole.p50_ms, whole.p99_ms) == (9.0, 30.0)
        assert (whole.requests, whole.errors) == (290, 10)
        assert whole.spread == pytest.approx(0.1)

    def test_without_any_answer_has_no_rate(self):
        nothing = Sample(requests=0, errors=0, seconds=1.0, p50_ms=0.0, p99_ms=0.0)
        assert Measurement.of([nothing, nothing]).rate == 0

    @pytest.mark.parametrize(
        ("changes", "doubt"),
        [
            ({"spread": 0.2}, ""),
            ({"spread": 0.21}, "the two halves differ by 21%; another load disturbs this machine"),
            (
                {"spread": 0.5, "requests": 99},
                "only 99 answers in this time; give it more --seconds",
            ),
        ],
    )
    def test_says_why_it_is_not_reliable(self, changes, doubt):
        assert measurement(**changes).doubt == doubt


class APage:
    def test_is_compared_with_nginx(self):
        assert page().ratio == 0.75
        assert page(nginx=None).ratio is None

    def test_counts_the_errors_of_all_servers(self):
        result = page(uncached=measurement(errors=2), nginx=measurement(errors=3))
        for status in (200, 500, 0, 500):
            result.note_status(status)
        assert result.other_statuses == {500: 2, 0: 1}
        assert result.errors == 8
        assert report(pages=[result, page()]).errors == 8
