from typing import Any

from allauth.account.views import LogoutView
from django.http import HttpResponse


class SignOut(LogoutView):
    """Asks whether to sign out, and does it."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and let the browser delete what it keeps of texts that were not sent.

        https://www.w3.org/TR/clear-site-data/
        """
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'
        return response
