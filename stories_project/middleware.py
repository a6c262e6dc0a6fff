from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponseBase]
HEALTH_PATHS = {"/healthz", "/readyz"}


def revalidate_always(get_response: GetResponse) -> GetResponse:
    """Let browsers and proxies cache a page, but make them revalidate it before each use.

    The public content may change at any minute. A response that has its own Cache-Control header
    stays as it is.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response

    return middleware


def name_permissions(get_response: GetResponse) -> GetResponse:
    """Tell browsers which of their abilities no page of this site uses.

    https://www.w3.org/TR/permissions-policy/
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    return middleware


def answer_balancers(get_response: GetResponse) -> GetResponse:
    """Let load balancers ask for the health of the site by IP address and without TLS.

    What they ask for is answered as if they had asked at the public address.
    """
    address = urlsplit(settings.SITE_URL)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in HEALTH_PATHS:
            request.META["HTTP_HOST"] = address.netloc
            request.META["HTTP_X_FORWARDED_PROTO"] = address.scheme
        return get_response(request)

    return middleware
