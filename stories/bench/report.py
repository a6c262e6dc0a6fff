"""The report of a run: a table for people, and JSON for machines."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from stories.bench.results import Measurement, PageResult, Report

HEADINGS = (
    *("page", "first ms", "uncached/s", "p50 ms", "p99 ms"),
    *("cached/s", "p50 ms", "p99 ms", "nginx/s", "ratio", "bytes", "errors"),
)
NOT_MEASURED = "–"


def lines_of(report: Report) -> Iterator[str]:
    """Yield the lines of the report for people."""
    yield from _preamble(report)
    yield ""
    yield from table([HEADINGS, *(_row(page) for page in report.pages)])
    yield ""
    yield from _further(report)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; all columns but the first are aligned to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells])


def _preamble(report: Report) -> Iterator[str]:
    machine, settings = report.machine, report.settings
    yield f"{machine['cores']} cores, {machine['cpu']}, {machine['system']}"
    yield f"Python {machine['python']}, {machine['database']}, commit {machine['commit']}"
    yield (
        f"{report.stories:,} public stories; server processes: {settings['workers']}; "
        f"connections: {settings['connections']}; seconds for each measurement: "
        f"{settings['seconds']:g}; client: {report.client}"
    )


def _row(page: PageResult) -> list[str]:
    name = page.name if page.paths == 1 else f"{page.name} over {page.paths:,}"
    return [
        name,
        _number(page.first_ms, ".0f"),
        *_cells(page.uncached),
        *_cells(page.cached),
        _number(page.nginx.rate if page.nginx else None),
        _number(page.ratio, ".3g"),
        _number(page.bytes),
        _number(page.errors),
    ]


def _cells(measured: Measurement | None) -> list[str]:
    if not measured:
        return [NOT_MEASURED] * 3
    return [
        _number(measured.rate),
        _number(measured.p50_ms, ".1f"),
        _number(measured.p99_ms, ".1f"),
    ]


def _number(value: float | None, format: str = ",.0f") -> str:
    return NOT_MEASURED if value is None else f"{value:{format}}"


def _further(report: Report) -> Iterator[str]:
    if start := report.cold_start:
        yield (
            f"Cold start: {start.rate:,.0f} stories/s with an empty page cache, "
            f"{start.uncached_rate:,.0f}/s without one, over {start.stories:,} stories"
        )
    if report.memory_mib is None:
        yield "Memory: not measured, because this system has no /proc/self/smaps_rollup"
    else:
        each = ", ".join(f"{mib:.0f}" for mib in report.memory_mib)
        yield f"Memory after the run: {sum(report.memory_mib):.0f} MiB PSS (processes: {each})"
    if publishing := report.publishing:
        each = ", ".join(f"{time:.0f}" for time in publishing.milliseconds)
        yield f"Publish call to first correct page: median {publishing.median_ms:.1f} ms ({each})"
    yield from _errors(report)
    yield from report.notes


def _errors(report: Report) -> Iterator[str]:
    for page in report.pages:
        if page.errors:
            seen = ", ".join(str(status or "no answer") for status in sorted(page.other_statuses))
            known = f" (seen: {seen})" if seen else ""
            yield f"ERRORS: {page.name}: {page.errors:,} answers were not 200{known}"


def to_json(report: Report) -> str:
    """Return the report as JSON: its fields, and the ratio and the errors of each page."""
    data = asdict(report)
    for values, page in zip(data["pages"], report.pages, strict=True):
        values |= {"ratio": page.ratio, "errors": page.errors}
    return json.dumps(data, indent=2) + "\n"
