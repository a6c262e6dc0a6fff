"""The publication as it is now: every page, e-mail and feed asks for it, so a process keeps it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Any

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from stories_project.middleware import HEALTH_PATHS
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import EVERYTHING, note_end
from stories_project.publication.models import PublicationRevision
from stories_project.publication.values import TRANSLATED, Publication

# How long a process that does not follow the change log keeps it, in seconds.
KEPT_FOR = 1.0
# The beginnings of the addresses of the desk.
DESK = ("/admin/", "/account/", "/markdownx/upload/")

log = logging.getLogger(__name__)
_previewed: ContextVar[Publication | None] = ContextVar("a publication to try", default=None)


def newest_revision() -> PublicationRevision | None:
    """Return the revision that is in effect; None if nobody has saved one."""
    return PublicationRevision.objects.order_by("-pk").first()


class Kept:
    """What this process knows."""

    def __init__(self) -> None:
        self._publication: Publication | None = None
        self._right_until = 0.0
        # Whether the database has said so; if not, no page that shows it is kept.
        self._is_certain = True
        # How often it was forgotten: what was read before that is not right.
        self._number = 0

    def forget(self) -> None:
        """Read the publication again when it is next asked for."""
        self._number += 1
        self._right_until = 0.0

    def know(self, publication: Publication) -> None:
        """Keep this one until it is forgotten."""
        self._publication, self._right_until, self._is_certain = publication, inf, True

    def get(self) -> Publication:
        """Return the publication; while the database is away, the one that was known last."""
        publication = self._publication
        if publication is None or monotonic() >= self._right_until:
            publication = self._look()
        if not self._is_certain:
            note_end(timezone.now())
        return publication

    def _look(self) -> Publication:
        """Ask the database; if it does not answer, not again before KEPT_FOR has passed."""
        number, read = self._number, self._read()
        self._is_certain = read is not None
        self._publication = publication = read or self._publication or Publication()
        is_told = self._is_certain and change_log.is_followed.is_set()
        if number == self._number:
            self._right_until = inf if is_told else monotonic() + KEPT_FOR
        return publication

    def _read(self) -> Publication | None:
        try:
            newest = newest_revision()
        except DatabaseError:
            log.exception("Could not read what the publication is")
            return None
        return newest.publication if newest else Publication()


kept = Kept()
change_log.on_everything(kept.forget)


def current() -> Publication:
    """Return the publication as readers see it."""
    return _previewed.get() or kept.get()


@contextmanager
def trying(publication: Publication) -> Iterator[None]:
    """Inside the block, and for nobody else, the publication is another one."""
    token = _previewed.set(publication)
    try:
        yield
    finally:
        _previewed.reset(token)


def is_tried() -> bool:
    """Whether the publication is another one in this block only."""
    return _previewed.get() is not None


@transaction.atomic
def save(publication: Publication, by: Any = None) -> None:
    """Make this the publication from now on, on every page; `by` is an account."""
    PublicationRevision.objects.create(values=publication.as_values(), saved_by=by)
    change_log.record(EVERYTHING)


@contextmanager
def in_its_zone() -> Iterator[None]:
    """Inside the block, times are local in the zone of the publication."""
    with timezone.override(current().zone):
        yield


@contextmanager
def in_its_language() -> Iterator[None]:
    """Inside the block, sentences are in the language of the publication: for e-mail."""
    with translation.override(current().language):
        yield


def _preferred_by(request: HttpRequest) -> str | None:
    """Return the translated language that a browser likes best, if it likes one."""
    for accepted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if (language := accepted.partition("-")[0]) in TRANSLATED:
            return language
    return None


Handler = Callable[[HttpRequest], HttpResponseBase]


def use_zone_and_language(get_response: Handler) -> Handler:
    """Middleware: answer in the zone and the language of the publication.

    The desk answers in the language that its user's browser prefers, if that is translated.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in HEALTH_PATHS:
            return get_response(request)
        publication = current()
        language = publication.language
        if request.path_info.startswith(DESK):
            language = _preferred_by(request) or language
        with timezone.override(publication.zone), translation.override(language):
            return get_response(request)

    return middleware
