"""Each address is either kept whole, or on a list with the reason why not."""

import pytest
from django.urls import get_resolver

from stories_project.page_cache.cached_views import known_parameters

NOT_KEPT = {
    "suggest": "a form",
    "corrections": "a form",
    "suggestion": "private",
    "review_link": "private",
    "guest_comments": "private, and a form",
    "calendar_feed": "private",
    "webmention": "is sent by other sites",
    "follow": "a form",
    "follow_asked": "after a form",
    "follow_confirm": "private, and a form",
    "follow_preferences": "private, and a form",
    "follow_leave": "private",
    "follow_held": "private",
    "healthz": "is asked to learn how the process is now",
    "readyz": "is asked to learn how the process is now",
    "metrics": "for who has the token",
    "markdownx_markdownify": "the desk",
    "markdownx_upload": "the desk",
    "markdown_from_html": "the desk",
    "favicon": "a redirect to a static file",
    "media": "a file, which browsers keep for a year",
}


# The pages of allauth: each shows the account of whoever asks.
ACCOUNT_PAGES = ("account_", "mfa_", "usersessions_")


def views(resolver, prefix=""):
    """Yield (name, view) of each URL pattern outside the admin."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if getattr(pattern, "app_name", None) != "admin":
                yield from views(pattern)
        else:
            yield pattern.name, pattern.callback


class EveryPublicView:
    @pytest.mark.parametrize(("name", "view"), dict(views(get_resolver())).items())
    def test_is_kept_or_has_a_reason_not_to_be(self, name, view):
        is_left_out = name in NOT_KEPT or name.startswith(ACCOUNT_PAGES)
        assert hasattr(view, "known_parameters") != is_left_out


class APath:
    def test_knows_the_parameters_of_its_view(self):
        assert known_parameters("/search/") == ("q", "page")
        assert known_parameters("/stories/the-loom/") == ()

    @pytest.mark.parametrize("path", ["/admin/", "/no/such/page", "/stories/" + "x" * 600 + "/"])
    def test_of_any_other_view_is_not_kept(self, path):
        assert known_parameters(path) is None
