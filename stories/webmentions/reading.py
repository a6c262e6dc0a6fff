"""Reads the source of a webmention outside of requests: does it link here, what does it say?"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from founders.models import Founder
from stories.models import Story, Webmention
from stories.webmentions.source_page import SourcePage, parse
from stories_project import public_web
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record

MOST_BYTES = 500_000
GONE = {404, 410}
# How long to wait before each further attempt, if the other site does not answer.
PAUSES = [timedelta(minutes=minutes) for minutes in (10, 120, 720)]
Status = Webmention.Status


@task()
def read(pk: int, attempt: int) -> None:
    """Ask for the source of a webmention, and store what it says; try again if it is away."""
    row = Webmention.objects.filter(pk=pk).first()
    if row is None or row.status == Status.REJECTED:
        return
    agent = {"User-Agent": f"HowTheyBegan-webmention (+{settings.SITE_URL})", "Accept": "text/html"}
    try:
        answer = public_web.get(row.source, agent, most_bytes=MOST_BYTES)
    except public_web.NoAnswer:
        _try_again(pk, attempt)
        return
    if answer.status in GONE:
        _settle(pk, None)
    elif answer.status == 200:
        _settle(pk, parse(answer.content.decode(errors="replace"), row.source, row.target))
    else:
        _try_again(pk, attempt)


def _try_again(pk: int, attempt: int) -> None:
    """Ask again later. After the last attempt, what was never read is deleted; all else stays."""
    if attempt <= len(PAUSES):
        later = timezone.now() + PAUSES[attempt - 1]
        read.using(run_after=later).enqueue(pk, attempt + 1)
        return
    Webmention.objects.filter(pk=pk, status=Status.UNREAD).delete()


@transaction.atomic
def _settle(pk: int, page: SourcePage | None) -> None:
    """Store what the source says; delete the webmention if it does not link here any more.

    What says something else than before waits for a moderator again: nobody has seen that.
    """
    row = Webmention.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.status == Status.REJECTED:
        return
    if page is None or not (row.is_shown or _is_public(row)):
        _remove(row)
        return
    is_same = (row.title, row.author, row.excerpt) == (page.title, page.author, page.excerpt)
    if row.is_shown and not is_same:
        row.record_change()
    if not (row.is_shown and is_same):
        row.status = Status.WAITING
    row.title, row.author, row.excerpt = page.title, page.author, page.excerpt
    row.read_at = timezone.now()
    row.save(update_fields=["title", "author", "excerpt", "status", "read_at"])


def _is_public(row: Webmention) -> bool:
    """Whether readers see the page of ours now."""
    if row.story_id:
        return Story.objects.published().filter(webmentions=row).exists()
    return Founder.objects.approved().filter(webmentions=row).exists()


def _remove(row: Webmention) -> None:
    if row.is_shown:
        row.record_change()
        what = "took back an approved webmention: the page is gone, or links here no more"
        record(AuditEntry.Kind.SUGGESTION, what, row, by=row.host)
    row.delete()
