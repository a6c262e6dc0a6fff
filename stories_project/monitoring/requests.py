"""Each request that Django answers gets an id, a line in the log, and a place in the metrics.

Pages that are kept answer without Django: the page cache counts them, and the proxy has their log.
"""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

from stories_project.monitoring import metrics
from stories_project.monitoring.logs import request_id

GIVEN_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)

log = logging.getLogger("stories_project.requests")


def watch_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: log and measure. The id is that of the proxy (X-Request-ID), or a new one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if GIVEN_ID.fullmatch(given) else uuid4().hex)
        began = perf_counter()
        try:
            response = get_response(request)
            _record(request, response, perf_counter() - began)
            if response.status_code >= 500:
                # For who reports it. Other answers may be kept, and belong to many requests.
                response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)

    return middleware


def _record(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    # The pattern of the path: the path itself may hold a token.
    route = f"/{request.resolver_match.route}" if request.resolver_match else "none"
    status = response.status_code
    method = request.method if request.method in metrics.METHODS else "other"
    metrics.REQUESTS.labels(method, route, str(status)).inc()
    metrics.SECONDS.labels(method).observe(seconds)
    # Not `request.user`, which asks the database.
    user = getattr(request, "_cached_user", None)
    log.info(
        "%s %s %d",
        method,
        route,
        status,
        extra={
            "method": method,
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "user": user.get_username() if user else "",
        },
    )
