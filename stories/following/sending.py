"""Sends letters, so many a minute, each to each follower once.

A process claims some sendings, and only then composes and sends them. Each is marked "handed" in
the database just before the mail server gets the text, and "sent" after its answer. So what a
process that was killed had claimed is sent by the next one, without what it had handed over: at
most one e-mail of a process, which is marked as "perhaps sent".
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Event
from time import sleep

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections, transaction
from django.utils import timezone

from stories.following.composing import Composer
from stories.following.handing_over import LONGEST_ANSWER, MailServer, Refused, Unknown
from stories.following.matching import subjects_of, wanted
from stories.following.planning_letters import address, follows_of, plan
from stories.models import Letter, Sending
from stories_project.background.beside import Beside
from stories_project.publication.current import in_its_language, in_its_zone

Status = Sending.Status

log = logging.getLogger(__name__)
AT_ONCE = 50
MINUTE = timedelta(minutes=1)
# A claim this old is of a process that died. It is safe to be wrong: see `Sending.begin`.
CLAIM_LASTS = timedelta(minutes=2)
# In seconds.
WAITS = 1.0


def send_due() -> int:
    """Send what is due and within the limit of this minute; return how many were handled."""
    now = timezone.now()
    plan(now)
    give_back(now)
    for letter in Letter.objects.open().select_related("story"):
        is_public = letter.stories.exists()
        if letter.is_over or (letter.kind != Letter.Kind.STORY and not is_public):
            letter.finish()
        elif is_public:  # A story that is withdrawn may come back in time.
            address(letter)
            if keys := claim(letter, name := token_hex(16)):
                _send(letter, keys, name)
                return len(keys)
            _finish_if_done(letter)
    return 0


def send_all(pause: Callable[[float], object] = sleep) -> int:
    """Send until nothing is due any more, waiting for each minute; return how many were handled."""
    handled = 0
    while True:
        count = send_due()
        handled += count
        if not count:
            now = timezone.now()
            is_at_limit = allowed(now) <= 0 < settings.LETTERS_A_MINUTE
            if not (is_at_limit and Sending.objects.sendable(now).exists()):
                return handled
            pause(WAITS)


def keep_sending(is_over: Event) -> None:
    """Send what becomes due until an event is set: a thread of the worker."""
    while not is_over.is_set():
        try:
            count = send_due()
        except Exception:
            # The database may be away; nothing may end this thread.
            log.exception("Letters could not be sent")
            count = 0
        close_old_connections()
        if not count:
            is_over.wait(WAITS)


def give_back(now: datetime) -> None:
    """Free what processes had claimed that have died."""
    old = Sending.objects.filter(claimed_at__lt=now - CLAIM_LASTS)
    old.filter(status=Status.CLAIMED).update(status=Status.WAITING, claim="")
    old.filter(status=Status.HANDED).update(status=Status.UNKNOWN)


@transaction.atomic
def claim(letter: Letter, name: str) -> list[int]:
    """Claim some sendings of a letter, within the limit a minute; return their primary keys."""
    # Who holds this lock is the only one who claims, so that nobody counts too few.
    Letter.objects.open().select_for_update().first()
    now = timezone.now()
    most = max(0, min(AT_ONCE, allowed(now)))
    keys = list(letter.sendings.due(now).values_list("pk", flat=True)[:most])
    Sending.objects.filter(pk__in=keys).update(status=Status.CLAIMED, claim=name, claimed_at=now)
    return keys


def allowed(now: datetime) -> int:
    """Return how many more may be claimed in this minute; it may be negative."""
    in_this_minute = Sending.objects.filter(claimed_at__gt=now - MINUTE).count()
    return settings.LETTERS_A_MINUTE - in_this_minute


def _send(letter: Letter, keys: list[int], name: str) -> None:
    """Send what was claimed. If the mail server fails as a whole, the rest waits a minute."""
    mine = Sending.objects.filter(pk__in=keys, claim=name, status=Status.CLAIMED)
    trouble = ""
    try:
        with in_its_language(), in_its_zone(), MailServer() as server:
            batch = _Batch(letter, server, list(mine.select_related("follower").order_by("pk")))
            batch.send()
    except OSError as error:  # every error of smtplib is one
        log.warning("The mail server takes no letters: %s", error)
        trouble = str(error)[:LONGEST_ANSWER] or type(error).__name__
        mine.update(status=Status.WAITING, claim="", due_at=timezone.now() + MINUTE)
    Letter.objects.filter(pk=letter.pk).exclude(trouble=trouble).update(trouble=trouble)


class _Batch:
    """What is sent over one connection."""

    def __init__(self, letter: Letter, server: MailServer, sendings: list[Sending]) -> None:
        self._letter, self._server = letter, server
        self._sendings = [sending for sending in sendings if sending.follower]
        self._subjects = subjects_of(letter)
        self._follows = follows_of([row.follower_id for row in self._sendings if row.follower_id])
        self._composer = Composer(letter)

    def send(self) -> None:
        """Send one after the other. Raises OSError if the mail server fails."""
        for sending in self._sendings:
            # An editor may have withdrawn a story a moment ago.
            public = set(self._letter.stories.values_list("pk", flat=True))
            subjects = [subject for subject in self._subjects if subject.pk in public]
            follows = self._follows[sending.follower_id or 0]
            stories = [subject.pk for subject in wanted(self._letter, subjects, follows)]
            if stories:
                self._hand_over(sending, self._composer.message(stories, sending))
            elif public:  # Everything for this follower was withdrawn, or is not wanted any more.
                Sending.objects.filter(pk=sending.pk, status=Status.CLAIMED).delete()

    def _hand_over(self, sending: Sending, message: EmailMessage) -> None:
        try:
            self._server.hand_over(message, sending.begin)
        except Refused as refusal:
            sending.note_refusal(str(refusal), refusal.is_for_ever, refusal.is_about_address)
        except Unknown as error:
            sending.note_doubt(str(error))
        else:
            sending.note_success(self._letter)


def _finish_if_done(letter: Letter) -> None:
    unsettled = (Status.WAITING, Status.CLAIMED, Status.HANDED)
    if not letter.sendings.filter(status__in=unsettled).exists():
        letter.finish()


@contextmanager
def sending_letters(*, is_kept_up: bool) -> Iterator[None]:
    """Send letters beside the block, in a thread; or once after it, for a worker that ends."""
    if is_kept_up:
        with Beside(keep_sending, "letters"):
            yield
        return
    try:
        yield
    finally:
        send_all()
