"""Errors go to a Sentry-compatible service, if SENTRY_DSN names one, without personal data."""

from typing import Any

from stories_project.monitoring.logs import request_id

# What an event keeps of a request: neither path, query, body, cookies, headers nor address.
KEPT_OF_REQUEST = {"method"}


def send_errors(dsn: str, release: str, **options: Any) -> None:
    """Begin to send errors to the address `dsn`. `release` is the version of the site."""
    import sentry_sdk  # Not loaded by sites that do not use it.

    sentry_sdk.init(
        dsn=dsn,
        release=release,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        auto_session_tracking=False,
        before_send=without_people,
        **options,
    )


def without_people(event: Any, hint: Any) -> Any:
    """Return an event of the SDK without anything that says who asked, or for what."""
    request = event.pop("request", {})
    event["request"] = {name: request[name] for name in KEPT_OF_REQUEST if name in request}
    for name in ("user", "breadcrumbs", "extra", "logentry", "server_name"):
        event.pop(name, None)
    for exception in event.get("exception", {}).get("values", []):
        # The text of an error may quote what somebody has typed; its type and place do not.
        exception["value"] = ""
    event["tags"] = {"request_id": request_id.get()}
    return event
