from django.utils.cache import patch_cache_control


def revalidate_always(get_response):
    """Let browsers and proxies keep a page, but ask each time whether it is still the same.

    What the public sees may change on any minute. An answer that has a Cache-Control header of its
    own is left alone.
    """

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response

    return middleware
