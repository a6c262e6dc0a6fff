"""Anchors: a passage is found again after edits, or is said to be gone."""

from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stories.commenting.anchoring import Anchor, Place, find
from stories.commenting.passages import anchor_of, position_of_line

TEXT = (
    "## Prologue: A loom\n\nShe began early, long before the mill bell. Nobody in the street had a"
    " clock.\n\nThe widow lent her forty marks, and asked for nothing in writing.\n\n"
    "## Act I: The mill\n\nShe began early, as before. The loom was too loud for the street.\n"
)
# Few letters, so that passages and their neighbours occur more than once.
TEXTS = st.text(alphabet="ab \n", max_size=120)
WORDS = st.text(alphabet="abcdefgh é💥\n", min_size=1, max_size=60)


def anchor(quote, text=TEXT, occurrence=0):
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quote, start + 1)
    return Anchor.at(text, start, start + len(quote))


def words_at(place, text):
    return text[place.start : place.end]


class APassage:
    def test_stays_where_it_is_in_the_same_text(self):
        start = TEXT.index("forty marks")
        assert find(anchor("forty marks"), TEXT) == Place(start, start + 11, is_exact=True)

    def test_follows_edits_before_and_after_it(self):
        text = "A new beginning.\n\n" + TEXT.replace("mill", "weaving mill") + "More."
        place = find(anchor("forty marks"), text)
        assert (words_at(place, text), place.is_exact) == ("forty marks", True)

    def test_that_occurs_twice_is_the_one_with_the_same_neighbours(self):
        text = TEXT.replace("## Prologue", "She began early in the draft, too.\n\n## Prologue")
        for occurrence in (0, 1):
            place = find(anchor("She began early", occurrence=occurrence), text)
            assert text[: place.start].count("She began early") == occurrence + 1

    def test_that_was_moved_is_found(self):
        sentence = "The widow lent her forty marks, and asked for nothing in writing.\n\n"
        text = TEXT.replace(sentence, "") + sentence
        place = find(anchor("lent her forty marks"), text)
        assert place.is_exact
        assert place.start > text.index("Act I")

    def test_that_was_reworded_is_found_and_said_to_have_changed(self):
        text = TEXT.replace("lent her forty marks", "lent them almost forty marks")
        place = find(anchor("The widow lent her forty marks, and asked for nothing"), text)
        assert not place.is_exact
        assert "almost forty marks" in words_at(place, text)

    def test_that_is_long_and_reworded_is_found(self):
        long = (
            "She began early, and each thread was counted. " * 3 + "The loom never stopped for her."
        )
        before = "".join(f"Paragraph {n} is about something else.\n\n" for n in range(300))
        text = f"{before}{long}\n\nThe end."
        edited = text.replace("never stopped", "stopped only once").replace("begin", "start")
        edited = f"One more.\n\n{edited.replace('The end.', 'To be continued.')}"
        place = find(anchor(long, text), edited)
        assert not place.is_exact
        assert "stopped only once" in words_at(place, edited)
        assert words_at(place, edited).count("began early") == 3

    def test_between_the_same_neighbours_may_have_changed_much(self):
        text = TEXT.replace("forty marks", "40 gold marks")
        place = find(anchor("forty marks"), text)
        assert (words_at(place, text), place.is_exact) == ("40 gold marks", False)

    def test_that_was_deleted_is_gone(self):
        sentence = "The widow lent her forty marks, and asked for nothing in writing."
        text = TEXT.replace(sentence, "A river ran behind the house.")
        assert find(anchor(sentence), text) is None
        assert find(anchor("widow"), text) is None
        assert find(anchor("widow"), "") is None

    def test_of_a_few_letters_is_not_mistaken_for_others(self):
        assert find(anchor("clock"), TEXT.replace(" had a clock", "")) is None

    def test_begins_and_ends_with_whole_words(self):
        text = TEXT.replace("asked for nothing in writing", "demanded for it nothing in writing")
        place = find(anchor("lent her forty marks, and asked for nothing in writing"), text)
        assert words_at(place, text).split()[0] in text.split()

    @given(before=TEXTS, quote=WORDS, after=TEXTS, first=TEXTS, last=TEXTS)
    def test_that_occurs_once_is_never_lost_or_moved_by_edits_elsewhere(
        self, before, quote, after, first, last
    ):
        """Whatever becomes of the rest of the text."""
        found_in = Anchor.at(before + quote + after, len(before), len(before + quote))
        edited = first + quote + last
        starts = [n for n in range(len(edited)) if edited.startswith(quote, n)]
        assume(len(starts) == 1)
        assert find(found_in, edited) == Place(len(first), len(first + quote), is_exact=True)

    @given(
        before=TEXTS,
        quote=st.text(alphabet="ab", min_size=1, max_size=4),
        after=TEXTS,
        data=st.data(),
    )
    def test_is_never_moved_by_one_edit_elsewhere(self, before, quote, after, data):
        """Also if the same words occur again: a passage keeps its distance to one of both ends."""
        anchored = Anchor.at(before + quote + after, len(before), len(before + quote))
        edited, new = data.draw(st.sampled_from(["before", "after"])), data.draw(TEXTS)
        cut = data.draw(st.integers(0, len(before if edited == "before" else after)))
        if edited == "before":
            before = before[:cut] + new
        else:
            after = new + after[cut:]
        text = before + quote + after
        place = find(anchored, text)
        assert place.is_exact
        # The same words at the old distance from the other end, with the same neighbours, may
        # be meant as well: nobody can tell.
        ends = {anchored.start, len(text) - anchored.rest - len(quote)}
        assert place.start in ends

    @given(text=TEXTS, other=st.text(max_size=200), data=st.data())
    def test_has_a_place_inside_of_any_text(self, text, other, data):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        place = find(Anchor.at(text, start, end), other)
        assert place is None or 0 <= place.start < place.end <= len(other)


class AVeryLongText:
    WORD = "The loom stood in the third room of the house. "

    @pytest.mark.parametrize("quote", ["a" * 1000, "x" * 11 + "y", WORD[:20] * 50])
    def test_is_searched_within_a_second(self, quote):
        """Not a measurement: without bounds, this takes minutes."""
        text = self.WORD * (300_000 // len(self.WORD))
        anchored = Anchor(quote, "the " * 16, "house " * 10, 150_000, 149_000)
        begin = perf_counter()
        find(anchored, text)
        assert perf_counter() - begin < 1


class WhatIsCopied:
    SOURCE = (
        "## Act I: The *Mill*\n\nShe wove **alone** -- see [the ledger](https://example.org/a_(b)"
        ' "The ledger") -- and "nobody" knew.[^1] It\'s true.\n\n1. One loom\n2. Two looms\n\n'
        "[^1]: A source.\n"
    )

    @pytest.mark.parametrize(
        ("words", "passage"),
        [
            ("wove **alone**", "wove **alone**"),
            ("She wove alone", "She wove **alone"),
            ("alone – see the ledger – and “nobody” knew", None),
            ("Act I: The Mill", "Act I: The *Mill"),
            ("knew. It’s true.", "knew.[^1] It's true"),
            ("One loom\nTwo looms", "One loom\n2. Two looms"),
            ("she  WOVE", "She wove"),
        ],
    )
    def test_from_the_page_is_found_in_the_source(self, words, passage):
        found = anchor_of(words, self.SOURCE)
        if passage is None:
            assert found.quote.startswith("alone** -- see [the ledger](")
            assert found.quote.endswith('"nobody" knew')
        else:
            assert found.quote == passage
        assert self.SOURCE[found.start :].startswith(found.quote)

    @pytest.mark.parametrize("words", ["", "  ", "?!", "She knitted alone in the garden", "💥"])
    def test_from_elsewhere_is_not_found(self, words):
        assert anchor_of(words, self.SOURCE) is None

    def test_twice_in_the_text_is_the_nearest(self):
        source = "A loom.\n\nNo.\n\nA *loom*."
        assert anchor_of("A loom", source, 0).start == 0
        near = position_of_line(source, 4)
        assert source[near:] == "A *loom*."
        assert anchor_of("loom", source, near).start == near + 3

    @given(words=st.text(max_size=80), source=st.text(max_size=200))
    def test_leads_to_a_passage_of_any_text(self, words, source):
        found = anchor_of(words, source)
        assert found is None or source[found.start : len(source) - found.rest] == found.quote != ""

    def test_after_the_last_line_is_at_the_end(self):
        assert position_of_line("One\nTwo", 9) == 7
        assert position_of_line("One\nTwo", -1) == 0
