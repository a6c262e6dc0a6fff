"""Results to report."""

from stories.bench.results import ColdStart, Measurement, PageResult, Publishing, Report


def measurement(rate=100.0, **changes):
    values = {"p50_ms": 10.0, "p99_ms": 20.0, "requests": 300, "errors": 0, "spread": 0.0}
    return Measurement(rate=rate, **(values | changes))


def page(name="story", **changes):
    values = {
        "paths": 1,
        "example": "/stories/the-loom/",
        "first_ms": 250.4,
        "bytes": 5674,
        "uncached": measurement(110.0),
        "cached": measurement(30_000.0, p50_ms=0.9, p99_ms=3.25),
        "nginx": measurement(40_000.0),
    }
    return PageResult(name=name, **(values | changes))


def report(**changes):
    values = {
        "machine": {
            "cores": "2",
            "cpu": "AMD EPYC",
            "system": "Linux",
            "python": "3.11.7",
            "database": "PostgreSQL 15.20",
            "commit": "1fc2970",
        },
        "settings": {"seconds": 3.0, "connections": 32, "workers": 2, "publish": True},
        "client": "wrk",
        "has_fast_client": True,
        "stories": 5852,
        "pages": [page(), page("rotating", paths=5000, first_ms=None)],
        "cold_start": ColdStart(1000, 105.0, 100.0),
        "memory_mib": [15.0, 66.5, 67.5],
        "publishing": Publishing([31.0, 29.5, 35.0], 31.0),
    }
    return Report(**(values | changes))
