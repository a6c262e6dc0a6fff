import pytest

from stories.bench import growth
from stories.bench import report as printed
from stories.bench.results import BenchError
from tests.stories.bench.examples import measurement, page, report


@pytest.fixture
def earlier(tmp_path):
    """The report of an earlier run over 200 stories."""
    file = tmp_path / "200.json"
    file.write_text(printed.to_json(report(stories=200, pages=[page(), page("home")])))
    return file


class AnEarlierRun:
    def test_shows_how_the_cost_has_grown(self, earlier):
        now = report(pages=[page(uncached=measurement(55.0)), page("tag")])
        read = growth.read_earlier_run(earlier)
        assert growth.growth(now, read) == {"story": 2.0}
        assert list(growth.lines_of(now, read)) == [
            "Cost of an uncached page, 200 → 5,852 stories:",
            "  story          × 2.00",
        ]

    @pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"pages": [{"name": "home"}]}'])
    def test_that_cannot_be_read_is_refused(self, tmp_path, text):
        file = tmp_path / "other.json"
        if text is not None:
            file.write_text(text)
        with pytest.raises(BenchError, match=r"other\.json is not a report"):
            growth.read_earlier_run(file)
