"""The first requests to fresh servers, and filling the page cache."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from stories.bench.keep_alive import Answer, Endpoint, exchange
from stories.bench.nginx import StoredAnswers
from stories.bench.pages import Page
from stories.bench.results import BenchError, ColdStart, PageResult

# With and without page cache are compared over so many stories, in turns of so many.
STORIES_COMPARED, STORIES_A_TURN = 1000, 125
# Filling ends after so many passes that take more than this part of the shortest time before them.
PASSES_WITHOUT_GAIN, GAIN = 3, 0.97
MOST_PASSES = 20


@dataclass(frozen=True)
class FreshServers:
    """Two fresh servers, and where the answers of the first one are kept for nginx."""

    cached: Endpoint
    uncached: Endpoint
    answers: StoredAnswers
    connections: int

    def first_answers(self, pages: Iterable[Page]) -> list[PageResult]:
        """Request each single page once from both servers; raise BenchError if all of them fail.

        The time of the first page includes loading the code and the templates.
        """
        results = [PageResult(page.name, len(page.paths), page.paths[0]) for page in pages]
        single = [result for result in results if result.paths == 1]
        for result in single:
            answer = _once(self.cached, result)
            _once(self.uncached, result)
            result.first_ms, result.bytes = answer.seconds * 1000, len(answer.body)
            self.answers.add(answer)
        if single and all(result.other_statuses for result in single):
            status = next(iter(single[0].other_statuses))
            raise BenchError(
                f"{single[0].example} was answered with status {status}, and so was every page. "
                "`make bench` prepares what the server needs: migrations and static files."
            )
        return results

    def rotate_once(self, paths: Sequence[str], result: PageResult) -> ColdStart:
        """Request each story once from the first server, and the first of them from both.

        The servers are asked in turns, so that another load on this machine disturbs both.
        """
        compared = min(STORIES_COMPARED, len(paths))
        seconds = {self.cached: 0.0, self.uncached: 0.0}
        for start in range(0, compared, STORIES_A_TURN):
            turn = paths[start : min(start + STORIES_A_TURN, compared)]
            is_even = start // STORIES_A_TURN % 2 == 0
            for endpoint in (self.cached, self.uncached)[:: 1 if is_even else -1]:
                seconds[endpoint] += self._pass(endpoint, turn, result)
        self._pass(self.cached, paths[compared:], result)
        return ColdStart(
            compared, compared / seconds[self.cached], compared / seconds[self.uncached]
        )

    def fill(self, paths: Sequence[str], result: PageResult, rate: float) -> None:
        """Rotate over the stories until each process has all pages that its page cache can hold.

        Which process answers is a matter of chance, so a pass finds about half of the pages that a
        process misses. `rate` is how many stories in one second came while the cache was empty.
        """
        shortest, without_gain = len(paths) / rate, 0
        for _ in range(MOST_PASSES):
            seconds = self._pass(self.cached, paths, result)
            without_gain = 0 if seconds < shortest * GAIN else without_gain + 1
            if without_gain == PASSES_WITHOUT_GAIN:
                return
            shortest = min(shortest, seconds)

    def _pass(self, endpoint: Endpoint, paths: Sequence[str], result: PageResult) -> float:
        """Request each path once, and return the seconds that it took."""
        started_at = perf_counter()
        for answer in exchange(endpoint, paths, self.connections):
            result.note_status(answer.status)
            if answer.path not in self.answers.paths:
                self.answers.add(answer)
                result.bytes = len(answer.body)
        return perf_counter() - started_at


def _once(endpoint: Endpoint, result: PageResult) -> Answer:
    """Return the answer to the only path of a page."""
    answer = next(exchange(endpoint, [result.example], 1))
    result.note_status(answer.status)
    return answer
