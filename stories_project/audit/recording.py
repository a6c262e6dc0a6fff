"""Write to the audit log, from wherever something is done that an administrator may ask about."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from stories_project.audit.models import AuditEntry, key_of
from stories_project.rate_limit import address_of

# Who does what a command does.
COMMAND_LINE = "command line"
_address: ContextVar[str] = ContextVar("the IP address of the client", default="")
Values = Mapping[str, Any]


def remember_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: know, while a request is answered, from where it comes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _address.set(address_of(request))
        try:
            return get_response(request)
        finally:
            _address.reset(token)

    return middleware


@contextmanager
def outside_of_requests() -> Iterator[None]:
    """Record without an IP address: what happens in the block was not asked for by this request."""
    token = _address.set("")
    try:
        yield
    finally:
        _address.reset(token)


def record(
    kind: str,
    what: str,
    target: models.Model | None = None,
    *,
    by: AbstractBaseUser | str | None,
    before: Values | None = None,
    after: Values | None = None,
    reason: str = "",
) -> None:
    """Record what somebody did, in the transaction that does it.

    `by` is an account, or a name that somebody has typed. What the publication does by itself
    (`by` is None: import, demo) is not recorded. `before` and `after` are values of the target that
    JSON can hold.
    """
    if by is None:
        return
    # The log is stored, and administrators with other languages read it.
    with translation.override("en"):
        name = str(target) if target else ""
    who = by.get_username() if isinstance(by, AbstractBaseUser) else by
    AuditEntry.objects.create(
        kind=kind,
        what=what[: _length("what")],
        who=who[: _length("who")],
        target=name[: _length("target")],
        target_key=key_of(target) if target else "",
        address=_address.get()[: _length("address")],
        before=before or {},
        after=after or {},
        reason=reason,
    )


def _length(column: str) -> int:
    return int(getattr(AuditEntry._meta.get_field(column), "max_length", 0))
