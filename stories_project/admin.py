from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from stories_project.pagination import BoundedPaginator
from stories_project.publication.current import current


class DeskCatalog(JavaScriptCatalog):
    """The sentences of scripts: https://docs.djangoproject.com/en/5.2/topics/i18n/translation/."""

    def get_paths(self, packages: Any) -> list[Any]:
        """Add our own translations."""
        return [*super().get_paths(packages), *settings.LOCALE_PATHS]


class EditorialAdminSite(admin.AdminSite):
    index_title = _("Desk")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_urls(self) -> list[Any]:
        """Leave out what the site has no use for.

        Django's `r/<content type>/<pk>/` redirects any member of staff to the URL of any row,
        private URLs included. Passwords are changed in the pages of the account.
        """
        left_out = ("view_on_site", "password_change_done")
        return [url for url in super().get_urls() if getattr(url, "name", None) not in left_out]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the name of the publication."""
        name = current().name
        return {**super().each_context(request), "site_title": name, "site_header": name}

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Return what the scripts of Django's admin and our own say, in the user's language."""
        response: Any = DeskCatalog.as_view(packages=["django.contrib.admin"])(request)
        return response

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the sign-in of the site, which limits guesses and asks for a second factor."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        next_page = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
        return redirect_to_login(next_page)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the page where one signs out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the page of the account where the password is changed."""
        return redirect("account_change_password")


class ChoiceFilter(admin.SimpleListFilter):
    """Filter rows by a column and the choices of their model; an unknown choice filters nothing.

    The choices of the column `status` are `Status`.
    """

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every choice with its name."""
        return self._choices(model_admin.model).choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the rows of the choice."""
        value = self.value()
        if value not in self._choices(queryset.model):
            return queryset
        return queryset.filter(**{str(self.parameter_name): value})

    def _choices(self, model: Any) -> Any:
        return getattr(model, str(self.parameter_name).capitalize())


class StatusFilter(ChoiceFilter):
    title, parameter_name = _("status"), "status"
    template = "admin/filter_chips.html"


def is_list(request: HttpRequest) -> bool:
    """Whether a request is for the list of a model at the desk."""
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("_changelist")


class DeskAdmin(admin.ModelAdmin):
    """The base of all model admins: lists with bounded counts, saves that may collide."""

    paginator = BoundedPaginator
    # Django builds each cell of a list in Python: 25 rows are a page that opens at once.
    list_per_page = 25
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site: Any = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only the filters of the list: a query string cannot filter by any column."""
        return lookup in {getattr(each, "parameter_name", None) for each in self.list_filter}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save; if another save took a unique value meanwhile, validate again and show it."""
        try:
            return self.form_view(request, *args, **kwargs)
        except IntegrityError:
            return self.form_view(request, *args, **kwargs)

    def form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or save the form, in one transaction."""
        return super().changeform_view(request, *args, **kwargs)
