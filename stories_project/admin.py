from django.conf import settings
from django.contrib import admin
from django.db import IntegrityError

from stories_project.pagination import BoundedPaginator


class EditorialAdminSite(admin.AdminSite):
    site_title = settings.PUBLICATION_NAME
    site_header = settings.PUBLICATION_NAME
    index_title = "Desk"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def get_urls(self):
        """Leave out Django's `r/<content type>/<pk>/`.

        It redirects any member of staff to the address of any row, private addresses included.
        """
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]


class StatusFilter(admin.SimpleListFilter):
    """The rows of one `Status` of their model; what is none of them filters nothing."""

    title = parameter_name = "status"

    def lookups(self, request, model_admin):
        """Return every status with its name."""
        return model_admin.model.Status.choices

    def queryset(self, request, queryset):
        """Return the rows of the chosen status."""
        is_one = self.value() in queryset.model.Status
        return queryset.filter(status=self.value()) if is_one else queryset


class DeskAdmin(admin.ModelAdmin):
    """What the whole desk does: lists count no further than they show, racing saves are calm."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def lookup_allowed(self, lookup, value, request):
        """Allow no other filters than those of the list: an address cannot ask for any column."""
        return lookup in {list_filter.parameter_name for list_filter in self.list_filter}

    def changeform_view(self, request, *args, **kwargs):
        """Save; where somebody else took a unique value meanwhile, show the error at its field."""
        try:
            return self.form_view(request, *args, **kwargs)
        except IntegrityError:
            return self.form_view(request, *args, **kwargs)

    def form_view(self, request, *args, **kwargs):
        """Show or save the form, in one transaction."""
        return super().changeform_view(request, *args, **kwargs)
