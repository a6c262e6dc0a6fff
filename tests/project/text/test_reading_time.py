"""The reading time of a number of words."""

import pytest

from stories_project.text.reading_time import minutes_to_read


class AReadingTime:
    @pytest.mark.parametrize(
        ("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (2000, 10), (2001, 11)]
    )
    def test_is_rounded_up_at_two_hundred_words_a_minute(self, words, minutes):
        assert minutes_to_read(words) == minutes
