"""What moderators decide about webmentions."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.models import Webmention
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record

Status = Webmention.Status
# Of one host, in one gesture.
AT_ONCE = 500


@transaction.atomic
def approve(pk: int, by: User) -> Webmention:
    """Show a webmention to readers. Raises ValidationError if it does not wait any more."""
    row = _locked(pk)
    _decide(row, Status.APPROVED, by)
    record(AuditEntry.Kind.SUGGESTION, "approved the webmention", row, by=by)
    return row


@transaction.atomic
def reject(pk: int, by: User) -> Webmention:
    """Show it to nobody, also when it is sent again. Only its address is kept.

    Raises ValidationError if it does not wait any more, and is not shown.
    """
    row = _locked(pk)
    was_shown = row.is_shown
    row.title = row.author = row.excerpt = ""
    _decide(row, Status.REJECTED, by)
    what = "took down the webmention" if was_shown else "rejected the webmention"
    record(AuditEntry.Kind.SUGGESTION, what, row, by=by)
    return row


def reject_host(host: str, by: User) -> int:
    """Reject all that waits from one host, as far as the user may decide it; return how many."""
    waiting = Webmention.objects.waiting().decidable_by(by).filter(host=host)
    keys = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    for pk in keys:
        reject(pk, by)
    return len(keys)


def _locked(pk: int) -> Webmention:
    row = Webmention.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise ValidationError(_("The page is gone, or links here no more."))
    return row


def _decide(row: Webmention, status: str, by: User) -> None:
    may = {Status.APPROVED: {Status.WAITING}, Status.REJECTED: {Status.WAITING, Status.APPROVED}}
    if row.status not in may[Status(status)]:
        raise ValidationError(_("Somebody has decided about this already."))
    row.status, row.decided_by, row.decided_at = status, by, timezone.now()
    row.save()
    row.record_change()
