"""`/metrics`: what the server counts, and what waits, for Prometheus."""

from collections.abc import Iterator
from secrets import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from founders.models import Founder
from stories.health import readiness
from stories.models import ScheduledUpdate, Suggestion
from stories_project.audit.backups import last_backup_at
from stories_project.cache_headers import never_store
from stories_project.monitoring.metrics import exposition
from stories_project.page_cache.models import Delivery

COUNTED_AT_MOST = 10_000


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the metrics to who knows METRICS_TOKEN (`Authorization: Bearer …`)."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not compare_digest(given.encode(), token.encode()):
        raise Http404("No metrics without the token")
    return never_store(HttpResponse(exposition(State()), content_type=CONTENT_TYPE_LATEST))


class State(Collector):
    """What waits, and what is not well, at the moment of the question."""

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        release = {"release": settings.RELEASE}
        yield InfoMetricFamily("stories_release", "The version of the site", value=release)
        ready = GaugeMetricFamily("stories_ready", "1 if a check is ok", labels=["check"])
        for name, outcome in readiness.outcomes().items():
            ready.add_metric([name], float(outcome == "ok"))
        yield ready
        waiting = {
            "founders": Founder.objects.waiting(),
            "suggestions": Suggestion.objects.waiting(),
            "updates_overdue": ScheduledUpdate.objects.waiting().filter(at__lt=timezone.now()),
            "updates_failed": ScheduledUpdate.objects.failed(),
            "deliveries_failing": Delivery.objects.failing(),
        }
        gauge = GaugeMetricFamily("stories_waiting", "What waits for somebody", labels=["what"])
        for name, rows in waiting.items():
            gauge.add_metric([name], rows.order_by()[:COUNTED_AT_MOST].count())
        yield gauge
        at = last_backup_at()
        backup = GaugeMetricFamily("stories_last_backup_seconds", "When the last backup was made")
        backup.add_metric([], at.timestamp() if at else 0)
        yield backup
