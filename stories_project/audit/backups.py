"""When the site was backed up: the audit log knows."""

from datetime import datetime

from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record

BACKED_UP = "backed the site up"


def record_backup() -> None:
    """Record that a backup was written whole."""
    record(AuditEntry.Kind.EXPORT, BACKED_UP, by=COMMAND_LINE)


def last_backup_at() -> datetime | None:
    """Return when the last backup was made, as long as the audit log keeps it."""
    entries = AuditEntry.objects.filter(kind=AuditEntry.Kind.EXPORT, what=BACKED_UP)
    return entries.order_by("-pk").values_list("at", flat=True).first()
