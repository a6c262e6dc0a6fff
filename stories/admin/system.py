"""The page "System", for administrators: how the site is, and what to do about it."""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import django
from django.conf import settings
from django.contrib import messages
from django.core.mail import get_connection, send_mail
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import formats, timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST, require_safe

from stories.admin.deliveries import failing_deliveries
from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.health import data_folder, readiness
from stories.models import ScheduledUpdate, Story
from stories_project.audit.backups import last_backup_at
from stories_project.background import failures, worker
from stories_project.checks import email_is_logged
from stories_project.env import DATA_DIR
from stories_project.publication.current import current

# Who may read the audit log may see this.
PERMISSION = "audit.view_auditentry"
BACKUP_IS_OLD = timedelta(days=2)
# What to do about a failed check of /readyz.
ADVICE = {
    "database": "The database answers badly, or takes no changes. Its log says why.",
    "disk": f"Less than 200 MB are free in {DATA_DIR}. Delete old backups, or enlarge the disk.",
    "clock": "The clock of this machine was set, or differs from the database's. Run NTP.",
    "cache": "The cache keeps nothing. Is Redis running, and CACHE_URL right?",
    "storage": "No picture can be stored. Is the disk full, or read-only?",
    "migrations": "The database is of another release. Run manage.py prepare.",
    "schedule": "A scheduled update is late. The log of the server says why.",
}
NO_EMAIL = "Set EMAIL_URL: nobody gets an invitation, a new password or a notification."


@dataclass(frozen=True)
class Row:
    """Something about the site; `advice` says what to do if it is not well."""

    name: str
    value: str
    advice: str = ""


def urls() -> list[URLPattern]:
    """Return the URL patterns of the page."""
    guarded = partial(model_path, Story, PERMISSION)
    return [
        guarded("system/", system, "system"),
        guarded("system/test-email/", send_test_email, "test_email"),
        guarded("system/work/<uuid:key>/", work, "work"),
    ]


@require_safe
def system(request: DeskRequest) -> HttpResponse:
    """Show the state of the site."""
    return model_page(Story, request, "system", "System", rows=rows(), failures=failures.failures())


def rows() -> list[Row]:
    """Return everything about the site, what is not well first."""
    return sorted([*_state(), *_versions()], key=lambda row: not row.advice)


def problems() -> list[Row]:
    """Return what is not well."""
    return [row for row in _state() if row.advice]


def _state() -> list[Row]:
    """Return what may be well or not."""
    return [*_checks(), *_work(), _email(), _backup()]


def _checks() -> list[Row]:
    outcomes = readiness.outcomes().items()
    return [Row(n.capitalize(), o, "" if o == "ok" else ADVICE[n]) for n, o in outcomes]


def _work() -> list[Row]:
    failed = ScheduledUpdate.objects.failed().count()
    advice = "Each is on the front page of the desk, with the reason." if failed else ""
    found = [Row("Scheduled updates that failed", f"{failed:,}", advice)]
    for failing in failing_deliveries():
        advice = f"{failing.failure} It is tried again by itself; the front page has a button."
        found.append(Row(f"Not told: {failing.what}", f"{failing.count:,}", advice))
    failed = failures.failed().count()
    advice = "Below, each with its reason." if failed else ""
    by_whom = (
        "a worker runs" if worker.is_running() else "no worker runs; requests do it themselves"
    )
    return [*found, Row("Work outside of requests", f"{by_whom}; {failed:,} failed", advice)]


def _email() -> Row:
    if email_is_logged():
        return Row("E-mail", "is written to the log", NO_EMAIL)
    return Row("E-mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def _backup() -> Row:
    at = last_backup_at()
    how = "Run manage.py backup each night; docs/operating.md has the line for cron."
    if at is None:
        return Row("Last backup", "none is known", how)
    text = f"{formats.date_format(timezone.localtime(at), 'Y-m-d H:i')}, {timesince(at)} ago"
    return Row("Last backup", text, how if timezone.now() - at > BACKUP_IS_OLD else "")


def _versions() -> list[Row]:
    disk = shutil.disk_usage(data_folder())
    free = f"{disk.free / 1e9:,.1f} of {disk.total / 1e9:,.1f} GB free in {DATA_DIR}"
    with connection.cursor():  # SQLite knows its version without, PostgreSQL does not.
        database = ".".join(map(str, connection.get_database_version()))
    return [
        Row("Release", settings.RELEASE),
        Row("Address", settings.SITE_URL),
        Row("Python and Django", f"{platform.python_version()}, {django.get_version()}"),
        Row("Database", f"{connection.display_name} {database}"),
        Row("Shared cache", settings.CACHES["default"]["BACKEND"].rpartition(".")[2]),
        Row("Pictures", settings.STORAGES["default"]["BACKEND"].rpartition(".")[2]),
        Row("Disk", free),
    ]


@require_POST
def send_test_email(request: DeskRequest) -> HttpResponse:
    """Send an e-mail to the user, and say what the mail server answered."""
    address = request.user.email
    if not address:
        messages.error(request, "Your account has no e-mail address. Add one under “Your account”.")
        return redirect("admin:stories_story_system")
    subject = f"Test of {current().name}"
    body = f"{settings.SITE_URL} can send e-mail: this arrived."
    # Not through the worker: the answer of the mail server is what is asked for.
    direct = get_connection(settings.DIRECT_EMAIL_BACKEND)
    try:
        send_mail(subject, body, None, [address], connection=direct)
    except OSError as error:  # every error of smtplib is one
        messages.error(request, f"Not sent. The mail server says: {error}")
    else:
        messages.success(request, f"Sent to {address}. Look whether it arrives.")
    return redirect("admin:stories_story_system")


@require_POST
def work(request: DeskRequest, key: UUID) -> HttpResponse:
    """Try again what the worker could not do, or forget it."""
    if "forget" in request.POST:
        done, text = failures.forget(str(key)), "Forgotten."
    else:
        done, text = failures.try_again(str(key)), "The worker tries it again within seconds."
    messages.success(request, text if done else "This is done already.")
    return redirect("admin:stories_story_system")
