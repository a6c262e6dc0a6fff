"""The judge of the chaos test finds what is wrong, and nothing else."""

import pytest

from tests.chaos.judge import Answer, Edits, faults_of, faults_of_schedule, lost, usable_until

STORIES = {1: Edits(sent=[10, 20], confirmed={1: 11, 2: 21})}


def answer(number, asked_at, answered_at=None):
    page = f"<h1>Story 1 edit {number}</h1>"
    return Answer("/stories/one/", asked_at, answered_at or asked_at + 0.1, 200, page)


class TheJudge:
    @pytest.mark.parametrize(
        ("number", "asked_at", "is_right"),
        [
            (1, 15, True),
            (1, 21.9, True),  # not a second ago
            (1, 22.1, False),
            (2, 21.5, True),
            (2, 20.0, True),  # sent, and not confirmed yet
            (2, 15, False),  # nobody has sent it
            (0, 15, False),
        ],
    )
    def test_knows_what_a_page_may_show(self, number, asked_at, is_right):
        assert (faults_of(answer(number, asked_at), STORIES, []) == []) == is_right

    def test_allows_for_a_database_that_is_away(self):
        away = [(21.5, 30.0)]
        assert faults_of(answer(1, 29), STORIES, away) == []
        assert faults_of(answer(1, 32), STORIES, away) == []
        assert faults_of(answer(1, 32.6), STORIES, away) != []

    @pytest.mark.parametrize(
        ("outages", "expected"),
        [([], 99), ([(90, 91)], 99), ([(98.5, 99)], 97.5), ([(90, 97.5)], 89.5), ([(95, 100)], 94)],
    )
    def test_counts_no_time_of_an_outage(self, outages, expected):
        assert usable_until(100, outages) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("status", "asked_at", "is_right"),
        [
            (200, 58, False),
            (404, 58, True),
            (404, 60.5, True),
            (404, 61.5, False),
            (200, 60.1, True),
            ("refused", 70, True),
        ],
    )
    def test_knows_when_a_story_is_due(self, status, asked_at, is_right):
        seen = Answer("/stories/due/", asked_at, asked_at + 0.05, status)
        assert (faults_of_schedule(seen, 60, []) == []) == is_right

    def test_finds_a_lost_edit(self):
        assert lost(STORIES, {1: {1, 2, 3}}) == []
        assert lost(STORIES, {1: {2}}) == [(1, 1)]
        assert lost(STORIES, {}) == [(1, 1), (1, 2)]
