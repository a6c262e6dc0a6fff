"""A webmention that somebody has sent: checked without the network, and stored to be read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from founders.models import Founder
from stories.models import Story, Webmention
from stories.models.webmention import LONGEST_URL, host_of
from stories.sharing.public_urls import page_at
from stories.webmentions.reading import read
from stories.webmentions.source_page import CONTROLS

# How many may wait undecided: in all, from one host, and of one page of ours.
MOST, MOST_OF_A_HOST, MOST_OF_A_SUBJECT = 2000, 100, 200

WEB_ADDRESS = URLValidator(schemes=["http", "https"])
Subject = Story | Founder


class TooMany(Exception):
    """So much waits that nobody would look at more."""


def receive(source: str, target: str) -> None:
    """Store a webmention, and let the worker read its source.

    Raises ValidationError with a sentence for the sender, and TooMany.
    """
    _check_source(source)
    subject = None if CONTROLS.search(target) else subject_at(target)
    if subject is None:
        raise ValidationError(_("The target is no story and no founder of this site."))
    of_subject: dict[str, Any] = {"story" if isinstance(subject, Story) else "founder": subject}
    known = Webmention.objects.filter(source=source, **of_subject).first()
    if known is None:
        _check_room(host_of(source), subject)
    elif known.is_being_read or known.status == Webmention.Status.REJECTED:
        return
    with transaction.atomic():
        row, _is_new = Webmention.objects.update_or_create(
            source=source,
            **of_subject,
            defaults={"target": target, "host": host_of(source), "sent_at": timezone.now()},
        )
        read.enqueue(row.pk, 1)


def subject_at(url: str) -> Subject | None:
    """Return the published story or the approved founder at a URL of ours, or at a former one."""
    view, slug = page_at(url)
    public: dict[str, QuerySet[Any]] = {
        "story": Story.objects.published(),
        "founder": Founder.objects.approved(),
    }
    if view not in public or len(url) > LONGEST_URL:
        return None
    rows = public[view]
    subject: Subject | None = (
        rows.filter(slug=slug).first() or rows.filter(past_slugs__slug=slug).first()
    )
    return subject


def _check_source(source: str) -> None:
    try:
        if CONTROLS.search(source):
            raise ValueError(source)
        WEB_ADDRESS(source)
        is_ours = host_of(source) == host_of(settings.SITE_URL)
        is_too_long = len(source) > LONGEST_URL
    except (ValidationError, ValueError):
        raise ValidationError(_("The source is not an address of the web.")) from None
    if is_too_long:
        raise ValidationError(_("The address of the source is too long."))
    if is_ours:
        raise ValidationError(_("The source is a page of this site."))


def _check_room(host: str, subject: Subject) -> None:
    """Raise TooMany if nobody would look at one more."""
    undecided = Webmention.objects.undecided().order_by()
    limits = (
        (undecided, MOST),
        (undecided.filter(host=host), MOST_OF_A_HOST),
        (subject.webmentions.order_by(), MOST_OF_A_SUBJECT),
    )
    if any(rows[most - 1 : most].exists() for rows, most in limits):
        raise TooMany
