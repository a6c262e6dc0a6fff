"""How many pictures an account may upload in 24 hours."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from stories_project.rate_limit import exceeds

DAY = 24 * 60 * 60
TOO_MANY = _("You have uploaded very many pictures today, so this one was left out. Try tomorrow.")
OVER = "is_over_upload_quota"
UPLOADER = "uploaded_by"


class LimitUploads:
    """Middleware: leaves out the files of an account over its quota; the rest of the form stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass: the files are counted once it is known that it is not forged."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Count the uploaded files, and leave them out if there are too many."""
        if request.method != "POST" or not request.FILES or not request.user.is_authenticated:
            return
        for name in request.FILES:
            for file in request.FILES.getlist(name):
                setattr(file, UPLOADER, request.user)
            if exceeds(f"user {request.user.pk}", "uploads", settings.UPLOADS_A_DAY, DAY):
                setattr(request, OVER, True)
        if is_over_quota(request):
            cast("Any", request)._files = MultiValueDict()
            messages.error(request, TOO_MANY)


def uploader_of(upload: File) -> Any:
    """Return the account that has sent a file, or None for a file of a command."""
    return getattr(upload, UPLOADER, None)


def is_over_quota(request: HttpRequest) -> bool:
    """Whether the files of a request were left out."""
    return hasattr(request, OVER)
