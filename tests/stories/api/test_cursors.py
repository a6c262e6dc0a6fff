"""A cursor is read as it was written, and whatever else comes in is refused."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories.api.cursors import LONGEST, cursor_of, moment, name, place_at
from stories.api.problems import BadCursor


def word(value):
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class ACursor:
    @given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1))
    def test_of_a_moment_is_read_as_it_was_written(self, at, key):
        assert place_at(cursor_of(at.isoformat(), key), moment) == (at, key)

    @given(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.integers(0, 9),
    )
    def test_of_a_name_is_read_as_it_was_written(self, text, key):
        assert place_at(cursor_of(text, key), name) == (text, key)

    def test_of_the_longest_folded_name_is_short_enough(self):
        assert len(cursor_of("字" * 200, 2**63 - 1)) < LONGEST

    def test_that_is_empty_means_the_beginning(self):
        assert place_at("", moment) is None

    @given(st.text(min_size=1) | st.binary(min_size=1).map(lambda b: urlsafe_b64encode(b).decode()))
    def test_that_is_not_ours_is_refused(self, text):
        with pytest.raises(BadCursor):
            place_at(text, moment)

    @pytest.mark.parametrize(
        "value",
        [
            *(None, 1, "x", [], {}, ["2026-01-01T00:00:00+00:00"], [1, 1], ["x", 1]),
            *(["2026-01-01T00:00:00", 1], ["2026-01-01T00:00:00+00:00", -1]),
            *(["2026-01-01T00:00:00+00:00", 2**63], ["2026-01-01T00:00:00+00:00", True]),
            *(["2026-01-01T00:00:00+00:00", 1.0], ["0001-01-01T00:00:00+23:00", 1]),
            ["9999-12-31T23:59:59-23:00", 1],
        ],
    )
    def test_with_another_content_is_refused(self, value):
        with pytest.raises(BadCursor):
            place_at(word(value), moment)

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    def test_with_a_name_that_no_database_holds_is_refused(self, text):
        with pytest.raises(BadCursor):
            place_at(word([text, 1]), name)

    def test_of_a_moment_in_another_zone_means_the_same(self):
        place = place_at(word(["2026-01-01T01:00:00+01:00", 7]), moment)
        assert place == (datetime(2026, 1, 1, tzinfo=UTC), 7)
