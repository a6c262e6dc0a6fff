"""The paths of pages, remembered: a page of stories links to dozens of them."""

from functools import lru_cache

from django.urls import reverse

REMEMBERED = 3000


@lru_cache(REMEMBERED)
def path_to(view: str, *arguments: str) -> str:
    """Return the path of a view with these arguments, as Django's `reverse`."""
    return reverse(view, args=arguments)
