"""The figures that the project wants to reach, and whether a run has reached them."""

from collections.abc import Iterator
from dataclasses import dataclass

from stories.bench.results import Report

STORY_RATIO = 0.6
ROTATING_RATIO = 0.4
# Two measurements of the same thing differ by some percent.
COLD_START_RATIO = 0.95
MEMORY_MIB, MEMORY_WORKERS = 200, 2
PUBLISHING_MS = 40


@dataclass(frozen=True)
class Target:
    """A figure to reach. `value` is None if the run has not measured it."""

    name: str
    value: float | None
    limit: float
    is_minimum: bool
    unit: str

    @property
    def is_missed(self) -> bool:
        """Whether the value was measured, and is on the wrong side of the limit."""
        if self.value is None:
            return False
        return self.value < self.limit if self.is_minimum else self.value > self.limit

    def __str__(self) -> str:
        outcome = "MISSED" if self.is_missed else "reached"
        kind = "at least" if self.is_minimum else "at most"
        wanted = f"{self.name}: {kind} {self.limit:g}{self.unit}"
        if self.value is None:
            return f"  not measured  {wanted}"
        return f"  {outcome:<12}  {wanted}; it is {self.value:.3g}{self.unit}"


def targets_of(report: Report) -> list[Target]:
    """Return the targets with what a run has measured."""
    cold, publishing = report.cold_start, report.publishing
    rotating = report.page("rotating")
    stories = f" over {rotating.paths:,}" if rotating else ""
    return [
        Target("cached story, of nginx", _ratio(report, "story"), STORY_RATIO, True, ""),
        Target(
            f"rotating{stories} stories, once warm, of nginx",
            _ratio(report, "rotating"),
            ROTATING_RATIO,
            True,
            "",
        ),
        Target("cold start, of uncached", cold.ratio if cold else None, COLD_START_RATIO, True, ""),
        Target("memory of two workers", _memory(report), MEMORY_MIB, False, " MiB PSS"),
        Target(
            "publish call to first correct page",
            publishing.median_ms if publishing else None,
            PUBLISHING_MS,
            False,
            " ms",
        ),
    ]


def lines_of(report: Report) -> Iterator[str]:
    """Yield the lines about all targets."""
    yield "Targets:"
    yield from (str(target) for target in targets_of(report))
    if not report.has_fast_client:
        yield "  The bundled client is slower than nginx and cached pages: install wrk for ratios."


def _ratio(report: Report, page: str) -> float | None:
    """Return the ratio to nginx; None if the client was too slow to measure it."""
    result = report.page(page)
    return result.ratio if result and report.has_fast_client else None


def _memory(report: Report) -> float | None:
    is_comparable = report.settings["workers"] == MEMORY_WORKERS
    return sum(report.memory_mib) if report.memory_mib and is_comparable else None
