import pytest

from stories_project.text.typography import opening, typographic

FIRST = "In a cotton village in central Japan, a carpenter took looms apart."
REST = "Over thirty-five years his machines moved from one hand to steam, and then to nearly none."


class APlainText:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("A carpenter's son", "A carpenter’s son"),
            ("The founders' loom", "The founders’ loom"),
            ('"Stop," he said', "“Stop,” he said"),
            ('He said "stop"', "He said “stop”"),
            ("'Stop' she said", "‘Stop’ she said"),
            ("She said: \"It's 'done'.\"", "She said: “It’s ‘done’.”"),
            ('("Self-Help")', "(“Self-Help”)"),
            ("Rock 'n' roll", "Rock ‘n’ roll"),
            ("The '90s and the 1880's", "The ’90s and the 1880’s"),
            ('"In 1901", she wrote', "“In 1901”, she wrote"),
            ("A board of 6'2\" x 5'", "A board of 6'2\" x 5'"),
            ("l’eau, “already”", "l’eau, “already”"),
        ],
    )
    def test_has_curly_marks(self, typed, shown):
        assert typographic(typed) == shown
        assert len(shown) == len(typed)


class AnExcerpt:
    def test_opens_with_its_first_sentences(self):
        assert opening(f"{FIRST} {REST}") == (FIRST, REST)

    @pytest.mark.parametrize("text", ["", FIRST, f"It stopped. {FIRST}"])
    def test_stays_whole_if_it_is_short(self, text):
        assert opening(text) == (text, "")

    @pytest.mark.parametrize(
        "name", ["Mr. Tata", "J. R. D. Tata", "Tata Corp. Ltd", "the U.S. Mint"]
    )
    def test_is_not_cut_after_an_abbreviation(self, name):
        first = (
            f"Long before {name} began to weave, people in the village had heard of his machines."
        )
        assert opening(f"{first} {REST} {REST}") == (first, f"{REST} {REST}")

    def test_stays_whole_if_its_first_sentence_is_long(self):
        text = f"{'A very long beginning, ' * 10}at last. {REST}"
        assert opening(text) == (text, "")

    def test_of_japanese_is_cut_after_a_full_stop(self):
        first = "豊田佐吉は織機を発明した。"
        assert opening(first + "長い文章。" * 40)[0].startswith(first)
