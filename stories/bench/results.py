"""What a run measures, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

# Two halves of a measurement that differ by more than this were disturbed by another load, unless
# the answers were so few that their number is a matter of chance.
LARGEST_SPREAD = 0.2
FEWEST_REQUESTS = 100


class BenchError(Exception):
    """A reason why nothing can be measured, as a sentence for the person who started the run."""


@dataclass(frozen=True)
class Sample:
    """What a client saw during one run. An answer with another status than 200 is an error."""

    requests: int
    errors: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Answers with status 200 in one second."""
        return (self.requests - self.errors) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Measurement:
    """Two halves of one measurement, put together."""

    rate: float  # answers with status 200 in one second
    p50_ms: float  # mean of the halves
    p99_ms: float  # the larger one
    requests: int
    errors: int
    spread: float  # by which part of the faster half the slower one was slower

    @classmethod
    def of(cls, halves: Sequence[Sample]) -> Self:
        """Put halves together."""
        rates = [half.rate for half in halves]
        seconds = sum(half.seconds for half in halves)
        return cls(
            rate=sum(half.rate * half.seconds for half in halves) / seconds if seconds else 0.0,
            p50_ms=sum(half.p50_ms for half in halves) / len(halves),
            p99_ms=max(half.p99_ms for half in halves),
            requests=sum(half.requests for half in halves),
            errors=sum(half.errors for half in halves),
            spread=1 - min(rates) / max(rates) if max(rates) else 0.0,
        )

    @property
    def doubt(self) -> str:
        """Why the figures are not reliable, or an empty text."""
        if self.requests < FEWEST_REQUESTS:
            return f"only {self.requests} answers in this time; give it more --seconds"
        if self.spread > LARGEST_SPREAD:
            return f"the two halves differ by {self.spread:.0%}; another load disturbs this machine"
        return ""


@dataclass
class PageResult:
    """What was measured of one page, or of several pages that are requested in turn."""

    name: str
    paths: int  # how many paths are requested in turn
    example: str  # one of the paths
    first_ms: float | None = None
    bytes: int = 0  # of the body as it was answered, compressed
    # Other statuses than 200 that were seen beside the measurements, and how often.
    other_statuses: dict[int, int] = field(default_factory=dict)
    uncached: Measurement | None = None
    cached: Measurement | None = None
    nginx: Measurement | None = None

    @property
    def ratio(self) -> float | None:
        """The rate of the cached page divided by that of nginx with the same bytes."""
        if not self.cached or not self.nginx or not self.nginx.rate:
            return None
        return self.cached.rate / self.nginx.rate

    def measurements(self) -> dict[str, Measurement]:
        """Return {column: Measurement} for the columns that were measured."""
        columns = {"uncached": self.uncached, "cached": self.cached, "nginx": self.nginx}
        return {name: column for name, column in columns.items() if column}

    def note_status(self, status: int) -> None:
        """Count an answer that has another status than 200; 0 means that there was none."""
        if status != 200:
            self.other_statuses[status] = self.other_statuses.get(status, 0) + 1

    @property
    def errors(self) -> int:
        """How many answers of all servers had another status than 200."""
        measured = sum(column.errors for column in self.measurements().values())
        return measured + sum(self.other_statuses.values())


@dataclass(frozen=True)
class ColdStart:
    """The same stories, each requested once from two fresh servers: with page cache and without."""

    stories: int
    rate: float  # stories in one second, with the page cache
    uncached_rate: float

    @property
    def ratio(self) -> float:
        """How fast an empty page cache is compared with none: 1 is equally fast."""
        return self.rate / self.uncached_rate if self.uncached_rate else 0.0


@dataclass(frozen=True)
class Publishing:
    """Milliseconds from the call of `story.publish()` to the first correct page, for each story."""

    milliseconds: list[float]
    median_ms: float


@dataclass
class Report:
    """Everything that one run measured, and on what."""

    machine: dict[str, str]
    settings: dict[str, float]
    client: str
    has_fast_client: bool  # False: the client is slower than what it measures
    stories: int
    pages: list[PageResult] = field(default_factory=list)
    cold_start: ColdStart | None = None
    memory_mib: list[float] | None = None  # PSS of each process of the server
    publishing: Publishing | None = None
    notes: list[str] = field(default_factory=list)

    def page(self, name: str) -> PageResult | None:
        """Return the result of a page, or None if it was not measured."""
        return next((page for page in self.pages if page.name == name), None)

    @property
    def errors(self) -> int:
        """How many answers had another status than 200."""
        return sum(page.errors for page in self.pages)
