"""How much more an uncached page costs than in an earlier run over another number of stories."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stories.bench.results import BenchError, Report


@dataclass(frozen=True)
class EarlierRun:
    """What an earlier run has written: its stories, and {page: uncached pages in one second}."""

    stories: int
    uncached_rates: dict[str, float]


def read_earlier_run(path: Path) -> EarlierRun:
    """Return the run that `manage.py bench --json` wrote; raise BenchError for another file."""
    try:
        data: dict[str, Any] = json.loads(path.read_text())
        rates = {page["name"]: page["uncached"]["rate"] for page in data["pages"]}
        return EarlierRun(int(data["stories"]), rates)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path} is not a report of `manage.py bench --json`.") from error


def growth(report: Report, earlier: EarlierRun) -> dict[str, float]:
    """Return {page: how many times as long an uncached page takes} for pages of both runs."""
    return {
        page.name: earlier.uncached_rates[page.name] / page.uncached.rate
        for page in report.pages
        if page.uncached and page.uncached.rate and page.name in earlier.uncached_rates
    }


def lines_of(report: Report, earlier: EarlierRun) -> Iterator[str]:
    """Yield the lines that say how the uncached cost of each page has grown."""
    yield f"Cost of an uncached page, {earlier.stories:,} → {report.stories:,} stories:"
    for name, factor in growth(report, earlier).items():
        yield f"  {name:<14} × {factor:.2f}"
