from django.utils.cache import patch_cache_control


def always_ask_again(get_response):
    """Let browsers and proxies keep a page, but ask each time whether it is still the same.

    What the public sees may change on any minute. An answer that says how long it may be kept is
    left alone.
    """

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_cache=True)
        return response

    return middleware


def keep_nowhere(response):
    """Keep an answer out of every cache and search engine, and its address out of other sites."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
