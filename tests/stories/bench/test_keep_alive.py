from itertools import cycle
from time import perf_counter

import pytest

from stories.bench.keep_alive import NO_ANSWER, Endpoint, exchange


class AnExchange:
    def test_requests_each_path_once_and_says_the_host(self, endpoint):
        paths = [f"/{number}" for number in range(50)]
        answers = list(exchange(endpoint, paths, connections=4))
        assert sorted(answer.path for answer in answers) == sorted(paths)
        assert {answer.status for answer in answers} == {200}
        assert all(a.body.decode() == f"{a.path} for example.org" for a in answers)

    def test_on_one_connection_keeps_the_order(self, endpoint):
        answers = exchange(endpoint, ["/b", "/a", "/c"], connections=1)
        assert [answer.path for answer in answers] == ["/b", "/a", "/c"]

    def test_reads_the_headers_of_an_answer(self, endpoint):
        answer = next(exchange(endpoint, ["/"], 1))
        assert answer.header("content-type") == "text/plain"
        assert answer.header("content-encoding") == ""
        assert 0 < answer.seconds < 10

    @pytest.mark.parametrize(("path", "status"), [("/missing", 404), ("/moved", 301)])
    def test_keeps_other_statuses(self, endpoint, path, status):
        assert [answer.status for answer in exchange(endpoint, [path], 1)] == [status]

    def test_opens_a_lost_connection_again(self, endpoint):
        answers = exchange(endpoint, ["/lost", "/", "/lost", "/"], connections=1)
        assert [answer.status for answer in answers] == [NO_ANSWER, 200, NO_ANSWER, 200]

    def test_ends_after_its_seconds(self, endpoint):
        answers = list(exchange(endpoint, cycle(["/"]), connections=2, seconds=0.2))
        assert len(answers) > 2

    def test_ends_before_its_seconds_if_all_paths_are_answered(self, endpoint):
        started_at = perf_counter()
        assert len(list(exchange(endpoint, ["/"] * 3, connections=2, seconds=30))) == 3
        assert perf_counter() - started_at < 15

    def test_with_nothing_that_listens_fails(self):
        with pytest.raises(ConnectionRefusedError):
            list(exchange(Endpoint(1), ["/"], 1))
