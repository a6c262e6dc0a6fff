"""The filters of the list of stories that a user has saved under a name."""

from typing import Any

from django import forms
from django.contrib.messages import ERROR
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin.permissions import DeskRequest, of_stories, story_admin, story_path
from stories.models import SavedFilter
from stories_project.next_steps import Step, say
from stories_project.text.printable import PrintableForm

# Parameters of the list that are kept beside its filters: the search and the order.
KEPT = ("q", "o")


class SavedFilterForm(PrintableForm, forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ("name", "query")

    def clean_query(self) -> str:
        """Return the filters that the list knows, in a fixed order; refuse a query without any."""
        query = known(QueryDict(self.cleaned_data["query"]))
        if not query:
            raise forms.ValidationError(_("Choose a filter first, then give it a name."))
        return query

    def clean(self) -> None:
        """Refuse more filters than fit above the list."""
        if self.instance.user.saved_filters.count() >= SavedFilter.MOST:
            raise forms.ValidationError(
                _("You have %(most)s saved filters. Remove one first.") % {"most": SavedFilter.MOST}
            )


def urls() -> list[URLPattern]:
    """Return the URL patterns."""
    return [
        story_path("filters/save/", save, "save_filter"),
        story_path("filters/<int:pk>/remove/", remove, "remove_filter"),
    ]


def known(query: QueryDict) -> str:
    """Return the query string of the parameters of a query that the list of stories knows."""
    names = [each.parameter_name for each in story_admin().list_filter]
    kept = QueryDict(mutable=True)
    for name in (*names, *KEPT):
        if value := query.get(name):
            kept[name] = value
    return kept.urlencode()


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Return the saved filters of the user, and the query that can be saved now."""
    query = known(request.GET)
    saved = list(SavedFilter.objects.filter(user_id=request.user.pk).order_by("name"))
    return {
        "saved_filters": saved,
        "current_query": query,
        "may_save_filter": query and query not in {each.query for each in saved},
    }


@require_POST
@of_stories("view")
def save(request: DeskRequest) -> HttpResponse:
    """Save the filters of the list under a name; those that had the name are replaced."""
    form = SavedFilterForm(request.POST, instance=SavedFilter(user=request.user))
    query = known(QueryDict(request.POST.get("query", "")[:500]))
    if form.is_valid():
        name, chosen = form.cleaned_data["name"], {"query": form.cleaned_data["query"]}
        SavedFilter.objects.update_or_create(user=request.user, name=name, defaults=chosen)
        say(request, _("Saved: “%(name)s” is above the list from now on.") % {"name": name})
    else:
        errors = " ".join(error for errors in form.errors.values() for error in errors)
        say(request, _("Nothing was saved. %(errors)s") % {"errors": errors}, level=ERROR)
    return redirect(f"{reverse('admin:stories_story_changelist')}?{query}")


@require_POST
@of_stories("view")
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    """Remove a saved filter of the user; nobody removes one of somebody else."""
    saved = SavedFilter.objects.filter(pk=pk, user=request.user).first()
    if saved:
        saved.delete()
        address = f"{reverse('admin:stories_story_changelist')}?{saved.query}"
        step = Step(_("Show its stories"), address)
        say(request, _("Removed: “%(name)s”.") % {"name": saved.name}, step)
    return redirect("admin:stories_story_changelist")
