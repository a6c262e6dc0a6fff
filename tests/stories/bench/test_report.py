import json

from stories.bench import report as printed
from tests.stories.bench.examples import page, report


def text_of(measured):
    return "\n".join(printed.lines_of(measured))


class AReport:
    def test_says_on_what_it_measured(self):
        text = text_of(report())
        for part in ("2 cores, AMD EPYC", "Python 3.11.7", "PostgreSQL 15.20", "commit 1fc2970"):
            assert part in text
        assert "5,852 public stories; server processes: 2; connections: 32" in text
        assert "seconds for each measurement: 3; client: wrk" in text

    def test_has_a_line_for_each_page(self):
        (line,) = [line for line in text_of(report()).splitlines() if line.startswith("story")]
        assert line.split() == (
            "story 250 110 10.0 20.0 30,000 0.9 3.2 40,000 0.75 5,674 0".split()
        )

    def test_aligns_its_columns(self):
        lines = text_of(report()).splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith("page"))
        assert len({len(line) for line in lines[start : start + 3]}) == 1
        assert lines[start + 2].startswith("rotating over 5,000 ")

    def test_has_dashes_for_what_was_not_measured(self):
        (line,) = [
            line
            for line in text_of(report(pages=[page(nginx=None)])).splitlines()
            if line.startswith("story")
        ]
        assert line.split()[-4:-2] == ["–", "–"]

    def test_says_what_was_measured_beside_the_pages(self):
        text = text_of(report())
        assert "Cold start: 105 stories/s with an empty page cache, 100/s without one" in text
        assert "149 MiB PSS (processes: 15, 66, 68)" in text
        assert "first correct page: median 31.0 ms (31, 30, 35)" in text

    def test_says_that_memory_cannot_be_measured(self):
        assert "Memory: not measured" in text_of(report(memory_mib=None))

    def test_hides_no_error(self):
        broken = page()
        broken.note_status(500)
        broken.note_status(0)
        assert "ERRORS: story: 2 answers were not 200 (seen: no answer, 500)" in text_of(
            report(pages=[broken])
        )
        assert "ERRORS" not in text_of(report())

    def test_ends_with_its_notes(self):
        assert text_of(report(notes=["A note."])).endswith("A note.")

    def test_as_json_has_everything(self):
        data = json.loads(printed.to_json(report()))
        assert data["stories"] == 5852
        assert data["machine"]["commit"] == "1fc2970"
        story, rotating = data["pages"]
        assert (story["name"], story["ratio"], story["errors"]) == ("story", 0.75, 0)
        assert story["uncached"]["rate"] == 110.0
        assert rotating["paths"] == 5000
        assert data["publishing"]["median_ms"] == 31.0
