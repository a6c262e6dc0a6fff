"""Comparing two contents, and merging two contents with their base."""

from datetime import UTC, datetime

import pytest

from stories.models import StoryContent
from stories.writing.comparing import changed_parts, compare
from stories.writing.three_way_merge import merge


def text_of(parts, *kinds):
    return "".join(part.text for part in parts if part.kind in kinds)


def merged(base, mine, theirs, name="body"):
    [field] = merge(*(StoryContent(**{name: value}) for value in (base, mine, theirs)))
    return field


TEXTS = [
    ("", "New."),
    ("Old.", ""),
    ("One two three.", "One 2 three."),
    ("A.\n\nB.\n\nC.", "A.\n\nB changed.\n\nC."),
    ("A.\n\nB.", "B.\n\nA."),
    ("何小鹏创立了公司", "何小鹏共同创立公司"),
    ("שלום עולם", "שלום לעולם"),
    ("Café", "Cafe\u0301"),
    ("<b>bold</b> & more", "<i>bold</i> & less"),
    ("👩‍💻 works", "👩‍🚀 works"),
]


class AComparison:
    @pytest.mark.parametrize(("before", "after"), TEXTS)
    @pytest.mark.parametrize("name", ["body", "takeaways", "title"])
    def test_contains_both_texts(self, name, before, after):
        parts = changed_parts(name, before, after)
        assert text_of(parts, "same", "removed") == before
        assert text_of(parts, "same", "added") == after

    def test_marks_only_the_changed_words(self):
        parts = changed_parts("body", "He built ten looms.", "He built two looms.")
        assert text_of(parts, "removed") == "ten"
        assert text_of(parts, "added") == "two"

    def test_omits_paragraphs_that_are_far_from_a_change(self):
        paragraphs = [f"Paragraph number {n}." for n in range(50)]
        changed = [*paragraphs[:25], "Another one.", *paragraphs[26:]]
        parts = changed_parts("body", "\n\n".join(paragraphs), "\n\n".join(changed))
        shown = text_of(parts, "same", "removed", "added", "gap")
        assert "Paragraph number 24." in shown
        assert "Paragraph number 26." in shown
        assert "Paragraph number 10." not in shown
        assert [part.kind for part in parts].count("gap") == 2

    def test_shows_names_and_formatted_times(self):
        before = StoryContent(founders=(1,), publish_at=datetime(2026, 1, 31, 8, tzinfo=UTC))
        after = StoryContent(founders=(1, 2), is_lead=True)
        changes = compare(before, after, {"founders": {1: "Ada", 2: "Grace"}})
        assert [change.label for change in changes] == ["Founders", "Publish at", "Lead story"]
        assert text_of(changes[0].parts, "added").strip() == "Grace"
        assert text_of(changes[1].parts, "removed") == "January 31, 2026, 08:00"

    def test_of_equal_contents_is_empty(self):
        assert compare(StoryContent(), StoryContent()) == []

    def test_of_a_long_text_is_short(self):
        text = "\n\n".join(f"Sentence {n} of a very long text. " * 10 for n in range(2000))
        parts = changed_parts("body", text, text.replace("Sentence 1000 of", "Sentence X of"))
        assert len(parts) < 60


class AMerge:
    @pytest.mark.parametrize(
        ("base", "mine", "theirs", "result"),
        [
            ("A.\n\nB.\n\nC.", "A1.\n\nB.\n\nC.", "A.\n\nB.\n\nC1.", "A1.\n\nB.\n\nC1."),
            (
                "A.\n\nB.",
                "A.\n\nB.\n\nMine.",
                "Theirs.\n\nA.\n\nB.",
                "Theirs.\n\nA.\n\nB.\n\nMine.",
            ),
            ("A.\n\nB.\n\nC.", "A.\n\nC.", "A.\n\nB.\n\nC1.", None),
            ("A.\n\nB.\n\nC.\n\nD.", "A.\n\nC.\n\nD.", "A.\n\nB.\n\nC.\n\nD1.", "A.\n\nC.\n\nD1."),
            ("A.\n\nB.", "A1.\n\nB.", "A2.\n\nB.", None),
            ("A.\n\nB.\n\nC.", "A.\n\nC.", "A.\n\nB1.\n\nC.", None),
            ("A.", "A.\n\nMine.", "A.\n\nTheirs.", None),
            ("", "Mine.", "Theirs.", None),
        ],
    )
    def test_of_bodies_takes_changes_that_do_not_contradict(self, base, mine, theirs, result):
        field = merged(base, mine, theirs)
        assert (field.who, field.merged) == ("both", result)
        assert merged(base, theirs, mine).merged == result

    @pytest.mark.parametrize(
        ("mine", "theirs", "who", "result"),
        [
            ("New", "Old", "mine", "New"),
            ("Old", "New", "theirs", "New"),
            ("New", "New", "same", "New"),
            ("Mine", "Theirs", "both", None),
        ],
    )
    def test_finds_who_changed_a_field(self, mine, theirs, who, result):
        field = merged("Old", mine, theirs, "title")
        assert (field.who, field.merged) == (who, result)

    def test_of_lists_takes_all_additions_and_all_removals(self):
        field = merged(("A", "B", "C"), ("B", "C", "Mine"), ("C", "A", "B", "Theirs"), "tags")
        assert field.merged == ("C", "B", "Theirs", "Mine")

    def test_has_only_changed_fields(self):
        assert merge(StoryContent(), StoryContent(), StoryContent()) == []
