"""The address at which other sites say that they link to a page of ours."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from stories.webmentions.receiving import TooMany, receive
from stories_project.cache_headers import never_store
from stories_project.rate_limit import is_over_limit

HOUR = 3600


@csrf_exempt  # other sites send it, without a cookie
@require_POST
def webmention(request: HttpRequest) -> HttpResponse:
    """Accept `source` and `target`, to be read and decided later."""
    if not settings.WEBMENTIONS:
        raise Http404("This site takes no webmentions")
    if is_over_limit(request, "webmentions", settings.WEBMENTIONS_AN_HOUR, HOUR):
        response = _sentence(429, _("You have sent too many. Try again in an hour."))
        response["Retry-After"] = str(HOUR)
        return response
    try:
        receive(request.POST.get("source", ""), request.POST.get("target", ""))
    except ValidationError as error:
        return _sentence(400, " ".join(error.messages))
    except TooMany:
        return _sentence(503, _("Too many wait to be looked at. Try again in some days."))
    return _sentence(202, _("Thank you. A moderator will look at it."))


def say_where(response: HttpResponse) -> HttpResponse:
    """Return the response of a page, which says where webmentions of it are taken."""
    if settings.WEBMENTIONS:
        response["Link"] = f'<{settings.SITE_URL}{reverse("webmention")}>; rel="webmention"'
    return response


def _sentence(status: int, sentence: str) -> HttpResponse:
    text = "text/plain; charset=utf-8"
    return never_store(HttpResponse(f"{sentence}\n", status=status, content_type=text))
