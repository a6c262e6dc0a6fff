from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from stories.models import (
    Comment,
    Follower,
    Notification,
    Sending,
    Suggestion,
    Tag,
    WebhookDelivery,
    Webmention,
)
from stories.models.listing import TAGS
from stories.moderating.erasing import delete_lost_portraits
from stories.moving.desk_runs import forget_old_uploads
from stories_project.audit.models import AuditEntry
from stories_project.background.failures import forget_what_is_done
from stories_project.page_cache import change_log


class Command(BaseCommand):
    help = (
        "Delete what has expired: sessions, senders' addresses, guests' names, old log entries,"
        " notifications, lost portraits."
    )

    def handle(self, **options: object) -> None:
        """Delete, and say how much."""
        forgotten = Suggestion.objects.forget_senders()
        guests = Comment.objects.forget_guests()
        unreachable = Follower.objects.forget_unreachable()
        sendings = Sending.objects.forget_old(timezone.now() - settings.SENDERS_KEPT)
        expired, _ = AuditEntry.objects.expired().delete()
        notifications, _ = Notification.objects.expired().delete()
        told, _ = WebhookDelivery.objects.expired().delete()
        unread = Webmention.objects.forget_unread()
        call_command("clearsessions")
        portraits = delete_lost_portraits()
        work = forget_what_is_done(timezone.now())
        uploads = forget_old_uploads()
        # What a schedule has published or withdrawn since.
        Tag.objects.recount(Tag.objects.values_list("pk", flat=True))
        change_log.record(TAGS)
        self.stdout.write(
            f"E-mail addresses of senders deleted: {forgotten:,}. Names of guests: {guests:,}. "
            f"Followers whose e-mail came back: {unreachable:,}. "
            f"Sendings of letters: {sendings:,}. "
            f"Entries of the audit log: {expired:,}. Sessions: cleared. "
            f"Notifications: {notifications:,}. "
            f"Messages to webhooks: {told:,}. "
            f"Finished work: {work:,}. Portraits that nobody has: {portraits:,}. "
            f"Webmentions that could not be read: {unread:,}. "
            f"Files of unfinished imports: {uploads:,}."
        )
