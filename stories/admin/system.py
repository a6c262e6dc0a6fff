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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from stories.admin.deliveries import failing_deliveries
from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.following.lateness import how_late
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
    "database": gettext_noop("The database answers badly, or takes no changes. Its log says why."),
    "disk": gettext_noop(
        "Less than 200 MB are free in %(folder)s. Delete old backups, or enlarge the disk."
    ),
    "clock": gettext_noop(
        "The clock of this machine was set, or differs from the database's. Run NTP."
    ),
    "cache": gettext_noop("The cache keeps nothing. Is Redis running, and CACHE_URL right?"),
    "storage": gettext_noop(
        "No picture can be stored. Is the disk full or read-only, or MEDIA_STORAGE wrong?"
    ),
    "migrations": gettext_noop("The database is of another release. Run manage.py prepare."),
    "schedule": gettext_noop("A scheduled update is late. The log of the server says why."),
}
# What the checks are called, and what they find.
CHECKS = {
    "database": gettext_noop("Database"),
    "disk": gettext_noop("Disk"),
    "clock": gettext_noop("Clock"),
    "cache": gettext_noop("Cache"),
    "storage": gettext_noop("Storage"),
    "migrations": gettext_noop("Migrations"),
    "schedule": gettext_noop("Schedule"),
}
OUTCOMES = {"ok": gettext_noop("ok"), "failed": gettext_noop("failed")}


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
    return model_page(
        Story, request, "system", _("System"), rows=rows(), failures=failures.failures()
    )


def rows() -> list[Row]:
    """Return everything about the site, what is not well first."""
    return sorted([*_state(), *_versions()], key=lambda row: not row.advice)


def problems() -> list[Row]:
    """Return what is not well."""
    return [row for row in _state() if row.advice]


def _state() -> list[Row]:
    """Return what may be well or not."""
    return [*_checks(), *_work(), _letters(), _email(), _backup()]


def _checks() -> list[Row]:
    folder = {"folder": DATA_DIR}
    return [
        Row(_(CHECKS[n]), _(OUTCOMES[o]), "" if o == "ok" else _(ADVICE[n]) % folder)
        for n, o in readiness.outcomes().items()
    ]


def _work() -> list[Row]:
    failed = ScheduledUpdate.objects.failed().count()
    advice = _("Each is on the front page of the desk, with the reason.") if failed else ""
    found = [Row(_("Scheduled updates that failed"), f"{failed:,}", advice)]
    for failing in failing_deliveries():
        hint = _("It is tried again by itself; the front page has a button.")
        name = _("Not told: %(what)s") % {"what": failing.what}
        found.append(Row(name, f"{failing.count:,}", f"{failing.failure} {hint}"))
    failed = failures.failed().count()
    advice = _("Below, each with its reason.") if failed else ""
    sentence = _("no worker runs; requests do it themselves; %(failed)s failed")
    if worker.is_running():
        sentence = _("a worker runs; %(failed)s failed")
    value = sentence % {"failed": f"{failed:,}"}
    return [*found, Row(_("Work outside of requests"), value, advice)]


def _letters() -> Row:
    name, lag = _("Letters to followers"), how_late(timezone.now())
    if lag is None:
        return Row(name, _("nothing is late"))
    if lag.trouble:
        return Row(name, _("the mail server takes none"), lag.trouble)
    return Row(
        name,
        _("late: %(letter)s") % {"letter": lag.letter or _("a story that was published")},
        _("Does manage.py work run? Or LETTERS_A_MINUTE is too low."),
    )


def _email() -> Row:
    if email_is_logged():
        return Row(
            _("E-mail"),
            _("is written to the log"),
            _("Set EMAIL_URL: nobody gets an invitation, a new password or a notification."),
        )
    return Row(_("E-mail"), f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def _backup() -> Row:
    at = last_backup_at()
    how = _("Run manage.py backup each night; docs/operating.md has the line for cron.")
    if at is None:
        return Row(_("Last backup"), _("none is known"), how)
    text = _("%(at)s, %(how_long)s ago") % {
        "at": formats.date_format(timezone.localtime(at), "Y-m-d H:i"),
        "how_long": timesince(at),
    }
    return Row(_("Last backup"), text, how if timezone.now() - at > BACKUP_IS_OLD else "")


def _versions() -> list[Row]:
    disk = shutil.disk_usage(data_folder())
    free = _("%(free)s of %(total)s GB free in %(folder)s") % {
        "free": f"{disk.free / 1e9:,.1f}",
        "total": f"{disk.total / 1e9:,.1f}",
        "folder": DATA_DIR,
    }
    with connection.cursor():  # SQLite knows its version without, PostgreSQL does not.
        database = ".".join(map(str, connection.get_database_version()))
    return [
        Row(_("Release"), settings.RELEASE),
        Row(_("Address"), settings.SITE_URL),
        Row(_("Python and Django"), f"{platform.python_version()}, {django.get_version()}"),
        Row(_("Database"), f"{connection.display_name} {database}"),
        Row(_("Shared cache"), settings.CACHES["default"]["BACKEND"].rpartition(".")[2]),
        Row(_("Pictures"), settings.STORAGES["default"]["BACKEND"].rpartition(".")[2]),
        Row(_("Disk"), free),
    ]


@require_POST
def send_test_email(request: DeskRequest) -> HttpResponse:
    """Send an e-mail to the user, and say what the mail server answered."""
    address = request.user.email
    if not address:
        messages.error(
            request, _("Your account has no e-mail address. Add one under “Your account”.")
        )
        return redirect("admin:stories_story_system")
    subject = _("Test of %(publication)s") % {"publication": current().name}
    body = _("%(site)s can send e-mail: this arrived.") % {"site": settings.SITE_URL}
    # Not through the worker: the answer of the mail server is what is asked for.
    direct = get_connection(settings.DIRECT_EMAIL_BACKEND)
    try:
        send_mail(subject, body, None, [address], connection=direct)
    except OSError as error:  # every error of smtplib is one
        messages.error(request, _("Not sent. The mail server says: %(error)s") % {"error": error})
    else:
        messages.success(
            request, _("Sent to %(address)s. Look whether it arrives.") % {"address": address}
        )
    return redirect("admin:stories_story_system")


@require_POST
def work(request: DeskRequest, key: UUID) -> HttpResponse:
    """Try again what the worker could not do, or forget it."""
    if "forget" in request.POST:
        done, text = failures.forget(str(key)), _("Forgotten.")
    else:
        done, text = failures.try_again(str(key)), _("The worker tries it again within seconds.")
    messages.success(request, text if done else _("This is done already."))
    return redirect("admin:stories_story_system")
