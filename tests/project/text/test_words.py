"""Words, tokens and spellings of a text."""

import pytest

from stories_project.text import words
from stories_project.text.words import indexed, tokens_in, words_in


class AText:
    @pytest.mark.parametrize(
        ("text", "tokens", "spellings"),
        [
            ("Founders’ looms, and the founder's loom.", "founder loom founder loom", None),
            ("The start-ups of café-owners", "start up cafe owner startup cafeown", None),
            ("state-of-the-art", "state art", "state art"),
            ("C++ and C# and C", "cplusplus csharp c", "cplusplus csharp"),
            ("ab’cd ab’cdé a_b", "abcd abcd b", None),
            ("東京-Tokyo", "東 京 tokyo", "tokyo"),
            ("", "", ""),
        ],
    )
    def test_has_the_same_words_for_the_index_and_for_its_spellings(self, text, tokens, spellings):
        assert indexed(text).tokens == tokens_in(text) == tokens
        assert [word.token for word in words_in(text)] == tokens.split()[: len(words_in(text))]
        if spellings is not None:
            assert " ".join(indexed(text).words) == spellings

    def test_is_indexed_up_to_a_limit(self, monkeypatch):
        monkeypatch.setattr(words, "WORDS_INDEXED", 2)
        assert tokens_in("one-two-three four-five") == "one two onetwo"
        assert tokens_in("one-two") == "one two onetwo"

    def test_is_split_once(self, monkeypatch):
        split, texts = words._forms_in, []
        monkeypatch.setattr(words, "_forms_in", lambda text: texts.append(text) or split(text))
        assert indexed("A loom").words == ("loom",)
        assert texts == ["A loom"]
